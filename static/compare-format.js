// Numbers as the pages write them; words.py has the same rules.

const NBSP = "\u00a0";
const ONE = rounded(1, "halfEven");
const ONE_DOWN = rounded(1, "floor");
const TWO_DOWN = rounded(2, "floor");

function rounded(digits, roundingMode) {
  return new Intl.NumberFormat("en", {minimumFractionDigits: digits, maximumFractionDigits: digits, roundingMode});
}

export function percent(share) {
  const digits = ONE.format(share);
  return digits === "0.0" && share > 0 ? `<0.1${NBSP}%` : `${digits}${NBSP}%`;
}

// A lower bound is rounded down, so that it stays one.
export function atLeast(share) {
  for (const format of [ONE_DOWN, TWO_DOWN]) {
    const digits = format.format(share);
    if (Number(digits) > 0) return `≥${NBSP}${digits}${NBSP}%`;
  }
  return share > 0 ? `>${NBSP}0${NBSP}%` : `0.0${NBSP}%`;
}

// What one gateway says of one entity: [text, title, whether it was listed].
export function cell(bounds) {
  if (!bounds) return ["–", "not in its catalogue", false];
  const [low, high] = bounds;
  const exact = `${low.toFixed(4)}${NBSP}%`;
  if (high === 0) return ["none", "its list is complete without it", false];
  if (low === 0) {
    const most = (Math.ceil(high * 10) / 10).toFixed(1);
    return [`≤${NBSP}${most}${NBSP}%`, `not listed: between 0 and ${high.toFixed(4)}${NBSP}%`, false];
  }
  const isBound = high > low;
  return [isBound ? atLeast(low) : percent(low), isBound ? `between ${exact} and ${high.toFixed(4)}${NBSP}%` : exact, true];
}

const DAY = new Intl.DateTimeFormat("en-GB", {day: "numeric", month: "long", year: "numeric", timeZone: "UTC"});

// A range of ISO days, saying month and year once where they are shared: 1–30 June 2026.
export function span(start, end) {
  const [from, to] = [start, end].map((iso) => {
    const parts = DAY.formatToParts(new Date(`${iso}T00:00:00Z`));
    return Object.fromEntries(parts.map(({type, value}) => [type, value]));
  });
  const last = `${to.day} ${to.month} ${to.year}`;
  if (start === end) return last;
  if (start.slice(0, 7) === end.slice(0, 7)) return `${from.day}–${last}`;
  return `${from.day} ${from.month}${from.year === to.year ? "" : ` ${from.year}`} – ${last}`;
}

export function listing(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made && key !== "title") made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

// Small multiples of daily shares: the same drawing as charts/agreement.py makes at build time.

export const DASHES = ["", "6 3", "2 2.5", "9 3 2 3", "1 4"];
const WIDTH = 360;
const HEIGHT = 210;
const LEFT = 34;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 24;
const DAY = new Intl.DateTimeFormat("en", {month: "short", day: "numeric", timeZone: "UTC"});

// An axis that holds all shares, in round steps: {most, ticks}.
export function scale(shares, steps = 5) {
  const most = Math.max(...shares, 0) || 1;
  const rough = most / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((round) => power * round).find((size) => size >= rough * 0.999);
  const count = Math.floor((most / step) * 1.001);
  return {most: most * 1.04, ticks: Array.from({length: count + 1}, (_, at) => Number((step * at).toPrecision(6)))};
}

// courses: [{name, colour, shares}]; dates: ISO days. Gaps stay gaps.
export function lines(courses, dates, axis, alt) {
  const wide = WIDTH - LEFT - RIGHT;
  const tall = HEIGHT - TOP - BOTTOM;
  const step = wide / Math.max(dates.length - 1, 1);
  const up = (share) => TOP + tall * (1 - share / axis.most);
  const svg = node("svg", {class: "lines", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": alt});
  for (const [at, tick] of axis.ticks.entries()) {
    const y = up(tick);
    svg.append(node("path", {class: "grid", d: `M${LEFT} ${y.toFixed(1)}H${WIDTH - RIGHT}`}));
    const unit = at === axis.ticks.length - 1 ? "%" : "";
    svg.append(node("text", {x: LEFT - 6, y: (y + 4).toFixed(1), "text-anchor": "end"}, `${tick}${unit}`));
  }
  for (const [date, x, place] of [[dates[0], LEFT, "start"], [dates.at(-1), WIDTH - RIGHT, "end"]]) {
    svg.append(node("text", {x, y: HEIGHT - 6, "text-anchor": place}, shortDay(date, dates)));
  }
  for (const [at, course] of courses.entries()) {
    let path = "";
    let isDrawing = false;
    for (const [i, share] of course.shares.entries()) {
      if (share !== null) {
        path += `${isDrawing ? "L" : "M"}${(LEFT + i * step).toFixed(1)} ${up(share).toFixed(1)}`;
        if (!isDrawing && (course.shares[i + 1] ?? null) === null) path += "h0";
      }
      isDrawing = share !== null;
    }
    if (path) svg.append(node("path", stroke(course, at, {class: "line", d: path})));
  }
  return svg;
}

// The piece of line that stands beside a name in a legend.
export function key(course, at) {
  const svg = node("svg", {class: "key", viewBox: "0 0 28 8", width: 28, height: 8, "aria-hidden": "true", focusable: "false"});
  svg.append(node("path", stroke(course, at, {class: "line", d: "M1 4H27"})));
  return svg;
}

function stroke(course, at, attributes) {
  const dash = DASHES[at % DASHES.length];
  return {...attributes, stroke: course.colour, ...(dash ? {"stroke-dasharray": dash} : {})};
}

export function node(name, attributes, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function shortDay(iso, dates) {
  const parts = DAY.formatToParts(new Date(`${iso}T00:00:00Z`));
  const part = (type) => parts.find((one) => one.type === type).value;
  const year = dates[0].slice(0, 4) === dates.at(-1).slice(0, 4) ? "" : ` ${iso.slice(0, 4)}`;
  return `${part("day")} ${part("month")}${year}`;
}

// Numbers and days as the pages print them: the same words as those made at build time.

const NBSP = "\u00a0";
const digits = (places) =>
  new Intl.NumberFormat("en", {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
    roundingMode: "halfEven",
  });
const TENTHS = digits(1);
const HUNDREDTHS = digits(2);
const THREE_DIGITS = new Intl.NumberFormat("en", {
  maximumSignificantDigits: 3,
  useGrouping: false,
  roundingMode: "halfEven",
});
const PLAIN = new Intl.NumberFormat("en", { maximumFractionDigits: 2, roundingMode: "halfEven" });
const UNITS = [
  [1e12, "T"],
  [1e9, "B"],
  [1e6, "M"],
  [1e3, "K"],
];
const MONEY = new Set(["spend", "cost"]);
const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const LONG = format({ day: "numeric", month: "long", year: "numeric" });
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

export function percent(share, isBound = false) {
  if (share === null || share === undefined) return "not known";
  let text = TENTHS.format(share);
  if (text === "0.0" && share > 0) {
    if (!isBound) return `<0.1${NBSP}%`;
    text = HUNDREDTHS.format(share);
    if (text === "0.00") return `>${NBSP}0${NBSP}%`;
  }
  return `${isBound && share > 0 ? `≥${NBSP}` : ""}${text}${NBSP}%`;
}

export function amount(value, metric) {
  if (value === null || value === undefined) return "not known";
  const rounded = Number(THREE_DIGITS.format(value));
  const [unit, word] = UNITS.find(([size]) => Math.abs(rounded) >= size) ?? [1, ""];
  return `${MONEY.has(metric) ? "$" : ""}${PLAIN.format(rounded / unit)}${word}`;
}

export function day(date) {
  return LONG.format(new Date(`${date}T00:00Z`));
}

export function shortDay(date) {
  const [, month, number] = date.split("-").map(Number);
  return `${number} ${MONTHS[month - 1]}`;
}

export function listing(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

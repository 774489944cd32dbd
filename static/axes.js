// Where an axis has its ticks and how they read, and how labels keep apart.

import { timeOf } from "./stacking.js";
import { amount, shortDay } from "./wording.js";

const STEPS = [1, 2, 2.5, 5, 10];
const DAY_MS = 86_400_000;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

// Days from the newest back, or firsts of months where there are too many.
export function dayTicks(start, end, most) {
  const days = Math.round((timeOf(end) - timeOf(start)) / DAY_MS);
  const step = [1, 2, 3, 7, 14].find((size) => days / size < most);
  if (step && days < 100) {
    const count = Math.floor(days / step) + 1;
    const values = Array.from({ length: count }, (_, i) => timeOf(end) - i * step * DAY_MS).reverse();
    return labelled(values, (time) => shortDay(new Date(time).toJSON().slice(0, 10)));
  }
  const firsts = [];
  const [year, month] = start.split("-").map(Number);
  for (let m = year * 12 + month - 1; ; m += 1) {
    const time = Date.UTC(Math.floor(m / 12), m % 12, 1);
    if (time > timeOf(end)) break;
    if (time >= timeOf(start)) firsts.push([m, time]);
  }
  const size = [1, 2, 3, 6, 12, 24].find((n) => firsts.length / n <= most) ?? 60;
  const kept = firsts.filter(([m]) => m % size === 0).map(([, time]) => time);
  return labelled(kept, (time, i) => {
    const date = new Date(time);
    const name = MONTHS[date.getUTCMonth()];
    return i === 0 || date.getUTCMonth() === 0 ? `${name} ${date.getUTCFullYear()}` : name;
  });
}

// From zero to a round figure above the largest, in three to five steps.
export function linear(most, metric) {
  const rough = (most || 1) / 4;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = STEPS.find((size) => size * unit >= rough) * unit;
  const count = Math.max(1, Math.ceil((most || 1) / step - 1e-9));
  const values = Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
  return { domain: [0, values.at(-1)], ...labelled(values, written(values, metric)) };
}

// Powers of ten from below the least to above the most, with 2 and 5 between where few.
export function logarithmic(least, most, metric) {
  const [low, high] = [Math.floor(Math.log10(least)), Math.ceil(Math.log10(most))];
  const parts = high - low < 4 ? [1, 2, 5] : [1];
  const all = [];
  for (let power = low; power <= high; power += 1) {
    for (const part of parts) all.push(Number((part * 10 ** power).toPrecision(3)));
  }
  const floor = all.findLast((value) => value <= least) ?? all[0];
  const ceiling = all.find((value) => value >= most) ?? all.at(-1);
  const values = all.filter((value) => value >= floor && value <= ceiling);
  const domain = floor < ceiling ? [floor, ceiling] : [floor, floor * 10];
  return { domain, ...labelled(values, written(values, metric)) };
}

function written(values, metric) {
  if (metric) return (value) => (value === 0 ? "0" : amount(value, metric));
  return (value) => `${value}${value === values.at(-1) ? " %" : ""}`;
}

// Vega's labels as an expression that knows each tick's text: numbers and our own words only.
function labelled(values, text) {
  const texts = values.map((value, i) => `'${text(value, i)}'`);
  return { values, labelExpr: `[${texts}][indexof([${values}], +datum.value)]` };
}

// Move labels apart as little as possible, in the order they come; ascending from the top.
export function spread(wanted, gap, low, high) {
  if (wanted.length > 1) gap = Math.min(gap, (high - low) / (wanted.length - 1));
  const groups = [];
  for (const position of wanted) {
    let [start, count] = [position, 1];
    while (groups.length && groups.at(-1)[0] + groups.at(-1)[1] * gap > start) {
      const [before, more] = groups.pop();
      start = (before * more + (start - more * gap) * count) / (more + count);
      count += more;
    }
    groups.push([start, count]);
  }
  const placed = groups.flatMap(([start, n]) => Array.from({ length: n }, (_, i) => start + i * gap));
  const lowered = placed.map((position, i) => Math.max(position, low + i * gap));
  return lowered.map((position, i) => Math.min(position, high - (placed.length - 1 - i) * gap));
}

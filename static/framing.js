// The words of an image to share: headline, dates, measure, credit, the site's own name; laid
// out as `leaderboard/charts/images.py` does, which says why.

import { letters } from "./lettering.js";

export const MARGIN = 48;
export const TYPE = 21;
export const LEAST_TYPE = 15;
export const INK = "#1a1d21";
export const SOFT = "#5a606a";
export const RULE = "#8c929c";
const FOOT_TYPE = 17;
const HEADLINES = [46, 42, 38, 34];
const BAND = 44;
const WARN = "#7a4b00";
const WARN_TINT = "#fdf1d8";
const ACCENT = "#2446c8";
const MARK = [
  [0, 18],
  [5.25, 12],
  [10.5, 7],
];

export const round = (number) => Math.round(number * 10) / 10;
export const row = (x, y, text, colour) => ({ x: round(x), y: round(y), text, colour });
export const box = (x, y, width, height, colour) => ({
  x: round(x),
  x2: round(x + width),
  y: round(y),
  y2: round(y + height),
  colour,
});
const line = (x, y, text, size, colour) => ({ x, y, text, size, colour });

// What stands around a chart, and the room left between.
export function frame(kit, words, ratio) {
  const [width, height] = kit.sizes[ratio];
  const { width: measured, wrapped, balanced } = letters(kit);
  const room = width - 2 * MARGIN;
  const [frames, bold, plain] = [[], [], []];
  let y = 34;
  if (words.simulated) {
    frames.push(box(0, 0, width, BAND, WARN_TINT));
    const size = [20, 19, 18].find((one) => measured(words.simulated, one) <= room) ?? FOOT_TYPE;
    plain.push(line(MARGIN, BAND / 2 + 1, words.simulated, size, WARN));
    y += BAND - 8;
  }
  const [lines, size] = headline(letters(kit), words.headline, room, width > height ? 2 : 3);
  for (const text of lines) {
    bold.push(line(MARGIN, y + size / 2, text, size, INK));
    y += Math.round(size * 1.16);
  }
  y += 10;
  const when = words.note ? `${words.when} · ${words.note}` : words.when;
  plain.push(line(MARGIN, y + 12, when, TYPE + 1, INK));
  y += 32;
  if (ratio !== "og") {
    for (const text of balanced(words.measure, room, TYPE)) {
      plain.push(line(MARGIN, y + 11, text, TYPE, SOFT));
      y += 28;
    }
  }
  const top = y + 14;
  const block =
    28 + Math.max(measured(words.site, 20, true), measured(words.address, FOOT_TYPE));
  const edge = width - MARGIN;
  const x = edge - block;
  const parts = words.credit.split("\n");
  const credit = parts.flatMap((part) => wrapped(part, x - MARGIN - 32, FOOT_TYPE));
  const foot = height - 26 - Math.max(credit.length, 2) * 23;
  frames.push(box(MARGIN, foot - 16, edge - MARGIN, 1, RULE));
  credit.forEach((text, i) => plain.push(line(MARGIN, foot + 11 + 23 * i, text, FOOT_TYPE, SOFT)));
  bold.push(line(x + 28, foot + 11, words.site, 20, INK));
  if (words.address) plain.push(line(x + 28, foot + 35, words.address, FOOT_TYPE, SOFT));
  for (const [down, long] of MARK) frames.push(box(x, foot + 4 + down, long, 3.5, ACCENT));
  return { width, height, top, bottom: foot - 16, frames, bold, plain };
}

function headline({ width, wrapped, balanced, fit }, text, room, most) {
  for (const size of HEADLINES) {
    const lines = balanced(text, room, size, true);
    const isFitting = lines.every((one) => width(one, size, true) <= room);
    if (lines.length <= most && isFitting) return [lines, size];
  }
  const size = HEADLINES.at(-1);
  const lines = wrapped(text, room, size, true);
  const cut = [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")];
  return [cut.map((one) => fit(one, room / 1.08, size)), size];
}

// A form's template filled; whatever stands around the chart moves to the chart's own corner.
export function filled(kit, form, around, { left, top, width, height, datasets, size }) {
  const spec = structuredClone(kit.templates[form]);
  const down = Math.round(top);
  Object.assign(spec, {
    width,
    height,
    padding: {
      left,
      top: down,
      right: around.width - left - width,
      bottom: around.height - down - height,
    },
  });
  spec.config.text.fontSize = size;
  spec.config.axis.labelFontSize = Math.max(size - 2, LEAST_TYPE);
  const moved = (one) => {
    const by = { x: left, x2: left, y: down, y2: down };
    const entries = Object.entries(one);
    return Object.fromEntries(
      entries.map(([key, value]) => [key, key in by ? round(value - by[key]) : value]),
    );
  };
  const given = { ...datasets };
  for (const name of ["frames", "bold", "plain"]) given[name] = around[name].map(moved);
  for (const name of Object.keys(spec.datasets)) spec.datasets[name] = given[name] ?? [];
  return spec;
}

// The image of what a reader sees: the window, the picks, the range, as one Vega-Lite spec.
//
// With nothing chosen it is the very spec that the site's own images are drawn from; what was
// chosen is then put into it as into the living chart. Nothing here touches the page.

import { dayTicks, spread } from "./axes.js";
import { INK, MARGIN, RULE, SOFT, TYPE, LEAST_TYPE, box, filled, frame, round, row } from "./framing.js";
import { letters, named } from "./lettering.js";
import { FAINT, area as changed, dim, headText, isUsual, moment, ruleAt, valueText } from "./specifying.js";
import { stack } from "./stacking.js";
import { amount, day, listing, percent, shortDay } from "./wording.js";

const MOST_BARS = 20;
const FEWEST_DAYS = 3;
const BOUND = "≥ marks a lower bound";
const KINDS = { model: "models", lab: "labs", app: "apps", provider: "providers" };

// live is the chart's published spec, view the view's data, state what is chosen, words those of
// the view's own image.
export function compose(kit, live, view, state, words, ratio) {
  const around = frame(kit, worded(view, state, words), ratio);
  return live.layer[0].data.name === "points"
    ? area(kit, live, view, state, around)
    : bars(kit, live, view, state, around);
}

// The state with what this view does not know left out, as the living chart does.
export function sane(state, view, isArea) {
  const known = new Set(view.rows.map(({ key }) => key));
  const pick = state.pick.filter((key) => known.has(key));
  const inside = (date) => date >= view.start && date <= view.data_through;
  const isRange = isArea && state.from !== "" && inside(state.from) && inside(state.to);
  const hasAmounts = view.rows.some(({ values }) => values.some((value) => value !== null));
  return {
    ...state,
    pick,
    only: state.only && pick.length > 0,
    from: isRange ? state.from : "",
    to: isRange ? state.to : "",
    day: isArea && state.day && inside(state.day) ? state.day : "",
    scale: isArea ? state.scale : "linear",
    measure: isArea && hasAmounts ? state.measure : "share",
  };
}

// A composed spec as a browser can draw it.
export function drawable(spec) {
  const { axis } = spec.layer[0].encoding.x;
  if (axis) axis.values = axis.values.map((value) => (typeof value === "number" ? moment(value) : value));
  return spec;
}

// The words for what is chosen. A headline of the whole window must not stand over a part of it.
export function worded(view, state, words) {
  const { pick, only, from, to } = state;
  const note = hasBounds(view, state) ? BOUND : "";
  if (!from && pick.length === 0 && state.measure !== "absolute") return { ...words, note };
  const names = pick.map((key) => view.rows.find((one) => one.key === key)).filter(Boolean);
  const shown = names.map((one) => named(one.name, one.key));
  const more = shown.length > 3 ? [...shown.slice(0, 2), `${shown.length - 2} more`] : shown;
  const metric = metricOf(view);
  const by = `${words.gateway}: ${KINDS[view.board.kind]} by ${metric}`;
  const what = state.measure === "absolute" ? `${metric} a day` : `share of ${metric}`;
  const headline = shown.length ? `${listing(more)}: ${what} at ${words.gateway}` : by;
  return {
    ...words,
    note,
    headline,
    when: from ? `${spanned(from, to)}, UTC` : words.when,
    measure: from ? partOf(view) : words.measure,
  };
}

// Whether a label carries the sign of a lower bound.
function hasBounds(view, { pick, only, measure }) {
  if (measure === "absolute") return false;
  if (view.board.is_lower_bound) return true;
  if (view.dates.length - view.missing.length >= FEWEST_DAYS) return false;
  const shown = view.rows.filter(({ key }) => !only || pick.includes(key)).slice(0, MOST_BARS);
  return shown.some(({ share_pct: share, is_lower_bound: isBound }) => isBound && share > 0);
}

function partOf(view) {
  return `A part of the window ${spanned(view.start, view.data_through)}.`;
}

function metricOf({ board: { metric, scope, kind } }) {
  const name = metric === "cost" ? "list-price cost" : metric;
  const isWhole = scope === null || scope === "all" || !["model", "lab"].includes(kind);
  return isWhole ? name : `${scope} ${name}`;
}

function spanned(start, end) {
  if (!start || start === end) return day(end);
  const [first, last] = [day(start).split(" "), day(end).split(" ")];
  if (first[2] !== last[2]) return `${day(start)} – ${day(end)}`;
  return first[1] === last[1] ? `${first[0]}–${day(end)}` : `${first[0]} ${first[1]} – ${day(end)}`;
}

function area(kit, live, view, state, around) {
  const { width: measured, fit } = letters(kit);
  const colours = new Map(live.datasets.series.map(({ key, colour }) => [key, colour]));
  const stacked = stack(view, colours, state);
  const last = stacked.points.length - 1;
  const cleaned = (one) => (one.isRest ? one.name : named(one.name, one.key));
  const labels = stacked.series.map((one) => ({
    name: cleaned(one),
    value: valueText(view, state, one, last),
    colour: one.colour,
    ink: one.isRest ? SOFT : INK,
    share: one.figures[last],
  }));
  const [left, caption, axis] = [MARGIN + 58, 34, 44];
  const top = around.top + caption;
  const height = Math.floor(around.bottom - axis - top);
  const size = Math.max(Math.min(TYPE, Math.floor(height / Math.max(labels.length, 1)) - 5), LEAST_TYPE);
  const names = labels.map(({ name }) => fit(name, 290, size));
  const values = Math.max(...labels.map(({ value }) => measured(value, size, true)));
  const gutter = 26 + values + 9 + Math.max(...names.map((name) => measured(name, size))) + 2;
  const width = Math.floor(around.width - MARGIN - gutter - left);
  let below = 0;
  const middles = labels.map(({ share }) => {
    const middle = height * (1 - (below + (share ?? 0) / 2) / 100);
    below += share ?? 0;
    return middle;
  });
  const placed = spread([...middles].reverse(), size + 6, size / 2 + 1, height - size / 2).reverse();
  const x = width + 26 + values;
  const steps = (i) => [[4, middles[i]], [8, middles[i]], [17, placed[i]], [22, placed[i]]];
  const datasets = {
    points: live.datasets.points,
    captions: [row(MARGIN - left, 10 - caption, live.datasets.captions[0].text, SOFT)],
    heads: [row(x, 10 - caption, headAt(stacked, last), SOFT)],
    leaders: labels.flatMap(({ share, colour }, series) =>
      share === null
        ? []
        : steps(series).map(([dx, y]) => ({ series, x: width + dx, y: round(y), colour })),
    ),
    values: labels.map(({ value, ink }, i) => row(x, placed[i], value, ink)),
    names: labels.map(({ ink }, i) => row(x + 9, placed[i], names[i], ink)),
  };
  const spec = filled(kit, "share-area", around, { left, top, width, height, datasets, size });
  const ticks = dayTicks(stacked.points[0].date, stacked.points[last].date, 8);
  const { labelExpr } = live.layer[0].encoding.x.axis;
  Object.assign(spec.layer[0].encoding.x.axis, { values: ticks.values, labelExpr });
  if (isUsual(state) && !state.day) return spec;
  const base = { ...spec, datasets: { ...spec.datasets, series: live.datasets.series } };
  const made = changed(base, view, state, (text, room, at) => fit(text, Math.min(room - MARGIN + 2, 290), at));
  if (!isUsual(state)) {
    made.spec.datasets.heads[0].text = headText(made, last);
  }
  if (state.day) readOn(made, view, state);
  delete made.spec.datasets.series;
  return made.spec;
}

// The figures of the day that is being pointed at, as beside the living chart.
function readOn({ spec, stacked, places, labels, frame: at }, view, state) {
  const chosen = stacked.points.findIndex(({ date }) => date >= state.day);
  if (chosen < 0) return;
  const byKey = new Map(stacked.series.map((one) => [one.key, one]));
  spec.datasets.values.forEach((value, i) => {
    value.text = valueText(view, state, byKey.get(labels[i].key), chosen);
  });
  spec.datasets.heads[0].text = headText({ stacked, frame: at }, chosen);
  spec.datasets.rule = ruleAt(places[chosen]);
}

function headAt({ points, span }, i) {
  return `${span > 1 ? "to " : ""}${shortDay(points[i].date)}`;
}

function bars(kit, live, view, { pick, only }, around) {
  const { width: measured, fit } = letters(kit);
  const picked = new Set(pick);
  const colours = new Map(live.datasets.series.map(({ key, colour }) => [key, colour]));
  const byShare = view.rows.slice(0, MOST_BARS).every(({ share_pct: share }) => share !== null);
  const rows = view.rows.filter(({ key }) => !only || picked.has(key));
  const [left, caption] = [MARGIN, 34];
  const top = around.top + caption;
  const height = Math.floor(around.bottom - 18 - top);
  const width = around.width - 2 * MARGIN;
  const count = Math.min(rows.length, MOST_BARS, Math.max(Math.floor(height / 33), 1));
  const line = Math.min(Math.floor(height / count), 56);
  const shown = rows.slice(0, count);
  const sizes = shown.map((one) => (byShare ? one.share_pct : Number(one.value ?? 0)));
  const values = shown.map((one) => figures(view, one));
  const names = shown.map((one) => fit(named(one.name, one.key), width * 0.4, TYPE));
  const start = 44 + Math.max(...names.map((name) => measured(name, TYPE))) + 18;
  const most = Math.max(...sizes);
  const room = width - start - Math.max(...values.map((value) => measured(value, TYPE, true))) - 12;
  const thick = Math.round(line * 0.62);
  const isDimming = !only && shown.some(({ key }) => picked.has(key));
  const datasets = {
    captions: [row(0, 10 - caption, live.datasets.captions[0].text, SOFT)],
    swatches: [box(start - 1, 0, 1, line * count, RULE)],
    bars: [],
    ranks: [],
    names: [],
    amounts: [],
  };
  shown.forEach((one, i) => {
    const y = (i + 0.5) * line;
    const long = Math.max((sizes[i] * room) / most, 0.5);
    const lit = isDimming ? { opacity: picked.has(one.key) ? 1 : FAINT } : {};
    datasets.bars.push({ ...box(start, y - thick / 2, long, thick, colours.get(one.key)), ...lit });
    datasets.ranks.push(row(30, y, String(one.rank), SOFT));
    datasets.names.push(row(44, y, names[i], INK));
    datasets.amounts.push(row(start + long + 9, y, values[i], INK));
  });
  const spec = filled(kit, "ranked-bars", around, { left, top, width, height, datasets, size: TYPE });
  if (isDimming) dim(spec, "bars");
  return spec;
}

function figures({ board }, one) {
  const parts = [];
  const isBound = one.is_lower_bound || board.is_lower_bound;
  if (one.share_pct !== null) parts.push(percent(one.share_pct, isBound));
  if (one.value !== null) parts.push(amount(Number(one.value), board.metric));
  return parts.join(" · ");
}

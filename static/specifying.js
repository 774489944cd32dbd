// The spec of the living chart: the published one where nothing is chosen, else the same with
// other data, scales and labels. Nothing here touches the page.

import { dayTicks, linear, logarithmic, spread } from "./axes.js";
import { rows, stack, timeOf } from "./stacking.js";
import { amount, percent, shortDay } from "./wording.js";

const INK = "#1a1d21";
const SOFT = "#5a606a";
const RULE = "#8c929c";
export const FAINT = 0.22;
const MEANS = { 7: "weekly means", 28: "means of 28 days" };

const px = (field) => ({ field, type: "quantitative", scale: null, axis: null });
const COLOUR = { field: "colour", type: "nominal", scale: null, legend: null };
export const OPACITY = { field: "opacity", type: "quantitative", scale: null, legend: null };
export const round = (number) => Math.round(number * 10) / 10;

// Whether a choice changes more than which day is read.
export const isUsual = ({ pick, from, scale, measure }) =>
  pick.length === 0 && !from && scale === "linear" && measure === "share";

// base is the published spec, view the view's data, state what was chosen, fit cuts a text to a
// room. The answer has the spec and what pointing at it needs to know.
export function area(base, view, state, fit) {
  const colours = new Map(base.datasets.series.map(({ key, colour }) => [key, colour]));
  const stacked = stack(view, colours, state);
  const isDimming = state.pick.length > 0 && !state.only;
  for (const one of stacked.series) one.opacity = !isDimming || one.isPicked ? 1 : FAINT;
  const spec = structuredClone(base);
  const held = stacked.points.filter(({ days }) => days.length);
  const frame = { ...framed(base), isDimming, stacked };
  const made = isUsual(state)
    ? { labels: published(base, stacked) }
    : changed(spec, view, state, frame, fit);
  const times = isUsual(state)
    ? base.datasets.points.map(({ time }) => time)
    : held.map(({ date }) => timeOf(date));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const { x } = spec.layer[0].encoding;
  if (!isUsual(state)) x.scale.domain = [first, last].map(moment);
  x.axis.values = x.axis.values.map(moment);
  const across = (date) =>
    last > first ? ((timeOf(date) - first) / (last - first)) * base.width : base.width / 2;
  const places = stacked.points.map(({ date }) => round(across(date)));
  addRule(spec, base.height);
  return { spec, stacked, places, labels: made.labels, frame };
}

// A moment in parts: Vega's interpreter, which spares the page "unsafe-eval", reads a moment in
// milliseconds as a year.
export function moment(time) {
  const date = new Date(time);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  const milliseconds = time - Date.UTC(year, month - 1, day);
  return { year, month, date: day, ...(milliseconds ? { milliseconds } : {}), utc: true };
}

// How the published layout places its labels: beside the bands, or in a key above.
function framed(base) {
  const { values, names, leaders } = base.datasets;
  return {
    isKeyed: leaders.length === 0 && base.datasets.swatches.length > 0,
    size: base.config.text.fontSize,
    line: base.config.text.fontSize + 5,
    valueX: values[0]?.x ?? 0,
    nameX: names[0]?.x ?? 0,
    room: base.width + base.padding.right - (names[0]?.x ?? 0) - 2,
    ticks: leaders.length === 0 ? 5 : base.width + base.padding.right > 500 ? 9 : 4,
  };
}

function published(base, { series }) {
  const { names } = base.datasets;
  return series.map(({ key }, i) => ({ key, ...names[i] })).filter(({ y }) => y !== undefined);
}

function changed(spec, view, state, frame, fit) {
  const { stacked } = frame;
  const isLog = state.scale === "log";
  const isAbsolute = state.measure === "absolute";
  const metric = isAbsolute ? view.board.metric : null;
  const data = rows(stacked, { closed: !isLog }).filter(({ share }) => !isLog || share > 0);
  const totals = stacked.points.map((_, i) =>
    stacked.series.reduce((sum, { figures }) => sum + (figures[i] ?? 0), 0),
  );
  const figures = data.map(({ share }) => share ?? 0);
  let axis;
  const most = Math.min(Math.max(...figures), isAbsolute ? Infinity : 100); // sums may pass 100
  if (isLog) axis = logarithmic(Math.min(...figures), most, metric);
  else if (!isAbsolute && !state.only) axis = { ...linear(100), domain: [0, 100] };
  else axis = linear(Math.max(...totals), metric);
  setCourse(spec, data, axis, isLog, frame.isDimming);
  const [start, end] = [stacked.points[0].date, stacked.points.at(-1).date];
  Object.assign(spec.layer[0].encoding.x.axis, dayTicks(start, end, frame.ticks));
  const labels = labelled(spec, view, state, frame, axis, fit);
  caption(spec, view, state, stacked.span);
  spec.datasets.heads[0].text = headText(frame, stacked.points.length - 1);
  return { labels };
}

function setCourse(spec, data, { domain, values, labelExpr }, isLog, isDimming) {
  const [course] = spec.layer;
  const { y } = course.encoding;
  spec.datasets.points = data;
  Object.assign(y.axis, { values, labelExpr });
  y.scale = { domain, nice: false };
  if (isDimming) course.encoding.opacity = OPACITY;
  if (!isLog) return;
  // Bands on a logarithmic scale would show sizes that are none: lines do not.
  course.mark = { type: "line", strokeWidth: 2, strokeJoin: "round", strokeCap: "round" };
  delete course.transform;
  delete course.encoding.y2;
  y.field = "share";
  y.scale.type = "log";
  Object.assign(y.axis, { gridColor: RULE, gridOpacity: 0.25, zindex: 0 });
}

function labelled(spec, view, state, frame, { domain }, fit) {
  const { stacked, isKeyed, isDimming, line, size } = frame;
  const last = stacked.points.length - 1;
  const ink = (one) => (one.isRest || (isDimming && !one.isPicked) ? SOFT : INK);
  const text = (one) => valueText(view, state, one, last);
  const lit = (one) => ({ opacity: one.opacity });
  if (isKeyed) {
    const slots = spec.datasets.names;
    const kept = shortened(stacked.series, slots.length);
    Object.assign(spec.datasets, {
      swatches: kept.map((one, i) => ({ ...spec.datasets.swatches[i], colour: one.colour, ...lit(one) })),
      values: kept.map((one, i) => ({ ...spec.datasets.values[i], text: text(one), colour: ink(one) })),
      names: kept.map((one, i) => ({ ...slots[i], text: nameText(one, i), colour: ink(one) })),
    });
    if (isDimming) dim(spec, "swatches");
    return kept.map(({ key }, i) => ({ key, ...slots[i] }));

    function nameText(one, i) {
      const room = slots.find(({ x }) => x > slots[i].x)?.x ?? spec.width;
      return fit(one.name, room - slots[i].x - 4, size);
    }
  }
  const { height, width } = spec;
  const scaled = (value) =>
    state.scale === "log"
      ? height * (1 - Math.log(value / domain[0]) / Math.log(domain[1] / domain[0]))
      : height * (1 - value / domain[1]);
  let below = 0;
  const ends = stacked.series.map((one) => {
    const figure = one.figures[last];
    if (state.scale === "log") return { one, figure, y: figure ? scaled(figure) : height };
    const y = scaled(below + (figure ?? 0) / 2);
    below += figure ?? 0;
    return { one, figure, y };
  });
  const ordered = [...ends].sort((a, b) => a.y - b.y);
  const placed = spread(ordered.map(({ y }) => y), line, size / 2 + 1, height - size / 2);
  ordered.forEach((end, i) => (end.place = round(placed[i])));
  Object.assign(spec.datasets, {
    leaders: ends.flatMap(({ one, figure, y, place }, series) =>
      figure === null
        ? []
        : [[3, y], [7, y], [14, place], [18, place]].map(([dx, at]) => ({
            series,
            x: width + dx,
            y: round(at),
            colour: one.colour,
            ...lit(one),
          })),
    ),
    values: ends.map(({ one, place: y }) => ({ x: frame.valueX, y, text: text(one), colour: ink(one) })),
    names: ends.map(({ one, place: y }) => ({
      x: frame.nameX,
      y,
      text: fit(one.name, frame.room, size),
      colour: ink(one),
    })),
  });
  if (isDimming) dim(spec, "leaders");
  return ends.map(({ one, place: y }) => ({ key: one.key, x: frame.nameX, y }));
}

// A key has so many places: the picked come first, then the largest.
function shortened(series, places) {
  if (series.length <= places) return series;
  const [rest] = series.filter(({ isRest }) => isRest);
  const others = series.filter(({ isRest }) => !isRest);
  const kept = new Set(
    [...others].sort((a, b) => b.isPicked - a.isPicked).slice(0, places - (rest ? 1 : 0)),
  );
  return series.filter((one) => one.isRest || kept.has(one));
}

export function dim(spec, dataset) {
  spec.layer.find(({ data }) => data.name === dataset).encoding.opacity = OPACITY;
}

function caption(spec, view, { measure, scale, only }, span) {
  const metric = view.board.metric === "cost" ? "list-price cost" : view.board.metric;
  const each = MEANS[span] ? `, ${MEANS[span]}` : "";
  let text = MEANS[span] ? `Share of ${metric}${each}` : `Share of each day’s ${metric}`;
  if (measure === "absolute") {
    text = `${metric[0].toUpperCase()}${metric.slice(1)} a day${each}`;
  }
  if (scale === "log") text += ", log scale";
  else if (only) text += ", picked only";
  spec.datasets.captions[0].text = text;
}

function addRule(spec, height) {
  spec.datasets.rule = [];
  spec.layer.push({
    data: { name: "rule" },
    mark: { type: "rule", strokeWidth: 1.25 },
    encoding: { x: px("x"), y: { value: 0 }, y2: { value: height }, color: COLOUR },
  });
}

export const ruleAt = (x) => [{ x, colour: INK }];

// What a series' label says at a point.
export function valueText(view, { measure }, one, i) {
  const figure = one.figures[i];
  if (figure === null || figure === undefined) return "–";
  if (measure === "absolute") return amount(figure, view.board.metric);
  return percent(figure, view.board.is_lower_bound && !one.isRest);
}

export function headText({ stacked, isKeyed }, i) {
  const { date, days, span } = stacked.points[i];
  const text = days.length ? `${span > 1 ? "to " : ""}${shortDay(date)}` : `${shortDay(date)}: no data`;
  return isKeyed ? `key: ${text}` : text;
}

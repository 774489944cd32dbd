// The chart alive: the published spec drawn by Vega in the place of the still picture. Until
// Vega is there, which takes longest, the still picture already answers who points at it.
//
// currentView() and currentSpec() say what is shown now, for whoever makes something of it.
// This module is loaded when a reader first points at a chart, or came by a link that chose
// something; if anything it needs cannot be had, the still chart stays.

import { bars } from "./bars.js";
import { attend } from "./pointing.js";
import { showFigures } from "./readout.js";
import { area, headText, isUsual, ruleAt, valueText } from "./specifying.js";
import { read, subscribe } from "./state.js";

const OPTIONS = {
  mode: "vega-lite",
  renderer: "svg",
  ast: true,
  actions: false,
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
};
const NARROW = matchMedia("(max-width: 48rem)");

const figure = document.querySelector("figure[data-renderer]");
const chart = figure?.querySelector(".chart");
const isArea = figure?.dataset.form === "share-area";
const kept = new Map(); // what was fetched, by address
let view = null;
let now = null; // what is drawn: the spec, its places and labels, the Vega view or null
let turn = 0;
let starting = null;
let pointed = null; // the position passed over now
let context = null;

// Everything shown now, in words that a link or an image can be made of.
export function currentView() {
  const { pick, only, from, to, day, scale, measure, sort, filter, all } = chosen();
  const lines = document.querySelectorAll("table.ranked tbody tr[data-key]:not([hidden])");
  return {
    window: view?.window ?? null,
    start: from || (view?.start ?? null),
    end: to || (view?.data_through ?? null),
    headline: view?.headline ?? null,
    picks: pick,
    only,
    from,
    to,
    day,
    scale,
    measure,
    sort,
    filter,
    all,
    rows: Array.from(lines, (line) => line.dataset.key),
    data: view,
  };
}

// The Vega-Lite spec as drawn now; null while the chart is still.
export function currentSpec() {
  return now?.vega ? structuredClone(now.made.spec) : null;
}

// Vega-Embed, loaded once from our own origin and checked against the page's hash.
export function renderer() {
  return once("renderer", () => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = figure.dataset.renderer;
    script.integrity = figure.dataset.rendererIntegrity;
    return new Promise((resolve, reject) => {
      script.addEventListener("load", () => resolve(window.vegaEmbed));
      script.addEventListener("error", () => reject(new Error("the renderer did not load")));
      document.head.append(script);
    });
  });
}

// Bring the chart alive; rejects where something could not be loaded, and may be tried again.
export function wake() {
  starting ??= start().catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
}

async function start() {
  const [shown] = await Promise.all([loaded(figure.dataset.view), specified(layoutNow())]);
  view = shown;
  await sketch();
  if (now) redraw();
  else await draw();
  subscribe((state, before) => {
    if (["pick", "only", "from", "to", "scale", "measure"].some((name) => state[name] !== before[name])) {
      redraw();
    } else if (state.day !== before.day) {
      showDay(null);
    }
  });
  NARROW.addEventListener("change", redraw);
  const surface = chart.querySelector(".surface");
  for (const type of ["pointerenter", "pointerdown", "focus"]) surface.addEventListener(type, retry);
  return attend(surface, {
    drawn: () => now,
    svg: () => now?.box.querySelector("svg"),
    isArea,
    view: () => view,
    show: showDay,
  });
}

// The spec of a layout as published, in the font of the page.
async function specified(layout) {
  const base = await loaded(figure.dataset[layout === "wide" ? "specWide" : "specNarrow"]);
  base.config.font = getComputedStyle(chart).fontFamily;
  return base;
}

function layoutNow() {
  return NARROW.matches ? "narrow" : "wide";
}

// Take the still picture for the drawn one, where it shows what is chosen.
async function sketch() {
  const state = chosen();
  const layout = layoutNow();
  if (!isArea || !isUsual(state)) return;
  const base = await specified(layout);
  now = { made: area(base, view, state, fit), state, box: chart.querySelector(`.${layout}`), layout, base, vega: null };
  showDay(null);
}

// Ask again for what could not be had.
function retry() {
  if (figure.dataset.still === undefined) return;
  delete figure.dataset.still;
  redraw();
}

// The state with what this page does not know left out.
function chosen() {
  const state = read();
  if (!view) return state;
  const known = new Set(view.rows.map(({ key }) => key));
  const pick = state.pick.filter((key) => known.has(key));
  const inside = (date) => date >= view.start && date <= view.data_through;
  const isRange = isArea && state.from && inside(state.from) && inside(state.to);
  const isAbsolute = state.measure === "absolute" && view.rows.some(({ values }) => values.some((v) => v !== null));
  return {
    ...state,
    pick,
    only: state.only && pick.length > 0,
    from: isRange ? state.from : "",
    to: isRange ? state.to : "",
    scale: isArea ? state.scale : "linear",
    measure: isArea && isAbsolute ? "absolute" : "share",
  };
}

// What could not be loaded this time leaves the picture as it was.
function redraw() {
  draw().catch(() => {
    figure.dataset.still = "";
  });
}

async function draw() {
  const mine = (turn += 1);
  const layout = layoutNow();
  const [base, embed] = await Promise.all([specified(layout), renderer()]);
  const state = chosen();
  const box = chart.querySelector(`.${layout}`);
  const made = isArea ? area(base, view, state, fit) : bars(base, view, state);
  const host = document.createElement("div");
  host.className = "live";
  host.ariaHidden = "true"; // as the still one: the words beside it say what it shows
  // A copy, because Vega marks the rows it is given as its own.
  const result = await embed(host, structuredClone(made.spec), OPTIONS);
  if (mine !== turn) {
    result.finalize();
    return;
  }
  const before = now;
  now = { made, state, box, layout, base, vega: result.view };
  box.replaceChildren(host);
  before?.vega?.finalize();
  chart.dataset.alive = "";
  showDay(before && !before.vega ? pointed : null);
}

// Show a point's figures in the chart, the table and the readout: the one at *position*, else
// that of the day chosen, else the newest of the view.
function showDay(position) {
  pointed = position;
  if (!now || !isArea) return;
  const { made, state, vega } = now;
  const { points, series } = made.stacked;
  const day = read().day;
  const at = position ?? points.findIndex((_, i) => covers(points, i, day));
  const isChosen = at >= 0;
  const shown = isChosen ? at : points.length - 1;
  chart.dataset.day = isChosen ? points[shown].date : "";
  showFigures(view, isChosen ? points[shown] : null, { isPassing: position !== null });
  rule(vega || !isChosen ? null : made.places[shown]);
  if (!vega) return;
  const bySeries = new Map(series.map((one) => [one.key, one]));
  const { datasets } = made.spec;
  const values = made.labels.map(({ key }, i) => ({
    ...datasets.values[i],
    text: isChosen ? valueText(view, state, bySeries.get(key), shown) : datasets.values[i].text,
  }));
  const head = isChosen ? headText(made.frame, shown) : datasets.heads[0].text;
  vega
    .data("rule", isChosen ? ruleAt(made.places[shown]) : [])
    .data("values", values)
    .data("heads", [{ ...datasets.heads[0], text: head }])
    .run();
}

// The rule over the still picture, at a place in the drawing's own pixels.
function rule(x) {
  const surface = chart.querySelector(".surface");
  surface.querySelector(".rule")?.remove();
  if (x === null) return;
  const { base, box } = now;
  const svg = box.querySelector("svg").getBoundingClientRect();
  const own = surface.getBoundingClientRect();
  const scale = svg.width / (base.padding.left + base.width + base.padding.right);
  const line = document.createElement("div");
  line.className = "rule";
  line.style.left = `${svg.left - own.left + (base.padding.left + x) * scale}px`;
  line.style.top = `${svg.top - own.top + base.padding.top * scale}px`;
  line.style.height = `${base.height * scale}px`;
  surface.append(line);
}

function covers(points, i, day) {
  if (!day || day > points[i].date) return false;
  return i === 0 ? day > shifted(points[0].date, -points[0].span) : day > points[i - 1].date;
}

function shifted(date, days) {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toJSON().slice(0, 10);
}

function loaded(address) {
  return once(address, async () => {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return response.json();
  });
}

// Keep a promise for what was asked once; what failed is asked again.
function once(name, ask) {
  if (!kept.has(name)) {
    const answer = ask();
    kept.set(name, answer);
    answer.catch(() => kept.delete(name));
  }
  return kept.get(name);
}

// Cut a text to a room in pixels, between characters as people see them.
function fit(text, room, size) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = `${size}px ${getComputedStyle(chart).fontFamily}`;
  const width = (words) => context.measureText(words).width;
  if (width(text) <= room) return text;
  const characters = Array.from(new Intl.Segmenter("en").segment(text), ({ segment }) => segment);
  while (characters.length && width(`${characters.join("")}…`) > room) characters.pop();
  return `${characters.join("").trimEnd()}…`;
}

// Pointing at the living chart: by mouse, finger and keyboard, on the surface above it.

import { read, toggled, write } from "./state.js";
import { day as longDay } from "./wording.js";

const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
const DRAGGED_PX = 8;
const TOUCH_SLOP_PX = 10;
const FEWEST_POINTS = 3;

// Listen on *surface*; *chart* says what is drawn and shows a day. Gives handlers by event type,
// so that what happened before the chart was alive can be told to them too.
export function attend(surface, chart) {
  const band = surface.querySelector(".zoom");
  let grip = null; // where a drag began: {x, position, isTouch}
  let hovered = null;

  const handlers = { pointermove, pointerdown, pointerup, pointercancel, pointerleave, keydown, dblclick, blur };
  for (const [type, handler] of Object.entries(handlers)) surface.addEventListener(type, handler);
  describe();
  return handlers;

  // From the screen to the drawing's own pixels.
  function placed({ clientX, clientY }) {
    const box = chart.svg().getBoundingClientRect();
    const { base } = chart.drawn();
    const { left, right, top, bottom } = base.padding;
    const scale = (left + base.width + right) / box.width;
    const x = (clientX - box.left) * scale - left;
    const y = (clientY - box.top) * scale - top;
    const isInside = x >= -6 && x <= base.width + 6 && y >= -6 && y <= base.height + bottom;
    return { x, y, isInside, scale };
  }

  function positionAt(x) {
    const { places } = chart.drawn().made;
    let nearest = 0;
    places.forEach((place, i) => {
      if (Math.abs(place - x) < Math.abs(places[nearest] - x)) nearest = i;
    });
    return nearest;
  }

  function labelAt({ x, y, isInside }) {
    const { made, base } = chart.drawn();
    if (!chart.isArea) {
      const bars = base.datasets.names;
      const step = bars.length > 1 ? bars[1].y - bars[0].y : base.height;
      const start = base.datasets.bars[0].y - (base.datasets.values.length ? 17 : 4);
      return made.labels[Math.floor((y - start) / step)] ?? null;
    }
    if (isInside) return null;
    const half = (base.config.text.fontSize + 5) / 2;
    const beside = made.labels.filter((label) => label.y !== undefined && Math.abs(label.y - y) <= half);
    // In a key of two columns the label is the last one that begins left of the pointer.
    const swatch = chart.drawn().made.frame.isKeyed ? 70 : base.width;
    return beside.filter(({ x: start }) => x >= Math.min(start - swatch, start)).at(-1) ?? null;
  }

  function pointermove(event) {
    if (!chart.drawn()) return;
    const at = placed(event);
    if (grip && !grip.isTouch) return drag(event, at);
    if (grip?.isTouch && Math.abs(event.clientX - grip.clientX) > TOUCH_SLOP_PX) grip.isScrub = true;
    const label = labelAt(at);
    surface.dataset.over = label?.key ? "label" : at.isInside ? "plot" : "";
    if (!chart.isArea) return pointAtBar(label);
    if (at.isInside && (event.pointerType !== "touch" || grip?.isScrub)) {
      show(positionAt(at.x));
    } else if (!at.isInside) show(null);
  }

  function pointerdown(event) {
    if (!chart.drawn() || event.button > 0) return;
    const at = placed(event);
    const isTouch = event.pointerType === "touch";
    grip = { ...at, isTouch, clientX: event.clientX, clientY: event.clientY, at: at.isInside && chart.isArea };
  }

  function pointerup(event) {
    if (!grip || !chart.drawn()) return;
    const [held, at] = [grip, placed(event)];
    const moved = Math.abs(event.clientX - held.clientX);
    release();
    if (held.isTouch ? held.isScrub : held.at && moved > DRAGGED_PX) {
      if (held.isTouch) choose(positionAt(at.x));
      else zoom(positionAt(held.x), positionAt(at.x));
      return;
    }
    const label = labelAt(at);
    if (label?.key) write({ pick: toggled(label.key) });
    else if (at.isInside && chart.isArea) choose(positionAt(at.x));
  }

  function pointercancel() {
    release();
    show(null);
  }

  function pointerleave() {
    surface.dataset.over = "";
    if (grip && !grip.isTouch) return;
    release();
    if (chart.isArea) show(null);
    else pointAtBar(null);
  }

  function blur() {
    release();
  }

  function dblclick() {
    if (read().from) write({ from: "", to: "", day: "" });
  }

  function keydown(event) {
    if (!chart.drawn() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      const { day } = read();
      if (grip) release();
      else if (day || hovered !== null) write({ day: "" });
      else if (read().from) write({ from: "", to: "" });
      else return;
      hovered = null;
      chart.show(null);
      describe();
      return event.preventDefault();
    }
    if (!chart.isArea) return;
    const { points } = chart.drawn().made.stacked;
    const last = points.length - 1;
    const here = currentPosition();
    const wanted = { Home: 0, End: last }[event.key] ?? here + (STEPS[event.key] ?? NaN);
    if (Number.isNaN(wanted)) return;
    event.preventDefault();
    choose(Math.min(Math.max(wanted, 0), last), { isKey: true });
  }

  function currentPosition() {
    const { points } = chart.drawn().made.stacked;
    const { day } = read();
    const found = day ? points.findIndex(({ date }) => date >= day) : -1;
    return hovered ?? (found >= 0 ? found : points.length - 1);
  }

  // A day tapped, clicked or stepped to stays until another is, or Escape.
  function choose(position, { isKey = false } = {}) {
    const { date } = chart.drawn().made.stacked.points[position];
    hovered = null;
    const isSame = !isKey && read().day === date;
    write({ day: isSame ? "" : date });
    chart.show(null);
    describe();
  }

  function zoom(one, other) {
    const { points } = chart.drawn().made.stacked;
    const [first, last] = [Math.min(one, other), Math.max(one, other)];
    if (last - first + 1 < FEWEST_POINTS) return;
    const days = points[first].span - 1;
    const from = new Date(Date.parse(`${points[first].date}T00:00Z`) - days * 86_400_000);
    write({ from: from.toJSON().slice(0, 10), to: points[last].date, day: "" });
  }

  function drag({ pointerId, buttons }, at) {
    if (!buttons) return release(); // let go of outside the window
    if (!grip.at) return;
    if (!surface.hasPointerCapture(pointerId)) surface.setPointerCapture(pointerId);
    const { base } = chart.drawn();
    const [low, high] = [Math.min(grip.x, at.x), Math.max(grip.x, at.x)].map((x) =>
      Math.min(Math.max(x, 0), base.width),
    );
    const svg = chart.svg().getBoundingClientRect();
    const own = surface.getBoundingClientRect();
    band.hidden = (high - low) / at.scale < DRAGGED_PX;
    band.style.left = `${svg.left - own.left + (base.padding.left + low) / at.scale}px`;
    band.style.width = `${(high - low) / at.scale}px`;
    band.style.top = `${svg.top - own.top + base.padding.top / at.scale}px`;
    band.style.height = `${base.height / at.scale}px`;
    show(positionAt(at.x));
  }

  function release() {
    grip = null;
    band.hidden = true;
  }

  function show(position) {
    if (position === hovered) return;
    hovered = position;
    chart.show(position);
  }

  function pointAtBar(label) {
    for (const line of document.querySelectorAll("table.ranked tr.pointed")) line.classList.remove("pointed");
    if (!label) return;
    document.querySelector(`table.ranked tr[data-key="${CSS.escape(label.key)}"]`)?.classList.add("pointed");
  }

  // What a screen reader says of the surface: a slider of days.
  function describe() {
    if (!chart.isArea || !chart.drawn()) return;
    const { points } = chart.drawn().made.stacked;
    const position = currentPosition();
    surface.setAttribute("aria-valuemax", String(points.length - 1));
    surface.setAttribute("aria-valuenow", String(position));
    surface.setAttribute("aria-valuetext", longDay(points[position].date));
  }
}

// Make the still chart ready to come alive: at the first pointing, focus or touch, or at once
// where the address says that something was chosen. Until then none of its scripts is loaded.

import { read, subscribe } from "./state.js";
import { controls } from "./controls.js";
import { late } from "./late.js";

const figure = document.querySelector("figure[data-renderer]");
const chart = figure?.querySelector(".chart");

if (chart) {
  const surface = prepared();
  const early = [];
  let handlers = null;
  const wake = async () => {
    try {
      const { wake: start } = await late(figure, "chart");
      handlers = await start();
    } catch {
      figure.dataset.still = ""; // the still chart stays; the next pointing tries again
      early.length = 0;
      return;
    }
    delete figure.dataset.still;
    for (const event of early.splice(0)) handlers[event.type]?.(event);
  };
  const types = ["pointerenter", "pointermove", "pointerdown", "pointerup", "pointerleave", "keydown", "focus"];
  for (const type of types) {
    surface.addEventListener(type, (event) => {
      if (handlers) return;
      if (event.type === "pointermove" && early.at(-1)?.type === "pointermove") early.pop();
      early.push(event);
      if (type !== "pointerleave" && type !== "pointermove") wake();
    });
  }
  controls(figure);
  const isChosen = ({ pick, day, from, scale, measure }) =>
    pick.length > 0 || day !== "" || from !== "" || scale !== "linear" || measure !== "share";
  subscribe((state) => isChosen(state) && wake());
  if (isChosen(read())) wake();
}

// Lay a surface over the chart that takes the pointer and the focus.
function prepared() {
  const surface = document.createElement("div");
  surface.className = "surface";
  const band = document.createElement("div");
  band.className = "zoom";
  band.hidden = true;
  surface.append(band);
  if (figure.dataset.form === "share-area") {
    surface.tabIndex = 0;
    const text = figure.querySelector(".chart-tools").dataset.end;
    const attributes = {
      role: "slider",
      "aria-label": "Day shown by the chart and the table",
      "aria-valuemin": "0",
      "aria-valuemax": "0",
      "aria-valuenow": "0",
      "aria-valuetext": text,
    };
    for (const [name, value] of Object.entries(attributes)) surface.setAttribute(name, value);
  }
  chart.append(surface);
  return surface;
}

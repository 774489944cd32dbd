// Weights of the gateways that a reader sets: they always add up to 100, and stand in the address.

import { soon } from "./address.js";
import {atLeast, element, percent} from "./compare-format.js";

const SHOWN = 10;
const section = document.querySelector("[data-weights]");
if (section) start(section);

async function start(section) {
  const form = section.querySelector("form");
  const sliders = [...form.querySelectorAll("input[type=range]")];
  const presets = [...form.querySelectorAll("[data-preset]")];
  const names = sliders.map((slider) => slider.dataset.gateway);
  let weights = fromAddress(names) ?? names.map(() => 1 / names.length);
  let data = null;

  form.hidden = false;
  const plain = section.querySelector("details");
  show();
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [at, slider] of sliders.entries()) {
    slider.addEventListener("input", () => {
      weights = moved(weights, at, slider.valueAsNumber / 100);
      changed();
    });
  }
  for (const button of presets) {
    button.addEventListener("click", () => {
      weights = preset(button);
      changed();
    });
  }
  try {
    const answer = await fetch(section.dataset.weights);
    if (!answer.ok) throw new Error(String(answer.status));
    data = await answer.json();
  } catch {
    form.hidden = true; // the table of plain weightings stays
    return;
  }
  plain.open = false;
  show();

  function preset(button) {
    const parts = new URLSearchParams(button.dataset.preset);
    return names.map((name) => {
      const [top, bottom] = parts.get(name).split("/").map(Number);
      return top / bottom;
    });
  }

  function changed() {
    show();
    soon(address);
  }

  function address() {
    const url = new URL(location.href);
    for (const [at, name] of names.entries()) url.searchParams.set(name, tidy(weights[at] * 100));
    return url;
  }

  function show() {
    const rounded = wholes(weights);
    for (const [at, slider] of sliders.entries()) {
      if (slider !== document.activeElement || Math.abs(slider.valueAsNumber - rounded[at]) > 1) slider.value = rounded[at];
      slider.setAttribute("aria-valuetext", `${slider.dataset.name}: ${rounded[at]} percent of the weight`);
      slider.parentElement.querySelector("output").value = `${rounded[at]} %`;
    }
    for (const button of presets) {
      const isNow = preset(button).every((part, at) => Math.abs(part - weights[at]) < 0.002);
      button.setAttribute("aria-pressed", String(isNow));
    }
    if (data) rank();
  }

  function rank() {
    const lines = weighted(data.entities, names, weights).slice(0, SHOWN);
    const longest = Math.max(...lines.map((line) => line.low), 0) * 1.2 || 1;
    const body = section.querySelector(".weighed tbody");
    body.replaceChildren(...lines.map((line) => row(line, longest)));
    section.querySelector(".weighed").hidden = false;
    const first = lines.filter((line) => line.rank === 1).map((line) => line.entity.name);
    section.querySelector("[data-said]").textContent = first.length ? `First: ${first.join(", ")}` : "";
  }
}

// Rank by the weighted mean of what was listed; only whoever every gateway offers has one.
export function weighted(entities, names, weights) {
  const lines = entities
    .filter((entity) => names.every((name) => entity.shares[name]))
    .map((entity) => ({
      entity,
      low: names.reduce((sum, name, at) => sum + weights[at] * entity.shares[name].low_pct, 0),
      high: names.reduce((sum, name, at) => sum + weights[at] * entity.shares[name].high_pct, 0),
    }))
    .sort((a, b) => b.low - a.low || (a.entity.id < b.entity.id ? -1 : 1));
  for (const [at, line] of lines.entries()) {
    line.rank = at && lines[at - 1].low === line.low ? lines[at - 1].rank : at + 1;
  }
  return lines;
}

// Give one gateway its weight and let the others share what is left as they did before.
export function moved(weights, at, weight) {
  const before = weights.reduce((sum, part, other) => (other === at ? sum : sum + part), 0);
  return weights.map((part, other) => {
    if (other === at) return weight;
    return before > 0 ? (part / before) * (1 - weight) : (1 - weight) / (weights.length - 1);
  });
}

// Round to whole percents that still add up to 100: the largest remainders get what is missing.
export function wholes(weights) {
  const exact = weights.map((weight) => weight * 100);
  const rounded = exact.map(Math.floor);
  const order = exact.map((value, at) => [value - rounded[at], at]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const missing = 100 - rounded.reduce((sum, value) => sum + value, 0);
  for (const [, at] of order.slice(0, missing)) rounded[at] += 1;
  return rounded;
}

function fromAddress(names) {
  const asked = new URLSearchParams(location.search);
  const parts = names.map((name) => Number(asked.get(name) ?? 0));
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (parts.some((part) => !(part >= 0 && part < 1e6)) || !(total > 0)) return null;
  return parts.map((part) => part / total);
}

function tidy(number) {
  return String(Number(number.toFixed(2)));
}

function row({entity, low, high, rank}, longest) {
  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const bar = svg("svg", {class: "bar", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true"});
  if (high > low) bar.append(svg("rect", {class: "reach", width: Math.min((100 * high) / longest, 100), height: 4}));
  bar.append(svg("rect", {width: (100 * low) / longest, height: 4}));
  const swatch = svg("svg", {class: "swatch", viewBox: "0 0 10 10", width: 10, height: 10, "aria-hidden": "true"});
  swatch.append(svg("rect", {class: entity.swatch, width: 10, height: 10, rx: 2}));
  const {listed_best: best, listed_worst: worst} = entity.ranks;
  const title = `as listed ${span(best, worst)}, with what may be outside the lists ${span(entity.ranks.best, entity.ranks.worst)}`;
  const mean = element("td", {className: "mean", title: `${low.toFixed(4)} % to ${high.toFixed(4)} %`}, element("span", {className: "number"}, high - low > 1e-9 ? atLeast(low) : percent(low)));
  mean.append(bar);
  return element(
    "tr",
    {},
    element("td", {className: "rank"}, String(rank)),
    element("th", {scope: "row", className: "who"}, swatch, element("bdi", {}, entity.name)),
    mean,
    element("td", {className: "figure", title}, span(best, worst)),
  );
}

function span(best, worst) {
  return best === worst ? String(best) : `${best}–${worst}`;
}

// The choices above what a pointer can do, for the keyboard and the finger too: scale, measure,
// range, the picked ones alone. Made by script, because without it they would do nothing.

import { read, subscribe, write } from "./state.js";

const made = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

export function controls(figure) {
  const place = figure.querySelector(".chart-tools");
  const { metric, start, end, amounts } = place.dataset;
  const updates = [];
  if (figure.dataset.form === "share-area") {
    const scales = [["linear", "Linear"], ["log", "Log"]];
    place.append(choice("Scale", "scale", scales, updates));
    if (amounts !== undefined) {
      place.append(choice("Show", "measure", [["share", "Share"], ["absolute", metric]], updates));
    }
    if (start) place.append(range(start, end, updates));
  }
  place.append(alone(updates), reset(updates));
  place.append(made("p", { class: "quiet failure" }, "The interactive chart could not be loaded; the picture stays."));
  const update = () => updates.forEach((one) => one(read()));
  update();
  subscribe(update);
}

function choice(label, name, options, updates) {
  const group = made("div", { class: "choice", role: "group", "aria-label": label });
  for (const [value, text] of options) {
    const button = made("button", { type: "button" }, text);
    button.addEventListener("click", () => write({ [name]: value }));
    updates.push((state) => button.setAttribute("aria-pressed", String(state[name] === value)));
    group.append(button);
  }
  return group;
}

function range(start, end, updates) {
  const group = made("div", { class: "range", role: "group", "aria-label": "Days shown" });
  const fields = ["From", "To"].map((label) => {
    const field = made("input", { type: "date", min: start, max: end, required: "" });
    group.append(made("label", {}, made("span", { class: "unseen" }, label), field));
    field.addEventListener("change", () => {
      const [from, to] = fields.map(({ value }) => value);
      const isRange = fields.every((one) => one.checkValidity()) && from < to;
      if (!isRange) return;
      const isWhole = from === start && to === end;
      write({ from: isWhole ? "" : from, to: isWhole ? "" : to, day: "" });
    });
    return field;
  });
  fields[1].parentElement.before(made("span", { "aria-hidden": "true" }, "–"));
  updates.push(({ from, to }) => {
    const isInside = from >= start && to <= end && from !== "";
    fields[0].value = isInside ? from : start;
    fields[1].value = isInside ? to : end;
  });
  return group;
}

function alone(updates) {
  const button = made("button", { type: "button", class: "plain" });
  button.addEventListener("click", () => write({ only: !read().only }));
  updates.push(({ pick, only }) => {
    button.disabled = pick.length === 0;
    button.setAttribute("aria-pressed", String(only));
    button.textContent = pick.length ? `Show only these ${pick.length}` : "Show only picked";
    if (pick.length === 1) button.textContent = "Show only this one";
  });
  return button;
}

function reset(updates) {
  const usual = { pick: [], only: false, day: "", from: "", to: "", scale: "linear", measure: "share" };
  const button = made("button", { type: "button", class: "plain" }, "Reset");
  button.addEventListener("click", () => write(usual));
  updates.push((state) => {
    button.disabled = Object.entries(usual).every(([name, value]) =>
      Array.isArray(value) ? state[name].length === 0 : state[name] === value,
    );
  });
  return button;
}

// What a reader has chosen, kept in the address so that a copied link shows the same again.
//
// read() gives all of it, write(changes) changes some, subscribe(listener) is told of changes.
// Defaults are left out of the address, what is not understood is ignored, and parameters of
// others and the fragment stay as they are.

import { now, soon } from "./address.js";

const DEFAULTS = Object.freeze({
  pick: Object.freeze([]), // keys of the entities highlighted
  only: false, // draw the picked ones only
  day: "", // the day whose figures are shown; the newest where empty
  from: "", // the range zoomed into; the whole window where empty
  to: "",
  scale: "linear", // or "log"
  measure: "share", // or "absolute"
  sort: "", // a column's name, after "-" where in the order against its nature
  filter: "",
  all: false, // the table unfolded
});
const MOST_PICKS = 12;
const LONGEST = 200;

const isDay = (text) =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00Z`).toJSON()?.startsWith(text) === true;
const one = (query, name, isKnown) => {
  const text = query.get(name) ?? "";
  return isKnown(text) ? text : DEFAULTS[name];
};

function parsed(search) {
  const query = new URLSearchParams(search);
  const range = [query.get("from") ?? "", query.get("to") ?? ""];
  const isRange = range.every(isDay) && range[0] < range[1];
  return normal({
    pick: query.getAll("pick").filter((key) => key && key.length <= LONGEST),
    only: query.get("only") === "1",
    day: one(query, "day", isDay),
    from: isRange ? range[0] : "",
    to: isRange ? range[1] : "",
    scale: one(query, "scale", (text) => text === "log"),
    measure: one(query, "measure", (text) => text === "absolute"),
    sort: one(query, "sort", (text) => /^-?[a-z][a-z-]{0,19}$/.test(text)),
    filter: one(query, "filter", (text) => text.length <= LONGEST),
    all: query.get("all") === "1",
  });
}

function normal(state) {
  const pick = [...new Set(state.pick)].slice(0, MOST_PICKS);
  return Object.freeze({ ...state, pick: Object.freeze(pick), only: state.only && pick.length > 0 });
}

function written(state) {
  const url = new URL(location.href);
  for (const [name, usual] of Object.entries(DEFAULTS)) {
    url.searchParams.delete(name);
    const value = state[name];
    if (Array.isArray(value)) value.forEach((key) => url.searchParams.append(name, key));
    else if (value !== usual) url.searchParams.set(name, value === true ? "1" : value);
  }
  return url;
}

let current = parsed(location.search);
const address = () => written(current);
const listeners = new Set();

export function read() {
  return current;
}

export function write(changes) {
  const before = current;
  current = normal({ ...current, ...changes });
  if (written(before).search === written(current).search) return;
  soon(address);
  for (const listener of [...listeners]) listener(current, before);
}

export function flush() {
  soon(address);
  now();
}

// Listeners get the new state and the one before; the answer ends the subscription.
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function toggled(key) {
  const { pick } = current;
  return pick.includes(key) ? pick.filter((other) => other !== key) : [...pick, key];
}

addEventListener("popstate", () => {
  const before = current;
  current = parsed(location.search);
  for (const listener of [...listeners]) listener(current, before);
});

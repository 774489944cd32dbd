// The ranked table: sorted by any column, filtered by typing, folded after twenty rows. Without
// script it is simply whole.

import { read, subscribe, write } from "./state.js";

const FOLD = 20;
const RISING = new Set(["rank", "name", "lab"]); // in this order first; figures fall

const table = document.querySelector("table.ranked");
if (table) furnish();

function furnish() {
  const body = table.tBodies[0];
  const lines = [...body.querySelectorAll("tr[data-key]")];
  const ranked = lines.filter((line) => !line.classList.contains("others"));
  const others = lines.filter((line) => line.classList.contains("others"));
  const words = new Map(ranked.map((line) => [line, plain(searched(line))]));
  const headers = sortable();
  const { field, count } = filter();
  const unfold = fold();
  let isReached = false; // an address led to a row: it may not be folded away
  reach();
  addEventListener("hashchange", () => {
    reach();
    show(read());
  });
  table.addEventListener("figures", () => {
    if (read().sort.endsWith("newest")) show(read());
  });
  subscribe((state, before) => {
    if (["sort", "filter", "all"].some((name) => state[name] !== before[name])) show(state);
  });
  show(read());

  function show({ sort, filter: asked, all }) {
    const column = sort.replace("-", "");
    const header = headers.get(column);
    const isReversed = sort.startsWith("-");
    const rising = RISING.has(column) !== isReversed;
    const sorted = header ? ordered(ranked, header.cellIndex, column, rising) : ranked;
    const wanted = plain(asked).split(" ").filter(Boolean);
    const matching = sorted.filter((line) => wanted.every((word) => words.get(line).includes(word)));
    const isWhole = all || isReached || matching.length <= FOLD;
    const shown = new Set(isWhole ? matching : matching.slice(0, FOLD));
    for (const line of ranked) line.hidden = !shown.has(line);
    for (const line of others) line.hidden = wanted.length > 0;
    body.append(...sorted, ...others);
    for (const [name, cell] of headers) {
      if (cell === header) cell.setAttribute("aria-sort", rising ? "ascending" : "descending");
      else cell.removeAttribute("aria-sort");
      cell.querySelector("button").title = name === column ? "Sort the other way" : "Sort by this column";
    }
    if (field.value.trim() !== asked.trim()) field.value = asked;
    count.textContent = wanted.length ? `${matching.length} of ${ranked.length}` : "";
    unfold.hidden = matching.length <= FOLD;
    unfold.textContent = isWhole ? `Show the first ${FOLD}` : `Show all ${matching.length}`;
    unfold.setAttribute("aria-expanded", String(isWhole));
  }

  function sortable() {
    const found = new Map();
    for (const cell of table.tHead.rows[0].cells) {
      const name = [...cell.classList].at(-1);
      if (name === "trend" || !ranked.length) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const { sort } = read();
        const next = sort === name ? `-${name}` : name;
        write({ sort: next === "rank" ? "" : next });
      });
      found.set(name, cell);
    }
    return found;
  }

  function filter() {
    const label = document.createElement("label");
    label.className = "filter";
    const text = document.createElement("span");
    text.textContent = "Filter";
    const input = document.createElement("input");
    Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false });
    input.placeholder = "a name or a lab";
    label.append(text, input);
    const status = document.createElement("span");
    status.className = "quiet";
    status.setAttribute("role", "status");
    document.querySelector(".table-tools")?.append(label, status);
    input.addEventListener("input", () => write({ filter: input.value.trim().slice(0, 200) }));
    return { field: input, count: status };
  }

  function fold() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "unfold";
    table.after(button);
    button.addEventListener("click", () => {
      const isWhole = button.getAttribute("aria-expanded") === "true";
      isReached = false;
      write({ all: !isWhole });
      show(read());
      if (isWhole) button.scrollIntoView({ block: "nearest" });
    });
    return button;
  }

  function reach() {
    const target = document.getElementById(decoded(location.hash.slice(1)));
    isReached = ranked.indexOf(target) >= FOLD;
    if (isReached) {
      show(read());
      target.scrollIntoView();
    }
  }
}

function ordered(lines, place, column, rising) {
  const keyed = lines.map((line, i) => ({ line, i, key: keyOf(line.cells[place], column) }));
  const compare = (a, b) => {
    if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.i - b.i;
    const order = typeof a.key === "string" ? a.key.localeCompare(b.key, "en") : a.key - b.key;
    return (rising ? order : -order) || a.i - b.i;
  };
  return keyed.sort(compare).map(({ line }) => line);
}

// What a cell is sorted by: its exact figure where it has one, null where it is not known.
function keyOf(cell, column) {
  if (column === "name" || column === "lab") return (cell.querySelector("bdi") ?? cell).textContent.trim();
  if (cell.dataset.value !== undefined) return number(cell.dataset.value);
  if (column === "newest") return number(cell.title.replace("at least ", "").replace("%", ""));
  const change = cell.querySelector(".change");
  const text = change?.firstElementChild?.textContent ?? cell.textContent;
  if (change?.classList.contains("new")) return null;
  if (change?.classList.contains("same")) return 0;
  const size = number(text.replace(/[▲▼+\u2212]/g, ""));
  return size !== null && change?.classList.contains("down") ? -size : size;
}

function number(text) {
  const trimmed = text.trim();
  return trimmed === "" || Number.isNaN(Number(trimmed)) ? null : Number(trimmed);
}

function searched(line) {
  return [".name", ".lab"].map((part) => line.querySelector(part)?.textContent ?? "").join(" ");
}

// Letters without case and accents, and single spaces.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

function decoded(hash) {
  try {
    return decodeURIComponent(hash);
  } catch {
    return "";
  }
}

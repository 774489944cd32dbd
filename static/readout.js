// A day's figures in the table's column of the newest day, and read out to who cannot see them.

import { day as longDay, listing, percent, shortDay } from "./wording.js";
import { mean } from "./stacking.js";

const QUIET_MS = 600;

const table = document.querySelector("table.ranked");
const head = table?.querySelector("thead .newest");
const cells = new Map(
  Array.from(table?.querySelectorAll("tbody tr[data-key]") ?? [], (line) => [
    line.dataset.key,
    line.querySelector(".newest"),
  ]),
);
const printed = new Map();
let spoken = null;
let speaking = 0;

// Print a point's shares, a mean over its days where it has more than one; null for the newest.
// A table sorted by them is sorted anew, but not while a pointer is passing over the days.
export function showFigures(view, point, { isPassing }) {
  for (const row of [...view.rows, ...(view.others ? [view.others] : [])]) {
    const cell = cells.get(row.key);
    if (cell) print(cell, point && cellText(row, point), point && exactly(row, point));
  }
  if (head) {
    const label = head.querySelector("button") ?? head;
    const date = point && (point.span > 1 ? `${point.span} days to ${shortDay(point.date)}` : shortDay(point.date));
    print(label, date, null);
    head.dataset.day = point ? point.date : view.data_through;
    table.toggleAttribute("data-reading", point !== null);
  }
  if (!isPassing) table?.dispatchEvent(new Event("figures"));
  announce(point ? sentence(view, point) : "");
}

export function sentence(view, point) {
  const when = point.span > 1 ? `${point.span} days to ${longDay(point.date)}` : longDay(point.date);
  if (!point.days.length) return `${when}: no data.`;
  const listed = view.rows
    .map((row) => ({ name: row.name, share: mean([row], point.days, "share") }))
    .filter(({ share }) => share !== null)
    .sort((a, b) => b.share - a.share)
    .slice(0, 3);
  return `${when}: ${listing(listed.map(({ name, share }) => `${name} ${percent(share)}`))}.`;
}

function cellText(row, point) {
  return percent(mean([row], point.days, "share"), isBound(row, point));
}

function exactly(row, point) {
  const share = mean([row], point.days, "share");
  return share === null ? "not known" : `${isBound(row, point) ? "at least " : ""}${share.toFixed(4)}\u00a0%`;
}

// A mean over days of which some have no figure says only how much there was at least.
function isBound(row, { days, span }) {
  return span > 1 && days.some((i) => (row.history[i] ?? null) === null);
}

function print(element, text, title) {
  if (!printed.has(element)) printed.set(element, [element.textContent, element.title]);
  const [usual, usualTitle] = printed.get(element);
  const [words, more] = text === null ? [usual, usualTitle] : [text, title ?? usualTitle];
  if (element.textContent !== words) element.textContent = words;
  if (more && element.title !== more) element.title = more;
}

// Wait until the pointer rests: a voice cannot follow it.
export function announce(text) {
  if (!spoken) {
    spoken = document.createElement("p");
    spoken.className = "unseen";
    spoken.setAttribute("role", "status");
    (document.querySelector("figure[data-renderer]") ?? document.body).append(spoken);
  }
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    if (spoken.textContent !== text) spoken.textContent = text;
  }, QUIET_MS);
}

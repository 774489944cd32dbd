// Pick entities in the table: by their swatch, or anywhere in their row that is no link.

import { read, subscribe, toggled, write } from "./state.js";

const table = document.querySelector("table.ranked");
if (table && document.querySelector("figure[data-renderer]")) furnish();

function furnish() {
  const lines = [...table.querySelectorAll("tbody tr[data-key]:not(.others)")];
  const buttons = new Map(lines.map((line) => [line, button(line)]));
  table.tBodies[0].addEventListener("click", (event) => {
    const line = event.target.closest("tr[data-key]:not(.others)");
    if (!line || event.target.closest("a, button") || !getSelection().isCollapsed) return;
    write({ pick: toggled(line.dataset.key) });
  });
  const update = ({ pick }) => {
    for (const [line, one] of buttons) {
      const isPicked = pick.includes(line.dataset.key);
      line.classList.toggle("picked", isPicked);
      one.setAttribute("aria-pressed", String(isPicked));
    }
  };
  update(read());
  subscribe(update);
  table.classList.add("pickable");
}

function button(line) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "pick";
  made.title = "Highlight in the chart";
  const cell = line.querySelector(".name");
  made.setAttribute("aria-label", `Highlight ${cell.querySelector("bdi")?.textContent ?? ""} in the chart`);
  const swatch = cell.querySelector(".swatch");
  if (swatch) swatch.before(made);
  else cell.prepend(made);
  if (swatch) made.append(swatch);
  else made.classList.add("bare");
  made.addEventListener("click", () => write({ pick: toggled(line.dataset.key) }));
  return made;
}

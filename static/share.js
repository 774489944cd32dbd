// Take a view elsewhere: share its picture, download what is shown, copy the code to embed it.
// The dialog and the writing of files are loaded when they are first asked for.

import { late } from "./late.js";
import { read, subscribe } from "./state.js";

const section = document.querySelector("section.share[data-words]");
const figure = document.querySelector("figure[data-view]");
const actions = figure?.querySelector(".actions");
const table = document.querySelector("table.ranked");

const made = (name, attributes, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};
const button = (text, className, act) => {
  const one = made("button", { type: "button", class: className }, text);
  one.addEventListener("click", act);
  return one;
};

const TYPES = { csv: "text/csv;charset=utf-8", json: "application/json" };
const isCut = ({ only, from, filter, sort }) => only || from !== "" || filter !== "" || sort !== "";

if (section && actions) {
  if (figure.dataset.renderer) offerPicture();
  offerFiles();
  offerCode();
}

function offerPicture() {
  const status = made("span", { class: "quiet", role: "status" });
  actions.append(status);
  actions.querySelector(".share-button").addEventListener("click", async () => {
    status.textContent = "";
    try {
      await late(figure, "chart"); // which the dialog imports
      const { open } = await late(section, "dialog");
      await open({ figure, section });
    } catch {
      status.textContent = "The picture could not be made. Those ready made are further down.";
    }
  });
}

// The plain links give the whole view. Where a choice leaves something out, so can a file.
function offerFiles() {
  const status = made("span", { class: "quiet", role: "status" });
  const label = made("span", { class: "quiet" }, "As shown:");
  const files = ["csv", "json"].map((kind) =>
    button(kind.toUpperCase(), "", async () => {
      status.textContent = "";
      try {
        save(await content(kind), `${name()}-as-shown.${kind}`, TYPES[kind]);
      } catch {
        status.textContent = "The file could not be made. The links give the whole view.";
      }
    }),
  );
  const group = made("span", { class: "as-shown", role: "group", "aria-label": "Download as shown" });
  group.append(label, ...files, status);
  actions.after(group);
  const update = (state) => (group.hidden = !isCut(state));
  update(read());
  subscribe(update);
}

async function content(kind) {
  const [{ csv, json }, kit, view] = await Promise.all([
    late(section, "exporting"),
    fetched(section.dataset.kit, section.dataset.kitIntegrity),
    fetched(figure.dataset.view),
  ]);
  const { pick, only, filter, sort, ...state } = read();
  const isInside = state.from >= view.start && state.to <= view.data_through;
  const [from, to] = isInside ? [state.from, state.to] : ["", ""];
  const keys = only || filter || sort ? shownKeys({ pick, only, filter }) : null;
  const selection = { pick, only, from, to, filter, sort };
  return kind === "csv" ? csv(kit, view, { from, to, keys }) : json(view, { from, to, keys, selection });
}

// The table's rows in the order shown, those folded away included.
function shownKeys({ pick, only, filter }) {
  const words = plain(filter).split(" ").filter(Boolean);
  return [...(table?.querySelectorAll("tbody tr[data-key]:not(.others)") ?? [])]
    .filter((line) => {
      const text = plain([".name", ".lab"].map((at) => line.querySelector(at)?.textContent).join(" "));
      return words.every((word) => text.includes(word));
    })
    .map((line) => line.dataset.key)
    .filter((key) => !only || pick.includes(key));
}

function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}

async function fetched(address, integrity = "") {
  const response = await fetch(address, { integrity });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

function save(text, filename, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = made("a", { href: address, download: filename });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

function name() {
  return new URL(section.dataset.page, location.href).pathname.split("/").filter(Boolean).join("-");
}

function offerCode() {
  const place = section.querySelector(".embed-code");
  const code = place?.querySelector("code");
  if (!code) return;
  if (place.hidden) {
    const address = new URL(place.dataset.embed, location.href).href;
    code.textContent = code.textContent.replace(/src="[^"]*"/, () => `src="${address}"`);
    place.hidden = false;
  }
  const status = made("span", { class: "quiet", role: "status" });
  const copy = button("Copy the code", "", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      status.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(code);
      status.textContent = "This browser does not let a page copy. The code is selected: copy it.";
    }
  });
  place.append(made("p", { class: "copying" }, copy, status));
}

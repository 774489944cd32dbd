// Search over all boards and names: "/" or the header's link opens it, from any page. The index
// is asked for at the first opening; results are links. Without script the link leads to a page
// that lists everything.

const opener = document.querySelector("[data-search]");
const SHOWN = 30;

let dialog = null;
let input = null;
let list = null;
let state = null;
let entries = null;
let asking = null;
let active = -1;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// "GPT-5 nano" and "gpt5nano" are the same to a reader: words to compare, and all in one.
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

function terms(text) {
  return plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
}

function prepared([name, note, page, anchor]) {
  const own = terms(name);
  return { name, note, page, anchor, own, whole: own.join(""), about: terms(note) };
}

// How badly an entry answers: 0 is its very name; null, not at all.
function distance(entry, asked) {
  const whole = asked.join("");
  if (entry.whole === whole) return 0;
  if (entry.whole.startsWith(whole)) return 1;
  let worst = 2;
  for (const term of asked) {
    if (entry.own.some((word) => word.startsWith(term))) continue;
    if (entry.about.some((word) => word.startsWith(term))) worst = Math.max(worst, 3);
    else if (entry.whole.includes(term)) worst = Math.max(worst, 4);
    else return entry.whole.includes(whole) ? 5 : null;
  }
  return worst;
}

function answers(question) {
  const asked = terms(question);
  if (!asked.length) return [];
  const found = [];
  for (const entry of entries) {
    const far = distance(entry, asked);
    if (far !== null) found.push([far, entry]);
  }
  return found.sort((one, other) => one[0] - other[0]).map(([, entry]) => entry);
}

async function load() {
  const answer = await fetch(opener.dataset.index);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const index = await answer.json();
  const root = new URL(opener.dataset.root, location.href);
  entries = index.entries.map((sent) => {
    const entry = prepared(sent);
    entry.href = new URL(index.pages[entry.page], root).href + (entry.anchor ? `#${entry.anchor}` : "");
    return entry;
  });
}

function say(...what) {
  state.replaceChildren(...what);
}

function choose(number) {
  const options = list.children;
  options[active]?.setAttribute("aria-selected", "false");
  active = options.length ? (number + options.length) % options.length : -1;
  const option = options[active];
  if (!option) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  input.setAttribute("aria-activedescendant", option.id);
}

function show() {
  const question = input.value.trim();
  const found = entries && question ? answers(question) : [];
  const shown = found.slice(0, SHOWN);
  list.replaceChildren(
    ...shown.map((entry, number) =>
      element(
        "a",
        { role: "option", id: `found-${number}`, href: entry.href, tabindex: "-1", "aria-selected": "false" },
        element("bdi", {}, entry.name),
        " ",
        element("span", { class: "note" }, entry.note),
      ),
    ),
  );
  list.hidden = !shown.length;
  input.setAttribute("aria-expanded", String(shown.length > 0));
  active = -1;
  choose(shown.length ? 0 : -1);
  if (!entries) return;
  if (!question) say("Models, labs, apps, providers and boards.");
  else if (!found.length) say(`Nothing is called “${question}” here.`);
  else if (found.length > SHOWN) say(`${found.length} found, the nearest ${SHOWN} shown.`);
  else say(`${found.length} found.`);
}

function ask() {
  if (entries || asking) return;
  say("Loading the index …");
  asking = load()
    .then(show, () => say("The index could not be loaded. The list of all boards and names is below."))
    .finally(() => {
      asking = null;
    });
}

function press(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.children.length) choose(active + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    list.children[active].dispatchEvent(
      new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }),
    );
  }
}

function build() {
  input = element("input", {
    type: "text",
    role: "combobox",
    "aria-label": "Search for a model, lab, app or board",
    "aria-autocomplete": "list",
    "aria-controls": "found",
    "aria-expanded": "false",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    inputmode: "search",
    enterkeyhint: "go",
    placeholder: "Model, lab, app or board",
  });
  state = element("p", { class: "state", role: "status" });
  list = element("div", { id: "found", role: "listbox", "aria-label": "Results" });
  list.hidden = true;
  const close = element("button", { type: "button" }, "Close");
  const all = element("a", { href: opener.href }, "All boards and names");
  dialog = element(
    "dialog",
    { class: "finder", "aria-label": "Search" },
    element("div", { class: "asked" }, input, close),
    state,
    list,
    element("p", { class: "all" }, all),
  );
  input.addEventListener("input", show);
  input.addEventListener("keydown", press);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("a[href]")) {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) dialog.close();
    }
  });
  document.body.append(dialog);
}

function open() {
  if (!dialog) build();
  if (dialog.open) return;
  dialog.showModal();
  input.focus();
  input.select();
  show();
  ask();
}

if (opener && "showModal" in HTMLDialogElement.prototype) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-haspopup", "dialog");
  opener.setAttribute("aria-keyshortcuts", "/");
  opener.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    event.preventDefault();
    open();
  });
}

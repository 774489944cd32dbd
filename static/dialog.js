// The dialog that turns what is shown into a picture: its size chosen, downloaded or copied.
//
// The picture is drawn on a canvas at its exact size by the renderer that draws the chart; no
// image is loaded and nothing leaves the page.

import { renderer } from "./chart.js";
import { compose, drawable, sane, worded } from "./composing.js";
import { flush, read } from "./state.js";

const RATIOS = [
  ["landscape", "Landscape"],
  ["square", "Square"],
  ["portrait", "Portrait"],
];
const OPTIONS = {
  mode: "vega-lite",
  renderer: "canvas",
  ast: true,
  actions: false,
  defaultStyle: false,
  tooltip: false,
};

const made = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
};

let box = null; // the dialog, made once

export async function open(page) {
  box ??= furnished(page);
  await box.show();
}

function furnished({ figure, section }) {
  const words = JSON.parse(section.dataset.words);
  const sources = {
    kit: [section.dataset.kit, section.dataset.kitIntegrity],
    live: [figure.dataset.specWide, ""],
    view: [figure.dataset.view, ""],
  };
  let kept = null; // what is drawn from, once it is fetched
  let turn = 0;
  let ratio = "landscape";
  let canvas = null;

  const title = made("h2", { id: "sharing-title" }, "Share this view");
  const close = made("button", { type: "button", class: "close", "aria-label": "Close" }, "✕");
  const preview = made("div", { class: "preview" });
  const status = made("p", { class: "status", role: "status" });
  const save = made("button", { type: "button", class: "first" }, "Download PNG");
  const copyImage = made("button", { type: "button" }, "Copy image");
  const copyLink = made("button", { type: "button" }, "Copy link");
  const link = made("input", { type: "text", readonly: "", "aria-label": "Link to this view" });
  const sizes = made("fieldset", { class: "sizes" }, made("legend", { class: "unseen" }, "Size"));
  const dialog = made(
    "dialog",
    { class: "sharing", "aria-labelledby": "sharing-title" },
    made("div", { class: "head" }, title, close),
    sizes,
    preview,
    made("div", { class: "buttons" }, save, copyImage, copyLink),
    link,
    status,
  );
  for (const [value, text] of RATIOS) {
    const field = made("input", { type: "radio", name: "sharing-size", value });
    field.checked = value === ratio;
    field.addEventListener("change", () => {
      ratio = value;
      draw();
    });
    sizes.append(made("label", {}, field, made("span", {}, text)));
  }

  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  link.addEventListener("focus", () => link.select());
  save.addEventListener("click", download);
  copyImage.addEventListener("click", copyPicture);
  copyLink.addEventListener("click", copyAddress);
  document.body.append(dialog);

  async function show() {
    flush();
    const address = new URL(location.href);
    address.hash = "";
    link.value = address.href;
    say("");
    dialog.showModal();
    save.focus();
    await draw();
  }

  async function draw() {
    const mine = (turn += 1);
    canvas = null;
    enable(false);
    preview.className = `preview ${ratio}`;
    say("Drawing …");
    try {
      kept ??= await fetchedAll(sources);
      const { kit, live, view, embed } = kept;
      const state = sane(read(), view, figure.dataset.form === "share-area");
      const shown = worded(view, state, words);
      const spec = compose(kit, live, view, state, words, ratio);
      spec.config.font = getComputedStyle(document.body).fontFamily;
      const drawn = await painted(embed, drawable(spec));
      if (mine !== turn) return;
      drawn.setAttribute("role", "img");
      drawn.setAttribute("aria-label", `${shown.headline}, ${shown.when}. ${shown.credit}`);
      preview.replaceChildren(drawn);
      canvas = drawn;
      enable(true);
      say("");
    } catch {
      if (mine !== turn) return;
      preview.replaceChildren();
      say("The picture could not be drawn here. The page links to pictures that are ready made.");
    }
  }

  function enable(isReady) {
    for (const one of [save, copyImage]) one.disabled = !isReady;
  }

  function say(text) {
    status.textContent = text;
  }

  async function download() {
    const address = URL.createObjectURL(await png(canvas));
    made("a", { href: address, download: `${named()}-${ratio}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
    say("The picture is in your downloads.");
  }

  async function copyPicture() {
    if (!window.ClipboardItem || !navigator.clipboard?.write) {
      say("This browser cannot copy images. Download the PNG instead.");
      return;
    }
    try {
      // Given as a promise, because some browsers allow copying only at once after a click.
      await navigator.clipboard.write([new ClipboardItem({ "image/png": png(canvas) })]);
      say("The picture is copied.");
    } catch {
      say("The browser refused to copy the picture. Download the PNG instead.");
    }
  }

  async function copyAddress() {
    try {
      await navigator.clipboard.writeText(link.value);
      say("The link is copied. It opens this view with what you chose.");
    } catch {
      link.focus();
      link.select();
      say("This browser does not let a page copy. The link is selected: copy it from there.");
    }
  }

  function named() {
    const { pathname } = new URL(section.dataset.page, location.href);
    return pathname.split("/").filter(Boolean).join("-");
  }

  return { show };
}

async function fetchedAll(sources) {
  const loading = Object.entries(sources).map(async ([name, [address, integrity]]) => {
    const response = await fetch(address, { integrity });
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return [name, await response.json()];
  });
  const [embed, ...loaded] = await Promise.all([renderer(), ...loading]);
  return { embed, ...Object.fromEntries(loaded) };
}

// Draw a spec on a canvas of exactly its size, whatever the screen's own density.
async function painted(embed, spec) {
  const { view } = await embed(document.createElement("div"), spec, OPTIONS);
  try {
    return await view.toCanvas(1);
  } finally {
    view.finalize();
  }
}

function png(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

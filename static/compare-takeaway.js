// What a reader takes away of a choice: its figures as CSV, its picture as PNG, credit in both.

import {cell, span} from "./compare-format.js";
import {DASHES} from "./compare-lines.js";

const SCALE = 2;
const WIDTH = 1200;
const MARGIN = 48;
const GAP = 24;

// The site's own rule for names that a spreadsheet would run; see the page of downloads.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠']/;

export function csv(chosen) {
  const width = 10;
  const rows = [["date", "gateway", "id", "name", "share_pct", "mean_low_pct", "mean_high_pct", "start", "data_through", "license"]];
  for (const source of chosen.sources) {
    for (const [at, one] of source.courses.entries()) {
      const [low, high] = source.bounds[at] ?? ["", ""];
      for (const [day, date] of chosen.dates.entries()) {
        const share = one.shares[day];
        rows.push([date, source.id, safe(one.id), safe(one.name), share ?? "", low, high, chosen.start, chosen.end, source.license ?? "no open licence"]);
      }
    }
  }
  if (chosen.simulated) rows.push(padded(chosen.simulated, width));
  for (const source of chosen.sources) rows.push(padded(safe(source.notice), width));
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

function padded(text, width) {
  return [text, ...Array(width - 1).fill("")];
}

function safe(text) {
  return FORMULA.test(text) ? `'${text}` : text;
}

function quoted(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function download(content, name, type) {
  const blob = content instanceof Blob ? content : new Blob([content], {type});
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Draw headline, legend, the small multiples with their means, and every source line.
export async function png(chosen, drawings) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  const font = (size, weight = 400) => `${weight} ${size}px ${family}`;
  const across = Math.min(drawings.length, 3);
  const panel = (WIDTH - 2 * MARGIN - GAP * (across - 1)) / across;
  const tall = panel * (210 / 360);
  const rows = Math.ceil(drawings.length / across);
  const credits = [
    ...(chosen.simulated ? [chosen.simulated] : []),
    ...chosen.sources.map((source) => source.notice),
    "Gateway traffic, not the market. ≥ and ≤ mark bounds: who is outside a list is not known there.",
  ];
  pen.font = font(17);
  const foot = credits.flatMap((text) => wrapped(pen, text, WIDTH - 2 * MARGIN));
  const means = chosen.entities.length * 26;
  const block = 40 + tall + means + 24;
  canvas.width = WIDTH * SCALE;
  canvas.height = (150 + rows * block + foot.length * 24 + 40) * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = colour("--panel");
  pen.fillRect(0, 0, WIDTH, canvas.height);
  const write = (text, x, y, size, ink, weight) => {
    pen.font = font(size, weight);
    pen.fillStyle = ink;
    pen.fillText(text, x, y);
  };
  write(`Share of tokens by gateway${chosen.simulated ? " (simulated data)" : ""}`, MARGIN, 72, 34, colour("--ink"), 700);
  write(`${span(chosen.start, chosen.end)}, UTC; means of ${chosen.days} daily shares`, MARGIN, 108, 19, colour("--soft"));
  for (const [at, drawing] of [...drawings].entries()) {
    const x = MARGIN + (at % across) * (panel + GAP);
    const y = 150 + Math.floor(at / across) * block;
    const source = chosen.sources[at];
    write(source.name, x, y + 18, 21, colour("--ink"), 650);
    pen.drawImage(await picture(drawing, panel, tall), x, y + 32, panel, tall);
    for (const [row, one] of source.courses.entries()) {
      const line = y + 32 + tall + 26 * (row + 1) - 6;
      pen.strokeStyle = one.colour;
      pen.lineWidth = 3;
      pen.setLineDash(DASHES[row % DASHES.length].split(" ").map(Number).filter(Boolean));
      pen.beginPath();
      pen.moveTo(x, line - 6);
      pen.lineTo(x + 28, line - 6);
      pen.stroke();
      write(one.name, x + 38, line, 18, colour("--ink"));
      pen.textAlign = "right";
      write(cell(source.bounds[row])[0], x + panel, line, 18, colour("--ink"), 600);
      pen.textAlign = "left";
    }
  }
  for (const [at, text] of foot.entries()) write(text, MARGIN, 150 + rows * block + 24 * (at + 1), 17, colour("--soft"));
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

// A drawing as an image of its own: what the page's style sheet says is written into it.
function picture(drawing, width, height) {
  const copy = drawing.cloneNode(true);
  const before = [...drawing.querySelectorAll("*")];
  for (const [at, part] of [...copy.querySelectorAll("*")].entries()) {
    const style = getComputedStyle(before[at]);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "opacity", "font-size", "font-family"]) {
      part.setAttribute(name, style.getPropertyValue(name));
    }
  }
  copy.setAttribute("width", width * SCALE);
  copy.setAttribute("height", height * SCALE);
  const text = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image);
    image.onerror = () => reject(new Error("the picture could not be drawn"));
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
}

function wrapped(pen, text, width) {
  const made = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && pen.measureText(longer).width > width) {
      made.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...made, line];
}

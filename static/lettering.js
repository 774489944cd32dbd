// How wide text is and where it may be cut, as measured for the images made at build time.
//
// letters(kit) takes the widths that the site's own drawings are laid out with, so that the
// same words break and end at the same places here and there.

const BOLD = 1.08;
const WIDER = 1.13;
const ELLIPSIS = "…";
const UNSEEN = /^[\p{Mn}\p{Me}\p{Cf}]/u;
const SYMBOL = /^[\p{So}\p{Sk}]/u;
const WIDE =
  /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\u3000-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6]/u;
// What a picture must not carry: controls, lone surrogates, what turns the direction of text.
const UNPRINTABLE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef]|\p{Cs}|[\ufffe\uffff]/gu;
const BLANK = /^[\p{Cc}\p{Cf}\p{Mn}\p{Z}\u115f\u1160\u2800\u3164\uffa0]*$/u;
const SEGMENTER = new Intl.Segmenter("en", { granularity: "grapheme" });

export const printable = (text) => text.replace(UNPRINTABLE, "\ufffd");

// A name a reader can see; the fallback where the text shows nothing at all.
export function named(text, fallback) {
  const clean = printable(BLANK.test(text) ? fallback : text);
  const characters = Array.from(clean);
  return characters.length > 120 ? `${characters.slice(0, 119).join("").trimEnd()}…` : clean;
}

export function letters({ advances }) {
  const advance = (character) => {
    if (Object.hasOwn(advances, character)) return advances[character];
    if (UNSEEN.test(character)) return 0;
    if (SYMBOL.test(character)) return 1300;
    return WIDE.test(character) ? 1000 : 640;
  };
  const characters = (text) => Array.from(SEGMENTER.segment(text), ({ segment }) => segment);

  function width(text, size, isBold = false) {
    let thousandths = 0;
    for (const one of characters(text)) thousandths += advance(String.fromCodePoint(one.codePointAt(0)));
    return ((thousandths * size) / 1000) * (isBold ? BOLD : 1) * WIDER;
  }

  // Cut what does not fit between two characters as people see them.
  function fit(text, room, size) {
    const clean = printable(text.trim().split(/\s+/u).join(" "));
    if (width(clean, size) <= room) return clean;
    let kept = "";
    for (const one of characters(clean)) {
      if (width(kept + one + ELLIPSIS, size) > room) break;
      kept += one;
    }
    return kept.trimEnd() + ELLIPSIS;
  }

  // Break text into lines at spaces; a word that is wider than a line stays whole.
  function wrapped(text, room, size, isBold = false) {
    const lines = [];
    for (const word of text.split(" ").filter(Boolean)) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && width(longer, size, isBold) <= room) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  // As few lines as a text needs, and those as even as they come.
  function balanced(text, room, size, isBold = false) {
    let best = wrapped(text, room, size, isBold);
    while (best.length > 1) {
      room -= size;
      const narrower = wrapped(text, room, size, isBold);
      if (narrower.length > best.length || narrower.some((line) => width(line, size, isBold) > room)) break;
      best = narrower;
    }
    return best;
  }

  return { width, fit, wrapped, balanced };
}

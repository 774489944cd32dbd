// Ranked bars alive: the picked ones stand out, or stand alone and rescaled.

import { FAINT, dim, round } from "./specifying.js";

const lengthOf = ({ x, x2 }) => x2 - x;

export function bars(base, view, { pick, only }) {
  const spec = structuredClone(base);
  const data = base.datasets;
  const picked = new Set(pick);
  const drawn = view.rows.slice(0, data.bars.length).map((row, i) => ({ row, i }));
  const chosen = drawn.filter(({ row }) => picked.has(row.key));
  const isAlone = only && chosen.length > 0;
  const isDimming = chosen.length > 0 && !only;
  const shown = isAlone ? chosen : drawn;
  const longest = Math.max(...data.bars.map(lengthOf));
  const most = Math.max(...shown.map(({ i }) => lengthOf(data.bars[i])));
  const factor = isAlone && most > 0 ? longest / most : 1;
  const end = (bar) => round(bar.x + lengthOf(bar) * factor);
  // Each of the shown takes the lines of the layout from the top.
  const lines = (dataset, change) =>
    data[dataset].length === 0
      ? []
      : shown.map(({ row, i }, line) => {
          const { y, y2 } = data[dataset][line];
          const placed = { ...data[dataset][i], y, ...(y2 === undefined ? {} : { y2 }) };
          return { ...placed, ...change?.(data.bars[i], row) };
        });
  const opacity = (row) => (!isDimming || picked.has(row.key) ? 1 : FAINT);
  Object.assign(spec.datasets, {
    bars: lines("bars", (bar, row) => ({ x2: end(bar), opacity: opacity(row) })),
    ranks: lines("ranks"),
    names: lines("names"),
    values: lines("values"),
    amounts: lines("amounts", (bar) => ({ x: end(bar) + 7 })),
  });
  if (isDimming) dim(spec, "bars");
  return { spec, labels: shown.map(({ row }, line) => ({ key: row.key, row, line })) };
}

// What a reader sees as CSV and JSON, written as the published files are: the same columns,
// quoting, guards against formulas, and the attribution as a CSV's last row.

const TEXTS = new Set(["key", "name", "lab", "lab_name"]);
const FLOATS = new Set([
  "share_pct",
  "share_high_pct",
  "share_change_pp",
  "newest_share_pct",
  "tokens_per_request",
  "history",
]);

// chosen: from and to (a range of days, empty for the whole window) and keys (the rows shown,
// in their order; null for all of them with the others).
export function csv(kit, view, { from = "", to = "", keys = null } = {}) {
  const shown = rowsOf(view, keys);
  const [columns, lines] = from
    ? [kit.daily_columns, dailyLines(view, shown, from, to, keys)]
    : [kit.view_columns, shown.map((row) => viewCells(view, row))];
  const cells = lines.map((line) => columns.map((column) => cell(kit, column, line[column])));
  const padding = Array(columns.length - 1).fill("");
  const notes = view.simulated ? [[view.simulated_notice, ...padding]] : [];
  notes.push([safe(kit, view.notice), ...padding]);
  const written = [columns, ...cells, ...notes].map((line) => line.map(quoted).join(",") + "\r\n");
  // What UTF-8 cannot carry becomes a question mark, as in the published files.
  return written.join("").replace(/\p{Cs}/gu, "?");
}

export function json(view, { from = "", to = "", keys = null, selection = null } = {}) {
  const document = selection ? { ...cut(view, from, to, keys), selection } : view;
  return `${serialised(document, "")}\n`;
}

function rowsOf(view, keys) {
  if (keys === null) return view.others ? [...view.rows, view.others] : view.rows;
  const byKey = new Map(view.rows.map((row) => [row.key, row]));
  return keys.map((key) => byKey.get(key)).filter(Boolean);
}

function viewCells(view, row) {
  const { board, window, start, data_through: through } = view;
  return { ...row, metric: board.metric, window, start, data_through: through };
}

// Every listed figure of the days in the range, a day's largest first and its others last.
function dailyLines(view, rows, from, to, keys) {
  const lines = [];
  view.dates.forEach((date, i) => {
    if (date < from || date > to) return;
    const size = ({ values, history }) => [BigInt(whole(values[i])), history[i] ?? 0];
    const isListed = ({ history, values }) =>
      (history[i] ?? null) !== null || (values[i] ?? null) !== null;
    const everyone = view.rows.filter(isListed).sort((a, b) => {
      const [[one, share], [two, other]] = [size(a), size(b)];
      return one === two ? other - share : one < two ? 1 : -1;
    });
    const shown = keys === null ? everyone : everyone.filter((row) => rows.includes(row));
    for (const row of shown) lines.push(dailyCells(view, row, date, i, everyone.indexOf(row) + 1));
    if (keys === null && view.others && isListed(view.others)) {
      lines.push({ ...dailyCells(view, view.others, date, i, ""), name: "Others" });
    }
  });
  return lines;
}

function dailyCells(view, row, date, i, rank) {
  const { key, name, lab, history, values } = row;
  const { metric } = view.board;
  return { date, rank, key, name, lab, share_pct: history[i], value: values[i], metric };
}

// A figure's digits before the point: enough to put figures of one day in order.
function whole(value) {
  return (value ?? "0").split(".")[0];
}

function cell(kit, column, value) {
  if (value === null || value === undefined) return "";
  if (TEXTS.has(column)) return safe(kit, value);
  return FLOATS.has(column) ? float(value) : String(value);
}

// One apostrophe before what a spreadsheet would run, and before an apostrophe.
function safe(kit, text) {
  return [...kit.formula_starts, "'"].some((start) => text.startsWith(start)) ? `'${text}` : text;
}

function quoted(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cut(view, from, to, keys) {
  const inside = view.dates.map((date) => !from || (date >= from && date <= to));
  const kept = (course) => course.filter((_, i) => inside[i]);
  const row = (one) => ({ ...one, history: kept(one.history), values: kept(one.values) });
  return {
    ...view,
    dates: kept(view.dates),
    missing: view.missing.filter((date) => !from || (date >= from && date <= to)),
    rows: rowsOf(view, keys).filter((one) => one !== view.others).map(row),
    others: keys === null && view.others ? row(view.others) : null,
  };
}

// JSON in ASCII, with shares written as the numbers with a point that they are.
function serialised(value, name) {
  if (typeof value === "number" && FLOATS.has(name)) return float(value);
  if (Array.isArray(value)) return `[${value.map((one) => serialised(one, name)).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.entries(value).filter(([, one]) => one !== undefined);
    return `{${members.map(([key, one]) => `${text(key)}:${serialised(one, key)}`).join(",")}}`;
  }
  return typeof value === "string" ? text(value) : JSON.stringify(value);
}

function text(value) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped);
}

// The shortest digits that mean the number, always with a point or an exponent of two digits.
function float(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const digits = Object.is(value, -0) ? "-0" : String(value);
  return digits.includes(".") ? digits : `${digits}.0`;
}

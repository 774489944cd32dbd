// What the living chart draws of a view: the same folding, averaging and breaks as on the still
// one, for whichever range, measure and entities a reader chose. Nothing here touches the page.

export const TOP = 8;
const MOST_POINTS = 180;
const SPANS = [1, 7, 28];
const DAY_MS = 86_400_000;
const REST = "#dfe2e7";
const REST_LINE = "#8c929c";

export const timeOf = (date) => Date.parse(`${date}T00:00Z`);

// Dates folded into the points that a chart of this size can show: each point's days as
// positions in the view's dates, counted back from the newest.
export function points(view, from = "", to = "") {
  const missing = new Set(view.missing);
  const chosen = view.dates.map((date, i) => [date, i]);
  const inside = chosen.filter(([date]) => (!from || date >= from) && (!to || date <= to));
  const span = SPANS.find((size) => inside.length <= size * MOST_POINTS) ?? SPANS.at(-1);
  const found = [];
  for (let start = inside.length % span; start < inside.length; start += span) {
    const days = inside.slice(start, start + span);
    found.push({
      date: days.at(-1)[0],
      days: days.map(([, i]) => i).filter((i) => !missing.has(view.dates[i])),
      span,
    });
  }
  return found;
}

// A row's mean over the held days of a point; null where it was in no list of those days.
export function mean(rows, days, measure) {
  let sum = 0;
  let known = 0;
  for (const row of rows) {
    const course = measure === "absolute" ? row.values : row.history;
    for (const i of days) {
      const figure = course[i] ?? null;
      if (figure === null) continue;
      sum += Number(figure);
      known += 1;
    }
  }
  return known ? sum / days.length : null;
}

// The series in the order drawn, the largest first, all others last, with their figures.
export function stack(view, colours, { pick, only, from, to, measure, scale }) {
  const at = points(view, from, to);
  const picked = new Set(pick);
  const isPicked = (row) => picked.has(row.key);
  let shown = view.rows.filter((row, i) => i < TOP || isPicked(row));
  let tail = view.rows.filter((row) => !shown.includes(row));
  if (only) shown = view.rows.filter(isPicked);
  else if (tail.length === 1 && !view.others) [shown, tail] = [view.rows, []];
  const rest = only ? [] : [...tail, ...(view.others ? [view.others] : [])];
  const series = shown.map((row) => ({
    key: row.key,
    name: row.name,
    colour: colours.get(row.key),
    rows: [row],
    isRest: false,
    isPicked: isPicked(row),
  }));
  if (rest.length) {
    const colour = scale === "log" ? REST_LINE : REST;
    const name = "All others";
    series.push({ key: "", name, colour, rows: rest, isRest: true, isPicked: false });
  }
  for (const one of series) one.figures = at.map(({ days }) => mean(one.rows, days, measure));
  return { points: at, span: at[0]?.span ?? 1, series };
}

// The rows of a chart's data: a new run wherever a band or line has to break.
export function rows(stacked, { closed }) {
  const made = [];
  stacked.series.forEach(({ figures, colour, opacity }, series) => {
    runs(stacked.points, figures, closed).forEach((positions, run) => {
      for (const i of positions) {
        for (const time of times(stacked, i, !closed && positions.length === 1)) {
          const { date } = stacked.points[i];
          const share = figures[i];
          made.push({ day: date, time, series, run, share, colour, opacity });
        }
      }
    });
  });
  return made;
}

function runs(at, figures, closed) {
  const listed = figures.flatMap((figure, i) => (figure === null ? [] : [i]));
  const found = [];
  let start = 0;
  listed.forEach((i, n) => {
    if (listed[n + 1] === i + 1) return;
    const piece = listed.slice(start, n + 1);
    start = n + 1;
    const [before, after] = [piece[0] - 1, piece.at(-1) + 1];
    if (closed && before >= 0 && at[before].days.length) piece.unshift(before);
    if (closed && after < at.length && at[after].days.length) piece.push(after);
    found.push(piece);
  });
  return found;
}

// A day alone between gaps is as wide as it may be, or nobody could see it.
function times({ points: at, span }, i, isAlone) {
  const time = timeOf(at[i].date);
  const isHeld = (n) => n >= 0 && n < at.length && at[n].days.length > 0;
  if (!isAlone && (isHeld(i - 1) || isHeld(i + 1))) return [time];
  const half = Math.round(span * DAY_MS * 0.4);
  return [i > 0 ? time - half : time, i + 1 < at.length ? time + half : time];
}

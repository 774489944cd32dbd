// Up to five models or labs at one or all gateways over a window, chosen by a reader or by the
// address: ?pick=anthropic,google&at=openrouter&window=90d

import {cell, element, listing, span} from "./compare-format.js";
import {key, lines, scale} from "./compare-lines.js";
import {csv, download, png} from "./compare-takeaway.js";

const MOST = 5;
const LONG = new Intl.DateTimeFormat("en-GB", {day: "numeric", month: "long", year: "numeric", timeZone: "UTC"});
const section = document.querySelector("[data-pick]");
if (section) start(section);

function start(section) {
  const form = section.querySelector("form");
  const places = [...form.querySelectorAll("[data-place]")];
  const gateway = form.querySelector("[data-gateway]");
  const window_ = form.querySelector("[data-window]");
  let loading = null;
  let shown = null;

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    const address = new URL(location.href);
    address.searchParams.set("pick", picked().join(","));
    address.searchParams.set("at", gateway.value);
    if (!gateway.value) address.searchParams.delete("at");
    address.searchParams.set("window", window_.value);
    history.replaceState(history.state, "", address);
    show();
  });
  takeaways();
  if (fromAddress()) show();

  function picked() {
    return [...new Set(places.map((place) => place.value).filter(Boolean))].slice(0, MOST);
  }

  function fromAddress() {
    const asked = new URLSearchParams(location.search);
    if (!["pick", "at", "window"].some((name) => asked.has(name))) return false;
    if (asked.has("pick")) {
      const ids = asked.get("pick").split(",").slice(0, MOST);
      for (const [at, place] of places.entries()) choose(place, ids[at] ?? "");
    }
    choose(gateway, asked.get("at") ?? "");
    choose(window_, asked.get("window") ?? "30d");
    return true;
  }

  function choose(select, value) {
    if ([...select.options].some((option) => option.value === value)) select.value = value;
    else if (select.dataset.place !== undefined) select.value = "";
  }

  function load() {
    loading ??= fetch(section.dataset.pick).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
    return loading;
  }

  async function show() {
    let data;
    try {
      data = await load();
    } catch {
      loading = null;
      section.querySelector("[data-picked]").replaceChildren(
        element("p", {className: "chart-missing"}, "The daily shares could not be loaded. Try again, or take the file below."),
      );
      return null;
    }
    shown = selection(data, picked(), gateway.value, window_.value);
    section.querySelector("[data-picked]").replaceChildren(...printed(shown));
    return shown;
  }

  function takeaways() {
    const place = section.querySelector("[data-takeaway]");
    const button = (text, take) => {
      const made = element("button", {type: "button"}, text);
      made.addEventListener("click", async () => {
        const chosen = shown ?? (await show());
        if (chosen) await take(chosen, made);
      });
      return made;
    };
    place.prepend(
      button("CSV of this", (chosen) => download(csv(chosen), `${name(chosen)}.csv`, "text/csv")),
      button("PNG of this", async (chosen) => {
        const image = await png(chosen, section.querySelectorAll(".multiple svg.lines"));
        download(image, `${name(chosen)}.png`, "image/png");
      }),
    );
    if (navigator.clipboard) {
      place.append(
        button("Copy link", async (chosen, made) => {
          await navigator.clipboard.writeText(linked(chosen));
          made.textContent = "Link copied";
        }),
      );
    }
  }

  function linked(chosen) {
    const address = new URL(location.href);
    address.hash = section.id;
    address.searchParams.set("pick", chosen.entities.map((one) => one.id).join(","));
    address.searchParams.set("window", chosen.window);
    return address.href;
  }

  function name(chosen) {
    return `${section.dataset.what}-${chosen.start}-to-${chosen.end}`;
  }
}

// What is shown, worked out of the file: entities with colours, and each gateway's figures.
export function selection(data, ids, gateway, window) {
  const over = data.windows[window] ?? Object.values(data.windows).at(-1);
  const known = new Map(data.entities.map((one) => [one.id, one]));
  const used = new Map();
  const entities = ids
    .filter((id) => known.has(id))
    .map((id) => {
      const one = known.get(id);
      const step = used.get(one.lab) ?? 0;
      used.set(one.lab, step + 1);
      return {id, name: one.name, colour: one.colours[step % one.colours.length]};
    });
  const first = data.dates.indexOf(over.start);
  const dates = data.dates.slice(first, data.dates.indexOf(over.data_through) + 1);
  const sources = data.sources.filter((source) => !gateway || source.id === gateway);
  return {
    what: data.what,
    simulated: data.simulated_notice,
    window,
    start: over.start,
    end: over.data_through,
    days: over.days,
    dates,
    entities,
    sources: sources.map((source) => ({
      ...source,
      bounds: entities.map((one) => over.shares[source.id]?.[one.id] ?? null),
      courses: entities.map((one) => ({...one, shares: course(data.shares[source.id]?.[one.id], first, dates.length)})),
    })),
  };
}

function course(held, first, length) {
  return Array.from({length}, (_, at) => held?.values[first + at - held.from] ?? null);
}

function printed(chosen) {
  if (!chosen.entities.length) {
    return [element("p", {className: "quiet"}, `Pick up to five ${chosen.what} above.`)];
  }
  const axis = scale(chosen.sources.flatMap((source) => source.courses.flatMap((one) => one.shares.filter((share) => share !== null))));
  const when = `${span(chosen.start, chosen.end)}, UTC`;
  const legend = element("ul", {className: "legend"}, ...chosen.entities.map((one, at) => element("li", {}, key(one, at), element("bdi", {}, one.name))));
  const multiples = element(
    "div",
    {className: "multiples"},
    ...chosen.sources.map((source) =>
      element(
        "figure",
        {className: "multiple"},
        element("h3", {}, source.name),
        lines(source.courses, chosen.dates, axis, alt(source, when)),
        element("figcaption", {className: "source-line"}, source.notice),
      ),
    ),
  );
  return [legend, multiples, table(chosen, when)];
}

function alt(source, when) {
  const means = source.courses.map((one, at) => `${one.name} ${cell(source.bounds[at])[0]}`);
  return `Lines: daily share of tokens at ${source.name}, ${when}. Means: ${listing(means)}.`.replaceAll("\u00a0", " ");
}

function table(chosen, when) {
  const head = element("tr", {}, element("th", {scope: "col", className: "who"}, chosen.what === "labs" ? "Lab" : "Model"), ...chosen.sources.map((source) => element("th", {scope: "col", className: "figure"}, source.name)));
  const rows = chosen.entities.map((one, at) =>
    element(
      "tr",
      {},
      element("th", {scope: "row", className: "who"}, key(one, at), element("bdi", {}, one.name)),
      ...chosen.sources.map((source) => {
        const [text, title] = cell(source.bounds[at]);
        return element("td", {className: "figure", title}, text);
      }),
    ),
  );
  const made = element("table", {className: "means"}, element("caption", {}, `Mean daily share of tokens, ${when}`), element("thead", {}, head), element("tbody", {}, ...rows));
  return element("div", {className: "scroller", tabIndex: 0, role: "group", "aria-label": "Mean shares of those picked"}, made);
}

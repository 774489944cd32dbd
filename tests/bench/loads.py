"""Measure pages in Chromium with a slow processor and a slow network, beside other ways.

The same view is measured as it is, with its chart drawn by vega-embed when the page has loaded
instead, and as Observable Framework builds it, where the bench has installed that.
"""

import os
import re
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench import builds
from tests.bench.measuring import Measure, at_most, note, skipped, told
from tests.bench.serving import fetched, served
from tests.browser import until

VIEW = "openrouter/models/tokens"
OTHER_VIEW = "zenmux/models/tokens"
SLOWER = 4
NETWORK = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
_LAUNCH = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_WATCH = """(() => {
  const marks = "svg path, canvas";
  const look = () => {
    const chart = document.querySelector(".chart");
    const found = chart && [...chart.querySelectorAll(marks)].some(
      (mark) => mark.getBoundingClientRect().width > 0);
    const isWhole = document.readyState !== "loading" || chart?.nextElementSibling;
    if (found && isWhole) requestAnimationFrame(() => { window.seenAt = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  window.shifted = 0;
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
  }).observe({ type: "layout-shift", buffered: true });
})()"""
_HOVER = """() => {
  const chart = document.querySelector(".chart");
  window.movedAt = null;
  window.answeredAt = null;
  addEventListener("pointermove", () => { window.movedAt ??= performance.now(); }, true);
  new MutationObserver(() => {
    if (chart.dataset.day) window.answeredAt ??= performance.now();
  }).observe(chart, { attributes: true });
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """One visit: moments in ms, transfers in KB as they went over the wire."""

    seen_ms: float
    painted_ms: float
    shift: float
    kilobytes: float
    kinds: dict[str, int]
    cold_ms: float | None = None
    warm_ms: float | None = None


def measures(data: Path, work: Path, times: int) -> Iterator[Measure]:
    """Visit each *times* times and take medians."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(chromium).exists():
        yield skipped("pages", f"no {chromium}")
        return
    site = work / "site"
    if not (site / VIEW).exists():
        builds.cold(data, work)
    embedded = _embedded(site, work / "embedded")
    framework = work / "observable/dist"
    note("pages in Chromium")
    with sync_playwright() as playwright, served(site) as ours, served(embedded) as theirs:
        browser = playwright.chromium.launch(executable_path=chromium, args=_LAUNCH)
        view = _median([_load(browser, f"{ours}{VIEW}/", PHONE) for _ in range(times)])
        home = _median([_load(browser, ours, PHONE) for _ in range(times)])
        vega = _median([_load(browser, f"{theirs}{VIEW}/", PHONE) for _ in range(times)])
        other = None
        if framework.exists():
            with served(framework) as built:
                page = f"{built}{VIEW.replace('/', '-')}.html"
                other = _median([_load(browser, page, PHONE) for _ in range(times)])
        hover = _median([_hover(browser, f"{ours}{VIEW}/") for _ in range(times)])
        bundles = _bundles(browser, ours)
        browser.close()
    yield told("view page: chart visible", view.seen_ms, "ms")
    yield told("view page: first contentful paint", view.painted_ms, "ms")
    yield told("vega-embed: chart visible", vega.seen_ms, "ms")
    yield told("vega-embed: before interaction", vega.kilobytes, "KB")
    yield at_most("chart visible / vega-embed", view.seen_ms / vega.seen_ms, 0.25)
    name = "chart visible / Observable Framework"
    if other is None:
        yield skipped(name, "not built in this run")
    else:
        yield told("Observable Framework: chart visible", other.seen_ms, "ms")
        yield at_most(name, view.seen_ms / other.seen_ms, 0.35)
    ratio = view.kilobytes / vega.kilobytes
    yield at_most("before interaction, bytes / vega-embed", ratio, 0.15)
    yield at_most("chart visible / first paint", view.seen_ms / view.painted_ms, 1.2)
    yield at_most("view page: layout shift", view.shift, 0, "")
    yield at_most("view page: weight over the wire", view.kilobytes, 60, "KB")
    yield at_most("home page: weight over the wire", home.kilobytes, 80, "KB")
    for kind, most in (("Document", 1), ("Stylesheet", 1), ("Script", 1), ("Font", 0)):
        number = view.kinds.get(kind, 0)
        yield at_most(f"view page: requests, {kind.lower()}", number, most, "")
    if hover.cold_ms is None or hover.warm_ms is None:
        yield skipped("first hover", "the chart did not answer")
    else:
        yield at_most("first hover, cold", hover.cold_ms, 1500, "ms")
        yield at_most("hover, once loaded", hover.warm_ms, 100, "ms")
    yield at_most("interactive script: fetched for two pages", bundles, 1, "times")


def _load(browser: Browser, address: str, device: dict[str, Any]) -> Load:
    """Visit a page as somebody new and wait until nothing more comes."""
    context = browser.new_context(**device)
    page = context.new_page()
    transfers = _slowed(page)
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="networkidle")
    until(page, "window.seenAt", timeout_s=30)
    seen, painted, shift = page.evaluate(
        "[window.seenAt, performance.getEntriesByName('first-contentful-paint')[0].startTime,"
        " window.shifted]"
    )
    context.close()
    return Load(
        seen_ms=seen,
        painted_ms=painted,
        shift=shift,
        kilobytes=sum(transfers["bytes"].values()) / 1000,
        kinds=dict(transfers["kinds"]),
    )


def _slowed(page: Page) -> dict[str, dict[str, Any]]:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    transfers: dict[str, dict[str, Any]] = {"bytes": {}, "kinds": {}}

    def finished(event: dict[str, Any]) -> None:
        transfers["bytes"][event["requestId"]] = event["encodedDataLength"]

    def answered(event: dict[str, Any]) -> None:
        kinds = transfers["kinds"]
        kinds[event["type"]] = kinds.get(event["type"], 0) + 1

    session.on("Network.loadingFinished", finished)
    session.on("Network.responseReceived", answered)
    return transfers


def _hover(browser: Browser, address: str) -> Load:
    """Point at the chart for the first time, then at another day."""
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    _slowed(page)
    page.goto(address, wait_until="networkidle")
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    if box is None:
        raise RuntimeError("there is no chart to point at")
    places = [(box["x"] + box["width"] * part, box["y"] + box["height"] / 2) for part in (0.3, 0.6)]
    found: list[float | None] = []
    for x, y in places:
        page.evaluate(_HOVER)
        page.evaluate("document.querySelector('.chart').dataset.day = ''")
        page.mouse.move(x, y)
        try:
            until(page, "window.answeredAt && window.movedAt", timeout_s=20)
            found.append(page.evaluate("window.answeredAt - window.movedAt"))
        except Exception:
            found.append(None)
            break
        page.wait_for_timeout(1500)
    context.close()
    cold, warm = (*found, None)[:2]
    return Load(seen_ms=0, painted_ms=0, shift=0, kilobytes=0, kinds={}, cold_ms=cold, warm_ms=warm)


def _bundles(browser: Browser, root: str) -> int:
    """Bring the charts of two pages to life; give how often the server sent the script."""
    before = fetched("vega-")
    context = browser.new_context(**DESKTOP)
    page = context.new_page()
    for view in (VIEW, OTHER_VIEW):
        page.goto(f"{root}{view}/", wait_until="networkidle")
        chart = page.locator(".chart").first
        chart.scroll_into_view_if_needed()
        chart.hover()
        until(page, "document.querySelector('.chart').dataset.day", timeout_s=30)
    context.close()
    return fetched("vega-") - before


def _median(loads: list[Load]) -> Load:
    def middle(name: str) -> float:
        return statistics.median(getattr(load, name) for load in loads)

    are_answered = all(load.warm_ms is not None for load in loads)
    return Load(
        seen_ms=middle("seen_ms"),
        painted_ms=middle("painted_ms"),
        shift=middle("shift"),
        kilobytes=middle("kilobytes"),
        kinds=loads[0].kinds,
        cold_ms=middle("cold_ms") if are_answered else None,
        warm_ms=middle("warm_ms") if are_answered else None,
    )


def _embedded(site: Path, target: Path) -> Path:
    """Make the same view with its drawing left out and drawn by vega-embed instead."""
    text = (site / VIEW / "index.html").read_text()
    (bundle,) = (site / "assets").glob("vega-*.js")
    text = re.sub(r"<svg xmlns.*?</svg>", "", text, flags=re.DOTALL)
    text = re.sub(r"<meta http-equiv=.*?>", "", text)
    text = re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL)
    text = re.sub(r'<link rel="modulepreload".*?>', "", text)
    above = "../" * (VIEW.count("/") + 1)
    script = (
        f'<script type="module">import "{above}assets/{bundle.name}";\n'
        f'const spec = await (await fetch("{above}charts/{VIEW}.narrow.json")).json();\n'
        'await window.vegaEmbed(".chart", spec, { actions: false });</script>'
    )
    place = target / VIEW / "index.html"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text.replace("</body>", f"{script}</body>"))
    for name in ("assets", "charts"):
        (target / name).symlink_to(site / name)
    return target

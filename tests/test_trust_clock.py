"""Nobody rebuilt the site for two days: the reader's own clock tells."""

import datetime as dt

import pytest
from playwright.sync_api import Browser


@pytest.mark.browser
def test_49_hours_later_the_readers_browser_marks_what_nobody_rebuilt(
    browser: Browser, address: str
) -> None:
    fresh = dt.datetime(2026, 7, 1, 2, 45, tzinfo=dt.UTC)
    marks = {}
    for hours in (0, 49):
        context = browser.new_context()
        context.clock.set_fixed_time(fresh + dt.timedelta(hours=hours))
        page = context.new_page()
        page.goto(f"{address}north/models/tokens/")
        page.wait_for_load_state("load")
        marks[hours] = page.locator("[data-stale-mark]").first.is_visible()
        context.close()
    assert marks == {0: False, 49: True}


@pytest.mark.browser
def test_without_script_the_last_day_is_printed_in_full(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}north/models/tokens/")
    assert "30 June 2026" in page.locator("main").inner_text()
    context.close()

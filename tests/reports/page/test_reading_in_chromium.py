"""The page for those who read it otherwise: with keys, aloud, on paper, on a phone, in the dark."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from collections.abc import Iterator
from itertools import pairwise

import pytest

from reports import Report
from reports import Result
from reports import Verdict
from tests.browser import Browser
from tests.browser import Json
from tests.reports.page.parsed import OpenPage

ROLES = ("link", "button", "textbox", "searchbox", "combobox", "DisclosureTriangle", "region")
# The ratio of luminances that WCAG 2.2 asks for, of every text against what is behind it.
CONTRAST = """(() => {
  const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => each <= .04045 ? each / 12.92 : ((each + .055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [.2126, .7152, .0722][at], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(each).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!own || element.closest('.hidden') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const colour = element.closest('svg') ? style.fill : style.color;
    const [one, two] = [light(numbers(colour)), light(behind(element))];
    const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    if (ratio < 4.5) poor.add(`${element.localName} ${element.className} ${ratio.toFixed(2)}`);
  }
  return [...poor];
})()"""
OPEN_SOME = """for (const each of document.querySelectorAll(
  '.all, .cause details, .strip:first-of-type, .scenario, .group:first-of-type, .branch, #run *'
)) if (each.localName === 'details') each.open = true"""
ACTIVE = """(() => {
  const it = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(it);
  const seen = it.checkVisibility() && outlineStyle !== 'none' && outlineWidth !== '0px';
  return [it.localName, it.id || it.className || it.innerText.slice(0, 30), seen];
})()"""
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
CLIPPED = """[...document.querySelectorAll('body *')]
  .filter((each) => each.checkVisibility() && !each.closest('.scroll, pre, .hidden, svg, .past'))
  .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => `${each.localName} ${each.className}`)"""


def press(browser: Browser, key: str, text: str = "") -> None:
    codes = {"Tab": 9, "Enter": 13}
    for kind in ("keyDown", "keyUp"):
        given: dict[str, Json] = {"type": kind, "key": key, "code": key}
        given["windowsVirtualKeyCode"] = codes[key]
        if text and kind == "keyDown":
            given["text"] = text
        browser.call("Input.dispatchKeyEvent", **given)


def test_the_keyboard_reaches_everything_and_shows_where_it_is(
    browser: Browser, broken_url: str
) -> None:
    browser.open(broken_url)
    browser.run("document.querySelectorAll('#passed, #scenarios, #coverage').length")
    reached: list[Json] = []
    wanted = "document.querySelectorAll('#verdicts a, #verdicts summary, nav a, .filters select')"
    count = browser.run(f"[...{wanted}].filter((each) => each.checkVisibility()).length")
    while len(reached) < count + 3:
        press(browser, "Tab")
        reached.append(browser.run(ACTIVE))
    assert reached[0][0] == "a"  # the way past everything
    assert [each for each in reached if not each[2]] == []
    assert {"search", "idp", "verdict", "level", "area"} <= {each[1] for each in reached}


def test_a_summary_opens_with_the_keyboard(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    browser.run("document.querySelector('.cause details.cases > summary').focus()")
    press(browser, "Enter", "\r")
    browser.until("document.querySelector('.cause details.cases').open")


def accessible(browser: Browser) -> Iterator[tuple[str, str]]:
    """Yield role and name of everything that a screen reader meets."""
    for node in browser.call("Accessibility.getFullAXTree")["nodes"]:
        if not node.get("ignored"):
            name = str(node.get("name", {}).get("value", "")).strip()
            yield str(node.get("role", {}).get("value", "")), name


def test_everything_that_can_be_used_has_a_name_for_a_screen_reader(
    browser: Browser, broken_url: str
) -> None:
    browser.open(broken_url)
    browser.run("for (const each of document.querySelectorAll('.cause details')) each.open = true")
    found = list(accessible(browser))
    assert [each for each in found if each[0] in ROLES and not each[1]] == []
    names = {name for _, name in found}
    assert "Push Groups: delete: stops here" in names or "Push Groups: delete: fails" in names
    assert ("searchbox", "Search") in found
    assert ("combobox", "Identity provider") in found
    assert sum(role == "heading" for role, _ in found) > 10
    assert {"banner", "main", "navigation", "search", "contentinfo"} <= {role for role, _ in found}


def test_headings_leave_out_no_level(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    levels = browser.run(
        "[...document.querySelectorAll('h1,h2,h3,h4')].map((e) => +e.localName[1])"
    )
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_everything_can_be_read(browser: Browser, broken_url: str, dark: bool) -> None:
    browser.colours(dark=dark)
    browser.open(broken_url)
    browser.run(OPEN_SOME)
    assert browser.run(CONTRAST) == []
    background = browser.run("getComputedStyle(document.body).backgroundColor")
    assert (int(re.findall(r"\d+", background)[0]) < 64) is dark


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_narrow_screen_needs_no_scrolling_sideways(
    browser: Browser, broken_url: str, width: int
) -> None:
    browser.size(width, 844, phone=True)
    browser.open(broken_url)
    browser.run(OPEN_SOME)
    assert browser.run(WIDE) is False
    assert browser.run(CLIPPED) == []


def test_long_names_do_not_widen_the_page(
    browser: Browser,
    opened: OpenPage,
    report: Callable[..., Report],
    result: Callable[..., Result],
) -> None:
    browser.size(390, 844, phone=True)
    long = "x" * 10_000
    texts = ("requirement", "title", "idp", "dialect", "feature", "level", "expected", "actual")
    opened(report(*(result(each, **dict.fromkeys(texts, long)) for each in Verdict)))
    browser.run(OPEN_SOME)
    assert browser.run(WIDE) is False


def test_it_prints_with_what_shows_the_findings(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    printed = browser.call("Page.printToPDF", printBackground=True)
    content = base64.b64decode(printed["data"])
    assert content.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", content))
    assert 5 < pages < 80
    # What was opened for the paper is shut again.
    browser.until("document.querySelector('.cause details.evidence').open === false")


def test_on_paper_there_is_nothing_to_press(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        gone = "[...document.querySelectorAll('nav, .filters, .copy')]"
        assert browser.run(f"{gone}.some((each) => each.checkVisibility())") is False
        assert browser.run("document.querySelector('.headline').checkVisibility()")
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")


def test_it_can_be_read_without_its_script(browser: Browser, broken_url: str) -> None:
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.call("Page.navigate", url=f"{broken_url}#RFC7644-3.6-2")
        browser.until(f"location.href === '{broken_url}#RFC7644-3.6-2'")
        browser.until("document.readyState === 'complete'")
        assert browser.run("document.documentElement.className") == ""
        gone = "[...document.querySelectorAll('.live')]"
        assert browser.run(f"{gone}.some((each) => each.checkVisibility())") is False
        shown = browser.text()
        assert "Fix first" in shown
        assert "The cases behind it" in shown
        browser.click(".cause details.evidence > summary")
        browser.until("document.querySelector('.cause details.evidence').open")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)

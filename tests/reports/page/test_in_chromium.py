"""The page in a real browser: it opens, can be searched and filtered, and its links lead there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from reports import Report
from reports import Result
from reports import Verdict
from reports import causes
from tests.browser import Browser
from tests.reports.page.parsed import OpenPage

SHOWN = "[...document.querySelectorAll('[data-v]')].filter((each) => !each.hidden)"
CAUSES = "[...document.querySelectorAll('.cause')].filter((each) => !each.hidden)"
# Where the reader is: what has the focus, and whether it can be seen.
AT = "document.activeElement.id"
IN_SIGHT = """(() => {
  const { top, height } = document.activeElement.getBoundingClientRect();
  return height > 0 && top >= -1 && top < innerHeight;
})()"""


def choose(browser: Browser, menu: str, label: str) -> None:
    """Choose an option of a menu by its words, as somebody who reads it does."""
    browser.run(
        f"(() => {{ const menu = document.getElementById('{menu}');"
        f"menu.value = [...menu.options].find((each) => each.label === '{label}').value;"
        "menu.dispatchEvent(new Event('change')); })()"
    )


def write(browser: Browser, text: str) -> None:
    browser.run("document.querySelector('#search').value = ''")
    browser.write("#search", text)


def test_it_opens_without_a_complaint_and_without_a_request(
    browser: Browser, broken_url: str
) -> None:
    browser.call("Network.enable")
    browser.open(broken_url)
    assert browser.complaints == []
    assert browser.run("performance.getEntriesByType('resource').length") == 0
    assert browser.run("document.querySelectorAll('.cause').length") > 3


def test_the_first_screen_has_the_consoles_and_what_to_fix_first(
    browser: Browser, broken_url: str
) -> None:
    browser.open(broken_url)
    bottom = "document.querySelector('{}').getBoundingClientRect().bottom"
    assert browser.run(bottom.format(".consoles")) < 800
    assert browser.run(bottom.format("#fix-first ol")) < 800
    assert browser.run("document.querySelectorAll('.console .row').length") == 6
    assert "5 of 6 consoles stop somewhere" in browser.text(".headline")
    assert "Push Groups: delete" in browser.text("#okta")


def test_search_finds_words_of_requirements_titles_and_causes(
    browser: Browser, broken_url: str, broken: Report
) -> None:
    browser.open(broken_url)
    total = len(broken.results)
    assert browser.text("#shown") == f"All {total:,} cases"
    write(browser, "RFC7644-3.6-2")
    browser.until(f"{SHOWN}.length < 20")
    shown = browser.run(f"{SHOWN}.length")
    assert shown >= sum(each.requirement == "RFC7644-3.6-2" for each in broken.results)
    assert browser.text("#shown") == f"{shown} of {total:,} cases"
    write(browser, "DELETING a  group")
    browser.until(f"{CAUSES}.length > 0 && {SHOWN}.length < 60")
    assert "Deleting a group" in browser.run(f"{CAUSES}[0].innerText")
    write(browser, "nothing has these words")
    browser.until(f"{SHOWN}.length === 0")
    assert browser.text("#shown") == f"No case of {total:,} matches."
    browser.click("#clear")
    browser.until(f"{SHOWN}.length === {total}")
    assert browser.run("document.querySelector('#clear').hidden")
    assert browser.run(AT) == "search"


@pytest.mark.parametrize(
    ("menu", "label", "fits"),
    [
        ("idp", "Okta", lambda each: each.idp == "okta"),
        ("idp", "none: the standard itself", lambda each: each.idp is None),
        ("verdict", "failed", lambda each: each.verdict is Verdict.FAIL),
        ("verdict", "passed", lambda each: each.verdict is Verdict.PASS),
        ("level", "SHOULD", lambda each: each.level == "SHOULD"),
        ("area", "protocol", lambda each: each.suite == "protocol"),
        ("area", "Push Groups: delete", lambda each: each.feature == "Push Groups: delete"),
    ],
)
def test_each_filter_shows_what_it_says(
    browser: Browser,
    broken_url: str,
    broken: Report,
    menu: str,
    label: str,
    fits: Callable[[Result], bool],
) -> None:
    browser.open(broken_url)
    choose(browser, menu, label)
    wanted = Counter(each.requirement for each in broken.results if fits(each))
    shown = browser.run(f"{SHOWN}.map((each) => each.querySelector('.id code').textContent)")
    assert Counter(shown) == wanted


def test_filters_work_together_and_hide_what_is_left_empty(
    browser: Browser, broken_url: str, broken: Report
) -> None:
    browser.open(broken_url)
    choose(browser, "idp", "Okta")
    choose(browser, "verdict", "failed")
    wanted = [each for each in broken.results if each.idp == "okta" and each.verdict == "fail"]
    assert browser.run(f"{SHOWN}.length") == len(wanted)
    behind = {id(each) for each in wanted}
    stopped = {
        cause.id for cause in causes(broken) if behind & {id(each) for each in cause.results}
    }
    assert set(browser.run(f"{CAUSES}.map((each) => each.id)")) == stopped
    assert browser.run("document.querySelector('#passed').closest('section').hidden")
    assert browser.run("document.querySelector('#clear').hidden") is False


def test_a_group_that_holds_what_is_sought_opens_and_shuts_again(
    browser: Browser, broken_url: str
) -> None:
    browser.open(broken_url)
    open_ones = "document.querySelectorAll('.group[open]').length"
    before = browser.run(open_ones)
    choose(browser, "verdict", "skipped")
    assert browser.run(open_ones) > before
    browser.click("#clear")
    assert browser.run(open_ones) == before


@pytest.mark.parametrize("again", [False, True], ids=["fresh", "hashchange"])
def test_a_deep_link_opens_the_entry_of_a_requirement(
    browser: Browser, broken_url: str, broken: Report, again: bool
) -> None:
    passing = {each.requirement for each in broken.results if each.verdict is Verdict.PASS}
    failing = {each.requirement for each in broken.results if each.verdict is Verdict.FAIL}
    wanted = ["RFC7644-3.6-2", sorted(passing - failing)[0]]
    assert "RFC7644-3.6-2" in failing
    for requirement in wanted:
        browser.forget()
        if again:
            browser.open(broken_url)
            browser.run(f"location.hash = '{requirement}'")
        else:
            browser.open(f"{broken_url}#{requirement}")
        browser.until(f"{AT} === '{requirement}'")
        browser.until(IN_SIGHT)
        closed = "(() => { for (let e = document.activeElement; e; e = e.parentElement)"
        assert (
            browser.run(f"{closed} if (e.localName === 'details' && !e.open) return 1 }})()")
            is None
        )
        assert requirement in browser.text(f"[id='{requirement}']")


def test_deep_links_lead_to_causes_identity_providers_and_sections_not_checked(
    browser: Browser, broken_url: str, broken: Report
) -> None:
    unchecked = next(iter(broken.coverage["not_checkable"]))  # type: ignore[arg-type]  # an object
    for name in (causes(broken)[1].id, "okta", "entra", unchecked):
        browser.forget()
        browser.open(f"{broken_url}#{name}")
        browser.until(f"{AT} === '{name}'")
        browser.until(IN_SIGHT)


def test_a_deep_link_shows_what_the_filters_had_hidden(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    choose(browser, "verdict", "passed")
    browser.run("location.hash = 'RFC7644-3.6-2'")
    browser.until(f"{AT} === 'RFC7644-3.6-2'")
    browser.until(IN_SIGHT)
    assert browser.run("document.querySelector('#verdict').value") == ""


@pytest.mark.parametrize("name", ["%", "%E0%A4%A", "no-such-place", "__proto__", "'\"><img>"])
def test_an_address_that_leads_nowhere_does_no_harm(
    browser: Browser, broken_url: str, name: str
) -> None:
    browser.open(broken_url)
    browser.run(f"location.hash = {name!r}")
    browser.until("location.hash.length > 1")
    assert browser.complaints == []


def test_a_stopped_feature_leads_to_its_cause(browser: Browser, broken_url: str) -> None:
    browser.open(broken_url)
    browser.click("#okta .named.stops a")
    browser.until(f"{AT}.startsWith('C-')")
    browser.until(IN_SIGHT)
    # The same link once more leads there once more.
    browser.run("scrollTo(0, 0)")
    browser.click("#okta .named.stops a")
    browser.until(f"{AT}.startsWith('C-')")
    browser.until(IN_SIGHT)


@pytest.mark.parametrize("allowed", [True, False], ids=["clipboard", "no-clipboard"])
def test_a_command_is_copied(browser: Browser, broken_url: str, allowed: bool) -> None:
    browser.open(broken_url)
    denied = "() => Promise.reject(new Error('denied'))"
    browser.run("window.taken = []")
    kept = f"(text) => {{ taken.push(text); return ({denied})() }}"
    if allowed:
        kept = "(text) => { taken.push(text); return Promise.resolve() }"
    browser.run(f"navigator.clipboard.writeText = {kept}; 1")
    browser.run("document.addEventListener('copy', () => taken.push(String(getSelection()))); 1")
    command = browser.text(".reproduce code")
    assert command.startswith("curl ")
    browser.click(".reproduce .copy")
    browser.until("document.querySelector('#said').innerText === 'Copied'")
    assert browser.text(".reproduce .copy") == "Copied"
    taken = browser.run("taken")
    assert taken == [command] if allowed else taken[-1] == command
    assert browser.complaints == []


def test_where_nothing_can_be_copied_the_command_is_at_least_selected(
    browser: Browser, broken_url: str
) -> None:
    browser.open(broken_url)
    browser.run("navigator.clipboard.writeText = () => Promise.reject(new Error('denied')); 1")
    browser.run("document.execCommand = () => false; 1")
    command = browser.text(".reproduce code")
    browser.click(".reproduce .copy")
    browser.until("document.querySelector('#said').innerText.includes('Ctrl+C')")
    assert browser.run("String(getSelection())") == command


def test_an_empty_report_opens_as_well(
    browser: Browser, opened: OpenPage, report: Callable[..., Report]
) -> None:
    opened(report())
    assert browser.complaints == []
    assert browser.text("#shown") == "All 0 cases"

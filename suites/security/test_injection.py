"""Strings of other languages are taken literally."""

from __future__ import annotations

from functools import partial

import pytest

from suites.client import Seen
from suites.control import running
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.security.odd import FILE
from suites.security.odd import IDS
from suites.security.odd import INJECTED
from suites.security.odd import PLAIN_IDS
from suites.security.odd import PRODUCT
from suites.security.odd import all_of
from suites.security.odd import broken_filters
from suites.security.odd import by_odd_ids
from suites.security.odd import nobody
from suites.security.odd import not_literal
from suites.security.odd import odd_parameters
from suites.security.odd import plain_filter
from suites.security.odd import plain_parameters
from suites.security.odd import sought
from suites.security.odd import understood
from suites.security.visits import Replies
from suites.security.visits import shows_resource
from suites.verbs import Made


@pytest.mark.usefixtures("calm_user")  # for somebody to be found
@requirement(
    "SEC-INJECT-1",
    proof=(
        *("filter-wildcards-work", "filter-stars-work", "filter-underscores-work"),
        *("filter-quotes-evaluated", "filter-escapes-evaluated"),
    ),
)
def test_a_filter_value_is_taken_literally(experiment: Experiment, lab: Lab) -> None:
    """A filter by a string of a query language finds only who has that text."""
    for (operator, value), reply in experiment(sought).items():
        wrong = not_literal(operator, value, reply)
        if wrong:
            understood(lab, operator)
        expect(reply).holds(
            lambda wrong=wrong: not wrong,  # type: ignore[misc]  # a lambda with a default has no type of its own
            f"nobody whose userName is not {operator} {value!r}",
            lambda wrong=wrong: f"{len(wrong)} other user(s)",  # type: ignore[misc]  # as above
        )


@requirement("SEC-INJECT-2", proof=("filter-apostrophe-500", "filter-stars-500"))
def test_a_filter_value_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """A filter by a string of a query language causes no server error."""
    for (operator, _), reply in experiment(sought).items():
        expect(running(reply, partial(plain_filter, lab, operator))).no_server_error()


@pytest.mark.usefixtures("calm_user")  # for somebody to be found
@requirement("SEC-INJECT-3", proof=("id-star-finds-first",))
def test_an_id_is_taken_literally(experiment: Experiment) -> None:
    """An id that is a wildcard or a condition shows no user."""
    replies: Replies = experiment(by_odd_ids)
    for name in PLAIN_IDS:
        expect(replies[name]).holds(
            lambda name=name: not shows_resource(replies[name]),  # type: ignore[misc]  # as above
            f"nobody with the id {IDS[name]!r}",
            lambda name=name: f"{replies[name].status} with a user",  # type: ignore[misc]  # as above
        )


@requirement("SEC-INJECT-4", proof=("paths-lead-out", "encoded-paths-lead-out"))
def test_a_path_does_not_lead_out(experiment: Experiment) -> None:
    """No id shows a file of the server."""
    for reply in all_of(experiment(by_odd_ids)):
        expect(reply).holds(
            lambda reply=reply: FILE not in reply.content,  # type: ignore[misc]  # as above
            "nothing of a file",
            lambda: "the file of the server's accounts",
        )


@requirement("SEC-INJECT-5", proof=("null-in-id-500",))
def test_an_odd_id_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """No odd id causes a server error."""
    for reply in all_of(experiment(by_odd_ids)):
        expect(running(reply, lambda: lab.scim.get(nobody(lab)))).no_server_error()


@requirement("SEC-INJECT-5", proof=("attributes-unknown-500", "sort-fails-500"))
def test_an_odd_parameter_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """No odd sortBy, attributes or PATCH path causes a server error."""
    for reply in all_of(experiment(odd_parameters)):
        expect(running(reply, partial(plain_parameters, lab, reply))).no_server_error()


def _no_header(replies: list[Seen]) -> None:
    __tracebackhide__ = True
    for reply in replies:
        expect(reply).holds(
            lambda reply=reply: reply.header(INJECTED) is None,  # type: ignore[misc]  # as above
            f"no header {INJECTED}",
            lambda reply=reply: f"{INJECTED}: {reply.header(INJECTED)}",  # type: ignore[misc]  # as above
        )


@requirement("SEC-INJECT-6", proof=("line-breaks-become-headers",))
def test_a_line_break_in_an_id_is_no_header(experiment: Experiment) -> None:
    """A line break in an id does not add a header to the reply."""
    _no_header(list(all_of(experiment(by_odd_ids))))


@requirement("SEC-INJECT-6", proof=("line-breaks-become-headers",), needs=("filter",))
def test_a_line_break_in_a_filter_is_no_header(experiment: Experiment) -> None:
    """A line break in a filter does not add a header to the reply."""
    _no_header(list(all_of(experiment(broken_filters))))


@requirement("SEC-INJECT-6", proof=("values-become-headers",))
def test_a_line_break_in_a_value_is_no_header(scripted: Made) -> None:
    """A line break in a value of a new user does not add a header to the reply."""
    _no_header([scripted.reply])


@requirement("SEC-INJECT-7", proof=("templates-evaluated",))
def test_a_value_is_not_evaluated(scripted: Made) -> None:
    """A value with the marks of templates is shown, and not what it would evaluate to."""
    shown = str(scripted.value("displayName"))
    expect(scripted.reply).holds(
        lambda: PRODUCT not in shown, "the text as it was sent", lambda: shown
    )

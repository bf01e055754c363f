"""Bodies and filters beyond measure are refused, and the server goes on."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from functools import partial

from suites.client import Seen
from suites.control import running
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.security.odd import broken_filters
from suites.security.odd import doubled
from suites.security.odd import large
from suites.security.odd import plain_body
from suites.security.odd import plain_newcomer
from suites.values import value_at
from suites.verbs import Made


def _no_server_error(
    replies: Mapping[str, Seen | None], *names: str, plain: Callable[[], Seen]
) -> None:
    """Expect none of those, unless the plain form causes one too."""
    __tracebackhide__ = True
    for name in names:
        reply = replies[name]
        if reply is not None:
            expect(running(reply, plain)).no_server_error()


@requirement("SEC-INPUT-1", proof=("large-bodies-500",))
def test_a_large_body_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """A body of 1 MiB is refused without a server error."""
    _no_server_error(experiment(large), "large", plain=partial(plain_body, lab))


@requirement("SEC-INPUT-2", proof=("deep-bodies-500",))
def test_a_deep_body_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """A body nested 10,000 deep is refused without a server error."""
    plain = partial(plain_body, lab)
    _no_server_error(experiment(large), "deep arrays", "deep objects", plain=plain)


@requirement("SEC-INPUT-3", proof=("long-numbers-500", "long-pages-500"))
def test_huge_numbers_cause_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """Numbers that no type holds cause no server error, in a body and in the paging."""
    replies = experiment(large)
    _no_server_error(replies, "numbers", plain=partial(plain_body, lab))
    page = partial(lab.scim.get, "/Users", startIndex=1, count=1)
    _no_server_error(replies, "paging", plain=page)


@requirement("SEC-INPUT-4", proof=("null-characters-500", "broken-text-500"))
def test_broken_text_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """Bytes that are no UTF-8, a lone surrogate and U+0000 cause no server error."""
    replies = experiment(large)
    _no_server_error(replies, "not UTF-8", "surrogate", plain=partial(plain_body, lab))
    _no_server_error(replies, "null", plain=partial(plain_newcomer, lab))


@requirement("SEC-INPUT-5", proof=("doubled-names-taken",))
def test_a_doubled_name_is_refused(experiment: Experiment, reading: Reading) -> None:
    """A user with two userNames is refused."""
    reply, first, second = experiment(doubled)
    shown = value_at(reply.object(), "userName")
    if 200 <= reply.status < 300 and shown in (first, second):
        reading(f"of two equal names the {'first' if shown == first else 'last'} counts")
    expect(reply).refused()


@requirement("SEC-INPUT-6", proof=("deep-filters-500", "long-filters-500"))
def test_a_filter_beyond_measure_causes_no_server_error(experiment: Experiment, lab: Lab) -> None:
    """A long filter and a deeply nested one cause no server error."""
    plain = partial(lab.scim.get, "/Users", filter='userName eq "nobody"')
    _no_server_error(experiment(broken_filters), "deep", "long", plain=plain)


@requirement("SEC-INPUT-7", proof=("deep-bodies-end-it", "large-bodies-end-it"))
def test_the_server_goes_on(experiment: Experiment, lab: Lab, calm_user: Made) -> None:
    """After all of them a user is read as before."""
    experiment(large)
    expect(lab.scim.get(calm_user)).status(200).keeps(calm_user.stored, paths=("userName",))

"""What a server gives away of passwords, and of whatever its schemas call secret."""

from __future__ import annotations

import pytest

from suites.expect import expect
from suites.preflight.capabilities import Capabilities
from suites.requirements import requirement
from suites.schemas.definitions import Definitions
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.security import secrets
from suites.security.secrets import Kept
from suites.values import values_at
from suites.verdicts import NotOffered


@pytest.fixture
def kept(experiment: Experiment, features: Capabilities, definitions: Definitions) -> Kept:
    """Three users with passwords."""
    secrets.need_passwords(definitions)
    return experiment(lambda lab: secrets.keep(lab, features), key="passwords")


def _shows_none(kept: Kept, *names: str) -> None:
    __tracebackhide__ = True
    for name in names:
        reply = kept.replies.get(name)
        if reply is not None:
            expect(reply).holds(
                lambda reply=reply: secrets.gives_away(reply) is None,  # type: ignore[misc]  # a lambda with a default has no type of its own
                "no password",
                lambda reply=reply: str(secrets.gives_away(reply)),  # type: ignore[misc]  # as above
            )


@requirement(
    "SEC-SECRET-1",
    proof=(
        "password-echoed",
        "password-shown-hashed",
        "password-in-lists",
        "password-in-replies-to-writes",
    ),
)
def test_no_reply_shows_a_password(kept: Kept) -> None:
    """Creating, replacing, reading and listing users shows no password, plain or hashed."""
    _shows_none(kept, "create", "put", "read", "list")


@requirement("SEC-SECRET-2", proof=("password-shown-to-who-asks", "password-echoed"))
def test_a_password_is_not_shown_on_demand(kept: Kept) -> None:
    """A password is not shown to whoever asks for it in `attributes`."""
    _shows_none(kept, "asked", "found")


@requirement("SEC-SECRET-3", proof=("password-parts-found",), needs=("filter",))
def test_a_filter_tells_no_part_of_a_password(experiment: Experiment, kept: Kept) -> None:
    """A filter finds as many by a right part of a password as by a wrong one."""
    replies = experiment(lambda lab: secrets.compared(lab, kept), key="comparisons")
    for right, wrong in replies.values():
        expect(right).holds(
            lambda right=right, wrong=wrong: secrets.count(right) == secrets.count(wrong),  # type: ignore[misc]  # as above
            "the same result for a right and a wrong part",
            lambda right=right, wrong=wrong: (  # type: ignore[misc]  # as above
                f"{secrets.count(right)} match(es) for the right part, "
                f"{secrets.count(wrong)} for the wrong one"
            ),
        )


@requirement("SEC-SECRET-4", proof=("sorted-by-password",), needs=("filter", "sort"))
def test_a_list_is_not_sorted_by_passwords(experiment: Experiment, kept: Kept) -> None:
    """Sorting by password puts users in no order that follows their passwords."""
    up, down = experiment(lambda lab: secrets.ordered(lab, kept), key="orders")
    expect(up).holds(
        lambda: not secrets.follows(kept, up, down),
        "an order of something else, or a refusal",
        lambda: "the order of the passwords, and its reverse",
    )


@requirement("SEC-SECRET-5", proof=("errors-with-request", "duplicate-shows-request"))
def test_an_error_does_not_repeat_a_password(experiment: Experiment, kept: Kept) -> None:
    """The refusals of users with a password do not repeat it."""
    for reply in experiment(lambda lab: secrets.refused(lab, kept), key="refusals").values():
        expect(reply).holds(
            lambda reply=reply: secrets.gives_away(reply) is None,  # type: ignore[misc]  # as above
            "an error without the password",
            lambda: "the password in the error",
        )


@requirement(
    "SEC-SECRET-6",
    proof=("schemas-title-write-only", "schemas-title-never-returned", "password-shown-hashed"),
)
def test_what_the_schemas_hide_is_hidden(
    kept: Kept, definitions: Definitions, reading: Reading
) -> None:
    """What the server's own schemas call writeOnly or never returned is in no user."""
    paths = list(secrets.hidden(definitions))
    if not paths:
        raise NotOffered("the server's schemas hide nothing")
    reading(f"never shown are {', '.join(paths)}")
    read, listed = kept.replies["read"], secrets.listed(kept)
    for path in paths:
        expect(read).absent(path)
        expect(listed).holds(
            lambda path=path: not values_at(listed.object(), f"Resources.{path}"),  # type: ignore[misc]  # as above
            f"a list without {path}",
            lambda path=path: f"values of {path}",  # type: ignore[misc]  # as above
        )

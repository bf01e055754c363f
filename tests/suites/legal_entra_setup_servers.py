"""Servers that do what the texts allow and Entra copes with: tests, tokens, matching, on demand.

Loaded as a pytest plugin by `test_legal_entra_setup_servers.py`: every case about setting Entra up
runs in this process against each mixture of variations, which is registered as a deviation.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace

import pytest

from reference_server.deviations import registry
from reference_server.deviations import shaping
from reference_server.deviations.documents import Document
from reference_server.deviations.documents import drop
from reference_server.deviations.documents import parse
from reference_server.deviations.writes import gives
from reference_server.deviations.writes import skip_operations
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from suites.requirements import MARK
from tests.suites import legal_servers

USERS = shaping.on("GET POST PUT PATCH", "Users")
WRITE = shaping.on("POST PUT", "Users")
PATCH = shaping.on("PATCH", "Users", one=True)
UNAUTHORIZED = range(401, 402)


@dataclass(frozen=True, slots=True)
class Legal:
    """One legal server: what it does otherwise, and how cases end that do not pass, by their id."""

    ways: tuple[registry.Wrap, ...]
    otherwise: dict[str, str] = field(default_factory=dict)

    def wrap(self, handle: Handler) -> Handler:
        """Do everything that the variations do, the last one outermost."""
        for way in self.ways:
            handle = way(handle)
        return handle


def asks_for_token(request: Request) -> bool:
    """Tell whether a request is for the token endpoint."""
    return request.path.endswith("/oauth/token")


def tokens_told_at_length(handle: Handler) -> Handler:
    """Answer with a scope, a token_type in small letters and a member of the server's own."""

    def edit(answer: Document) -> None:
        if "access_token" in answer:
            answer.update({"token_type": "bearer", "scope": "scim", "x_region": "eu"})

    return shaping.edit_replies(handle, asks_for_token, edit)


def tokens_in_utf8(handle: Handler) -> Handler:
    """Call the answer `application/json;charset=UTF-8`, as the examples of RFC 6749 do."""

    def change(reply: Response) -> Response:
        rest = tuple(pair for pair in reply.headers if pair[0] != "Content-Type")
        return replace(reply, headers=(*rest, ("Content-Type", "application/json;charset=UTF-8")))

    return shaping.change_replies(handle, asks_for_token, change)


def wrong_clients_get_400(handle: Handler) -> Handler:
    """Answer 400 to a client that sends a wrong secret in the body (RFC 6749 section 5.2)."""

    def when(request: Request) -> bool:
        return asks_for_token(request) and request.header("Authorization") is None

    return shaping.change_replies(
        handle, when, lambda reply: shaping.with_status(reply, 400), UNAUTHORIZED
    )


def refusals_in_many_words(handle: Handler) -> Handler:
    """Add what RFC 6750 section 3 allows to a 401, and attributes to the error."""

    def edit(problem: Document) -> None:
        problem.update({"traceId": "7f", "detail": "Not you."})

    return shaping.edit_replies(handle, shaping.always, edit, UNAUTHORIZED)


def no_external_id(handle: Handler) -> Handler:
    """Take an externalId of a user and keep none, which is optional (RFC 7643 section 3.1)."""
    whole = shaping.edit_requests(handle, WRITE, lambda user: drop(user, "externalId"))
    return skip_operations(whole, PATCH, gives("externalId"))


def one_address_each(handle: Handler) -> Handler:
    """Keep the first e-mail address of a user alone."""

    def edit(user: Document) -> None:
        emails = user.get("emails")
        if isinstance(emails, list):
            user["emails"] = emails[:1]

    return shaping.edit_requests(handle, WRITE, edit)


def no_brackets(handle: Handler) -> Handler:
    """Refuse square brackets in a filter (RFC 7644 section 3.4.2.2: they are optional)."""

    def when(request: Request) -> bool:
        return request.method == "GET" and "%5B" in request.query.upper()

    return shaping.refuse(handle, when, 400, "No brackets.", "invalidFilter")


def lists_without_zero_resources(handle: Handler) -> Handler:
    """Leave an empty `Resources` out (RFC 7644 section 3.4.2)."""

    def edit(found: Document) -> None:
        if found.get("Resources") == []:
            drop(found, "Resources")

    return shaping.edit_replies(handle, shaping.on("GET"), edit)


def user_names_in_lower_case(handle: Handler) -> Handler:
    """Show userName in small letters, since it has no case (RFC 7643 section 7)."""

    def fold(user: Document) -> None:
        if "userName" in user:
            user["userName"] = str(user["userName"]).lower()

    return shaping.edit_resources(handle, USERS, fold)


def schemas_of_its_own(handle: Handler) -> Handler:
    """List a schema of the server's own, with an attribute that has parts."""

    def edit(found: Document) -> None:
        listed = found.get("Resources")
        if isinstance(listed, list):
            part = {"name": "x", "type": "string", "multiValued": False, "mutability": "readOnly"}
            own = {"name": "own", "type": "complex", "subAttributes": [part]}
            schema = {"id": "urn:acme:1.0", "name": "Own", "attributes": [own]}
            found["Resources"] = [schema, *listed]
            found["totalResults"] = len(listed) + 1

    when = shaping.on("GET", "Schemas", one=False)
    return shaping.edit_replies(handle, when, edit)


def no_display_names(handle: Handler) -> Handler:
    """Keep no displayName of a user, and show none."""
    shown = shaping.edit_resources(handle, USERS, lambda user: drop(user, "displayName"))
    return skip_operations(shown, PATCH, gives("displayName"))


def no_discovery(handle: Handler) -> Handler:
    """Have no /Schemas (RFC 7643 section 1.2: a provider may publish them)."""
    return shaping.refuse(handle, shaping.on("GET", "Schemas"), 404, "Nothing here.")


def users_alone_are_asked_for_by_page(handle: Handler) -> Handler:
    """Show nobody in the answer to a create but the id and the name (RFC 7644 section 3.3)."""

    def short(reply: Response) -> Response:
        made = parse(reply.body) or {}
        kept = {name: made[name] for name in ("schemas", "id", "userName", "meta") if name in made}
        return shaping.answer_json(201, kept)

    return shaping.change_replies(handle, shaping.on("POST", "Users"), short)


# Each variation is in one mixture: a run against each would take a minute.
LEGAL = {
    "doors-told-otherwise": Legal(
        (
            tokens_told_at_length,
            tokens_in_utf8,
            wrong_clients_get_400,
            refusals_in_many_words,
            lists_without_zero_resources,
            schemas_of_its_own,
            legal_servers.more_than_okta_knows,
            legal_servers.keys_in_lower_case,
        )
    ),
    "people-found-otherwise": Legal(
        (
            no_external_id,
            one_address_each,
            user_names_in_lower_case,
            legal_servers.patch_answers_204,
            legal_servers.active_is_shown_when_false,
            users_alone_are_asked_for_by_page,
        ),
        {"ENTRA-MATCH-2": "skip", "ENTRA-MATCH-4": "skip", "ENTRA-MATCH-3": "skip"},
    ),
    "people-in-few-words": Legal(
        (no_brackets, no_display_names, no_discovery),
        {
            "ENTRA-MATCH-3": "warn",
            "ENTRA-MATCH-7": "skip",
            "ENTRA-POD-2": "skip",
            "ENTRA-SCHEMA-1": "warn",
            "ENTRA-SCHEMA-2": "inconclusive",
            "ENTRA-SCHEMA-3": "inconclusive",
            "ENTRA-SCHEMA-4": "inconclusive",
        },
    ),
}


# -- the plugin


def pytest_configure() -> None:
    """Make every variation known to the embedded server."""
    for name, entry in LEGAL.items():
        registry.deviation(name, area="legal")(entry.wrap)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each case against every mixture."""
    if metafunc.definition.get_closest_marker(MARK) is not None:
        metafunc.parametrize("deviation", [*LEGAL])

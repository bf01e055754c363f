"""Microsoft's gallery tests (reconstructed): those that speak to the endpoint themselves."""

from __future__ import annotations

import pytest

from idp_profiles.entra.gallery_values import CLEARED
from idp_profiles.entra.gallery_values import CLEARED_BY_TYPE
from idp_profiles.entra.gallery_values import clearing
from idp_profiles.entra.gallery_values import manager_operation
from idp_profiles.entra.gallery_values import page
from idp_profiles.entra.gallery_values import update_values
from idp_profiles.entra.limits import LIMITS
from idp_profiles.entra.tool_values import MANAGER
from idp_profiles.entra.tool_values import first_values
from idp_profiles.entra.tool_values import group_body
from idp_profiles.entra.tool_values import one_by_one
from idp_profiles.model import Outcome
from suites.client import GROUP_URN
from suites.client import USER_URN
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.target.tokens import CLIENT_CREDENTIALS
from suites.target.tokens import JWT_BEARER
from suites.values import items
from suites.values import value_at
from suites.verdicts import NotOffered

from .conftest import Account as Colleague
from .conftest import formed
from .conftest import object_id
from .tool_run import CREATED
from .tool_run import PATCHED
from .tool_run import Account
from .tool_run import ToolRun

CREATE = "ENTRA-GAL-17"
SIZE = LIMITS["gallery_page"].value


@pytest.fixture
def run(entra: Replay, bench: Bench) -> ToolRun:
    """The gallery's direct tests at work in this case."""
    return ToolRun(entra, bench, entra.idp.gallery)


@pytest.fixture
def user(run: ToolRun, people: Registry) -> Account:
    """A user of the case's own, with all attributes but roles and manager."""
    return run.created(people.person(), by=CREATE)


# -- schemas


@requirement(
    "ENTRA-GAL-15",
    proof=(
        *("schemas-404", "schemas-empty", "schemas-bare-array"),
        *("schemas-without-users", "schemas-without-groups"),
    ),
    dialects=(),
)
def test_the_schemas_list_what_is_mapped(run: ToolRun, bench: Bench, entra: Replay) -> None:
    """The schemas of users and groups are listed, with the attributes that are mapped."""
    answer = run.send(run.tool.get("/Schemas"))
    expect(answer).status(200).holds_value("Resources", id=USER_URN)
    if bench.features.has("groups"):
        expect(answer).holds_value("Resources", id=GROUP_URN)
    mapped = dict.fromkeys(entry.path for entry in entra.idp.mapping.entries)
    missing = [path for path in mapped if bench.definitions().attribute(path) is None]
    if missing:
        entra.note(f"the test fails an app that maps one of these: {', '.join(missing)}")


# -- users


@requirement(
    CREATE,
    proof=("create-without-id", "create-without-user-name", "create-empty-body"),
    dialects=(),
)
def test_a_new_user_is_answered_whole(run: ToolRun, people: Registry) -> None:
    """A create of a user is answered with an id and the userName as it was sent."""
    person = people.person()
    body = run.body(first_values(person, run.knows))
    answer = run.send(run.tool.create("/Users", body))
    expect(answer).status(*CREATED).filled("id").has("userName", person.user_name)


@requirement(
    "ENTRA-GAL-18",
    proof=(
        *("patch-replace-ignored", "patch-many-operations-refused", "patch-urn-path-refused"),
        *("patch-answers-202", "patch-part-path-refused"),
    ),
    dialects=(),
)
def test_a_user_is_updated_one_by_one(run: ToolRun, user: Account) -> None:
    """Attributes that each have a replace of their own are read back as they were sent."""
    values = update_values(user.person, run.knows)
    if not values:
        raise NotOffered("the server's schema has none of these attributes for clients to write")
    operations = one_by_one("replace", values)
    expect(run.send(run.tool.patch("/Users", user.id, operations))).status(*PATCHED)
    shown = run.send(run.tool.read("/Users", user.id))
    expect(shown).status(200)
    run.shows(shown, values)


@requirement(
    "ENTRA-GAL-16",
    proof=("empty-string-refused", "null-refused", "patch-replace-ignored"),
    dialects=(),
)
def test_empty_values_clear(run: ToolRun, user: Account) -> None:
    """Attributes that are replaced by an empty text, and then by null, have no value."""
    wanted = {path.lower() for path in run.entra.setup.wishes or ()}
    paths = tuple(path for path in CLEARED if run.knows(path) and path.lower() not in wanted)
    if not paths:
        raise NotOffered("the server's schema has none of these attributes for clients to clear")
    for value in ("", None):
        emptied = run.send(run.tool.patch("/Users", user.id, clearing(paths, value)))
        expect(emptied).status(*PATCHED)
        shown = expect(run.send(run.tool.read("/Users", user.id))).status(200)
        for path in paths:
            shown.lacks(path)
    selected = tuple(path for path in CLEARED_BY_TYPE if run.knows(path))
    if run.send(run.tool.patch("/Users", user.id, clearing(selected, ""))).status not in PATCHED:
        run.entra.note(f"an empty text is refused for {' and '.join(selected)}; the test fails so")


@requirement(
    "ENTRA-GAL-25",
    proof=("manager-text-refused", "manager-first-kept", "manager-empty-refused"),
    dialects=(),
)
def test_a_manager_is_set_changed_and_removed(
    run: ToolRun, user: Account, crew: tuple[Colleague, ...]
) -> None:
    """A manager is set, changed and removed by texts, and each is read back."""
    for op, manager_id in (("Add", crew[0].id), ("replace", crew[1].id), ("replace", "")):
        operation = manager_operation(op, manager_id)
        expect(run.send(run.tool.patch("/Users", user.id, [operation]))).status(*PATCHED)
        shown = expect(run.send(run.tool.read("/Users", user.id))).status(200)
        if manager_id:
            shown.has(f"{MANAGER}.value", manager_id)
        else:
            shown.lacks(f"{MANAGER}.value")


# -- groups


@requirement(
    "ENTRA-GAL-19",
    proof=("group-create-without-id", "group-create-empty-body", "group-create-501"),
    dialects=(),
)
@pytest.mark.usefixtures("groups_offered")
def test_a_new_group_is_answered_whole(run: ToolRun, people: Registry) -> None:
    """A create of a group is answered with an id and the displayName as it was sent."""
    name = people.unique("direct-group")
    answer = run.send(run.tool.create("/Groups", group_body(name, object_id(name))))
    expect(answer).status(*CREATED).filled("id").has("displayName", name)


@requirement(
    "ENTRA-GAL-20",
    proof=("group-rename-ignored", "group-rename-refused", "group-patch-501"),
    dialects=(),
)
@pytest.mark.usefixtures("groups_offered")
def test_a_group_is_updated(run: ToolRun, look: ScimClient, people: Registry) -> None:
    """A displayName that is replaced with a path is read back."""
    group_id, name = formed(look, people.unique("before")), people.unique("after")
    operations = one_by_one("replace", {"displayName": name})
    expect(run.send(run.tool.patch("/Groups", group_id, operations))).status(*PATCHED)
    shown = run.send(run.tool.read("/Groups", group_id))
    expect(shown).status(200).has("displayName", name)


# -- pages


def _two_pages(run: ToolRun, endpoint: str) -> None:
    """Read two pages; a server may show fewer at once, which the test does not allow for."""
    __tracebackhide__ = True
    start = 1
    for _ in range(2):
        answer = run.send(run.tool.get(page(endpoint, start, SIZE)))
        shown = len(items(answer.at("Resources")))
        expect(answer).list_response("totalResults", "startIndex").has("startIndex", start)
        expect(answer).holds(
            lambda shown=shown: 1 <= shown <= SIZE,  # type: ignore[misc]  # a lambda with a default has no type of its own
            f"a page of 1 to {SIZE} resources",
            lambda shown=shown: f"{shown} resource(s)",  # type: ignore[misc]  # as above
        )
        if start == 1 and shown < SIZE:
            run.entra.note(
                f"a page of {shown} where {SIZE} were asked for, as the RFC allows; the test "
                f"expects the next page to begin at {1 + SIZE} and fails such a server"
            )
        start += shown


@requirement(
    "ENTRA-GAL-23",
    proof=("start-index-always-one", "start-index-left-out", "count-ignored"),
    dialects=(),
)
def test_users_are_read_in_pages(
    run: ToolRun, people: Registry, crew: tuple[Colleague, ...]
) -> None:
    """Two pages of users each say where they start; the test itself makes sure of 11 users."""
    for _ in range(SIZE + 1 - len(crew)):
        person = people.person()
        run.created(person, {"userName": person.user_name}, by=CREATE)
    _two_pages(run, "/Users")


@requirement(
    "ENTRA-GAL-24",
    proof=("start-index-always-one", "start-index-left-out", "count-ignored"),
    dialects=(),
)
@pytest.mark.usefixtures("groups_offered")
def test_groups_are_read_in_pages(run: ToolRun, look: ScimClient, people: Registry) -> None:
    """Two pages of groups each say where they start."""
    for _ in range(SIZE + 1):
        formed(look, people.unique("page"))
    _two_pages(run, "/Groups")


# -- credentials


def _traded(entra: Replay, bench: Bench, kind: str, mode: str, other: str) -> Replay:
    """Return a mock Entra with the target's credential of a kind; raises NotOffered."""
    accepted = bench.connection.target.also_accepts
    credential = next((each for each in accepted if each.kind == kind), None)
    if credential is None:
        raise NotOffered(f"the target file has no credential {kind!r}; {other} has to pass then")
    return entra.again(credential=credential, auth_mode=mode)


@requirement(
    "ENTRA-GAL-21",
    proof=("token-worthless", "token-form-refused", "client-in-body-unread"),
    dialects=(),
)
def test_a_token_for_client_credentials_opens(entra: Replay, bench: Bench) -> None:
    """A token that client credentials were traded for opens the list of users."""
    traded = _traded(entra, bench, CLIENT_CREDENTIALS, "oauth2-body", "Federated_Identity_Test")
    token = traded.act.get_token("body")
    run = ToolRun(traded, bench, traded.idp.gallery)
    expect(run.send(run.tool.get(page("/Users", 1, 1)))).success()
    _note_life(entra, token)


def _note_life(entra: Replay, token: Outcome) -> None:
    """Say when a token lives for less or for more than the test takes."""
    reply = token.exchanges[-1].reply
    seconds = value_at(reply.json(), "expires_in") if reply is not None else None
    shortest, longest = LIMITS["token_shortest"].value, LIMITS["token_longest"].value
    if isinstance(seconds, int) and not shortest * 60 <= seconds <= longest * 60:
        entra.note(
            f"the token lives for {seconds} seconds; the gallery's test wants {shortest} to "
            f"{longest} minutes, of which the RFC says nothing"
        )


@requirement(
    "ENTRA-GAL-22",
    proof=("token-worthless", "assertion-refused", "token-form-refused"),
    dialects=(),
)
def test_a_token_for_an_assertion_opens(entra: Replay, bench: Bench, people: Registry) -> None:
    """A token that an assertion was traded for opens the look-up of a user."""
    other = "Validate_Credentials_Test"
    traded = _traded(entra, bench, JWT_BEARER, "workload-identity", other)
    traded.act.exchange_identity(people.person())

"""Entra's App Roles: three expressions, each with a form of its own in POST and in PATCH."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from idp_profiles.entra.roles import Role
from idp_profiles.model import Json
from idp_profiles.model import Outcome
from suites.client import ScimClient
from suites.client import Seen
from suites.conftest import Bench
from suites.expect import expect
from suites.idp.accounts import create_user
from suites.making.people import Registry
from suites.replay import Replay
from suites.requirements import requirement
from suites.values import values_at
from suites.verdicts import Blocked

from .conftest import Account
from .conftest import Acted
from .conftest import hire
from .conftest import object_id
from .narrow import mapping_only

pytestmark = pytest.mark.usefixtures("roles_offered")

TYPE = "WindowsAzureActiveDirectoryRole"
READER, WRITER, OWNER = (Role(name, object_id(name)) for name in ("Reader", "Writer", "Owner"))
# What the expression for several roles sends of one: a JSON document in a text.
PACKED = f'{{"id":"{READER.role_id}","value":"Reader","displayName":"Reader"}}'
_CREATES = {"single": "role-single-create", "complex": "role-complex-create"}
_NO_PATCH = ("patch-refused-501", "patch-user-refused-501")
_NO_ROLES = ("create-drops-roles", "roles-refused")
_KEPT_AS_IT_WAS = ("patch-role-refused", "patch-role-ignored")


@pytest.fixture
def roles_offered(needs: Callable[..., None]) -> None:
    """Skip the case on a server whose schema of users has no roles."""
    needs("roles")


@pytest.fixture
def granted(entra: Replay, bench: Bench, people: Registry) -> Callable[[str], Acted]:
    """A way to a new user with roles by one of the expressions; shared, for cases that read."""

    def by(form: str) -> Acted:
        def make() -> Acted:
            maker, person = entra.on(bench.shared.journal), people.person()
            maker.idp.map_roles(form)
            roles = (READER,) if form == "single" else (READER, WRITER)
            # The sheet has no sample of a POST by the assertive expression: it is documented
            # beside the complex one, and differs by a key.
            scenario = _CREATES.get(form, "role-complex-create")
            outcome = maker.mock.grant_roles(person, roles, scenario)
            return Acted(person, str(maker.idp.user_id(person)), outcome)

        return bench.shared.once(f"entra-granted-{form}", bench.log, make)

    return by


@dataclass(frozen=True, slots=True)
class Added:
    """A user who got a role beside another, and then once more: what came, and what was there."""

    id: str
    first: Outcome
    after: Seen
    second: Outcome
    later: Seen


@pytest.fixture
def added(entra: Replay, bench: Bench, people: Registry) -> Added:
    """Somebody with one role who got another, twice, by the expression that only adds."""

    def make() -> Added:
        client = bench.client(bench.shared.journal)
        maker = _mapping(entra.on(bench.shared.journal), "complex")
        made = _holding(maker, client, people, {"value": OWNER.value})
        first = maker.mock.grant_roles(made.person, (READER,), "role-complex-patch")
        after = client.user(made.id)
        second = maker.mock.grant_roles(made.person, (READER,), "role-complex-patch")
        return Added(made.id, first, after, second, client.user(made.id))

    return bench.shared.once(f"entra-added-{entra.setup.dialect}", bench.log, make)


@pytest.fixture
def asserted(entra: Replay, bench: Bench, people: Registry) -> Acted:
    """Somebody with two roles who was left one, and got another; shared, for cases that read."""

    def make() -> Acted:
        client = bench.client(bench.shared.journal)
        maker = _mapping(entra.on(bench.shared.journal), "assertive")
        made = _holding(maker, client, people, {"value": "Reader"}, {"value": "Writer"})
        outcome = maker.mock.grant_roles(made.person, (WRITER, OWNER), "role-assertive-patch")
        return Acted(made.person, made.id, outcome)

    return bench.shared.once(f"entra-asserted-{entra.setup.dialect}", bench.log, make)


def _mapping(entra: Replay, form: str) -> Replay:
    """Return a mock Entra that maps app roles by an expression, and nothing else to update."""
    job = mapping_only(entra, "userName")
    job.idp.map_roles(form)
    return job


def _holding(job: Replay, look: ScimClient, people: Registry, *roles: dict[str, Json]) -> Account:
    """Return a new account that holds roles; raises Blocked where the server keeps none."""
    if not roles:
        return hire(job, look, people.person())
    person, held = people.person(), {str(each["value"]) for each in roles}
    user_id = create_user(look, person, by="ENTRA-ROLE-1", roles=[*roles])
    look.settle()
    if held != set(map(str, values_at(look.user(user_id).object(), "roles.value"))):
        raise Blocked("the roles of a new user were not kept", by="ENTRA-ROLE-1")
    job.idp.link(person, user_id)
    return Account(person, user_id)


@requirement("ENTRA-ROLE-1", proof=_NO_ROLES, dialects=())
def test_a_new_user_has_the_one_role(
    entra: Replay, granted: Callable[[str], Acted], look: ScimClient
) -> None:
    """The single expression creates a user with the role."""
    made = granted("single")
    entra.judged(made.outcome)
    expect(look.user(made.id)).status(200).holds_value("roles", value="Reader")


@requirement("ENTRA-ROLE-2", proof=("roles-without-primary", "roles-without-type"), dialects=())
def test_a_role_keeps_type_and_primary(
    entra: Replay, granted: Callable[[str], Acted], look: ScimClient
) -> None:
    """The one role comes back as primary, and of its type."""
    made = granted("single")
    entra.worked(made.outcome, "grant_roles")
    seen = look.user(made.id)
    if "Reader" not in values_at(seen.object(), "roles.value"):
        raise Blocked("the role is not there", by="ENTRA-ROLE-1", entry=seen.entry)
    user = expect(seen).status(200).holds_value("roles", value="Reader", primary=True)
    user.holds_value("roles", value="Reader", type=TYPE)


@requirement(
    "ENTRA-ROLE-3",
    proof=(
        *("patch-primary-text-refused", "patch-selected-role-appended", "patch-replace-ignored"),
        *(*_KEPT_AS_IT_WAS, *_NO_PATCH),
    ),
)
def test_the_primary_role_is_changed(entra: Replay, look: ScimClient, people: Registry) -> None:
    """A replace at `roles[primary eq "True"].value` changes the one role there is."""
    job = _mapping(entra, "single")
    made = _holding(job, look, people, {"value": "Reader", "primary": True})
    job.act.grant_roles(made.person, (WRITER,), "role-single-patch")
    user = expect(look.user(made.id)).status(200).holds_value("roles", value="Writer")
    user.holds_no_value("roles", value="Reader")


@requirement(
    "ENTRA-ROLE-4",
    proof=(
        *("patch-primary-text-refused", "patch-selected-role-bare", "patch-add-ignored"),
        *(*_KEPT_AS_IT_WAS, *_NO_PATCH),
    ),
)
def test_the_first_role_is_made(entra: Replay, look: ScimClient, people: Registry) -> None:
    """An add at `roles[primary eq "True"].value` gives a user without roles a primary one."""
    job = _mapping(entra, "single")
    made = _holding(job, look, people)
    job.act.grant_roles(made.person, (READER,), "role-single-patch")
    user = expect(look.user(made.id)).status(200)
    user.holds_value("roles", value="Reader", primary=True)


@requirement(
    "ENTRA-ROLE-5",
    proof=(*_NO_ROLES, "create-refuses-role-names", "roles-one-per-type"),
    dialects=(),
)
def test_a_new_user_has_roles_with_names_that_no_schema_knows(
    entra: Replay, granted: Callable[[str], Acted], look: ScimClient
) -> None:
    """The complex expression creates a user with every role."""
    made = granted("complex")
    entra.judged(made.outcome)
    user = expect(look.user(made.id)).status(200).holds_value("roles", value="Reader")
    user.holds_value("roles", value="Writer")


@requirement(
    "ENTRA-ROLE-6",
    proof={
        "default": ("roles-of-one-word", "patch-op-must-be-lower-case", *_KEPT_AS_IT_WAS),
        "flag": ("roles-of-one-word", "patch-add-ignored", *_KEPT_AS_IT_WAS),
    },
)
def test_a_role_may_be_json_in_a_text(entra: Replay, added: Added) -> None:
    """The complex expression adds a role whose value is a JSON document."""
    entra.judged(added.first)
    expect(added.after).status(200).holds_value("roles", value=PACKED)


@requirement("ENTRA-ROLE-7", proof=("patch-add-replaces-roles",))
def test_an_added_role_takes_none_away(entra: Replay, added: Added) -> None:
    """The role that the user had is still there."""
    entra.worked(added.first, "grant_roles")
    expect(added.after).status(200).holds_value("roles", value="Owner")


@requirement("ENTRA-ROLE-8", proof=("patch-replace-appends-roles", *_KEPT_AS_IT_WAS[1:]))
def test_a_role_that_is_not_listed_goes(entra: Replay, asserted: Acted, look: ScimClient) -> None:
    """The assertive expression takes the role away that is not in its list."""
    outcome = entra.watched(asserted.outcome)
    if outcome.stopped is not None:
        reason = f"no roles were replaced: {outcome.stopped.because}"
        raise Blocked(reason, by="ENTRA-ROLE-11", entry=entra.last_entry())
    expect(look.user(asserted.id)).status(200).holds_no_value("roles", value="Reader")


@requirement("ENTRA-ROLE-11", proof=(*_KEPT_AS_IT_WAS, *_NO_PATCH, "patch-replace-ignored"))
def test_a_list_of_roles_is_taken(entra: Replay, asserted: Acted, look: ScimClient) -> None:
    """The assertive expression replaces the roles by a list with another one in it."""
    entra.judged(asserted.outcome)
    expect(look.user(asserted.id)).status(200).holds_value("roles", value="Owner")


@requirement("ENTRA-ROLE-9", proof=("patch-add-refuses-role-again", "patch-add-doubles-role"))
def test_a_role_that_is_there_is_added_in_peace(entra: Replay, added: Added) -> None:
    """A role that is added again brings no error, and is listed once."""
    entra.worked(added.first, "grant_roles")
    entra.judged(added.second)
    user = expect(added.later).status(200)
    user.holds(
        lambda: values_at(added.later.object(), "roles.value").count(PACKED) <= 1,
        "the role once",
        lambda: repr(user.at("roles")),
    )


@requirement(
    "ENTRA-ROLE-10",
    proof=(*_NO_ROLES, "create-refuses-role-labels", "roles-one-per-type"),
    dialects=(),
)
def test_a_new_user_has_roles_with_labels(
    entra: Replay, granted: Callable[[str], Acted], look: ScimClient
) -> None:
    """The assertive expression creates a user with every role."""
    made = granted("assertive")
    entra.judged(made.outcome)
    user = expect(look.user(made.id)).status(200).holds_value("roles", value="Reader")
    user.holds_value("roles", value="Writer")

"""What histories are made of: the line that breaks, the words of a comparison, the office."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from idp_profiles.model import Credential
from reference_server import Handler
from reference_server.deviations import registry
from reference_server.deviations import shaping
from suites.idp.histories import people
from suites.idp.histories import trouble
from suites.idp.histories.embedded_office import embedded_office
from suites.idp.histories.embedded_office import office_at
from suites.idp.histories.habits import every
from suites.idp.histories.line import Fault
from suites.idp.histories.office import Office
from suites.idp.histories.office import other_credential
from suites.reach import embedded
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

Open = Callable[..., Office]
PAIRS = [(idp, dialect) for idp, habits in every().items() for dialect in habits.dialects]


@pytest.fixture
def office() -> Iterator[Open]:
    """Open offices that close with the test."""
    with ExitStack() as stack:

        def start(idp: str = "okta", dialect: str = "oin", *deviations: str) -> Office:
            return stack.enter_context(embedded_office(idp, dialect, deviations))

        yield start


def what(office: Office) -> str:
    with pytest.raises(Mismatch) as caught:
        office.check()
    return str(caught.value)


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_reaches_the_idp_once_and_is_evidence(office: Open, fault: Fault) -> None:
    here = office()
    here.line.breaks(fault, methods=["POST"])
    here.hire()
    here.settle()
    posts = [each for each in here.site.log.entries if each.method == "POST"]
    made_up = [each for each in posts if each.error is not None]
    assert len(made_up) == (0 if fault is Fault.LOST else 1)
    assert not here.line.is_broken
    here.check()


def test_a_reply_is_lost_after_the_server_acted(office: Open) -> None:
    here = office()
    here.line.breaks(Fault.LOST, methods=["POST"])
    (key,) = here.hire()
    assert not here.turn().in_step
    assert here.account(key) is None
    name = here.directory.person(key).user_name
    assert here.site.look.users_named(name).object()["totalResults"] == 1
    here.in_step()


def test_every_account_that_is_made_is_in_the_journal(office: Open) -> None:
    here = office()
    here.line.breaks(Fault.LOST, methods=["POST"])
    here.form(*here.hire(2))
    here.in_step()
    names = {each.name for each in here.site.journal.items}
    assert names == {
        *(each.user_name for each in here.directory.people),
        *(each.name for each in here.directory.groups),
    }


@pytest.mark.parametrize("idp", ["authentik", "keycloak", "onelogin"])
def test_what_was_refused_is_shown_and_not_what_came_after(office: Open, idp: str) -> None:
    here = office(idp, dict(PAIRS)[idp], "deleted-name-taken")
    with pytest.raises(Mismatch, match="left to do") as caught:
        people.succeed(here)
    shown = caught.value.entry
    assert shown is not None
    assert (shown.method, shown.status) == ("POST", 409)


def test_a_refusal_has_a_hint_of_its_own_and_a_conflict_that_of_the_history(office: Open) -> None:
    refused = office("entra", "default", "patch-user-refused-501")
    with pytest.raises(Mismatch, match="left to do") as caught:
        people.join_move_leave_return(refused)
    hint = "Take PATCH /Users/{id} as Microsoft Entra ID sends it: the server answers 501."
    assert caught.value.hint == hint
    conflict = office("authentik", "default", "deleted-name-taken")
    with pytest.raises(Mismatch, match="left to do") as caught:
        people.succeed(conflict)
    assert caught.value.hint is None


class TestWords:
    """Each difference is called what it is."""

    def test_who_is_lost(self, office: Open) -> None:
        here = office()
        here.hire()
        assert "the person is lost" in what(here)

    def test_who_is_left(self, office: Open) -> None:
        here = office()
        (key,) = here.hire()
        here.in_step()
        here.directory.block(key)
        assert "got one who is active" in what(here)

    def test_a_former_name(self, office: Open) -> None:
        here = office("okta", "oin", "rename-creates-another")
        (key,) = here.hire()
        here.in_step()
        here.rename(key)
        with pytest.raises(Mismatch, match="any more"):
            here.in_step()

    def test_a_stale_value(self, office: Open) -> None:
        here = office()
        (key,) = here.hire()
        here.in_step()
        here.directory.change(key, family_name="Other")
        assert "expected name.familyName 'Other'" in what(here)

    def test_a_double(self, office: Open) -> None:
        here = office("okta", "oin", "duplicates-allowed")
        (key,) = here.hire()
        here.in_step()
        here.site.look.create_user(here.directory.person(key))
        assert "got the user twice" in what(here)

    def test_members_who_are_lost_or_should_not_be_there(self, office: Open) -> None:
        here = office()
        one, two = here.hire(2)
        group = here.form(one)
        here.in_step()
        here.directory.join(group, two)
        assert "got 1 person lost" in what(here)
        here.in_step()
        here.directory.leave(group, two)
        assert "1 person who should not be there" in what(here)

    def test_a_group_that_is_left(self, office: Open) -> None:
        here = office()
        group = here.form(*here.hire())
        here.in_step()
        here.directory.dissolve(group)
        assert "expected no groups called" in what(here)

    def test_what_a_server_never_shows_is_no_loss(self, office: Open) -> None:
        here = office("okta", "oin", "search-hides-names")
        here.hire()
        here.in_step()


class TestLeavers:
    """What may be left of somebody depends on the IdP."""

    def test_an_account_that_is_followed_goes_by_the_present_name_alone(self, office: Open) -> None:
        here = office("keycloak", "mitodl")
        (key,) = here.hire()
        here.in_step()
        here.directory.block(key)
        former = here.rename(key)
        here.in_step()
        person = replace(here.directory.person(key), user_name=former)
        here.site.look.create_user(person, active=False)
        assert f"no user {former!r} any more, got one who is left" in what(here)

    def test_an_account_that_is_left_as_it_was_keeps_its_name(self, office: Open) -> None:
        here = office("okta", "oin")
        (key,) = here.hire()
        here.in_step()
        here.directory.block(key)
        here.rename(key)
        here.in_step()

    @pytest.mark.parametrize(("idp", "left"), [("authentik", False), ("google", True)])
    def test_who_is_unassigned_is_deleted_or_inactive(
        self, office: Open, idp: str, left: bool
    ) -> None:
        here = office(idp, "")
        (key,) = here.hire()
        here.in_step()
        here.directory.unassign(key)
        here.in_step()
        name = here.directory.person(key).user_name
        assert bool(here.site.look.users_named(name).object()["totalResults"]) == left
        if not left:
            here.site.look.create_user(here.directory.person(key), active=False)
            assert "got one who is left" in what(here)

    def test_where_nobody_is_assigned_everybody_has_an_account(self, office: Open) -> None:
        here = office("keycloak", "mitodl")
        (key,) = here.hire()
        here.directory.unassign(key)
        here.in_step()
        name = here.directory.person(key).user_name
        assert here.site.look.users_named(name).object()["totalResults"] == 1
        here.let_go(key)
        here.in_step()
        assert here.site.look.users_named(name).object()["totalResults"] == 0

    def test_who_was_never_away_leaves_no_account_behind(self, office: Open) -> None:
        here = office("google", "")
        (key,) = here.hire()
        here.in_step()
        former = here.rename(key)
        here.in_step()
        person = replace(here.directory.person(key), user_name=former)
        here.site.look.create_user(person, active=False)
        assert "got one who is left" in what(here)
        here.directory.block(key)
        here.directory.unblock(key)
        here.check()

    def test_what_an_idp_mends_by_itself_is_noted(self, office: Open) -> None:
        here = office("authentik", "default", "reactivate-restores-first-profile")
        (key,) = here.hire()
        here.in_step()
        here.rename(key)
        here.in_step()
        for change in (here.directory.block, here.directory.unblock):
            change(key)
            here.in_step()
        (note,) = here.site.log.notes
        assert note.startswith("out of step until the next full sync: expected one user")


def test_a_server_without_searches_cannot_be_looked_at(office: Open) -> None:
    def wrap(handle: Handler) -> Handler:
        """Answer filters with 501."""
        return shaping.refuse(handle, shaping.on("GET", filtered=True), 501, "No filters.")

    registry.deviation("searches-of-no-kind", area="own")(wrap)
    try:
        here = office("keycloak", "mitodl", "searches-of-no-kind")
        here.hire()
        with pytest.raises(NotOffered, match="answered with 501"):
            here.in_step()
    finally:
        del registry._registered["searches-of-no-kind"]


@pytest.mark.parametrize(("idp", "dialect"), PAIRS)
def test_the_embedded_server_takes_a_second_token_of_the_same_kind(idp: str, dialect: str) -> None:
    with embedded_office(idp, dialect) as here:
        other = other_credential(here.site, here.setup)
        assert other is not None
        assert other != here.setup.credential
        trouble.rotate_the_token(here)


def test_a_server_with_one_token_has_no_other(office: Open) -> None:
    here = office()
    only = Credential("jwt", "x")
    server = here.site.connection
    server._target = replace(server.target, also_accepts=(server.target.credential, only))
    assert other_credential(here.site, here.setup) is None


def test_an_office_elsewhere_leaves_nothing_behind() -> None:
    server = embedded.start(sockets=False, tenants=False)
    with office_at(server.connection, "entra", "") as here:
        here.form(*here.hire(2))
        here.in_step()
        assert here.setup.dialect == "default"
        look = here.site.look
    assert look.send("GET", "/Users").object()["totalResults"] == 0
    assert look.send("GET", "/Groups").object()["totalResults"] == 0

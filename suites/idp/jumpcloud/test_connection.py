"""JumpCloud's Test Connection and Activate: the run with a test user, step by step."""

from __future__ import annotations

from idp_profiles.model import Json
from suites.client import ScimClient
from suites.conftest import Bench
from suites.expect import expect
from suites.expect import value_at
from suites.making.people import Registry
from suites.replay import Replay
from suites.replay import every_form
from suites.requirements import requirement
from suites.schemas.definitions import rfc
from suites.values import same_but_for_case
from suites.verdicts import Mismatch
from suites.verdicts import NotOffered

from .conftest import Trial
from .conftest import created
from .outcomes import accepted
from .outcomes import blocked
from .outcomes import body_of
from .outcomes import judged
from .outcomes import last_step
from .outcomes import passed
from .outcomes import reply_to
from .outcomes import through

LOOK_UP, CREATE = "look up the test user", "create the test user"
READ, REPLACE = "read the test user", "replace the test user"
DELETE, DEACTIVATE = "delete the test user", "deactivate the test user"
# What a look-up without a match is answered with by servers that do understand the question.
ANSWERED = (200, 204, 404)


@requirement("JUMPCLOUD-CONN-1", proof=("filter-unsupported", "bare-token-required"))
def test_the_look_up_of_the_test_user_is_answered(idp: Replay, trial_run: Trial) -> None:
    """The look-up by userName that begins the test run is not refused."""
    idp.watched(trial_run.outcome)
    reply = reply_to(trial_run.outcome, LOOK_UP)
    if reply is None or reply.status not in ANSWERED:
        judged(idp, trial_run)


@requirement(
    "JUMPCLOUD-CONN-2",
    proof=(
        *("filter-ignored", "empty-search-404", "empty-search-204"),
        *("list-as-bare-array", "list-counts-as-strings"),
    ),
)
def test_a_new_test_address_is_nobodys(idp: Replay, trial_run: Trial) -> None:
    """The look-up of an address that nobody has comes back empty."""
    reply = reply_to(trial_run.outcome, LOOK_UP)
    if reply is None or reply.status not in ANSWERED:
        through(idp, trial_run)
    passed(idp, trial_run, LOOK_UP)


@requirement("JUMPCLOUD-CONN-3", proof=("create-refuses-locale", "create-refuses-addresses"))
def test_the_test_user_is_created(idp: Replay, trial_run: Trial) -> None:
    """The captured body of the test user is accepted."""
    if not accepted(trial_run.outcome, CREATE):
        passed(idp, trial_run, CREATE)


@requirement(
    "JUMPCLOUD-CONN-4",
    proof=("user-ids-as-numbers", "create-without-id", "create-empty-body"),
)
def test_the_id_of_the_test_user_is_a_string(idp: Replay, trial_run: Trial) -> None:
    """The reply to the create has an id, and it is a JSON string."""
    if not accepted(trial_run.outcome, CREATE):
        through(idp, trial_run)
    found = value_at(body_of(reply_to(trial_run.outcome, CREATE)), "id")
    if not isinstance(found, str) or not found:
        passed(idp, trial_run, CREATE)


@requirement(
    "JUMPCLOUD-CONN-5",
    proof=("active-as-string", "emails-as-object", "schemas-as-text", "dates-as-numbers"),
)
def test_every_reply_has_the_types_of_the_schema(
    idp: Replay, trial_run: Trial, bench: Bench
) -> None:
    """What the replies of the test run hold has the JSON types of the SCIM schemas."""
    outcome, shape = idp.watched(trial_run.outcome), rfc().shape("User")
    replies = {step: body_of(reply_to(outcome, step)) for step in (CREATE, READ, REPLACE)}
    users = {step: body for step, body in replies.items() if value_at(body, "id") is not None}
    if not users:
        raise blocked(idp, trial_run)
    for step, user in users.items():
        # How a text is written, such as a date, is no question of its JSON type.
        typed = [each for each in shape.faults(user) if " expected, got " in each]
        faults = [each for each in typed if not each.startswith("id:")]
        if faults:
            raise Mismatch(
                expected="the JSON types of the SCIM schemas in every reply",
                actual="; ".join(faults[:4]),
                entry=next(each for each in bench.log.entries if each.step == step),
            )


@requirement("JUMPCLOUD-CONN-6", proof=("get-refused-501", "create-id-differs"))
def test_the_test_user_is_read(idp: Replay, trial_run: Trial) -> None:
    """The test user is read by the id of the reply."""
    if not accepted(trial_run.outcome, READ):
        passed(idp, trial_run, READ)


@requirement(
    "JUMPCLOUD-CONN-7",
    proof=("put-refused-501", "put-refuses-id", "put-answers-204", "put-empty-body"),
)
def test_the_test_user_is_replaced(idp: Replay, trial_run: Trial) -> None:
    """A PUT with the id, the names, userName and active replaces the test user."""
    if trial_run.culprit == "emails":
        idp.watched(trial_run.outcome)
        idp.note("the PUT is accepted without `emails`")
    else:
        passed(idp, trial_run, REPLACE)


@requirement("JUMPCLOUD-CONN-8", proof=("null-refused",))
def test_null_e_mails_are_accepted(idp: Replay, trial_run: Trial) -> None:
    """The captured PUT with `emails` null is accepted."""
    if trial_run.culprit == "emails":
        judged(idp, trial_run)
    if not accepted(trial_run.outcome, REPLACE):
        through(idp, trial_run)


@requirement("JUMPCLOUD-CONN-9", proof=("put-deactivates", "put-name-ignored+create-drops-name"))
def test_the_captured_put_keeps_the_account(idp: Replay, trial_run: Trial) -> None:
    """After the captured PUT the test user has id, userName and names, and is active."""
    idp.watched(trial_run.outcome)
    if not accepted(trial_run.outcome, REPLACE) and trial_run.culprit is None:
        raise blocked(idp, trial_run)
    wanted: dict[str, Json] = {
        "id": trial_run.id,
        "userName": trial_run.person.email,
        "name": {"givenName": "firstname", "familyName": "lastname"},
    }
    seen = {path: value_at(trial_run.before, path) for path in (*wanted, "active")}
    if not same_but_for_case(seen, wanted) or seen["active"] is False:
        raise Mismatch(
            expected=f"an active user with {wanted}", actual=f"{seen}", entry=trial_run.shown
        )


@requirement(
    "JUMPCLOUD-CONN-10",
    proof=("delete-ignored", "delete-refused+deactivate-ignored"),
)
def test_no_test_user_stays_active(idp: Replay, trial_run: Trial) -> None:
    """The test user is deleted at the end, or deactivated where users cannot be deleted."""
    left = trial_run.left
    if trial_run.removal is None or left is None:
        raise blocked(idp, trial_run)
    passed(idp, trial_run.removal, DELETE, DEACTIVATE)
    if left.status not in (404, 410):
        expect(left).has("active", False)


@requirement(
    "JUMPCLOUD-CONN-11",
    proof=("duplicate-as-200+filter-finds-nothing", "duplicate-overwrites+filter-finds-nothing"),
)
def test_the_address_of_somebody_else_costs_nobody_the_account(
    idp: Replay, look: ScimClient, people: Registry
) -> None:
    """A test run with the address of an existing user leaves that user as it is."""
    person = people.person()
    user_id = created(look, person)
    idp.watched(idp.mock.test_connection(person.email))
    user = expect(look.user(user_id)).status(200).has("userName", person.user_name)
    user.has("name.givenName", person.given_name).not_inactive()


@requirement("JUMPCLOUD-CONN-12", proof=("deleted-name-taken", "deleted-still-found"))
def test_a_later_run_can_use_the_address_again(
    idp: Replay, trial_run: Trial, look: ScimClient
) -> None:
    """A second run with the address of a deleted test user succeeds."""
    if trial_run.removal is None:
        raise blocked(idp, trial_run)
    look.settle()
    if (last := look.user(trial_run.id).status) not in (404, 410):
        raise NotOffered(f"the test user was not deleted ({last}), so its address is in use")
    outcome = idp.watched(idp.mock.test_connection(trial_run.person.email))
    if last_step(outcome) in (LOOK_UP, CREATE):
        idp.judged(outcome)


@requirement("JUMPCLOUD-CONN-16", proof=("doubled-slash-as-page",))
def test_a_slash_in_the_base_url_does_no_silent_harm(idp: Replay, people: Registry) -> None:
    """A request to //Users is served or refused, and not answered with something else."""
    form = idp.again(switches={"base_url_slash": "left"})
    outcome = form.watched(form.mock.test_connection(people.person().email))
    last = outcome.exchanges[-1].reply
    refused = last is not None and (300 <= last.status < 500 or last.status == 501)
    if not outcome.ok and not refused:
        form.judged(outcome)
    form.note(f"//Users: {'served' if outcome.ok else 'refused'}")


@requirement(
    "JUMPCLOUD-CONN-17",
    proof=("plain-json-refused", "accept-json-refused", "filter-plus-not-decoded"),
)
def test_every_form_of_the_test_run_works(idp: Replay, trial_run: Trial, people: Registry) -> None:
    """Media types, User-Agent, blanks and the read after the create make no difference."""
    usual = last_step(trial_run.outcome)
    if usual in (LOOK_UP, CREATE):
        raise blocked(idp, trial_run)

    def check(form: Replay) -> None:
        outcome = form.watched(form.mock.test_connection(people.person().email))
        if last_step(outcome) != usual:
            form.judged(outcome)

    every_form(idp, "test-connection", check, only=lambda name: name != "default")

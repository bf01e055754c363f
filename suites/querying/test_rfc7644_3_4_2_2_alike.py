"""RFC 7644 section 3.4.2.2: people of like names, and people who are in several groups."""

from __future__ import annotations

from suites.expect import expect
from suites.making.lab import Lab
from suites.querying.conftest import Ask
from suites.requirements import requirement
from suites.values import quoted
from suites.values import same_but_for_case
from suites.verbs import Made
from suites.verdicts import Blocked
from suites.verdicts import NotOffered


@requirement("RFC7644-3.4.2.2-12", proof=("filter-overlooks-accents",))
def test_eq_tells_accents_apart(ask: Ask, lab: Lab) -> None:
    """`eq` finds the userName without accents, and not that of somebody with accents."""
    name = f"{lab.people.unique('resume')}@{lab.people.domain}"
    plain = lab.plain_user(userName=name)
    try:
        other = lab.plain_user(userName=name.replace("resume", "résumé"))
    except Blocked:
        raise NotOffered("the server takes no userName with accents beside one without") from None
    names = [(each.value("userName"), each.sent["userName"]) for each in (plain, other)]
    if not all(same_but_for_case(shown, sent) for shown, sent in names):
        raise NotOffered("the server keeps no userName as it is given")
    expect(ask(f"userName eq {quoted(name)}")).understood().matches(plain.id)


@requirement("RFC7644-3.4.2.2-12", proof=("filter-split-at-and",))
def test_a_word_of_the_grammar_in_quotation_marks_is_text(ask: Ask, lab: Lab) -> None:
    """`eq` finds a displayName with the word `and` in it."""
    name = f"{lab.people.unique('Marks')} and Spencer"
    user = lab.plain_user(displayName=name)
    if user.value("displayName") != name:
        raise NotOffered("the server keeps no displayName of Users as it is given")
    reply = ask(f"displayName eq {quoted(name)}")
    if reply.status != 200:
        expect(ask('displayName eq "Scimproof"')).understood()
    expect(reply).matches(user.id)


@requirement(
    "RFC7644-3.4.2.2-4", proof=("list-repeats-users-of-groups",), needs=("filter", "groups")
)
def test_a_member_of_two_groups_is_found_once(ask: Ask, lab: Lab, staff: tuple[Made, ...]) -> None:
    """Somebody who is in two groups is one result of a filter."""
    for _ in range(2):
        lab.group(staff[0])
    name = staff[0].value("userName")
    expect(ask(f"userName eq {quoted(name)}")).understood().matches(staff[0].id)

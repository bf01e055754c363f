"""RFC 7643 section 4.1.2: the multi-valued attributes of a user but for groups and certificates."""

from __future__ import annotations

import re

from suites.attributes.showing import shows
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.users.conftest import Wishes
from suites.users.wishes import Wish
from suites.values import caseless
from suites.values import items
from suites.values import member
from suites.values import values_at
from suites.verdicts import NotOffered

LOST_TYPES = "types-lost"
OFF_LIST = "types-off-list-500"


@requirement("RFC7643-4.1.2-1", proof=("email-plus-part-cut", "emails-without-apostrophes"))
def test_an_address_is_kept(detailed: Wishes) -> None:
    """An e-mail address with a plus sign or an apostrophe comes back as it was sent."""
    sent, shown = _both(detailed["emails"], "emails")
    same = sorted(map(str.lower, sent)) == sorted(map(str.lower, shown))
    shows(detailed["emails"].after, holds=same, wanted=str(sent), came=[*shown])


@requirement("RFC7643-4.1.2-2", proof=("emails-made-small-and-bare",))
def test_a_domain_may_be_made_small(detailed: Wishes, reading: Reading) -> None:
    """An e-mail address whose domain is in capitals comes back with the same local part."""
    sent, shown = _both(detailed["emails"], "emails")
    reading(f"the domain of an e-mail address is {'kept' if sent == shown else 'altered'}")
    wanted = {each.rpartition("@")[0] for each in sent}
    found = {each.rpartition("@")[0] for each in shown}
    shows(
        detailed["emails"].after, holds=wanted == found, wanted=str(sorted(wanted)), came=[*shown]
    )


@requirement("RFC7643-4.1.2-3", proof=("displays-repeat-types",))
def test_the_display_of_an_address_is_the_address(detailed: Wishes) -> None:
    """The `display` of an e-mail address, if there is one, is the same address."""
    wish = detailed["emails"]
    wish.kept("emails")
    for each in items(wish.value("emails")):
        told, value = member(each, "display"), member(each, "value")
        same = told is None or caseless(told) == caseless(value)
        shows(wish.after, holds=same, wanted=f"{value!r}, or no display", came=told)


@requirement("RFC7643-4.1.2-4", proof=("email-types-lost",))
def test_an_address_keeps_its_type(detailed: Wishes) -> None:
    """E-mail addresses of the types work, home and other come back with them."""
    _types_kept(detailed["emails"], "emails")


@requirement("RFC7643-4.1.2-5", proof=("email-type-off-list-500",))
def test_an_address_may_have_another_type(otherwise: Wishes, reading: Reading) -> None:
    """An e-mail address of another type is taken, or refused as a mistake of the client."""
    _answered(otherwise["emails"], "an e-mail address of the type school", reading)


@requirement("RFC7643-4.1.2-6", proof=("phone-uris-refused", "phone-numbers-masked"))
def test_a_phone_number_may_be_a_uri(detailed: Wishes) -> None:
    """A phone number such as tel:+1-201-555-0123 is taken, and comes back with its digits."""
    wish = detailed["phones"]
    expect(wish.reply).success()
    _numbers_kept(wish)


@requirement("RFC7643-4.1.2-7", proof=("phone-numbers-masked",))
def test_a_phone_number_may_be_rewritten(detailed: Wishes, reading: Reading) -> None:
    """A phone number such as 201-555-0126 comes back with its digits, however it is written."""
    sent, shown = _both(detailed["phones"], "phoneNumbers")
    reading(f"phone numbers are {'kept as they are sent' if sent == shown else 'rewritten'}")
    _numbers_kept(detailed["phones"])


@requirement("RFC7643-4.1.2-8", proof=("displays-repeat-types",))
def test_the_display_of_a_number_is_the_number(detailed: Wishes) -> None:
    """The `display` of a phone number, if there is one, has the same digits."""
    wish = detailed["phones"]
    wish.kept("phoneNumbers")
    for each in items(wish.value("phoneNumbers")):
        told, value = member(each, "display"), str(member(each, "value"))
        same = told is None or _digits(str(told)).endswith(_digits(value)[-10:])
        shows(wish.after, holds=same, wanted=f"{value!r}, or no display", came=told)


@requirement("RFC7643-4.1.2-9", proof=(LOST_TYPES,))
def test_a_phone_number_keeps_its_type(detailed: Wishes) -> None:
    """Phone numbers of the types that the text lists come back with them."""
    _types_kept(detailed["phones"], "phoneNumbers")


@requirement("RFC7643-4.1.2-10", proof=(OFF_LIST,))
def test_a_phone_number_may_have_another_type(otherwise: Wishes, reading: Reading) -> None:
    """A phone number of another type is taken, or refused as a mistake of the client."""
    _answered(otherwise["phones"], "a phone number of the type satellite", reading)


@requirement("RFC7643-4.1.2-11", proof=("chats-cut-at-blanks",))
def test_a_chat_address_may_lose_blanks(detailed: Wishes, reading: Reading) -> None:
    """An instant messaging address comes back but for its blanks and capitals."""
    wish = detailed["chats"]
    sent, shown = _both(wish, "ims")
    reading(f"instant messaging addresses are {'kept' if sent == shown else 'rewritten'}")
    wanted, found = ({each.replace(" ", "").lower() for each in one} for one in (sent, shown))
    shows(wish.after, holds=wanted == found, wanted=str(sorted(wanted)), came=[*shown])


@requirement("RFC7643-4.1.2-12", proof=("chat-type-other-refused", LOST_TYPES))
def test_a_chat_address_keeps_its_type(detailed: Wishes) -> None:
    """Instant messaging addresses of the types xmpp and other are taken and come back with them."""
    expect(detailed["chats"].reply).success()
    _types_kept(detailed["chats"], "ims")


@requirement("RFC7643-4.1.2-13", proof=(OFF_LIST,))
def test_a_chat_address_may_have_another_type(otherwise: Wishes, reading: Reading) -> None:
    """An instant messaging address of a new type is taken, or refused as a mistake."""
    _answered(otherwise["chats"], "an instant messaging address of the type matrix", reading)


@requirement("RFC7643-4.1.2-15", proof=("photos-without-scheme",))
def test_a_photo_is_a_url(detailed: Wishes, reading: Reading) -> None:
    """The photos of a user come back as URLs."""
    wish = detailed["photos"]
    shown = [str(each) for each in _values(wish, "photos")]
    reading(f"the URLs of photos are {'kept' if shown == _sent(wish, 'photos') else 'altered'}")
    for each in shown:
        good = re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", each) is not None
        shows(wish.after, holds=good, wanted="a URL", came=each)


@requirement("RFC7643-4.1.2-17", proof=("second-photo-refused",))
def test_a_user_may_have_a_photo_twice(detailed: Wishes) -> None:
    """A user may have the same photo in two sizes."""
    expect(detailed["photos"].reply).success()


@requirement("RFC7643-4.1.2-19", proof=(LOST_TYPES,))
def test_a_photo_keeps_its_type(detailed: Wishes) -> None:
    """Photos of the types photo and thumbnail come back with them."""
    _types_kept(detailed["photos"], "photos")


@requirement("RFC7643-4.1.2-20", proof=(LOST_TYPES,))
def test_a_mailing_address_keeps_its_type(detailed: Wishes) -> None:
    """Mailing addresses of the types work, home and other come back with them."""
    _types_kept(detailed["addresses"], "addresses")


@requirement("RFC7643-4.1.2-21", proof=("short-addresses-refused",))
def test_a_mailing_address_may_be_short(detailed: Wishes) -> None:
    """A mailing address with nothing but a locality is taken."""
    expect(detailed["addresses"].reply).success()


@requirement("RFC7643-4.1.2-22", proof=("line-breaks-lost",))
def test_a_formatted_address_has_lines(detailed: Wishes) -> None:
    """The line breaks of a formatted mailing address come back."""
    _lines_kept(detailed["addresses"], "formatted")


@requirement("RFC7643-4.1.2-23", proof=("line-breaks-lost",))
def test_a_street_address_has_lines(detailed: Wishes) -> None:
    """The line breaks of a street address come back."""
    _lines_kept(detailed["addresses"], "streetAddress")


@requirement("RFC7643-4.1.2-24", proof=("countries-by-name",))
def test_a_country_is_a_code(detailed: Wishes) -> None:
    """The country of a mailing address comes back as the code of two letters that was sent."""
    wish = detailed["addresses"]
    for each in values_at(wish.kept("addresses.country").object(), "addresses.country"):
        known = str(each).upper() in _sent(wish, "addresses", "country")
        shows(wish.after, holds=known, wanted="US or SE", came=each)


@requirement("RFC7643-4.1.2-33", proof=("entitlements-refused",))
def test_an_entitlement_has_any_value(entitled: Wishes) -> None:
    """A user is taken with an entitlement of the client's own words, which comes back."""
    _free(entitled["entitlements"], "entitlements")


@requirement("RFC7643-4.1.2-34", proof=("roles-refused",))
def test_a_role_has_any_value(entitled: Wishes) -> None:
    """A user is taken with a role of the client's own words, which comes back."""
    _free(entitled["roles"], "roles")


def _free(wish: Wish, path: str) -> None:
    __tracebackhide__ = True
    expect(wish.reply).success()
    if not values_at(wish.after.object(), path):
        raise NotOffered(f"the server keeps no {path} of a user")
    sent, shown = _sent(wish, path), _values(wish, path)
    shows(wish.after, holds=sent == shown, wanted=str(sent), came=[*shown])


def _answered(wish: Wish, what: str, reading: Reading) -> None:
    __tracebackhide__ = True
    reading(f"{what} is answered with {wish.reply.status}")
    expect(wish.reply).no_server_error()


def _types_kept(wish: Wish, path: str) -> None:
    """Expect each type that was sent; an array of which the server keeps a part is not asked."""
    __tracebackhide__ = True
    wish.several(path)
    sent = sorted(str(member(each, "type")) for each in items(wish.sent(path)))
    shown = sorted(str(member(each, "type")).lower() for each in items(wish.value(path)))
    shows(wish.after, holds=sent == shown, wanted=str(sent), came=[*shown])


def _numbers_kept(wish: Wish) -> None:
    __tracebackhide__ = True
    sent, shown = _both(wish, "phoneNumbers")
    wanted = sorted(_digits(each)[-10:] for each in sent)
    found = sorted(_digits(each)[-10:] for each in shown)
    shows(wish.after, holds=wanted == found, wanted=str(sent), came=[*shown])


def _lines_kept(wish: Wish, part: str) -> None:
    __tracebackhide__ = True
    sent = [text.split() for text in _sent(wish, "addresses", part)]
    path = f"addresses.{part}"
    shown = [str(each) for each in values_at(wish.kept(path).object(), path)]
    same = [each for each in shown if each.split() in sent]
    if len(same) < len(shown):
        raise NotOffered(f"the server makes {part} itself")
    broken = all("\n" in each for each in shown if each.split() == sent[0])
    shows(wish.after, holds=broken, wanted="line breaks", came=[*shown])


def _both(wish: Wish, path: str) -> tuple[list[str], list[str]]:
    """Return the values that were sent and those shown, each in the order of their letters."""
    wish.several(path)
    return sorted(_sent(wish, path)), sorted(_values(wish, path))


def _sent(wish: Wish, path: str, part: str = "value") -> list[str]:
    return [str(value) for value in values_at({**wish.changes}, f"{path}.{part}")]


def _values(wish: Wish, path: str) -> list[str]:
    return [str(value) for value in values_at(wish.kept(path).object(), f"{path}.value")]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number.partition(";")[0])

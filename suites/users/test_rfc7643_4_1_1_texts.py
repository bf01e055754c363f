"""RFC 7643 section 4.1.1: what the single attributes of a user hold, and in which format."""

from __future__ import annotations

from urllib.parse import urlsplit

from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.users.conftest import Wishes
from suites.users.samples import PLACES
from suites.users.samples import TEXTS
from suites.users.wishes import Wish
from suites.users.wishes import shown_as_sent
from suites.values import is_empty
from suites.values import named_by_server
from suites.values import text as shortened
from suites.verbs import Made
from suites.verdicts import NotOffered

# One for each kind of text, in the order of `TEXTS`; the long one has a case of its own.
LOSSES = (
    "texts-with-plus-as-blank",
    "texts-without-backslashes",
    "texts-in-ascii",
    "texts-without-emoji",
    "texts-without-marks",
    "texts-with-single-blanks",
)


@requirement("RFC7643-2.3.1-1", proof=(*LOSSES, "create-escapes-html", "create-mangles-unicode"))
def test_texts_of_a_new_user_are_kept(texts: Wishes) -> None:
    """Signs, quotation marks, letters of many scripts and blanks of a new user are kept."""
    _all_kept(texts)


@requirement("RFC7643-2.3.1-1", proof=LOSSES)
def test_texts_of_a_changed_user_are_kept(exchanged: Wishes) -> None:
    """Signs, quotation marks, letters of many scripts and blanks are kept after a PUT."""
    _all_kept(exchanged)


@requirement("RFC7643-2.3.1-1", proof=("texts-cut-at-255",))
def test_a_long_text_is_kept_or_refused(texts: Wishes, reading: Reading) -> None:
    """A text of 1,000 characters is kept whole, unless it is refused."""
    found = _lost({"long": texts["long"]})
    reading("a text of 1,000 characters is kept" if not found else "long texts are cut")
    expect(texts["long"].after).warn_at_most().holds(
        lambda: not found, "1,000 characters", lambda: _first(found)
    )


@requirement("RFC7643-4.1.1-17", proof=("profile-urls-without-scheme",))
def test_a_profile_is_a_url(detailed: Wishes, reading: Reading) -> None:
    """A profileUrl comes back as a URL that leads to the same place."""
    wish = detailed["profile"]
    wish.kept("profileUrl")
    sent, shown = (
        urlsplit(str(url)) for url in (wish.sent("profileUrl"), wish.value("profileUrl"))
    )
    reading("a profileUrl is kept as it is sent" if sent == shown else "a profileUrl is made over")
    expect(wish.after).holds(
        lambda: (
            (shown.scheme, shown.netloc.lower()) == (sent.scheme, sent.netloc)
            and shown.path.rstrip("/") == sent.path
        ),
        sent.geturl(),
        lambda: shown.geturl(),
    )


@requirement("RFC7643-4.1.1-17", proof=("wrong-values-kept",))
def test_a_profile_with_blanks_is_no_url(wrong: Wishes) -> None:
    """A profileUrl with a blank in it is refused, or does not come back."""
    _not_kept(wrong["blank in profile"], "profileUrl")


@requirement("RFC7643-4.1.1-18", proof=("titles-cut-at-ten",))
def test_a_title_is_kept(detailed: Wishes) -> None:
    """A title comes back as it was sent."""
    _kept(detailed["title"], "title")


@requirement("RFC7643-4.1.1-19", proof=("user-types-on-list-only",))
def test_any_user_type_may_be_used(detailed: Wishes) -> None:
    """A userType of the client's own invention is taken."""
    expect(detailed["user type"].reply).success()
    _kept(detailed["user type"], "userType")


@requirement("RFC7643-4.1.1-20", proof=("locales-with-underscore",))
def test_a_language_is_kept(calm_user: Made) -> None:
    """A preferredLanguage such as en-US comes back as it was sent."""
    sent, shown = calm_user.sent.get("preferredLanguage"), calm_user.value("preferredLanguage")
    calm_user.kept("preferredLanguage")
    expect(calm_user.reply).holds(
        lambda: str(shown).lower() == str(sent).lower(), repr(sent), lambda: repr(shown)
    )


@requirement("RFC7643-4.1.1-20", proof=("languages-first-only",))
def test_a_list_of_languages_is_kept(detailed: Wishes) -> None:
    """A preferredLanguage in the format of the Accept-Language header comes back as it was sent."""
    wish = detailed["languages"]
    wish.kept("preferredLanguage")
    expect(wish.after).warn_at_most().holds(
        lambda: shown_as_sent(wish, "preferredLanguage"),
        repr(wish.sent("preferredLanguage")),
        lambda: repr(wish.value("preferredLanguage")),
    )


@requirement("RFC7643-4.1.1-21", proof=("create-refuses-locale", "locales-with-underscore"))
def test_a_locale_is_a_language_tag(detailed: Wishes) -> None:
    """A locale such as es-419 is taken, and comes back as it was sent."""
    expect(detailed["locale"].reply).success()
    _kept(detailed["locale"], "locale")


@requirement("RFC7643-4.1.1-22", proof=("locale-underscore-500",))
def test_a_locale_with_an_underscore_may_be_taken(otherwise: Wishes, reading: Reading) -> None:
    """A locale such as en_US is taken, or refused as a mistake of the client."""
    wish = otherwise["underscore"]
    reading(f"a locale with an underscore is answered with {wish.reply.status}")
    expect(wish.reply).no_server_error()


@requirement("RFC7643-4.1.1-23", proof=("wrong-values-kept",))
def test_a_locale_has_no_blanks(wrong: Wishes) -> None:
    """A locale with a blank in it is refused, or does not come back."""
    _not_kept(wrong["blank in locale"], "locale")


@requirement("RFC7643-4.1.1-24", proof=("time-zones-as-offsets", "time-zones-refused"))
def test_a_time_zone_has_its_iana_name(detailed: Wishes) -> None:
    """A timezone such as America/Los_Angeles is taken, and comes back as it was sent."""
    expect(detailed["time zone"].reply).success()
    _kept(detailed["time zone"], "timezone")


def _kept(wish: Wish, path: str) -> None:
    __tracebackhide__ = True
    wish.kept(path)
    expect(wish.after).has(path, wish.sent(path))


def _not_kept(wish: Wish, path: str) -> None:
    """Expect that a value of no use was refused, or is not shown as it was sent."""
    __tracebackhide__ = True
    expect(wish.reply).no_server_error()
    if wish.taken:
        expect(wish.after).warn_at_most().holds(
            lambda: not shown_as_sent(wish, path), "another value", lambda: repr(wish.value(path))
        )


def _all_kept(texts: Wishes) -> None:
    __tracebackhide__ = True
    found = _lost({kind: wish for kind, wish in texts.items() if kind != "long" and wish.taken})
    seen = next((wish for wish in texts.values() if wish.taken), None)
    if seen is None:
        raise NotOffered("the server refuses such texts")
    expect(seen.after).holds(lambda: not found, "each text as it was sent", lambda: _first(found))


def _lost(texts: Wishes) -> dict[str, str]:
    """Return what became of the texts that are not as they were sent; one not kept is not asked."""
    found = {}
    for kind, wish in texts.items():
        for place in PLACES:
            sent, shown = wish.sent(place), wish.value(place)
            if place == "displayName" and named_by_server(wish.after.object()):
                continue
            if sent == TEXTS[kind] and not is_empty(shown) and shown != sent:
                found[f"{place}, {kind}"] = f"{shortened(shown)} in place of {shortened(sent)}"
    return found


def _first(found: dict[str, str]) -> str:
    return next((f"{name}: {what}" for name, what in found.items()), "nothing")

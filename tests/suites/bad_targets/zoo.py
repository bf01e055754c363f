"""Every hostile server with the truth about it: what it may be accused of, and nothing beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.suites.bad_targets import answers
from tests.suites.bad_targets import habits
from tests.suites.bad_targets import lives
from tests.suites.bad_targets.hostile import Answer
from tests.suites.bad_targets.hostile import Hostile

# One case or two of each kind: what runs unless everything does.
BRIEF = (
    *("OKTA-CONN-1", "OKTA-CREATE-1", "OKTA-DEACT-1", "OKTA-LINK-1", "OKTA-PUSH-1"),
    *("OKTA-HIST-1", "RFC7643-3.1-2", "RFC7643-4.2-9", "RFC7644-3.3-1", "RFC7644-3.3-7"),
    *("RFC7644-3.4.1-1", "RFC7644-3.4.2-7", "RFC7644-3.4.2-11", "RFC7644-3.4.2.2-4"),
    *("RFC7644-3.4.2.4-9", "RFC7644-3.5.1-4", "RFC7644-3.5.2.3-1", "RFC7644-3.6-2"),
)
_CREATES = r"OKTA-(CREATE-1|PUSH-[45])|RFC7644-3\.3-[17]|RFC7644-3\.8-9"
_PATCHES = (
    r"OKTA-(DEACT|DEL|HIST|LINK|MEM|PUSH|PWD|REACT|REN|UPD)-\d+|RFC7644-3\.5\.2.*|RFC7644-3\.6-2"
    r"|RFC7643-4\.1\.1-(6|35)|RFC7643-4\.2-2"
)
_FILTERS = r"OKTA-[A-Z]+-\d+|RFC7644-3\.4\.2-11|RFC7644-3\.4\.2\.2-(4|12|49)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beast:
    """A hostile server, and what a run of it has to come to.

    `trouble` is a part of the one sentence where nothing can be judged. Else `accused` is the
    pattern of the requirements that may fail or warn, `fails` those that have to, `passes` those
    that depend on nothing of what is wrong, and `blocked` a part of a reason that has to be given.
    `recovers` says that more pass than are blocked; which those are is a matter of the moment.
    """

    name: str
    start: Callable[[], Hostile]
    trouble: str = ""
    accused: str = "nothing"
    fails: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()
    blocked: str = ""
    recovers: bool = False
    status: int = 1
    timeout: float = 5.0
    seconds: float = 60.0  # for a brief run
    whole: bool = True  # whether a whole run is worth its time


def _answering(answer: Answer) -> Callable[[], Hostile]:
    return lambda: Hostile(answer)


def _mute(answer: Answer, trouble: str, **more: float) -> Beast:
    """A server of which nothing can be judged."""
    return Beast(
        name=getattr(answer, "__name__", "?"),
        start=_answering(answer),
        trouble=trouble,
        timeout=more.get("timeout", 5.0),
        seconds=more.get("seconds", 60.0),
    )


MUTE = (
    _mute(answers.never_answers, "did not answer GET /Users?startIndex=1&count=1", timeout=0.5),
    _mute(answers.hangs_after_the_headers, "did not answer GET /Users", timeout=0.5),
    _mute(answers.trickles, "did not answer GET /Users?startIndex=1", timeout=1.5),
    _mute(answers.shows_a_login_page, "answered 200 with HTML: this is not the SCIM base URL"),
    _mute(answers.is_nothing_but_404_pages, "answered 404 without a SCIM error"),
    _mute(answers.is_nothing_but_500_pages, "answered 500 with HTML, and so does"),
    _mute(answers.is_nothing_but_503_pages, "a gateway answers in its place"),
    _mute(answers.calls_a_page_json, "answered 200 with HTML"),
    _mute(answers.redirects_to_a_login_page, "redirects to https://sso.example/login"),
    _mute(answers.redirects_to_itself, "redirects to /scim/v2/Users"),
    _mute(answers.redirects_in_a_circle, "redirects to /a"),
    _mute(answers.sends_a_chunk_of_a_wrong_size, "with a chunk whose size is no number"),
    _mute(answers.breaks_off_in_a_chunk, "broke off in the middle of its reply"),
    _mute(answers.promises_more_than_it_sends, "broke off in the middle of its reply"),
    _mute(answers.has_two_lengths, "it says two lengths in Content-Length: 5 and"),
    _mute(answers.has_a_status_line_of_garbage, "with something that is not HTTP"),
    _mute(answers.has_a_status_of_letters, "with something that is not HTTP"),
    _mute(answers.has_a_header_without_colon, "a line among the headers that is no header"),
    _mute(answers.has_a_header_of_100_kb, "not HTTP: got more than 65536 bytes when reading"),
    _mute(answers.says_gzip_and_sends_none, "says Content-Encoding: gzip, but cannot be unpacked"),
    _mute(answers.sends_half_a_gzip, "is compressed, and ends before its end"),
    _mute(answers.says_nothing_and_hangs_up, "closed the connection before it answered"),
    _mute(answers.speaks_http_0_9, "with something that is not HTTP"),
    _mute(answers.is_not_utf_8, "with something that is not JSON"),
    _mute(answers.nests_without_end, "with JSON that is nested too deeply for any reader"),
    _mute(answers.nests_below_a_member, "with JSON that is nested too deeply for any reader"),
    _mute(answers.answers_everything_with_no_content, "answered 204 with an empty body"),
    _mute(answers.answers_everything_with_null, "with something that is not JSON"),
    _mute(habits.throttles_always, "the server asks to wait 3600 s"),
    _mute(habits.throttles_without_end, "the server throttles the run"),
)


def _beast(answer: Answer, **truth: object) -> Beast:
    return Beast(
        name=getattr(answer, "__name__", "?"),
        start=_answering(answer),
        **truth,  # type: ignore[arg-type]  # the fields of Beast
    )


_ALL_WELL = ("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1", "RFC7644-3.5.2.3-1")
_READS_WELL = ("OKTA-CONN-1", "RFC7644-3.4.2-11")

JUDGED = (
    _beast(answers.informs_first, passes=_ALL_WELL, status=0),
    _beast(answers.says_everything_twice, passes=_ALL_WELL, status=0),
    _beast(habits.announces_nothing, passes=_ALL_WELL, status=0),
    _beast(
        answers.begins_with_a_mark,
        accused=r"RFC7644-3\.8-6",
        passes=_ALL_WELL,
        status=0,  # 1 where RFC7644-3.8-6 runs
    ),
    _beast(
        answers.loses_the_server_behind_on_writes,
        accused=rf"{_CREATES}|RFC7644-3\.5\.2-31",
        fails=("OKTA-CREATE-1", "RFC7644-3.3-1"),
        passes=_READS_WELL,
        blocked="POST /Users answered 502",
    ),
    _beast(
        answers.redirects_writes,
        accused=rf"{_CREATES}|RFC7644-3\.5\.2-31",
        fails=("OKTA-CREATE-1", "RFC7644-3.3-1"),
        passes=_READS_WELL,
        blocked="POST /Users answered 307",
    ),
    _beast(
        habits.fails_on_every_create,
        accused=_CREATES,
        fails=("OKTA-CREATE-1", "RFC7644-3.3-1"),
        passes=_READS_WELL,
        blocked="POST /Users answered 500",
    ),
    _beast(
        habits.creates_without_id,
        accused=r"OKTA-(CREATE-[13]|PUSH-[45])|RFC7643-3\.1-2",
        fails=("OKTA-CREATE-1", "RFC7643-3.1-2"),
        passes=("OKTA-CONN-1", "RFC7644-3.3-7"),
        blocked="gave no id",
    ),
    _beast(
        habits.has_no_patch,
        accused=_PATCHES,
        fails=("OKTA-PUSH-1", "RFC7644-3.5.2.3-1"),
        passes=("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1", "RFC7644-3.5.1-4"),
    ),
    _beast(
        habits.fails_on_patch,
        accused=_PATCHES,
        fails=("OKTA-PUSH-1", "RFC7644-3.5.2.3-1"),
        passes=("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1", "RFC7644-3.5.1-4"),
    ),
    _beast(
        habits.dies_on_patch,
        passes=("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1", "RFC7644-3.5.1-4"),
        blocked="transport trouble at PATCH",
    ),
    _beast(
        habits.dies_on_contains,
        passes=(*_ALL_WELL, "OKTA-PUSH-1"),
        blocked="transport trouble at GET /Users",
    ),
    _beast(
        habits.dies_on_groups,
        passes=("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1", "RFC7644-3.3-7"),
        blocked="transport trouble at POST /Groups",
    ),
    _beast(
        habits.dies_on_other_scripts,
        passes=("OKTA-CONN-1", "RFC7644-3.3-7"),
        blocked="transport trouble at POST /",
    ),
    _beast(
        habits.has_no_filter,
        accused=_FILTERS,
        fails=("RFC7644-3.4.2-11", "RFC7644-3.4.2.2-4"),
        passes=("OKTA-CONN-1", "RFC7644-3.3-1", "RFC7644-3.5.2.3-1"),
    ),
    _beast(
        habits.ignores_filters,
        accused=_FILTERS,
        fails=("RFC7644-3.4.2-11", "RFC7644-3.4.2.2-4"),
        passes=("OKTA-CONN-1", "RFC7644-3.3-1", "RFC7644-3.5.2.3-1"),
    ),
    _beast(
        habits.has_no_groups,
        accused=r"OKTA-(CONN-2|HIST-\d+|PUSH-\d+|SPEC-10)|RFC7643-4\.2-9",
        fails=("OKTA-PUSH-1", "RFC7643-4.2-9"),
        passes=("OKTA-CONN-1", "OKTA-CREATE-1", "RFC7644-3.3-1"),
        blocked="POST /Groups answered 404",
    ),
    _beast(
        habits.forgets_everything,
        accused=r"OKTA-[A-Z]+-\d+|RFC764[34]-(?!3\.4\.2|3\.3-7).*",
        fails=("RFC7644-3.3-1", "RFC7644-3.4.1-1"),
        passes=("OKTA-CONN-1", "RFC7644-3.3-7", "RFC7644-3.4.2-11"),
    ),
    _beast(
        answers.trickles_on_writes,
        timeout=0.3,
        blocked="no reply in time",
        passes=("OKTA-CONN-1",),
        seconds=60.0,
        whole=False,
    ),
)


def _mortal(start: Callable[[], Hostile], blocked: str, **truth: object) -> Beast:
    name = getattr(start, "__name__", "?")
    return Beast(name=name, start=start, blocked=blocked, **truth)  # type: ignore[arg-type]  # as above


MORTAL = (
    _mortal(lives.breaking_every_third_connection, ""),
    _mortal(lives.dying_for_good, "the server stopped answering after request"),
    _mortal(lives.dying_and_coming_back, "", recovers=True),
    _mortal(lives.going_silent, "the server stopped answering after request", timeout=0.5),
    _mortal(lives.behind_a_gateway_that_loses_it, "answers 502 to what it answered before"),
    _mortal(lives.tired_of_the_token, "has the token expired?"),
    _mortal(lives.limiting_the_token, "", passes=("OKTA-CONN-1",)),
    _mortal(lives.slow, "the run's time was over", whole=False, seconds=20.0),
    Beast(
        name="closes_after_each_reply",
        start=_answering(answers.closes_after_each_reply),
        passes=("OKTA-CONN-1",),
    ),
)

"""A recording beside a profile: what each stretch of it is, and where it is not as expected."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from typing import Any
from typing import TypeAlias

from idp_profiles.mapping import AttributeMapping
from idp_profiles.profile import Profile

from .body_differences import Optional
from .body_differences import signature
from .changes import change_in
from .differences import Judging
from .differences import differences
from .forms import form_of
from .forms import key_of
from .matching import Step
from .matching import Stretch
from .matching import Template
from .matching import aligned
from .matching import stretches
from .parts import Difference
from .plays import Candidate
from .plays import PersonPaths
from .plays import Played
from .plays import Player
from .plays import listed_in
from .recorded import Recorded
from .recorded import Recording

_MOST_CANDIDATES = 16
# What differs, with the place in its stretch.
_Found: TypeAlias = list[tuple[int, Difference]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One difference and the number of the recorded exchange that shows it."""

    number: int
    difference: Difference


@dataclass(frozen=True, slots=True)
class Judged:
    """One stretch: the scenario that it matches best, others that match as well, what differs."""

    first: int
    last: int
    scenario: str
    others: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole recording compared with a profile in one dialect; `left_out` went elsewhere."""

    dialect: str
    stretches: tuple[Judged, ...]
    left_out: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that differs."""
        return tuple(one for stretch in self.stretches for one in stretch.findings)


def compare(
    recording: Recording,
    profile: Profile[Any],  # Any: the class of the mock IdP is known at run time only
    dialects: Sequence[str],
    mapping: AttributeMapping | None = None,
) -> Comparison:
    """Return how a recording differs from a profile, in the dialect in which it does least."""
    found = [_Comparing(recording, profile, one, mapping).compared() for one in dialects]
    return min(found, key=lambda one: len(one.findings))


class _Comparing:
    """One recording against one dialect."""

    def __init__(
        self,
        recording: Recording,
        profile: Profile[Any],
        dialect: str,
        mapping: AttributeMapping | None,
    ) -> None:
        self._dialect = dialect
        self._faithful = recording.faithful
        self._entries = [one for one in recording.entries if not one.elsewhere]
        self._left_out = len(recording.entries) - len(self._entries)
        self._forms = [form_of(one) for one in self._entries]
        self._retried = frozenset(_retried(self._entries))
        self._player = Player(profile, dialect, mapping, listed_in(self._entries))
        modes = [one for one in profile.facts.auth_modes if dialect in one.dialects]
        self._prefixes = frozenset(mode.prefix for mode in modes if not mode.refused)
        self._known: dict[object, tuple[str, tuple[str, ...], _Found]] = {}

    def compared(self) -> Comparison:
        """Return the comparison."""
        found = stretches(self._forms, self._retried, self._templates())
        judged = [self._judged(one) for one in found]
        return Comparison(self._dialect, tuple(self._elsewise(found, judged)), self._left_out)

    def _elsewise(self, found: list[Stretch[Candidate]], judged: list[Judged]) -> list[Judged]:
        """Return the judgements with switches set that explain some of what differs."""
        if not any(one.findings for one in judged):
            return judged
        best = judged
        for also in self._player.switches():
            tried = [
                self._judged(stretch, also) if one.findings else one
                for stretch, one in zip(found, judged, strict=True)
            ]
            best = min(best, tried, key=_count)
        return best

    def _templates(self) -> list[Template[Candidate]]:
        played = [(one, self._player.play(one)) for one in self._player.candidates()]
        return [
            Template.made(candidate, [form_of(one) for one in play.requests])
            for candidate, play in played
            if play is not None
        ]

    def _judged(
        self, stretch: Stretch[Candidate], also: tuple[tuple[str, str], ...] = ()
    ) -> Judged:
        entries = self._entries[stretch.begin : stretch.end]
        first, last = entries[0].number, entries[-1].number
        if not stretch.closest:
            nothing = Difference("request", "", "no such request in any scenario", entries[0].line)
            return Judged(first, last, "", (), (Finding(first, nothing),))
        closest = [replace(one, also=also) for one in stretch.closest[:_MOST_CANDIDATES]]
        names = tuple(one.name for one in closest)
        key = (names, tuple(_whole_form(one) for one in entries))
        if key not in self._known:
            self._known[key] = self._best(closest, stretch.begin, entries)
        scenario, others, findings = self._known[key]
        # Stretches of one form differ in one way: only the numbers are their own.
        moved = tuple(Finding(entries[at].number, difference) for at, difference in findings)
        return Judged(first, last, scenario, others, moved)

    def _best(
        self, closest: list[Candidate], begin: int, entries: list[Recorded]
    ) -> tuple[str, tuple[str, ...], _Found]:
        """Return the scenario with the fewest differences, each with its place in the stretch."""
        attempts: list[tuple[Candidate, _Found]] = []
        for candidate in closest:
            for played in self._plays(candidate, entries):
                attempts.append((candidate, self._findings(played, begin, entries)))
        if not attempts:
            return closest[0].name, (), []
        fewest = min(len(findings) for _, findings in attempts)
        names = [one.name for one, findings in attempts if len(findings) == fewest]
        findings = next(found for _, found in attempts if len(found) == fewest)
        name, *others = dict.fromkeys(names)
        return name, tuple(others), findings

    def _plays(self, candidate: Candidate, entries: list[Recorded]) -> Iterator[Played]:
        plays = [self._player.play(candidate, entries), self._player.play(candidate)]
        change = change_in(entries)
        if change is not None:
            plays.append(self._player.update(candidate, change))
        yield from (played for played in plays if played is not None)

    def _findings(self, played: Played, begin: int, entries: list[Recorded]) -> _Found:
        judging = Judging(
            optional=_optional(played.paths),
            prefixes=self._prefixes,
            faithful=self._faithful,
        )
        forms = self._forms[begin : begin + len(entries)]
        retried = frozenset(at - begin for at in self._retried)
        steps = aligned([form_of(one) for one in played.requests], forms, retried)
        return _compared(played.requests, entries, steps, judging)


def _count(judged: list[Judged]) -> int:
    return sum(len(one.findings) for one in judged)


def _compared(
    ours: Sequence[Recorded],
    theirs: Sequence[Recorded],
    steps: Sequence[Step],
    judging: Judging,
) -> _Found:
    """Return what differs, each with the place in the stretch that shows it."""
    found: list[tuple[int, Difference]] = []
    place = 0
    for step in steps:
        if step.theirs is None:
            mine = "" if step.ours is None else ours[step.ours].line
            found.append((place, Difference("request", "", mine, "nothing")))
            continue
        place = step.theirs
        if step.ours is None:
            found.append((place, Difference("request", "", "nothing", theirs[place].line)))
            continue
        listed = differences(ours[step.ours], theirs[place], judging, again=step.again)
        found += [(place, one) for one in listed]
    return found


def _optional(paths: PersonPaths) -> Optional:
    """Return what tells whether a path, or all that is below it, comes from a person."""

    def is_optional(path: str, changes: bool) -> bool:
        plain = _plain(path)
        if plain == paths.match and not changes:
            return False
        return any(one == plain or one.startswith((f"{plain}.", f"{plain}:")) for one in paths.all)

    return is_optional


def _plain(path: str) -> str:
    """Return a path without filters, and without the words that a PATCH puts around it."""
    bare = "".join(one.partition("]")[2] if "]" in one else one for one in path.split("["))
    return bare.lower().removeprefix("value.").removesuffix(".value")


def _retried(entries: Sequence[Recorded]) -> Iterator[int]:
    """Yield the places of requests that went out once more because nobody served them."""
    for at in range(1, len(entries)):
        before, now = entries[at - 1], entries[at]
        refused = before.reply is None or before.reply.status == 429 or before.reply.status >= 500
        if refused and key_of(before) == key_of(now):
            yield at


def _whole_form(one: Recorded) -> tuple[object, ...]:
    reply = one.reply
    answered = (reply.status, signature(reply.content.body)) if reply else ()
    return (key_of(one), one.headers, signature(one.content.body), answered)

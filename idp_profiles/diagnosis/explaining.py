"""From a file to a diagnosis: who spoke, what went wrong, why, and what the log cannot show."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from .console_words import console_of
from .console_words import console_of_event
from .formats import blindness
from .formats import read_log
from .members import Memberships
from .model import Diagnosis
from .model import Event
from .model import Finding
from .model import Hit
from .model import Log
from .model import Recognised
from .model import Sure
from .moves import move_of
from .moves import replay_of
from .pages import Pages
from .recognition import recognise
from .rules import Match
from .rules import Seen
from .rules import cause_of
from .rules import causes
from .rules import kinds_of
from .rules import matches
from .rules import sure_of
from .shapes import tags_of
from .subjects import Subjects
from .telling import entry_line
from .telling import event_line
from .telling import suspicious


def explain(path: Path, *, idp: str = "") -> Diagnosis:
    """Return what a log says; an `idp` that is given is believed. Raises Unreadable."""
    return explain_log(read_log(path), idp=idp)


def explain_log(log: Log, *, idp: str = "") -> Diagnosis:
    """Return what the entries of a log say."""
    subjects = Subjects()
    known: list[Recognised] = []
    findings: list[Finding] = []
    groups = _of_groups(log.hits)
    for hits in _streams(log.hits):
        said = Recognised(idp, Sure.CERTAIN, ("the option --idp",)) if idp else recognise(hits)
        known.append(said)
        findings.extend(_of_stream(_seen(hits, said.idp, subjects, groups), said.idp))
    if log.events:
        known.append(Recognised(log.idp, Sure.CERTAIN, ("the format of its own log",)))
        findings.extend(_of_events(log.events, log.idp, subjects))
    title, blind = blindness()[log.format]["title"], blindness()[log.format]["blind"]
    return Diagnosis(
        format=log.format,
        format_title=str(title),
        entries=len(log.hits) + len(log.events),
        others=log.others,
        unread=log.unread,
        left_off=log.left_off,
        recognised=_each_once(known),
        findings=tuple(sorted(_together(findings), key=lambda each: (-each.rank, each.entry))),
        blind=tuple(blind) if isinstance(blind, list) else (),
    )


def _streams(hits: Iterable[Hit]) -> list[list[Hit]]:
    """Return the requests of each sender: who has another base path or User-Agent is another."""
    streams: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        streams.setdefault((hit.place.base, hit.agent or ""), []).append(hit)
    return list(streams.values())


def _of_groups(hits: Iterable[Hit]) -> dict[int, set[str]]:
    """Return what the groups show of writes, by the number of the write, whoever looked."""
    memberships = Memberships()
    found: dict[int, set[str]] = {}
    for hit in hits:
        for number, word in memberships.see(hit):
            found.setdefault(number, set()).add(word)
    return found


def _of_stream(stream: list[Seen], idp: str) -> list[Finding]:
    proven = frozenset().union(*(each.tags for each in stream if 200 <= each.hit.status < 300))
    kinds = kinds_of(stream)
    claimed: set[int] = set()
    found: list[Finding] = []
    for cause in causes():
        for rule in cause["rules"]:
            for match in matches(rule, stream, idp, kinds):
                scene = match.entries[-1].hit.number
                if scene not in claimed and match.rule.get("form") not in proven:
                    claimed.add(scene)
                    found.append(_finding(cause, match, idp, proven))
    return found


def _seen(
    hits: list[Hit], idp: str, subjects: Subjects, groups: Mapping[int, set[str]]
) -> list[Seen]:
    pages, stream = Pages(), list[Seen]()
    for hit in hits:
        media = (hit.request_headers or {}).get("content-type", "")
        plain = {"plain-json"} if media.startswith("application/json") else set()
        tags = tags_of(hit) | {*pages.see(hit), *groups.get(hit.number, ())} | plain
        stream.append(Seen(hit, move_of(hit, tags, idp), tags, subjects.of(hit)))
    return stream


def _finding(cause: Mapping[str, Any], match: Match, idp: str, proven: frozenset[str]) -> Finding:
    scene = match.entries[-1]
    suspects = suspicious(scene.tags - proven) if "form" in match.rule else ()
    return Finding(
        cause=cause["id"],
        title=cause["title"],
        why=cause["why"],
        mend=cause["mend"],
        sure=Sure.POSSIBLE if len(suspects) > 1 else sure_of(match.rule),
        idp=idp,
        move=scene.move,
        replay=replay_of(scene.move, scene.tags, idp),
        entry=scene.hit.number,
        when=scene.hit.when,
        shown=tuple(entry_line(seen) for seen in match.entries),
        times=1,
        console=console_of(scene, idp, stops=cause.get("stops", False)),
        rank=cause["rank"],
        suspects=suspects if len(suspects) > 1 else (),
    )


def _of_events(events: Iterable[Event], idp: str, subjects: Subjects) -> list[Finding]:
    found: list[Finding] = []
    for event in events:
        cause = cause_of(event) if event.result == "failure" else None
        if cause is not None:
            kind = "group" if event.is_group else "user"
            who = subjects.named(kind, event.subject) if event.subject else ""
            found.append(_told(cause, event, idp, who))
    return found


def _told(cause: Mapping[str, Any], event: Event, idp: str, who: str) -> Finding:
    tags = frozenset({"no-bodies"})
    return Finding(
        cause=cause["id"],
        title=cause["title"],
        why=cause["why"],
        mend=cause["mend"],
        sure=Sure(cause["told"].get("sure", "likely")),
        idp=idp,
        move=event.move,
        replay=replay_of(event.move, tags, idp),
        entry=event.number,
        when=event.when,
        shown=(event_line(event, who),),
        times=1,
        console=console_of_event(event, cause, idp, who),
        rank=cause["rank"],
    )


def _together(findings: Iterable[Finding]) -> list[Finding]:
    """Return one finding for each cause, move and sender, with how often it was met."""
    kept: dict[tuple[str, str, str], Finding] = {}
    for finding in findings:
        key = (finding.idp, finding.cause, finding.move)
        first = kept.get(key)
        if first is None:
            kept[key] = finding
        else:
            early = min(first, finding, key=lambda each: each.entry)
            kept[key] = replace(early, times=first.times + 1)
    return list(kept.values())


def _each_once(known: Iterable[Recognised]) -> tuple[Recognised, ...]:
    """Return the senders, each IdP once by its surest recognition."""
    order = list(Sure)
    best: dict[str, Recognised] = {}
    for one in known:
        before = best.get(one.idp)
        if before is None or order.index(one.sure) < order.index(before.sure):
            best[one.idp] = one
    return tuple(best.values())

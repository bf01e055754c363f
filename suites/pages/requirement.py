"""The page of one requirement: what it says, what is checked, how servers fail it."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator

import idp_profiles
from suites.proving.case_list import Case
from suites.requirements import Requirement

from .books import anchor
from .books import book_of
from .books import cell
from .books import place_of
from .books import plain
from .facts import Facts
from .facts import misbehaviour
from .facts import sources_of
from .real_servers import Found
from .tables import MEANINGS

_JUDGED = {
    "fail": "the run fails",
    "warn": "the run warns (fails with `--strict`)",
    "note": "it is noted and nothing more: either way is allowed",
}
_ROLES = {"server": "the server", "client": "the client", "both": "client and server"}
_STANCES = {
    "asks": "The RFC asks for the same, so a server that fails here breaks it",
    "beyond": "The RFC does not ask for this: whoever fails here stops an identity provider and breaks no rule",  # noqa: E501 - one sentence
    "open": "The RFC leaves this open: whoever fails here stops an identity provider, and whether it breaks a rule is not said",  # noqa: E501 - one sentence
}
_SHOWN = 12  # relations in one line


def page(entry: Requirement, facts: Facts) -> str:
    """Return the page of one requirement as Markdown; its links lead to its neighbours' files."""
    parts = (
        _head(entry),
        _about(entry, facts),
        _checked(entry, facts),
        _failed(entry, facts),
        _related(entry, facts),
    )
    return "\n".join(line for part in parts for line in part) + "\n"


def _head(entry: Requirement) -> Iterator[str]:
    book, place = book_of(entry), place_of(entry)
    yield from (f"# {entry.id}", "")
    way = f"[Requirements](index.md) / [{book.title}]({book.key}.md)"
    yield from (f"{way} / [{place}]({book.key}.md#{anchor(place)})", "")
    yield from (f"> {plain(entry.wording)}", "")


def _about(entry: Requirement, facts: Facts) -> Iterator[str]:
    yield f"- **Level:** {entry.level}: {MEANINGS[entry.level]}."
    why = f" {plain(entry.judgement_reason)}" if entry.judgement_reason else ""
    yield f"- **When it is not kept:** {_JUDGED[entry.judgement]}.{why}"
    if entry.link:
        yield f"- **Source:** [{entry.document}]({entry.link})"
    elif not entry.idp:
        yield f"- **Source:** {entry.document}"
    if entry.sources and not entry.idp:
        yield f"- **Drawn from:** {', '.join(entry.sources)}"
    if entry.role in ("client", "both"):
        yield f"- **Whose duty:** {_ROLES[entry.role]}"
    if entry.rfc:
        yield f"- **Where the RFC stands:** {_STANCES[entry.rfc]}{_rests(entry)}."
    if entry.depends_on:
        yield f"- **Skipped** where the server does not announce: {', '.join(entry.depends_on)}."
    if entry.tolerances:
        names = ", ".join(f"`{name}`" for name in entry.tolerances)
        yield f"- **Accepted beyond the RFC** by the reference server for this: {names}; see [tolerances](../tolerances.md)."  # noqa: E501 - one sentence
    relying = [idp_profiles.load(name).title for name in facts.relying.get(entry.id, ())]
    if relying:
        yield f"- **Identity providers that rely on it:** {', '.join(relying)}"
    yield ""


def _rests(entry: Requirement) -> str:
    return f" ({', '.join(entry.rests_on)})" if entry.rests_on else ""


def _checked(entry: Requirement, facts: Facts) -> Iterator[str]:
    yield from ("## What is checked", "")
    if entry.how:
        yield from (plain(entry.how), "")
    mine = facts.cases.get(entry.id, ())
    if not mine:
        yield from (_without_cases(entry, facts), "")
        return
    yield "| Case | Runs in | File |"
    yield "| --- | --- | --- |"
    for title, forms, name in _titles(mine):
        yield f"| {cell(title)} | {forms} | `suites/{name}` |"
    yield ""
    yield from ("```sh", _command(entry, mine), "```", "")
    if entry.testable == "needs-config":
        yield "A run has to be told more about the server for this: see [the target file](../target-file.md)."  # noqa: E501 - one sentence
        yield ""
    for name, reason in entry.not_achievable.items():
        yield f"Not achievable with {idp_profiles.load(name).title}: {plain(reason)}"
        yield ""


def _without_cases(entry: Requirement, facts: Facts) -> str:
    if entry.reason:
        return f"Nobody can see this from outside. {plain(entry.reason)}"
    if entry.same_as:
        return f"It says the same as {entry.same_as}, whose cases show it."
    if entry.covered_by:
        return f"The cases of {entry.covered_by} show it as well."
    return f"No case of its own: {facts.states[entry.id].text}."


def _titles(mine: Iterable[Case]) -> Iterator[tuple[str, str, str]]:
    """Yield each case once, with its forms and its name."""
    forms: dict[tuple[str, str], list[str]] = {}
    for case in mine:
        file, _, test = case.name.partition("::")
        key = (case.title, f"{file}::{test.partition('[')[0]}")
        form = case.provider or case.dialect or ""
        if case.large:
            form = f"{form} (large)".strip()
        forms.setdefault(key, []).append(form)
    for (title, name), found in forms.items():
        told = ", ".join(dict.fromkeys(filter(None, found)))
        several = f"{len(found)} forms" if len(found) > 1 else "every run"
        yield title, told or several, name


def _command(entry: Requirement, mine: Iterable[Case], deviation: str = "") -> str:
    """Return the line that runs the cases of a requirement."""
    options = [f"--only {entry.id}"]
    if entry.product:
        options.insert(0, f"--product {entry.product}")
    if entry.idp:
        options.insert(0, f"--idp {entry.idp}")
    if all(case.large for case in mine):
        options.append("--large")
    options += [f"--deviation {part}" for part in deviation.split("+") if part]
    return f"scimproof run {' '.join(options)}"


def _failed(entry: Requirement, facts: Facts) -> Iterator[str]:
    mine, real = facts.cases.get(entry.id, ()), facts.real.get(entry.id, ())
    proofs = list(dict.fromkeys(name for case in mine for name in case.proof))
    if not (proofs or real or entry.consequence or entry.hint):
        return
    yield from ("## How servers fail it", "")
    if entry.consequence:
        yield from (f"**What follows:** {plain(entry.consequence)}", "")
    if entry.hint:
        yield from (f"**What helps:** {plain(entry.hint)}", "")
    if proofs:
        yield from _proofs(entry, mine, proofs)
    if real:
        yield from ("### Real servers", "", *map(_real, real), "")


def _proofs(entry: Requirement, mine: tuple[Case, ...], proofs: list[str]) -> Iterator[str]:
    server = "the simulated product" if entry.product else "the reference server"
    yield f"The cases are proven to find each of these mistakes, which {server} makes when told to:"
    yield ""
    for name in proofs:
        parts = " with ".join(f"`{part}`" for part in name.split("+"))
        yield f"- {parts}: {plain(misbehaviour(name, entry))}"
    yield from ("", "What that looks like:", "")
    shown = next((case for case in mine if not case.large), mine[0])
    yield from ("```sh", _command(entry, mine, shown.proof[0]), "```", "")


def _real(found: Found) -> str:
    cases = f" ({found.cases} cases)" if found.cases > 1 else ""
    verb = "fails" if found.verdict == "fail" else "warns"
    section = f"../interop/{found.page}.md#{found.anchor}"
    return f"- {found.server} {verb}{cases}: [{found.why}]({section})"


def _related(entry: Requirement, facts: Facts) -> Iterator[str]:
    told = {
        "Says the same": facts.repeated.get(entry.id, ()),
        "Its cases also show": facts.covers.get(entry.id, ()),
        "Needs of identity providers that rest on it": facts.supports.get(entry.id, ()),
        "Same as": (entry.same_as,) if entry.same_as else (),
    }
    lines = [f"- {head}: {_some(ids)}" for head, ids in told.items() if ids]
    if lines:
        yield from ("## Related", "", *lines, "")
    known = sources_of(entry)
    if known:
        yield from ("## Sources", "", "| Kind | Source |", "| --- | --- |")
        yield from (f"| {each.kind} | {cell(each.title)}: {cell(each.where)} |" for each in known)


def _some(ids: tuple[str, ...]) -> str:
    rest = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + rest

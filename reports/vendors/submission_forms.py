"""The list for a submission as a page of its own and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports import view
from reports.forms import markup
from reports.model import Verdict
from reports.sheet import render_sheet
from reports.trust.repeating import repeat_command
from reports.trust.repeating import repeat_notes
from reports.wording import wording

from .catalogues import Source
from .submission import Evidence
from .submission import Line
from .submission import State
from .submission import Submission

# The colours of the sheet are those of verdicts.
_LIKE = {
    State.CONTRADICTED: Verdict.FAIL,
    State.UNJUDGED: Verdict.INCONCLUSIVE,
    State.WARNED: Verdict.WARN,
    State.WAIVED: Verdict.WAIVED,
    State.PARTLY: Verdict.WARN,
    State.SHOWN: Verdict.PASS,
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What the run has to say by one requirement, and where report.html tells more."""

    text: str
    address: str


def render_submission_page(asked: Submission, base: str = "") -> str:
    """Return the list as one page without script; `base` is where report.html lies."""
    return render_sheet(
        "submission",
        asked=asked,
        counts=counts(asked),
        run=run_line(asked),
        sign=sign,
        pieces=view.with_code,
        like=lambda state: _LIKE.get(state, ""),
        proofs=lambda line: proofs(line, base),
        remarks=remarks,
        said_of=source_line,
        certainty=certainty,
        target=view.target_name(asked.report),
        command=repeat_command(asked.report),
        notes=repeat_notes(asked.report),
    )


def render_submission_markdown(asked: Submission, base: str = "") -> str:
    """Return the list as Markdown; `base` is where report.html lies."""
    say = wording("submission")
    who = asked.catalogue.decides
    parts = [
        f"# {markup.prose(say('page.title', title=asked.catalogue.title))}\n\n",
        f"{markup.prose(asked.catalogue.about, 600)}\n\n",
        f"**{markup.prose(say('page.decides', who=who), 600)}**\n\n",
        f"- {say('page.target')}: {markup.prose(view.target_name(asked.report))}\n",
        f"- {say('page.measured')}: {markup.prose(run_line(asked))}\n",
        f"- {say('page.states')}: {markup.prose(counts(asked))}\n",
        *(f"\n> {markup.prose(notice, 600)}\n" for notice in asked.notices),
    ]
    for title, lines in asked.sections:
        parts.append(f"\n## {markup.prose(title)}\n\n")
        parts += [part for line in lines for part in _markdown(line, base)]
    parts += [f"\n## {say('page.repeat')}\n\n```sh\n{repeat_command(asked.report)}\n```\n\n"]
    parts += [f"- {markup.prose(note, 600)}\n" for note in repeat_notes(asked.report)]
    return "".join(parts)


def _markdown(line: Line, base: str) -> Iterator[str]:
    say, item = wording("submission"), line.item
    yield f"- {sign(line.state)} **{markup.prose(item.asks)}** {markup.prose(line.words)}\n"
    told = f"{say(f'need.{item.need}')}; {certainty(line)}"
    sources = "; ".join(
        f"{markup.link(each.title, each.address or '')} ({source_line(each)})"
        for each in line.sources
    )
    yield f"  - {markup.prose(told)}: {sources}\n"
    if shown := proofs(line, base):
        told = "; ".join(markup.link(view.one_line(each.text), each.address) for each in shown)
        yield f"  - {told}\n"
    for remark in remarks(line):
        yield f"  - {markup.prose(remark, 500)}\n"


def proofs(line: Line, base: str) -> list[Proof]:
    """Return what the run has to say of a line, each with its place in report.html."""
    page = f"{base}{view.REPORT_PAGE}"
    return [
        Proof(_proof(each), f"{page}#{each.requirement}") for each in line.evidence if each.results
    ]


def _proof(each: Evidence) -> str:
    say = wording("submission")
    told = say("page.evidence", requirement=each.requirement, verdicts=each.counts)
    return f"{told} ({each.reason})" if each.reason else told


def remarks(line: Line) -> list[str]:
    """Return what is still to be done or to know of a line."""
    say, item = wording("submission"), line.item
    said = [say("page.cause", title=view.one_line(title)) for title in line.causes]
    if item.one_is_enough:
        said.append(say("page.one"))
    elif line.missing and line.tried:
        said.append(say("page.missing", requirements=", ".join(line.missing)))
    if line.state in (State.UNCHECKED, State.PARTLY, State.UNJUDGED):
        said.append(say("page.check", options=line.run.removeprefix("scimproof run ")))
    if item.by_hand:
        said.append(say("page.hand", what=item.by_hand))
    return said


def counts(asked: Submission) -> str:
    """Return how many lines are in each state, the worst first."""
    say = wording("submission")
    return "; ".join(f"{count} {say(f'state.{state}')}" for state, count in asked.states.items())


def run_line(asked: Submission) -> str:
    """Return when the run was and which it is."""
    run = asked.report.run
    return wording("submission")(
        "page.run",
        date=view.one_line(run.started, 40),
        id=view.one_line(run.id, 40),
        seed=run.seed,
        version=view.one_line(run.version, 40),
    )


def sign(state: State) -> str:
    """Return the sign of a state; its words stand beside it."""
    return wording("submission")(f"sign.{state}")


def source_line(source: Source) -> str:
    """Return when a source was read, and where it is when it has no address."""
    told = wording("submission")("page.source_line", read=source.read)
    return f"{source.where}, {told}" if source.where else told


def certainty(line: Line) -> str:
    """Return how sure it is that this is asked."""
    say, known = wording("submission"), line.item.certainty
    if known == "inferred":
        return say("page.certainty_inferred")
    return say("page.certainty", words=view.CERTAINTY_WORDS[known])

"""A comparison as plain lines for a terminal, and as Markdown for a comment."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from reports import view
from reports.forms import printing
from reports.forms.markup import Page
from reports.forms.markup import prose

from . import comparison_view as said
from .comparison import Change
from .comparison import Comparison
from .comparison import Pair
from .comparison_view import Group
from .comparison_view import words

# GitHub refuses a comment above 65,536 characters; the page ends where it has so many bytes.
_ROOM = 57_000
_SECTION_ROOM = 40_000
_MOST_CASES = 8

_STYLES = {
    Change.REGRESSION: "bold red",
    Change.NEW_WARNING: "bold yellow",
    Change.NEW_AND_FAILS: "bold red",
    Change.STILL_FAILING: "bold",
    Change.FIXED: "bold green",
}
# What the end of a run shows by its groups; of everything else it has the count.
_BRIEF = (Change.REGRESSION, Change.NEW_WARNING, Change.NEW_AND_FAILS)
_BRIEF_GROUPS = 5
_BRIEF_CASES = 3

Line = tuple[str, str]  # a style and a text


def print_comparison(
    comparison: Comparison, console: Console, *, strict: bool = False, brief: bool = False
) -> None:
    """Print a comparison, whatever the console can show and whatever a target said."""
    page = printing.Page(console)
    for style, text in text_lines(comparison, strict=strict, brief=brief):
        page.line(text, style)


def text_lines(
    comparison: Comparison, *, strict: bool = False, brief: bool = False
) -> Iterator[Line]:
    """Return a comparison as styled lines; `brief` is for the end of a run."""
    worse = comparison.is_worse(strict=strict)
    yield "", f"{words('baseline_label' if brief else 'old_label')}: {said.about(comparison.old)}"
    if not brief:
        yield "", f"{words('new_label')}: {said.about(comparison.new)}"
    yield "bold red" if worse else "bold green", said.headline(comparison, strict=strict)
    yield "", said.counts(comparison)
    if brief and not worse and comparison.of(Change.STILL_FAILING, Change.NEW_AND_FAILS):
        yield "", words("excused")
    for note in said.notes(comparison):
        yield "yellow", f"  {note}"
    for change in _BRIEF if brief else said.SECTIONS:
        yield from _section(comparison, change, brief=brief)


def _section(comparison: Comparison, change: Change, *, brief: bool) -> Iterator[Line]:
    groups = said.groups(comparison, change)
    if not groups:
        return
    yield "", ""
    yield _STYLES.get(change, "bold"), words(f"heading.{change.value}")
    most = _BRIEF_GROUPS if brief else len(groups)
    for group in groups[:most]:
        yield "", f"  {_head(group)}"
        yield from _cases(group, change, _BRIEF_CASES if brief else _MOST_CASES)
    if len(groups) > most:
        yield "dim", f"  {words('more_groups', count=len(groups) - most)}"


def _head(group: Group) -> str:
    key = "group_id" if group.id else "group"
    return words(key, id=group.id, title=view.one_line(group.title, 240), count=len(group.pairs))


def _cases(group: Group, change: Change, most: int) -> Iterator[Line]:
    if change is Change.NEW:
        return
    for pair in group.pairs[:most]:
        result = pair.shown
        yield "", f"    {view.name(result)}  {view.one_line(result.title, 160)}"
        if change in (Change.REGRESSION, Change.NEW_WARNING, Change.NEW_AND_FAILS):
            yield "dim", f"      {said.was_and_is(pair)}"
            yield from (("dim", f"      {line}") for line in said.details(pair))
        elif pair.fails_otherwise:
            yield "dim", f"      {words('otherwise')}"
    if len(group.pairs) > most:
        yield "dim", f"    {words('more_cases', count=len(group.pairs) - most)}"


# -- Markdown ------------------------------------------------------------------------------------


def render_markdown(comparison: Comparison, *, strict: bool = False) -> str:
    """Return a comparison as Markdown, always below 60 kB."""
    page = Page(words("left_out"))
    page.add(f"# {words('title')}\n\n**{prose(said.headline(comparison, strict=strict))}**\n\n")
    page.add(f"{prose(said.counts(comparison), 600)}\n\n")
    page.add(f"- {words('old_label')}: {prose(said.about(comparison.old), 600)}\n")
    page.add(f"- {words('new_label')}: {prose(said.about(comparison.new), 600)}\n")
    if notes := said.notes(comparison):
        page.add(f"\n## {words('scope_heading')}\n\n")
        page.add_what_fits([f"- {prose(note, 600)}\n" for note in notes], _SECTION_ROOM)
    for change in said.SECTIONS:
        groups = said.groups(comparison, change)
        if groups:
            page.add(
                f"\n## {words(f'heading.{change.value}')}\n\n{words(f'about.{change.value}')}\n\n"
            )
            room = _SECTION_ROOM if change in _BRIEF else _ROOM
            page.add_what_fits([_entry(group, change) for group in groups], room)
    page.add(f"\n---\n{words('foot')}\n")
    return page.text()


def _entry(group: Group, change: Change) -> str:
    lines = [f"- **{prose(_head(group), 300)}**"]
    if change is not Change.NEW:
        lines += [f"  - {_case(pair)}" for pair in group.pairs[:_MOST_CASES]]
        if more := len(group.pairs[_MOST_CASES:]):
            lines.append(f"  - {words('more_cases', count=more)}")
    return "\n".join(lines) + "\n"


def _case(pair: Pair) -> str:
    result = pair.shown
    parts = [f"{prose(view.name(result), 130)} {prose(result.title, 200)}", said.was_and_is(pair)]
    return "; ".join((*parts, *(prose(line, 400) for line in said.details(pair))))

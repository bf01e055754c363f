"""The pages of the mock IdPs: each step that they send, with its certainty and its sources.

`python -m idp_profiles.page --write docs/idps` writes the pages that a selftest keeps current.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from idp_profiles import PROFILES
from idp_profiles import load
from idp_profiles.model import Certainty
from idp_profiles.model import Source
from idp_profiles.model import Step
from idp_profiles.profile import Profile
from idp_profiles.profile import Scenario

_MADE = "from the profiles by `python -m idp_profiles.page --write docs/idps`; do not edit it."
_HEAD = f"""# Identity providers

What each mock identity provider sends: every step of every sequence, how well its wire form is known, and who says so.
This page and those of the identity providers are made {_MADE}
"""  # noqa: E501 - one sentence a line is how this project writes Markdown
_MEANINGS = {
    Certainty.DOC: "the vendor's documentation says so",
    Certainty.TEST: "the vendor's own tests send it",
    Certainty.CODE: "published code of the vendor sends it",
    Certainty.WILD: "it was seen in traffic, or servers in use answer to it",
    Certainty.INFERRED: "no source settles it: the traffic is assumed, and reported as such",
}


def render() -> dict[str, str]:
    """Return the pages as Markdown by the names of their files: an overview, one for each IdP."""
    profiles = [load(name) for name in PROFILES]
    overview = [_HEAD, *_overview(profiles), "", *_legend()]
    pages = {f"{profile.name}.md": _profile(profile) for profile in profiles}
    return {
        name: "\n".join(lines) + "\n" for name, lines in {"index.md": overview, **pages}.items()
    }


def _legend() -> Iterator[str]:
    yield from ("## Certainty", "")
    yield "| Certainty | Meaning |"
    yield "| --- | --- |"
    for certainty, meaning in _MEANINGS.items():
        yield f"| {certainty} | {meaning} |"
    yield ""
    yield "A step with several tags counts as the weakest of them."


def _overview(profiles: Iterable[Profile[Any]]) -> Iterator[str]:
    yield f"| Identity provider | Sequences | Steps | {' | '.join(Certainty)} | Further forms |"
    yield f"| --- | ---: | ---: |{' ---: |' * len(Certainty)} ---: |"
    for profile in profiles:
        scenarios = profile.scenarios.values()
        found = Counter(step.certainty for scenario in scenarios for step in scenario.steps)
        counts = " | ".join(str(found[certainty]) for certainty in Certainty)
        forms = sum(max(0, len(scenario.variants) - 1) for scenario in scenarios)
        yield (
            f"| [{profile.title}]({profile.name}.md) | {len(scenarios)} "
            f"| {found.total()} | {counts} | {forms} |"
        )


def _profile(profile: Profile[Any]) -> Iterator[str]:
    yield from (f"# {profile.title}", "", *_about(profile))
    for feature in profile.features:
        mine = [each for each in profile.scenarios.values() if each.feature == feature]
        if mine:
            yield from ("", f"## {feature}", "")
            yield from _steps(mine)
            yield from _forms(mine)
    yield from ("", "## Signing in", "", *_auth_modes(profile))
    yield from ("", "## Peculiarities", "", *_quirks(profile))
    yield from ("", "## Sources", "", *_sources(profile.facts.sources.values()))


def _about(profile: Profile[Any]) -> Iterator[str]:
    yield f"What {profile.title} sends, and how to see what it makes of a server."
    yield f"This page is made {_MADE}"
    yield ""
    yield "```sh"
    yield f"scimproof run --idp {profile.name}"
    yield f"scimproof idp {profile.name} --list"
    yield from ("```", "")
    yield "The first replays all of it, against your server with `--url`, and judges what came of it; the second names the sequences."  # noqa: E501 - one sentence a line
    yield f"`scimproof idp {profile.name} --scenario ID --url … --json` sends one sequence and shows each request as it goes out."  # noqa: E501 - one sentence a line
    yield f"The [requirements of {profile.title}](../requirements/{profile.name}.md) say what a server has to do for it; [certainty](index.md#certainty) says what the tags mean."  # noqa: E501 - one sentence a line
    yield f'By hand it opens a prompt, `scimproof idp {profile.name} --url …` ([by hand](../by-hand.md)); in your tests it is `mock_idp("{profile.name}", APP, TOKEN)` ([mock IdPs](../mock-idp.md)).'  # noqa: E501 - one sentence a line
    yield "What a server has to accept for it beyond the RFC stands under [tolerances](../tolerances.md); what it makes of three servers that others wrote, [side by side](../interop-matrix.md)."  # noqa: E501 - one sentence a line
    yield from ("", "| Dialect | Kind of app |", "| --- | --- |")
    yield from (f"| `{each.key}` | {_cell(each.title)} |" for each in profile.dialects)


def _steps(scenarios: Iterable[Scenario[Any]]) -> Iterator[str]:
    yield "| Sequence | What happens | Dialects | Step | Certainty | Sources |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for scenario in scenarios:
        place = f"| `{scenario.id}` | {_cell(scenario.title)} | {', '.join(scenario.dialects)} |"
        if not scenario.steps:
            yield f"{place} nothing is sent | | |"
        for step in scenario.steps:
            yield f"{place} {_step(step)}"


def _step(step: Step) -> str:
    return f"{_cell(step.name)} | {step.certainty} | {', '.join(step.sources)} |"


def _forms(scenarios: Iterable[Scenario[Any]]) -> Iterator[str]:
    rows = [(scenario, each) for scenario in scenarios for each in scenario.variants[1:]]
    if not rows:
        return
    yield from ("", "| Sequence | Further form | What is different | Certainty | Sources |")
    yield "| --- | --- | --- | --- | --- |"
    for scenario, form in rows:
        known = f"{form.certainty} | {', '.join(form.sources)} |"
        yield f"| `{scenario.id}` | `{form.name}` | {_cell(form.note)} | {known}"


def _auth_modes(profile: Profile[Any]) -> Iterator[str]:
    yield "| Way | What the admin enters | Certainty | Sources |"
    yield "| --- | --- | --- | --- |"
    for mode in profile.facts.auth_modes:
        known = f"{mode.certainty} | {', '.join(mode.sources)} |"
        refused = f" (not offered: {mode.refused})" if mode.refused else ""
        yield f"| {_cell(mode.title + refused)} | {_cell(mode.admin_enters)} | {known}"


def _quirks(profile: Profile[Any]) -> Iterator[str]:
    yield "| What | Certainty | Sources |"
    yield "| --- | --- | --- |"
    for quirk in profile.facts.quirks:
        yield f"| {_cell(quirk.text)} | {quirk.certainty} | {', '.join(quirk.sources)} |"
    for never in profile.facts.never_sent:
        yield f"| Never sent: {_cell(never.what)} | | {', '.join(never.sources)} |"
    for limit in profile.facts.limits.values():
        yield f"| {limit.value:,} {_cell(limit.unit)} | | {', '.join(limit.sources)} |"


def _sources(sources: Iterable[Source]) -> Iterator[str]:
    yield "| Key | Kind | Source |"
    yield "| --- | --- | --- |"
    for source in sources:
        yield f"| {source.key} | {source.kind} | {_cell(source.title)}: {_cell(source.where)} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


@click.command()
@click.option("--write", "folder", type=click.Path(file_okay=False, path_type=Path), help="Folder.")
def main(folder: Path | None) -> None:
    """Print the pages of the mock IdPs, or write them into a folder."""
    pages = render()
    if folder is None:
        click.echo("\n".join(pages.values()), nl=False)
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"scimproof: wrote {len(pages)} pages into {folder}", file=sys.stderr)


if __name__ == "__main__":
    main()

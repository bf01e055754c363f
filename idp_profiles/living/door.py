"""The way from the command to a desk: which IdP, which app, which file, and who types."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from pathlib import Path
from typing import Any

from rich.console import Console

from idp_profiles.by_hand import Settings
from idp_profiles.elsewhere import Elsewhere
from idp_profiles.model import Json
from idp_profiles.profile import Profile
from idp_profiles.transport import Send

from .clock import Clock
from .commands import perform
from .desk import Desk
from .kept import read_state
from .kept import write_state
from .office import Office
from .opening import engine_settings
from .opening import open_office
from .patience import Patience
from .printing import Show
from .printing import ShowJson
from .printing import ShowPeople
from .prompt import from_lines
from .prompt import on_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks of a living mock IdP.

    `words` are one command; without any the commands are typed, or read from standard input.
    """

    url: str
    settings: Settings
    own: Mapping[str, str] = field(default_factory=dict)
    words: Sequence[str] = ()
    file: Path | None = None
    as_json: bool = False


def live(profile: Profile[Any], wanted: Wanted, reach: Callable[[str], Send]) -> int:
    """Drive a living mock IdP; return 0 when it got through everywhere, 1 if not, 4 for mistakes.

    On a terminal mistakes do not count: who makes them sees them.
    """
    send = Elsewhere(reach(wanted.url), reach)
    try:
        desk = _desk(profile, wanted, send)
        if wanted.words:
            perform(desk, wanted.words, passing=False)
        elif sys.stdin is not None and sys.stdin.isatty():
            on_terminal(desk, profile.name, silent=wanted.as_json)
            return 0
        else:
            from_lines(desk, profile.name, sys.stdin or ())
    finally:
        send.close()
    return 4 if desk.mistakes else int(desk.failed)


def _desk(profile: Profile[Any], wanted: Wanted, send: Send) -> Desk:
    show = _show(profile.title, as_json=wanted.as_json)
    office = _office(profile, wanted, Patience(send, show.say), show)
    show.secrets = lambda: office.engine.idp.secrets
    how = _how(wanted)
    if wanted.file is not None:
        if wanted.file.exists():
            office.take_up(read_state(wanted.file))
        # Before anything is sent: what was done must not be forgotten for want of a folder.
        write_state(wanted.file, office, how)
    return Desk(office, show, wanted.settings.credential, how=how, file=wanted.file)


def _office(profile: Profile[Any], wanted: Wanted, send: Send, show: Show) -> Office:
    settings = wanted.settings
    return open_office(
        profile.name,
        send=send,
        credential=settings.credential,
        # Real time to begin with: tokens that the IdP signs must be valid where they arrive.
        clock=Clock(float(int(time.time()))),
        after=show.exchange,
        dialect=settings.dialect,
        auth_mode=settings.auth_mode,
        switches=settings.switches,
        toggles=settings.toggles,
        mapping=settings.mapping,
        **_own_settings(profile.name, wanted.own),
    )


def _how(wanted: Wanted) -> dict[str, Json]:
    """Return what a later call has to know of this one besides the office."""
    return {
        "url": wanted.url,
        "dialect": wanted.settings.dialect,
        "switches": {**wanted.settings.switches},
        "toggles": {**wanted.settings.toggles},
        "own": {**wanted.own},
    }


def _show(title: str, *, as_json: bool) -> Show:
    kind = ShowJson if as_json else ShowPeople
    return kind(title, Console(file=sys.stdout), Console(stderr=True))


def _own_settings(name: str, given: Mapping[str, str]) -> dict[str, object]:
    """Return the engine's settings in the types of its defaults; raises ValueError."""
    known = engine_settings(name)
    found: dict[str, object] = {}
    for key, text in given.items():
        if key not in known:
            names = ", ".join(known) or "none"
            raise ValueError(f"there is no setting {key!r}; known: {names}")
        found[key] = _typed(key, text, known[key])
    return found


def _typed(key: str, text: str, usual: object) -> object:
    if isinstance(usual, bool):
        if text not in ("on", "off"):
            raise ValueError(f"the setting {key!r} is on or off, not {text!r}")
        return text == "on"
    if isinstance(usual, str):
        return text
    # A figure that is not set by default is None there.
    if not text.replace(".", "", 1).isdecimal():
        raise ValueError(f"the setting {key!r} is a number, not {text!r}")
    return float(text) if isinstance(usual, float) or "." in text else int(text)

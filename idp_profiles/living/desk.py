"""A desk: one office that is driven by commands, each of which is shown and kept."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from idp_profiles.model import Credential
from idp_profiles.model import Json

from .engine import Turn
from .kept import read_state
from .kept import write_state
from .office import Office
from .printing import Show
from .printing import created


class Desk:
    """An office, where it is shown, and the file that keeps it, if any.

    `how` is what the file says besides: where the app is, and how the IdP was set up.
    `failed` tells whether the IdP did not get through somewhere, `mistakes` counts wrong commands.
    """

    def __init__(
        self,
        office: Office,
        show: Show,
        credential: Credential,
        *,
        how: Mapping[str, Json],
        file: Path | None = None,
    ) -> None:
        self.office = office
        self.show = show
        self.over = self.failed = False
        self.mistakes = 0
        self._credential = credential
        self._how = how
        self._file = file

    def do(self, act: Callable[[], Turn | None]) -> None:
        """Do something, show what came of it, and keep it, also when it is interrupted."""
        try:
            turn = act()
            if turn is not None:
                self.failed = self.failed or not turn.ok
                self.show.turn(turn, self.office.clock.now)
        except ValueError as mistake:
            self.mistake(str(mistake))
        finally:
            self._keep()

    def mistake(self, sentence: str) -> None:
        """Say what is wrong with a command."""
        self.mistakes += 1
        self.show.say(f"Error: {sentence}")

    def sweep(self) -> None:
        """Delete in the app what was created there."""
        what, left = created(self.office), self.office.sweep()
        for sentence in left:
            self.show.say(sentence)
        self.failed = self.failed or bool(left)
        self.show.say(
            f"Deleted in the app: {what or 'nothing'}." if not left else "Not all is gone."
        )

    def save(self, file: str) -> None:
        """Keep the office in a file."""
        write_state(Path(file), self.office, self._how)
        self.show.say(f"Kept in {file}.")

    def load(self, file: str) -> None:
        """Take up an office that was kept."""
        kept = read_state(Path(file))
        if kept.get("url") != self._how.get("url"):
            raise ValueError(f"this state is of the app at {kept.get('url')}")
        self.office.take_up(kept)
        self.show.status(self.office)

    def rotate(self, file: str) -> None:
        """Enter another credential of the same kind, out of a file."""
        try:
            secret = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ValueError(f"the file {file!r} cannot be read") from None
        if not secret:
            raise ValueError(f"the file {file!r} holds no credential")
        self._credential = replace(self._credential, secret=secret)
        self.office.rotate(self._credential)
        self.show.say(f"{self.show.title} uses another credential from now on.")

    def close(self) -> None:
        """Say what stays in the app."""
        what = created(self.office)
        if what and self._file is None:
            self.show.say(f"Left in the app: {what}.")

    def _keep(self) -> None:
        if self._file is None:
            return
        try:
            write_state(self._file, self.office, self._how)
        except ValueError as mistake:
            self.mistake(str(mistake))

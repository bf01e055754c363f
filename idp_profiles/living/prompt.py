"""The prompt: commands typed on a terminal, or read line by line where there is none."""

from __future__ import annotations

import cmd
import contextlib
import shlex
from collections.abc import Iterable

from .commands import commands_for
from .commands import perform
from .desk import Desk

_NOTHING = (
    "say what to do: either --scenario ID or one verb, or commands on standard input; "
    "--list shows the first two, the command help the last"
)


def on_terminal(desk: Desk, name: str, *, silent: bool) -> None:
    """Read commands from a person until the end; Ctrl-D and Ctrl-C are ends as good as any.

    A `silent` prompt prints nothing itself: what is printed is for a program.
    """
    prompt = _Prompt(desk, "" if silent else f"{name}> ")
    if not silent:
        desk.show.say(
            f"A living mock of {desk.show.title}. Type help for the commands and quit to end."
        )
    try:
        prompt.cmdloop()
    except KeyboardInterrupt:
        desk.show.say("")
    desk.close()


def from_lines(desk: Desk, name: str, lines: Iterable[str]) -> None:
    """Do the commands of some lines; blank ones and those that begin with # are passed over."""
    read = 0
    try:
        for line in lines:
            if line.strip() and not line.lstrip().startswith("#"):
                read += 1
                desk.show.command(f"{name}> {line.strip()}")
                do_line(desk, line)
            if desk.over:
                break
    except UnicodeDecodeError:
        desk.mistake("standard input is not UTF-8 text")
    else:
        if not read:
            desk.mistake(_NOTHING)
    finally:
        desk.close()


def do_line(desk: Desk, line: str) -> None:
    """Do the command of one line; quotes keep words together, as in a shell."""
    try:
        words = shlex.split(line)
    except ValueError:
        desk.mistake("a quotation mark is not closed")
        return
    if words:
        perform(desk, words)


class _Prompt(cmd.Cmd):
    """Reads one line after the other, with history and completion where readline is there."""

    def __init__(self, desk: Desk, prompt: str) -> None:
        super().__init__()
        self._desk = desk
        self.prompt = prompt

    def preloop(self) -> None:
        """Let a word end at blanks only: user names hold @, . and -."""
        with contextlib.suppress(ImportError):  # not everywhere is there a readline
            import readline  # a platform without it has a prompt all the same

            readline.set_completer_delims(" ")

    def onecmd(self, line: str) -> bool:
        """Do one line, and tell whether it was the last."""
        if line == "EOF":  # what `cmd` makes of Ctrl-D
            self._desk.show.say("")
            return True
        do_line(self._desk, line)
        return self._desk.over

    def completenames(self, text: str, *_: object) -> list[str]:
        """Return the commands that begin so."""
        return [f"{name} " for name in commands_for(self._desk.office) if name.startswith(text)]

    def completedefault(self, *ignored: object) -> list[str]:
        """Return the people and groups whose names begin so."""
        text, directory = str(ignored[0]), self._desk.office.directory
        names = [each.user_name for each in directory.people]
        names += [each.name for each in directory.groups]
        return [f"{shlex.quote(name)} " for name in names if name.startswith(text)]

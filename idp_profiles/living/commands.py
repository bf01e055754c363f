"""The commands of a desk as a table: what each takes, what it says of itself, what it does.

A command that needs a verb of the IdP's engine exists where the engine has it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from idp_profiles.model import Json

from .desk import Desk
from .engine import Turn
from .office import Office

Words = Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command. It takes from `least` to `most` words, any number where `most` is None.

    `verb` is what the engine must have for it. A `passing` one makes no sense between two calls.
    """

    takes: str = ""
    says: str
    run: Callable[[Desk, Words], Turn | None]
    least: int = 0
    most: int | None = 0
    verb: str = ""
    passing: bool = False

    def usage(self, name: str) -> str:
        """Return the command with what it takes."""
        return f"{name} {self.takes}".rstrip()

    def fits(self, words: Words) -> bool:
        """Tell whether the number of words is right."""
        return len(words) >= self.least and (self.most is None or len(words) <= self.most)


def perform(desk: Desk, words: Words, *, passing: bool = True) -> None:
    """Do the command that the words are; a wrong one is one sentence.

    Without `passing`, commands that make no sense between two calls are refused.
    """
    name, *rest = words
    try:
        command = find(desk.office, name)
        if command.passing and not passing:
            raise ValueError(f"{name} makes sense in the prompt only")
        if not command.fits(rest):
            raise ValueError(f"that is: {command.usage(name)}")
    except ValueError as mistake:
        desk.mistake(str(mistake))
        return
    desk.do(lambda: command.run(desk, rest))


def find(office: Office, name: str) -> Command:
    """Return a command that the IdP has; raises ValueError, naming one that is close."""
    known = commands_for(office)
    if name in known:
        return known[name]
    if name in COMMANDS:
        raise ValueError(f"{office.engine.name} has no {name}; help shows what it has")
    close = get_close_matches(name, known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else "help shows what there is"
    raise ValueError(f"there is no command {name!r}; {hint}")


def commands_for(office: Office) -> dict[str, Command]:
    """Return the commands that fit an IdP's engine."""
    return {name: one for name, one in COMMANDS.items() if not one.verb or office.can(one.verb)}


def pairs(words: Words) -> dict[str, Json]:
    """Return `name=value` words as a mapping; raises ValueError for any other word."""
    found: dict[str, Json] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not name or not equals:
            raise ValueError(f"{word!r} is no field=value")
        found[name] = value
    return found


# -- what commands do that is more than one verb of the office


def _group(desk: Desk, words: Words) -> Turn:
    turn = desk.office.group(words[0], *words[1:])
    desk.show.say(f"{words[0]} is in the directory; assign it, and the app gets it.")
    return turn


def _on_demand(desk: Desk, words: Words) -> Turn:
    return desk.office.on_demand(words[0], *words[1:])


def _restart(desk: Desk, words: Words) -> Turn:
    if words and words[0] != "links":
        raise ValueError(f"restart takes the word links or nothing, not {words[0]!r}")
    return desk.office.restart(reset_links=bool(words))


def _fault(desk: Desk, words: Words) -> None:
    what, *rest = words
    times = int(rest.pop(0)) if rest and rest[0].isdecimal() else None
    at, faults = " ".join(rest), desk.office.faults
    if what == "off":
        faults.clear()
    elif what == "lost":
        faults.lose(at=at, times=times)
    elif what == "down":
        faults.down(at=at, times=times)
    elif what.isdecimal():
        faults.answer(int(what), at=at, times=times)
    else:
        raise ValueError(f"{what!r} is no fault: a status, lost, down or off")
    desk.show.say("The line is whole." if what == "off" else "The line is faulty from now on.")


def _help(desk: Desk, words: Words) -> None:
    if words:
        command = find(desk.office, words[0])
        desk.show.help([(command.usage(words[0]), command.says)])
        return
    rows = [(one.usage(name), one.says) for name, one in commands_for(desk.office).items()]
    desk.show.help(rows)


def _quit(desk: Desk, words: Words) -> None:
    if words and words[0] not in ("--sweep", "sweep"):
        raise ValueError(f"quit takes --sweep or nothing, not {words[0]!r}")
    if words:
        desk.sweep()
    desk.over = True


def _people(verb: str, says: str, takes: str = "WHO ...") -> dict[str, Command]:
    """Return a command that does one verb of the office to everybody it names."""

    def run(desk: Desk, words: Words) -> Turn:
        done: Turn = getattr(desk.office, verb)(*words)
        return done

    return {verb: Command(takes=takes, says=says, run=run, least=1, most=None)}


def _admin(verb: str, says: str, *, own: bool = False) -> dict[str, Command]:
    """Return a command without words that is a verb of the office."""

    def run(desk: Desk, _: Words) -> Turn:
        done: Turn = getattr(desk.office, verb)()
        return done

    return {verb.replace("_", "-"): Command(says=says, run=run, verb=verb if own else "")}


def _desk(act: Callable[[Desk, Words], object], **rest: object) -> Command:
    """Return a command about the desk itself, which is no turn of the IdP."""

    def run(desk: Desk, words: Words) -> None:
        act(desk, words)

    return Command(run=run, **rest)  # type: ignore[arg-type] # the fields of a Command


_DIRECTORY: dict[str, Command] = {
    **_people(
        "assign",
        "give the app to people or groups; somebody new has an @ in the user name",
        "WHO|GROUP ...",
    ),
    **_people("unassign", "take the app away from people or groups", "WHO|GROUP ..."),
    "hire": Command(
        takes="WHO [FIELD=VALUE ...]",
        says="take a new person into the directory",
        run=lambda desk, words: desk.office.hire(words[0], **pairs(words[1:])),
        least=1,
        most=None,
    ),
    "change": Command(
        takes="WHO FIELD=VALUE ...",
        says="change given_name, email, department, manager ...; an empty value clears",
        run=lambda desk, words: desk.office.change(words[0], **pairs(words[1:])),
        least=2,
        most=None,
    ),
    "rename": Command(
        takes="WHO USER_NAME",
        says="give a person another user name, and the same e-mail address",
        run=lambda desk, words: desk.office.rename(*words),
        least=2,
        most=2,
    ),
    **_people("block", "block people's sign-in"),
    **_people("unblock", "let blocked people sign in again"),
    **_people("delete", "put people into the recycle bin"),
    **_people("restore", "take people out of the recycle bin"),
    **_people("purge", "remove people for good"),
}


_GROUPS: dict[str, Command] = {
    "group": Command(takes="GROUP [WHO ...]", says="form a group", run=_group, least=1, most=None),
    "join": Command(
        takes="GROUP WHO ...",
        says="put people into a group",
        run=lambda desk, words: desk.office.join(words[0], *words[1:]),
        least=2,
        most=None,
    ),
    "leave": Command(
        takes="GROUP WHO ...",
        says="take people out of a group",
        run=lambda desk, words: desk.office.leave(words[0], *words[1:]),
        least=2,
        most=None,
    ),
    "nest": Command(
        takes="GROUP INNER",
        says="put a group into a group",
        run=lambda desk, words: desk.office.nest(*words),
        least=2,
        most=2,
    ),
    "rename-group": Command(
        takes="GROUP NAME",
        says="give a group another name",
        run=lambda desk, words: desk.office.rename_group(*words),
        least=2,
        most=2,
    ),
    "dissolve": Command(
        takes="GROUP",
        says="remove a group",
        run=lambda desk, words: desk.office.dissolve(words[0]),
        least=1,
        most=1,
    ),
}


_TIME: dict[str, Command] = {
    **_admin("cycle", "wait for the next cycle and run it", own=True),
    "wait": Command(
        takes="LENGTH",
        says="let time pass (40m, 1h30m, 28d), with what is due in it",
        run=lambda desk, words: desk.office.wait(words[0]),
        least=1,
        most=1,
    ),
    "on-demand": Command(
        takes="WHO | GROUP WHO ...",
        says="provision one person now, or one group with at most five people",
        run=_on_demand,
        least=1,
        most=None,
        verb="on_demand",
    ),
    "restart": Command(
        takes="[links]",
        says="begin anew; with links everybody is matched again",
        run=_restart,
        most=1,
        verb="restart",
    ),
    **_admin("pause", "stop the cycles", own=True),
    **_admin("resume", "go on with the cycles", own=True),
    **_admin("allow_deletions", "let deletions pass that were held back", own=True),
    "approve": Command(
        takes="[WHO ...]",
        says="approve what waits for that, of some people or of all",
        run=lambda desk, words: desk.office.approve(*words),
        most=None,
        verb="approve",
    ),
    **_admin("retry", "do what an admin does about what failed"),
    **_admin("settle", "wait and retry until nothing is pending"),
    "token": _desk(
        lambda desk, words: desk.rotate(words[0]),
        takes="FILE",
        says="enter another credential, out of a file",
        least=1,
        most=1,
    ),
    "fault": _desk(
        _fault,
        takes="STATUS|lost|down|off [TIMES] [METHOD PATH]",
        says="break the line: an answer, a lost reply, a server that is down",
        least=1,
        most=None,
        passing=True,
    ),
}


_DESK: dict[str, Command] = {
    "status": _desk(
        lambda desk, _: desk.show.status(desk.office), says="show the clock and what is pending"
    ),
    "who": _desk(lambda desk, _: desk.show.who(desk.office), says="show the people and the groups"),
    "save": _desk(
        lambda desk, words: desk.save(words[0]),
        takes="FILE",
        says="keep everything in a file, without secrets",
        least=1,
        most=1,
    ),
    "load": _desk(
        lambda desk, words: desk.load(words[0]),
        takes="FILE",
        says="take up what save kept",
        least=1,
        most=1,
    ),
    "sweep": _desk(lambda desk, _: desk.sweep(), says="delete in the app what was created there"),
    "help": _desk(_help, takes="[COMMAND]", says="show the commands", most=1),
    "quit": _desk(
        _quit, takes="[--sweep]", says="end; with --sweep after a sweep", most=1, passing=True
    ),
}


COMMANDS: dict[str, Command] = {**_DIRECTORY, **_GROUPS, **_TIME, **_DESK}

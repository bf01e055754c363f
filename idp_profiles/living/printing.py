"""What a living mock IdP shows: each exchange as it goes by, then what its console shows."""

from __future__ import annotations

import json
import time
from abc import ABC
from abc import abstractmethod
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from idp_profiles.listing import Printer
from idp_profiles.listing import json_printer
from idp_profiles.listing import people_printer
from idp_profiles.listing import printable
from idp_profiles.model import Json

from .engine import Handled
from .engine import Pending
from .engine import Turn
from .lengths import said
from .office import Office

_NOUNS = {"/Users": ("user", "users"), "/Groups": ("group", "groups")}


class Show(ABC):
    """Prints to `out`; sentences about the session itself go to `err`."""

    exchange: Printer

    def __init__(self, title: str, out: Console, err: Console) -> None:
        self.title = title
        self.out, self.err = out, err
        # What must not be shown is known once the IdP is set up.
        self.secrets: Callable[[], Iterable[str]] = tuple

    def say(self, sentence: str) -> None:
        """Print one sentence about the session."""
        text = printable(self.masked(sentence))
        self.err.print(text, markup=False, highlight=False, soft_wrap=True)

    def masked(self, text: str) -> str:
        """Return a text without the credential."""
        for secret in self.secrets():
            text = text.replace(secret, "[redacted]")
        return text

    @abstractmethod
    def command(self, line: str) -> None:
        """Show a command that nobody sees being typed."""

    @abstractmethod
    def turn(self, turn: Turn, now: float) -> None:
        """Show what the IdP did, and what its console shows afterwards."""

    @abstractmethod
    def status(self, office: Office) -> None:
        """Show the clock, what is pending, and what was created."""

    @abstractmethod
    def who(self, office: Office) -> None:
        """Show people and groups."""

    @abstractmethod
    def help(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show commands and what they do."""


class ShowPeople(Show):
    """Prints for people."""

    def __init__(self, title: str, out: Console, err: Console) -> None:
        super().__init__(title, out, err)
        self.exchange = people_printer(out, lambda: self.secrets())

    def command(self, line: str) -> None:
        """Show a command as the prompt would have it."""
        self._line(Text(printable(self.masked(line)), "bold"))

    def turn(self, turn: Turn, now: float) -> None:
        """Show each object, then the console's words, then what is left to do."""
        for each in turn.handled:
            color, ended = ("green", "done") if each.ok else ("red", "failed")
            self._line(Text.assemble(f"{each.action} {each.name}: ", (ended, color)))
            if each.outcome.console:
                self._line(Text(f"  {self.title} shows: {self._own(each.outcome.console)}"))
        if turn.console:
            self._line(Text(f"{self.title}, {turn.title}: {self._own(turn.console)}", "bold"))
        self._pending(turn.pending, now)

    def status(self, office: Office) -> None:
        """Show the clock, what is pending, and what was created."""
        now = office.clock.now
        self._line(Text(f"The clock says {_date(now)}."))
        if getattr(office.engine, "paused", False):
            self._line(Text(f"{self.title} is paused."))
        self._pending(office.engine.pending, now)
        if not office.engine.pending:
            self._line(Text("Nothing is pending."))
        self._line(Text(f"Created in the app: {created(office) or 'nothing'}."))

    def who(self, office: Office) -> None:
        """Show people and groups as a table."""
        people, groups = _people(office), _groups(office)
        if not people and not groups:
            self._line(Text("The directory is empty."))
            return
        rows = [("who", "state", "assigned", "account in the app", "groups")]
        for one in people:
            groups_of = ", ".join(one["groups"])  # type: ignore[arg-type] # a list of names
            cells = (one["user_name"], one["state"], _yes(one["assigned"]), one["account"] or "")
            rows.append((*map(str, cells), groups_of))  # type: ignore[arg-type] # five texts
        rows += [(str(one["name"]), "group", _yes(one["assigned"]), "", "") for one in groups]
        self._columns(rows)

    def help(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show commands and what they do."""
        self._columns(rows)

    def _pending(self, pending: Iterable[Pending], now: float) -> None:
        for each in pending:
            again = "an admin has to act"
            if each.due is not None:
                again = f"due in {said(each.due - now)}" if each.due > now else "due now"
            text = f"  pending: {each.name}: {self._own(each.why)} ({again})"
            self._line(Text(printable(text), "yellow"))

    def _columns(self, rows: Sequence[Sequence[str]]) -> None:
        # No table of rich: on a pipe it would cut names and ids to a width that nobody has.
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
            self._line(Text(printable("  ".join(cells).rstrip())))

    def _own(self, text: str) -> str:
        return printable(self.masked(text))

    def _line(self, text: Text) -> None:
        self.out.print(text, soft_wrap=True)


class ShowJson(Show):
    """Prints one JSON object a line: exchanges, then what came of them."""

    def __init__(self, title: str, out: Console, err: Console) -> None:
        super().__init__(title, out, err)
        self.exchange = json_printer(out, lambda: self.secrets())

    def command(self, line: str) -> None:
        """Show nothing: the lines that follow say it."""

    def turn(self, turn: Turn, now: float) -> None:
        """Show a turn as one object."""
        handled: list[Json] = [self._handled(each) for each in turn.handled]
        pending: list[Json] = [_pending_json(each) for each in turn.pending]
        whole: dict[str, Json] = {"turn": turn.title, "at": _date(now), "ok": turn.ok}
        self._line(
            {**whole, "handled": handled, "pending": pending, "console": self.masked(turn.console)}
        )

    def status(self, office: Office) -> None:
        """Show the state of things as one object."""
        pending: list[Json] = [_pending_json(each) for each in office.engine.pending]
        status: dict[str, Json] = {"at": _date(office.clock.now), "pending": pending}
        self._line({"status": {**status, "created": {**office.ledger.created}}})

    def who(self, office: Office) -> None:
        """Show people and groups as one object."""
        self._line({"people": [*_people(office)], "groups": [*_groups(office)]})

    def help(self, rows: Sequence[tuple[str, str]]) -> None:
        """Show commands as one object."""
        self._line({"commands": dict(rows)})

    def _handled(self, one: Handled) -> dict[str, Json]:
        who: dict[str, Json] = {"kind": one.kind, "name": one.name, "action": one.action}
        return {**who, "ok": one.ok, "console": self.masked(one.outcome.console)}

    def _line(self, record: dict[str, Json]) -> None:
        # The console's file is written directly: nothing may wrap or colour a line of JSON.
        self.out.file.write(json.dumps(record, ensure_ascii=False) + "\n")
        self.out.file.flush()


def created(office: Office) -> str:
    """Return how much of what was created is still there, as `2 users, 1 group`."""
    counts = office.ledger.created
    return ", ".join(
        f"{number} {_NOUNS[endpoint][number != 1]}" for endpoint, number in sorted(counts.items())
    )


def _people(office: Office) -> list[dict[str, Json]]:
    directory, user_id = office.directory, getattr(office.engine.idp, "user_id", lambda _: None)
    teams = directory.groups
    return [
        {
            "user_name": person.user_name,
            "state": directory.state(person.idp_id).value,
            "assigned": directory.is_in_scope(person.idp_id),
            "account": user_id(person),
            "groups": [team.name for team in teams if person in team.members],
        }
        for person in directory.people
    ]


def _groups(office: Office) -> list[dict[str, Json]]:
    return [
        {
            "name": group.name,
            "assigned": office.directory.is_assigned(group.idp_id),
            "members": [each.user_name for each in group.members],
        }
        for group in office.directory.groups
    ]


def _pending_json(one: Pending) -> dict[str, Json]:
    due = None if one.due is None else _date(one.due)
    return {"kind": one.kind, "name": one.name, "why": one.why, "due": due}


def _yes(value: Json) -> str:
    return "yes" if value else "no"


def _date(moment: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))

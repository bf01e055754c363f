"""What every expectation is made of: a condition that holds now or within the settle time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol
from typing import Self

from idp_profiles.model import Json
from reports import Verdict
from suites.evidence import Entry
from suites.values import items
from suites.values import member
from suites.values import value_at
from suites.verdicts import Mismatch


class Observation(Protocol):
    """One reply that can be fetched again."""

    @property
    def status(self) -> int:
        """The HTTP status."""

    @property
    def entry(self) -> Entry:
        """The exchange that shows it."""

    def header(self, name: str) -> str | None:
        """Return a header, or None."""

    def json(self) -> Json:
        """Return the body as JSON, or raise ValueError."""

    def refresh(self) -> bool:
        """Fetch again; False when the settle time is over."""


class Holding:
    """A chain of conditions on one reply; the first that does not hold raises Mismatch."""

    def __init__(self, observation: Observation) -> None:
        self._seen = observation
        self._at_most: Verdict | None = None

    def warn_at_most(self) -> Self:
        """Let what follows in the chain warn at most, where the text asks for it less strictly."""
        self._at_most = Verdict.WARN
        return self

    def note_at_most(self) -> Self:
        """Let what follows in the chain be a note at most, where the text leaves it open."""
        self._at_most = Verdict.PASS
        return self

    def at(self, path: str) -> Json:
        """Return the value at an attribute path of the body, or None."""
        return value_at(self._json(), path)

    def status(self, *allowed: int) -> Self:
        """Expect one of these HTTP statuses."""
        __tracebackhide__ = True
        wanted = " or ".join(str(code) for code in allowed)
        return self._hold(
            lambda: self._seen.status in allowed,
            f"status {wanted}",
            lambda: f"{self._seen.status}{self._detail()}",
        )

    def json_object(self) -> Self:
        """Expect a JSON object as the body."""
        __tracebackhide__ = True
        return self._hold(lambda: isinstance(self._json(), dict), "a JSON object", self._body)

    def holds(
        self, condition: Callable[[], bool], expected: str, actual: Callable[[], str]
    ) -> Self:
        """Expect a condition of the case's own; `actual` says what came where it does not hold."""
        __tracebackhide__ = True
        return self._hold(condition, expected, actual)

    def _hold(
        self, condition: Callable[[], bool], expected: str, actual: Callable[[], str]
    ) -> Self:
        __tracebackhide__ = True
        while not condition():
            if not self._seen.refresh():
                raise Mismatch(
                    expected=expected,
                    actual=actual(),
                    entry=self._seen.entry,
                    at_most=self._at_most,
                )
        return self

    def _json(self) -> Json:
        try:
            return self._seen.json()
        except (ValueError, RecursionError):
            return None

    def _body(self) -> str:
        body = str(self._seen.entry.reply_body)
        return body if len(body) <= 200 else body[:200] + "…"

    def _detail(self) -> str:
        detail = self.at("detail")
        return f" ({detail})" if isinstance(detail, str) and detail else ""

    def _came(self) -> str:
        """Return status and detail in one line."""
        return f"status {self._seen.status}{self._detail()}"

    def _ids(self, collection: str, name: str) -> list[str]:
        return [str(member(item, name)) for item in items(self.at(collection))]

"""A departure: one deviation of Clockify, with what it changes of the rules."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from typing import Any

from reference_server.messages import Handler
from reference_server.products.product import ProductDeviation

from .rules import Lock
from .rules import Rules

Wrap = Callable[[Handler], Handler]


@dataclass(frozen=True, slots=True)
class Departure(ProductDeviation):
    """A deviation with what it changes of the rules, and what it puts around the handler."""

    rules: Mapping[str, Any] = field(default_factory=dict)
    unlocked: Lock | None = None
    wrap: Wrap | None = None

    def of(self, rules: Rules) -> Rules:
        """Return the rules with this departure from them."""
        if self.unlocked is not None:
            return replace(rules, locks=rules.locks - {self.unlocked})
        return replace(rules, **self.rules)


def rule(name: str, summary: str, *violates: str, **rules: object) -> Departure:
    """Return a departure from one rule."""
    return Departure(name, summary, violates, rules)


def unlock(name: str, summary: str, lock: Lock) -> Departure:
    """Return a departure that leaves one thing unlocked."""
    return Departure(name, summary, (lock.value[0],), unlocked=lock)


def wrapped(name: str, summary: str, *violates: str, wrap: Wrap) -> Departure:
    """Return a departure that shows at the door alone."""
    return Departure(name, summary, violates, wrap=wrap)

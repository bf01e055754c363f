"""The assertion vocabulary: every refusal names what was expected and what came.

An expectation is made about an `Observation`. Where the target has a settle time, a read that does
not show the expected effect yet is repeated until that time is over; then it is a mismatch.
"""

from __future__ import annotations

from suites.values import value_at as value_at

from .holding import Observation as Observation
from .lists import LIST_URN as LIST_URN
from .lists import ListExpectations
from .replies import ERROR_URN as ERROR_URN
from .replies import ReplyExpectations
from .resources import ResourceExpectations


def expect(observation: Observation) -> Expectation:
    """Begin an expectation about a reply."""
    return Expectation(observation)


class Expectation(ReplyExpectations, ResourceExpectations, ListExpectations):
    """A chain of conditions on one reply; the first that does not hold raises Mismatch."""

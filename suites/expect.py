"""The assertion vocabulary: every refusal names what was expected and what came.

An expectation is made about an `Observation`. Where the target has a settle time, a read that does
not show the expected effect yet is repeated until that time is over; then it is a mismatch.
"""

from __future__ import annotations

from .expect_lists import LIST_URN as LIST_URN
from .expect_lists import ListExpectations
from .expect_replies import ERROR_URN as ERROR_URN
from .expect_replies import ReplyExpectations
from .expect_resources import ResourceExpectations
from .holding import Observation as Observation
from .values import value_at as value_at


def expect(observation: Observation) -> Expectation:
    """Begin an expectation about a reply."""
    return Expectation(observation)


class Expectation(ReplyExpectations, ResourceExpectations, ListExpectations):
    """A chain of conditions on one reply; the first that does not hold raises Mismatch."""

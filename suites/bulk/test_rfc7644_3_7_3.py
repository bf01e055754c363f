"""RFC 7644 section 3.7.3: the results of a bulk job, one for each operation."""

from __future__ import annotations

import pytest

from suites.bulk.conftest import Limited
from suites.bulk.jobs import Job
from suites.bulk.jobs import Ran
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import text
from suites.values import value_at

FAILING = ("nameless", "unknown", "half", "gone")


@requirement("RFC7644-3.7.3-1", proof=("bulk-results-of-failures-only",))
def test_there_is_a_result_of_each_operation(four: Ran, reading: Reading) -> None:
    """A job of which every operation succeeds has a result of each."""
    _complete(four.job)
    ordered = [four.of(name).value for name in four.job.operations] == four.job.results
    reading(f"the results of a bulk job have {'the' if ordered else 'another'} order")


@requirement("RFC7644-3.7.3-1", proof=("bulk-results-of-successes-only",))
def test_there_is_a_result_of_each_failure(troubled: Ran) -> None:
    """A job of which some operations fail has a result of each, too."""
    _complete(troubled.job)


@requirement("RFC7644-3.7.3-3", proof=("bulk-statuses-simplified",))
def test_the_status_of_a_create_is_that_of_a_single_one(four: Ran) -> None:
    """A POST in a bulk job has the status that a POST of its own has."""
    single = four.alone["create"].status
    four.of("create").shows(four.of("create").code == single, f"the status {single}")


@requirement("RFC7644-3.7.3-3", proof=("bulk-failures-500",))
def test_the_status_of_a_refused_create_is_that_of_a_single_one(troubled: Ran) -> None:
    """A POST that is refused in a bulk job has the status that it would have on its own."""
    single, result = troubled.alone["nameless"].status, troubled.of("nameless")
    result.shows(result.code == single, f"the status {single}")


@pytest.mark.parametrize("name", ["unknown", "gone"])
@requirement("RFC7644-3.7.3-3", proof=("bulk-statuses-simplified", "bulk-failures-500"))
def test_the_status_of_a_failure_is_that_of_a_single_request(name: str, troubled: Ran) -> None:
    """An operation that fails has the status that the request would have on its own."""
    single, result = troubled.alone[name].status, troubled.of(name)
    result.shows(result.code == single, f"the status {single}")


@pytest.mark.parametrize("name", FAILING)
@requirement("RFC7644-3.7.3-4", proof=("bulk-error-without-detail",))
def test_a_failure_is_explained(name: str, troubled: Ran) -> None:
    """The result of an operation that failed explains it to people."""
    result = troubled.of(name).failed()
    words = (
        value_at(result.response, "detail"),
        value_at(result.value, "status.description"),
        value_at(result.value, "description"),
    )
    result.shows(any(isinstance(each, str) and each.strip() for each in words), "an explanation")


@requirement("RFC7644-3.7.3-5", proof=("bulk-statuses-simplified", "bulk-patch-refused"))
def test_the_example_of_a_job_with_each_method(four: Ran) -> None:
    """A job that adds, replaces, patches and deletes gives 201, 200, 200 or 204, and 204."""
    expected = {"create": (201,), "replace": (200,), "patch": (200, 204), "delete": (204,)}
    for name in four.job.operations:
        wanted = " or ".join(map(str, expected[name]))
        result = four.of(name)
        result.shows(result.succeeded, f"the status {wanted}")
        result.shows(result.code in expected[name], f"the status {wanted}", mildly=True)


@requirement("RFC7644-3.7.3-6", proof=("bulk-fail-on-errors-ignored", "bulk-lists-what-it-left"))
def test_the_example_of_a_job_that_stops(limited: Limited, reading: Reading) -> None:
    """A job with failOnErrors 1 whose first operation fails has only that result."""
    job = limited.one.job
    if not job.processed:
        reading("a bulk job that is given up is answered with an error as a whole")
        expect(job.reply).refused().note_at_most().status(200)
    expect(job.reply).holds(
        lambda: len(job.results) == 1, "one result", lambda: f"{len(job.results)}"
    )
    expect(limited.one.found("delete")).status(200)


@requirement("RFC7644-3.7.3-7", proof=("bulk-stops-at-first-error",))
def test_the_example_of_a_job_that_fails_entirely(hopeless: Job) -> None:
    """A job of which every operation fails gives 200 and a result of each."""
    expect(hopeless.reply).status(200)
    _complete(hopeless)
    for name in hopeless.operations:
        hopeless.refused(name)


def _complete(job: Job) -> None:
    found, wanted = job.done().results, len(job.operations)
    expect(job.reply).holds(
        lambda: len(found) == wanted,
        f"{wanted} results",
        lambda: f"{len(found)} {text(found)}",
    )

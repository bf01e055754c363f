"""RFC 7644 section 3.7: jobs of which operations fail, and when a job is given up."""

from __future__ import annotations

import pytest

from suites.bulk.conftest import Limited
from suites.bulk.conftest import Versioned
from suites.bulk.jobs import Ran
from suites.expect import expect
from suites.requirements import requirement
from suites.scim_fixtures import Reading
from suites.values import member
from suites.values import value_at
from suites.verbs import Scim


@requirement("RFC7644-3.7-20", proof=("bulk-answers-207", "bulk-answers-202"))
def test_a_job_that_was_processed_gives_200(four: Ran) -> None:
    """A bulk job of which every operation succeeds gives 200."""
    expect(four.job.reply).status(200)


@requirement("RFC7644-3.7-20", proof=("bulk-partial-failure-400", "bulk-partial-failure-207"))
def test_a_job_that_failed_in_part_gives_200(troubled: Ran) -> None:
    """A bulk job of which some operations fail gives 200."""
    expect(troubled.job.reply).status(200)


@requirement("RFC7644-3.7-20", proof=("bulk-broken-json-500", "bulk-broken-json-200"))
def test_a_job_that_cannot_be_read_is_refused(scim: Scim) -> None:
    """A bulk request that is no JSON gives 400."""
    body = b'{"schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"], "Operations": ['
    expect(scim.post("/Bulk", body)).status(400)


@requirement("RFC7644-3.7-21", proof=("bulk-all-or-nothing",))
def test_what_comes_before_a_failure_is_kept(troubled: Ran) -> None:
    """An operation before others that fail is carried out."""
    troubled.of("first").success()
    expect(troubled.shown("first")).status(200).has("userName", troubled.sent("first", "userName"))


@requirement("RFC7644-3.7-21", proof=("bulk-stops-at-first-error",))
def test_what_comes_after_a_failure_is_done(troubled: Ran) -> None:
    """An operation after others that fail is carried out where failOnErrors is absent."""
    sent = troubled.sent("last", "displayName")
    expect(troubled.job.done().reply).success()
    expect(troubled.found("last")).status(200).has("displayName", sent)


@requirement("RFC7644-3.5.2-25", needs=("bulk", "patch"), proof=("bulk-patch-half-done",))
def test_a_patch_that_fails_in_a_job_changes_nothing(troubled: Ran) -> None:
    """A PATCH in a bulk job of which one operation is wrong leaves the user as it was."""
    troubled.of("half").failed()
    lost = troubled.sent("half", "Operations[0].value")
    seen = troubled.shown("half")
    expect(seen).status(200).holds(
        lambda: value_at(seen.object(), "displayName") != lost,
        "the displayName from before the failed PATCH",
        lambda: str(value_at(seen.object(), "displayName")),
    )


@requirement(
    "RFC7644-3.7-23", proof=("bulk-fail-on-errors-ignored", "bulk-fail-on-errors-one-late")
)
def test_a_job_is_given_up_after_one_error(limited: Limited) -> None:
    """With failOnErrors 1 nothing is carried out after the first error."""
    _failed(limited.one, "nameless")
    expect(limited.one.found("delete")).status(200)


@requirement("RFC7644-3.7-23", proof=("bulk-stops-at-first-error",))
def test_a_job_goes_on_below_the_limit(limited: Limited) -> None:
    """With failOnErrors 2 the operation after the first error is carried out."""
    job = limited.two
    _failed(job, "unknown")
    sent = job.sent("replace", "displayName")
    expect(job.found("replace")).status(200).has("displayName", sent)


@requirement(
    "RFC7644-3.7-23", proof=("bulk-fail-on-errors-ignored", "bulk-fail-on-errors-one-late")
)
def test_a_job_is_given_up_at_the_limit(limited: Limited) -> None:
    """With failOnErrors 2 nothing is carried out after the second error."""
    _failed(limited.two, "gone")
    expect(limited.one.found("delete")).status(200)
    expect(limited.two.found("delete")).status(200)


@requirement("RFC7644-3.7-11", proof=("bulk-version-ignored",))
def test_a_former_version_is_refused(versioned: Versioned) -> None:
    """A PUT in a bulk job with the version from before somebody else's change is refused."""
    versioned.stale.job.refused("replace")


@requirement("RFC7644-3.7-11", proof=("bulk-version-ignored-by-delete",))
def test_nothing_is_deleted_under_a_former_version(versioned: Versioned) -> None:
    """A DELETE in a bulk job with a former version is refused, and the user stays."""
    versioned.stale.job.refused("delete")
    expect(versioned.stale.found("delete")).status(200)


@requirement("RFC7644-3.7-11", proof=("bulk-version-always-refused",))
def test_the_current_version_is_accepted(versioned: Versioned) -> None:
    """A PUT in a bulk job with the current version of the user is carried out."""
    job = versioned.current
    job.of("replace").success()
    sent = job.sent("replace", versioned.name)
    expect(job.shown("replace")).status(200).has(versioned.name, sent)


@pytest.mark.parametrize("name", ["create", "replace", "patch"])
@requirement("RFC7644-3.7-11", proof=("bulk-version-outdated",))
def test_the_version_of_a_result_is_the_new_one(name: str, four: Ran, reading: Reading) -> None:
    """The version in a result is that of the resource after the operation."""
    result = four.of(name)
    shown, version = (
        value_at(four.shown(name).object(), "meta.version"),
        member(result.value, "version"),
    )
    if version is None or shown is None:
        reading("the results of a bulk job show no version")
        return
    result.shows(version == shown, f"the version {shown}")


def _failed(ran: Ran, name: str) -> None:
    """Make sure that an operation failed; a job that is given up may be an error as a whole.

    "The operation is terminated and an error response is returned", says the definition, where
    the example gives 200.
    """
    if ran.job.processed:
        ran.of(name).failed()

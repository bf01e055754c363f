"""RFC 7644 section 3.7: bulk requests that are not as they have to be.

A fault of one operation may be answered in its result or by a refusal of the whole request.
"""

from __future__ import annotations

import pytest

from idp_profiles.model import Json
from suites.bulk.conftest import Crew
from suites.bulk.jobs import Job
from suites.bulk.jobs import Operation
from suites.bulk.jobs import creating
from suites.bulk.jobs import deleting
from suites.bulk.jobs import replacing
from suites.bulk.jobs import send
from suites.bulk.jobs import user_body
from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.scim_fixtures import Reading
from suites.verbs import BULK_URN
from suites.verbs import SEARCH_URN
from suites.verbs import Scim


@pytest.fixture
def faulty(experiment: Experiment, crew: Crew) -> dict[str, Job]:
    """Jobs of one operation each that lacks something or is not what a job may have.

    None of them could do harm if it were carried out: they are about users of the run's own, and
    no path that leads to more than one user comes with a DELETE or PATCH.
    """

    def run(lab: Lab) -> dict[str, Job]:
        one, other = user_body(lab), user_body(lab)
        wrong: dict[str, Operation] = {
            "GET": {"method": "GET", "path": crew.ann.path},
            "no method": {"path": crew.ann.path, "data": crew.renamed("Without method")},
            "no path": {"method": "PUT", "data": crew.renamed("Without path")},
            "POST without data": {"method": "POST", "path": "/Users", "bulkId": "scimproof-none"},
            "PUT without data": {"method": "PUT", "path": crew.ben.path},
            "POST to a user": {**creating("Users", "scimproof-one", one), "path": crew.ann.path},
            "PUT to all users": replacing("/Users", crew.renamed("Everybody")),
            "no bulkId": {"method": "POST", "path": "/Users", "data": {**other}},
        }
        return {name: send(lab, None, {name: each}) for name, each in wrong.items()}

    return experiment(run, key="faulty jobs")


@requirement("RFC7644-3.7-2", proof=("bulk-get-accepted",))
def test_a_job_has_no_get(faulty: dict[str, Job]) -> None:
    """A bulk operation with GET is refused."""
    faulty["GET"].refused("GET")


@requirement("RFC7644-3.7-3", proof=("bulk-any-schema-accepted",))
def test_another_schema_is_refused(crew: Crew, scim: Scim) -> None:
    """A bulk request that calls itself a search request is refused."""
    operations: list[Json] = [deleting(crew.nobody)]
    body: Json = {"schemas": [SEARCH_URN], "Operations": operations}
    expect(scim.post("/Bulk", body)).refused()


@requirement("RFC7644-3.7-7", proof=("bulk-without-operations-accepted",))
def test_a_request_without_operations_is_refused(scim: Scim) -> None:
    """A bulk request without Operations gives 400."""
    reply = scim.post("/Bulk", {"schemas": [BULK_URN]})
    expect(reply).refused().warn_at_most().scim_error(400)


@requirement("RFC7644-3.7-8", proof=("bulk-without-method-accepted",))
def test_an_operation_without_method_is_refused(faulty: dict[str, Job]) -> None:
    """A bulk operation without a method is refused."""
    faulty["no method"].refused("no method")


@requirement("RFC7644-3.7-9", proof=("bulk-post-without-id-accepted",))
def test_a_create_without_bulk_id_is_refused(faulty: dict[str, Job], reading: Reading) -> None:
    """A bulk operation with POST and without bulkId is refused."""
    job = faulty["no bulkId"]
    if job.processed and job.of("no bulkId").succeeded:
        reading("a POST in a bulk job needs no bulkId")
    job.refused("no bulkId")


@requirement("RFC7644-3.7-10", proof=("bulk-same-id-accepted",))
def test_a_bulk_id_occurs_once(lab: Lab, room: int | None) -> None:
    """A job in which two creates have the same bulkId is refused, or the second of them."""
    operations = {n: creating("Users", "scimproof-same", user_body(lab)) for n in ("one", "two")}
    job = send(lab, room, operations)
    codes = [result.code for name in operations if (result := job.find(name)) is not None]
    expect(job.reply).holds(
        lambda: not job.processed or any(code is None or code >= 400 for code in codes),
        "a refusal",
        lambda: f"two users: {codes}",
    )


@requirement("RFC7644-3.7-12", proof=("bulk-without-path-accepted",))
def test_an_operation_without_path_is_refused(faulty: dict[str, Job]) -> None:
    """A bulk operation without a path is refused."""
    faulty["no path"].refused("no path")


@requirement("RFC7644-3.7-13", proof=("bulk-post-to-resource-accepted",))
def test_a_create_goes_to_an_endpoint(faulty: dict[str, Job]) -> None:
    """A bulk operation with POST to a user is refused."""
    faulty["POST to a user"].refused("POST to a user")


@requirement("RFC7644-3.7-13", proof=("bulk-put-to-endpoint-accepted",))
def test_a_replace_goes_to_a_resource(faulty: dict[str, Job]) -> None:
    """A bulk operation with PUT to an endpoint is refused."""
    faulty["PUT to all users"].refused("PUT to all users")


@pytest.mark.parametrize("name", ["POST without data", "PUT without data"])
@requirement("RFC7644-3.7-14", proof=("bulk-without-data-accepted",))
def test_an_operation_without_data_is_refused(name: str, faulty: dict[str, Job]) -> None:
    """A bulk operation with POST or PUT and without data is refused."""
    faulty[name].refused(name)

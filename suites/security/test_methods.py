"""A request is what its method says."""

from __future__ import annotations

from suites.expect import expect
from suites.making.lab import Lab
from suites.requirements import requirement
from suites.scim_fixtures import Experiment
from suites.security import methods
from suites.security.methods import Disguise
from suites.security.methods import traced
from suites.security.visits import shows_resource
from suites.verbs import Made


@requirement("SEC-METHOD-1", proof=("method-override-on-get", "method-in-query"))
def test_a_get_deletes_nobody(experiment: Experiment) -> None:
    """A GET that says DELETE in a header or in the query deletes nobody."""
    found: Disguise = experiment(methods.by_get)
    expect(found.after).status(200).keeps(found.user.stored, paths=("userName",))


@requirement("SEC-METHOD-2", proof=("method-override-on-post", "method-in-query"))
def test_a_post_deletes_nobody(experiment: Experiment) -> None:
    """A POST to a user that says DELETE in a header or in the query deletes nobody."""
    found: Disguise = experiment(methods.by_post)
    expect(found.after).status(200).keeps(found.user.stored, paths=("userName",))


@requirement("SEC-METHOD-3", proof=("trace-echoes",))
def test_trace_sends_nothing_back(lab: Lab) -> None:
    """The answer to TRACE does not hold the headers of the request."""
    reply = traced(lab)
    expect(reply).holds(
        lambda: b"scimproof-mark" not in reply.content,
        "a reply without the request's headers",
        lambda: f"status {reply.status} with the header {methods.MARK}",
    )


@requirement("SEC-METHOD-4", proof=("unknown-methods-open", "head-open"))
def test_an_unknown_method_opens_nothing(lab: Lab, calm_user: Made) -> None:
    """A method that does not exist, and HEAD, open nothing without a credential."""
    for reply in methods.unknown_methods(lab, calm_user).values():
        came = expect(reply).holds(
            lambda reply=reply: not shows_resource(reply),  # type: ignore[misc]  # a lambda with a default has no type of its own
            "a refusal",
            lambda reply=reply: f"{reply.status} with the user",  # type: ignore[misc]  # as above
        )
        # HEAD has no body, but says as much as GET does in its headers; a gateway may know neither.
        came.warn_at_most().refused()

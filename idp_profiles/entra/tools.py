"""What Microsoft's test tools send as HTTP: neither of them is the provisioning service.

Both are reconstructed: the SCIM Validator from results that its users published, the gallery's
direct tests from the workflow that Microsoft published.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass

from idp_profiles.model import Certainty
from idp_profiles.model import Headers
from idp_profiles.model import Json
from idp_profiles.model import Request
from idp_profiles.model import Step
from idp_profiles.wire import encode
from idp_profiles.wire import equals
from idp_profiles.wire import query
from idp_profiles.wire import segment

from .names import PATCH_OP
from .tenant import Tenant

_SCIM = "application/scim+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """One test tool: the headers of its requests, and who says what it sends."""

    tenant: Tenant
    name: str
    reads: Headers
    writes: Headers
    certainty: Certainty
    sources: tuple[str, ...]

    def create(self, endpoint: str, body: Mapping[str, Json]) -> Request:
        """Return the create of a user or a group; `endpoint` is `/Users` or `/Groups`."""
        return self._request(f"create in {endpoint}", "POST", endpoint, dict(body))

    def find(self, endpoint: str, attribute: str, value: str, **parameters: str) -> Request:
        """Return the look-up by a joining property; further parameters come before the filter.

        The published results show blanks as plus signs. That they show quotes as they are is taken
        for the way results are written: no client library sends them so.
        """
        wanted = {**parameters, "filter": equals(attribute, value)}
        return self._request(
            f"look up in {endpoint}", "GET", f"{endpoint}?{query(wanted, plus_for_blanks=True)}"
        )

    def read(self, endpoint: str, resource_id: str, **parameters: str) -> Request:
        """Return the read of one resource."""
        target = f"{endpoint}/{segment(resource_id)}"
        if parameters:
            target = f"{target}?{query(parameters)}"
        return self._request(f"read from {endpoint}", "GET", target)

    def get(self, target: str) -> Request:
        """Return the read of a list, or of a discovery document."""
        return self._request(f"read {target.partition('?')[0]}", "GET", target)

    def patch(self, endpoint: str, resource_id: str, operations: Sequence[Json]) -> Request:
        """Return a PATCH with these operations."""
        body: Json = {"schemas": [PATCH_OP], "Operations": list(operations)}
        target = f"{endpoint}/{segment(resource_id)}"
        return self._request(f"update in {endpoint}", "PATCH", target, body)

    def delete(self, endpoint: str, resource_id: str) -> Request:
        """Return the deletion of one resource."""
        target = f"{endpoint}/{segment(resource_id)}"
        return self._request(f"remove in {endpoint}", "DELETE", target)

    def _request(self, title: str, method: str, target: str, body: Json = None) -> Request:
        signed: Headers = (("Authorization", self.tenant.signing.header),)
        headers = (*signed, *(self.reads if body is None else self.writes))
        content = None if body is None else encode(body)
        step = Step(title, self.certainty, self.sources, self.name)
        return Request(method, target, headers, content, step)


def validator(tenant: Tenant) -> Tool:
    """Return the SCIM Validator, as published results show its requests."""
    return Tool(
        tenant=tenant,
        name="scim-validator",
        reads=(),
        writes=(("Content-Type", f"{_SCIM}; charset=utf-8"),),
        certainty=Certainty.WILD,
        sources=("W2", "W29", "W45"),
    )


def gallery(tenant: Tenant) -> Tool:
    """Return the gallery's tests of the endpoint itself, as the published workflow has them."""
    accept = ("Accept", _SCIM)
    return Tool(
        tenant=tenant,
        name="gallery-direct",
        reads=(accept,),
        writes=(("Content-Type", _SCIM), accept),
        certainty=Certainty.CODE,
        sources=("C2", "C5"),
    )

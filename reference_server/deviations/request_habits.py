"""Deviations of request lines and headers in which clients differ: what is odd is refused."""

from __future__ import annotations

from reference_server.messages import Handler
from reference_server.messages import Request

from .queries import parameter
from .registry import deviation
from .shaping import refuse


@deviation("plain-json-get-refused", area="requests")
def plain_json_get_refused(handle: Handler) -> Handler:
    """Refuse a GET that has application/json as its Content-Type with 406."""

    def when(request: Request) -> bool:
        media_type = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        return request.method == "GET" and media_type == "application/json"

    return refuse(handle, when, 406, "The media type is not application/scim+json.")


@deviation("user-agent-empty-refused", area="requests")
def user_agent_empty_refused(handle: Handler) -> Handler:
    """Refuse a request with an empty User-Agent with 403, as some firewalls do."""

    def when(request: Request) -> bool:
        agent = request.header("User-Agent")
        return agent is not None and not agent.strip()

    return refuse(handle, when, 403, "The client does not say what it is.")


@deviation("user-agent-missing-refused", area="searches")
def user_agent_missing_refused(handle: Handler) -> Handler:
    """Refuse a query with a filter that comes without a User-Agent, as some firewalls do."""

    def when(request: Request) -> bool:
        return parameter(request, "filter") is not None and request.header("User-Agent") is None

    return refuse(handle, when, 403, "The client does not say what it is.")


@deviation("query-ending-in-ampersand-refused", area="requests")
def query_ending_in_ampersand_refused(handle: Handler) -> Handler:
    """Refuse a query that ends in an ampersand with 400."""

    def when(request: Request) -> bool:
        return request.query.endswith("&")

    return refuse(handle, when, 400, "A parameter has no name.")

"""Deviations of the configuration: what /ServiceProviderConfig says, and to whom."""

from __future__ import annotations

from collections.abc import Callable

from reference_server.messages import Handler
from reference_server.messages import Json
from reference_server.messages import Request
from reference_server.messages import Response

from .documents import Document
from .documents import drop
from .documents import objects
from .documents import parse
from .registry import deviation
from .shaping import answer_json
from .shaping import edit_replies
from .shaping import on
from .shaping import refuse

_CONFIG = on("GET", "ServiceProviderConfig")
_FEATURES = ("patch", "bulk", "filter", "changePassword", "sort", "etag")
_SCHEMES = "authenticationSchemes"


@deviation("config-needs-token", area="discovery")
def config_needs_token(handle: Handler) -> Handler:
    """Ask for a token before ServiceProviderConfig is shown."""

    def stranger(request: Request) -> bool:
        return _CONFIG(request) and not request.header("Authorization")

    return refuse(handle, stranger, 401, "A token is needed.")


@deviation("config-features-as-booleans", area="discovery")
def config_features_as_booleans(handle: Handler) -> Handler:
    """Say true or false of each feature in ServiceProviderConfig, without the object around it."""

    def edit(found: Document) -> None:
        for name in _FEATURES:
            for each in objects(found.get(name)):
                found[name] = each.get("supported")

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-without-features", area="discovery")
def config_without_features(handle: Handler) -> Handler:
    """Leave out of ServiceProviderConfig what the server is no different for."""
    return edit_replies(handle, _CONFIG, lambda found: drop(found, *_FEATURES))


@deviation("config-limits-as-text", area="discovery")
def config_limits_as_text(handle: Handler) -> Handler:
    """Give the limits in ServiceProviderConfig as texts of digits."""

    def edit(found: Document) -> None:
        for each in [one for name in ("bulk", "filter") for one in objects(found.get(name))]:
            for key, value in each.items():
                if key != "supported":
                    each[key] = str(value)

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-max-results-exceeded", area="discovery")
def config_max_results_exceeded(handle: Handler) -> Handler:
    """Announce that two results at most are returned, and return more."""

    def edit(found: Document) -> None:
        for each in objects(found.get("filter")):
            each["maxResults"] = 2

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-limits-zero", area="discovery")
def config_limits_zero(handle: Handler) -> Handler:
    """Announce bulk requests and filters, and limits of zero for both."""

    def edit(found: Document) -> None:
        for each in [one for name in ("bulk", "filter") for one in objects(found.get(name))]:
            each.update({key: 0 for key in each if key != "supported"})

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-of-scim-1", area="discovery")
def config_of_scim_1(handle: Handler) -> Handler:
    """Name the schema of SCIM 1.0 in ServiceProviderConfig."""
    old: Json = ["urn:scim:schemas:core:1.0"]
    return edit_replies(handle, _CONFIG, lambda found: found.update(schemas=old))


@deviation("config-id-as-number", area="discovery")
def config_id_as_number(handle: Handler) -> Handler:
    """Give ServiceProviderConfig an id that is a number."""
    return edit_replies(handle, _CONFIG, lambda found: found.update(id=1))


@deviation("config-documentation-no-address", area="discovery")
def config_documentation_no_address(handle: Handler) -> Handler:
    """Give words in place of the documentationUri of ServiceProviderConfig."""
    words: Json = "See the wiki."
    return edit_replies(handle, _CONFIG, lambda found: found.update(documentationUri=words))


@deviation("config-schemes-empty", area="discovery")
def config_schemes_empty(handle: Handler) -> Handler:
    """Give no scheme in authenticationSchemes."""
    return edit_replies(handle, _CONFIG, lambda found: found.update({_SCHEMES: []}))


@deviation("config-schemes-as-names", area="discovery")
def config_schemes_as_names(handle: Handler) -> Handler:
    """Give the types of the authenticationSchemes as texts, without the objects around them."""

    def edit(found: Document) -> None:
        found[_SCHEMES] = [each.get("type") for each in objects(found.get(_SCHEMES))]

    return edit_replies(handle, _CONFIG, edit)


@deviation("config-schemes-without-type", area="discovery")
def config_schemes_without_type(handle: Handler) -> Handler:
    """Leave the type out of the authenticationSchemes, as the schema in the RFC does."""
    return _edit_schemes(handle, lambda each: drop(each, "type"))


@deviation("config-schemes-without-name", area="discovery")
def config_schemes_without_name(handle: Handler) -> Handler:
    """Leave the name out of the authenticationSchemes."""
    return _edit_schemes(handle, lambda each: drop(each, "name"))


@deviation("config-schemes-without-description", area="discovery")
def config_schemes_without_description(handle: Handler) -> Handler:
    """Leave the description out of the authenticationSchemes."""
    return _edit_schemes(handle, lambda each: drop(each, "description"))


@deviation("config-schemes-spec-no-address", area="discovery")
def config_schemes_spec_no_address(handle: Handler) -> Handler:
    """Give the name of a document as the specUri of an authentication scheme."""
    return _edit_schemes(handle, lambda each: each.update(specUri="RFC 6750"))


@deviation("config-schemes-help-no-address", area="discovery")
def config_schemes_help_no_address(handle: Handler) -> Handler:
    """Give a file name as the documentationUri of an authentication scheme."""
    return _edit_schemes(handle, lambda each: each.update(documentationUri="C:\\help\\token.pdf"))


@deviation("config-changed-by-put", area="discovery")
def config_changed_by_put(handle: Handler) -> Handler:
    """Let a PUT change what ServiceProviderConfig shows."""
    changed: Document = {}
    shown = edit_replies(handle, _CONFIG, lambda found: found.update(changed))

    def wrapped(request: Request) -> Response:
        admitted = on("PUT", "ServiceProviderConfig")(request)
        body = parse(request.body) if admitted else None
        if body is None:
            return shown(request)
        changed.update(body)
        return answer_json(200, body)

    return wrapped


def _edit_schemes(handle: Handler, edit: Callable[[Document], object]) -> Handler:
    def every(found: Document) -> None:
        for each in objects(found.get(_SCHEMES)):
            edit(each)

    return edit_replies(handle, _CONFIG, every)

"""The first request: the service provider configuration, kept for an hour."""

from __future__ import annotations

from idp_profiles.model import Stopped
from idp_profiles.wire import Part

from .console import Busy
from .console import Complaint
from .exchange import send
from .names import SALESFORCE
from .org import Org
from .service_config import Invalid
from .service_config import ServiceConfig
from .service_config import read_config
from .steps import step


def configuration(org: Org, complaint: Complaint) -> Part[ServiceConfig]:
    """Return what is known of the server; whatever cannot be used counts as "supports nothing"."""
    if org.config is None:
        org.config = yield from _fetched(org, complaint)
    return org.config


def _fetched(org: Org, complaint: Complaint) -> Part[ServiceConfig]:
    target = "/ServiceProviderConfig"
    # Salesforce has the plural, as SCIM 1.1 had it.
    if org.dialect == SALESFORCE:
        target += "s"
    request = org.request("GET", target, step("user-create", "read the server's features"))
    try:
        document = yield from send(request, complaint)
        return read_config(document, org.dialect)
    except Busy:
        raise
    except (Stopped, Invalid):
        return ServiceConfig()

"""Names that name nobody: what may stay readable in a recording."""

from __future__ import annotations

COLLECTIONS = frozenset(
    [
        "users",
        "groups",
        "me",
        "schemas",
        "resourcetypes",
        "serviceproviderconfig",
        "serviceproviderconfigs",
        "bulk",
        "roles",
        "entitlements",
        ".search",
    ]
)
DISCOVERY = frozenset({"schemas", "resourcetypes", "serviceproviderconfig"})
# The types of RFC 7643 section 4.1.2, and of members: nobody is known by them.
TYPES = frozenset(
    [
        "work",
        "home",
        "other",
        "mobile",
        "fax",
        "pager",
        "photo",
        "thumbnail",
        "user",
        "group",
        "direct",
    ]
)
# What a path outside of the collections may hold: anything else could name a tenant or a person.
WORDS = frozenset(
    [
        "scim",
        "api",
        "rest",
        "oauth",
        "oauth2",
        "token",
        "connect",
        "auth",
        "login",
        "authorize",
        "provisioning",
        "identity",
        "directory",
        "services",
        "tenant",
        "tenants",
        "public",
        ".well-known",
        "openid-configuration",
    ]
)
NAMES = frozenset(
    [
        "displayname",
        "display",
        "formatted",
        "familyname",
        "givenname",
        "middlename",
        "honorificprefix",
        "honorificsuffix",
    ]
)
IDS = frozenset(["id", "externalid", "value", "$ref", "ref", "manager", "managerid", "bulkid"])
# Members whose whole numbers are about the protocol, not about a person.
FIGURES = frozenset(
    [
        "totalresults",
        "startindex",
        "itemsperpage",
        "status",
        "maxoperations",
        "maxpayloadsize",
        "maxresults",
        "failonerrors",
        "expires_in",
    ]
)
# Headers whose values are the same for everybody; what is not listed is masked.
HEADERS = frozenset(
    [
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "allow",
        "cache-control",
        "connection",
        "content-encoding",
        "content-length",
        "content-type",
        "date",
        "expect",
        "expires",
        "keep-alive",
        "last-modified",
        "pragma",
        "retry-after",
        "server",
        "te",
        "transfer-encoding",
        "upgrade",
        "user-agent",
        "vary",
    ]
)

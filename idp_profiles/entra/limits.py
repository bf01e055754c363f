"""The figures that shape Entra's traffic."""

from __future__ import annotations

from idp_profiles.profile import Limit

LIMITS = {
    "cycle": Limit(40, "minutes between two incremental cycles", ("D1", "D8")),
    "rate": Limit(25, "requests a second that an application has to bear, at least", ("D14",)),
    "recycle_bin": Limit(30, "days until a deleted person is purged by itself", ("D3", "W7")),
    "on_demand_members": Limit(5, "members of a group provisioned on demand", ("D5",)),
    "on_demand_users": Limit(1, "user provisioned on demand", ("D5",)),
    "token_shortest": Limit(60, "minutes that an issued token lives, at least", ("D14",)),
    "token_longest": Limit(360, "minutes that an issued token lives, at most", ("D14",)),
    "government_credentials": Limit(1024, "bytes for all credentials in Azure Government", ("D8",)),
    "quarantine_from": Limit(5000, "failures from which their share counts", ("D4",)),
    "quarantine_share": Limit(40, "per cent of failures that bring quarantine", ("D4",)),
    "quarantine_failures": Limit(40000, "failures that bring quarantine", ("D4",)),
    "quarantine_references": Limit(60000, "failures with references that do", ("D4",)),
    "quarantine_days": Limit(28, "days after which the job is disabled", ("D4",)),
    "gallery_page": Limit(5, "users on a page of the gallery test", ("C2",)),
    "gallery_users": Limit(11, "users that the gallery test pages through, at least", ("C2",)),
}

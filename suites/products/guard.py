"""Whether a run may begin: a workspace whose groups somebody needs is left alone."""

from __future__ import annotations

from reports.view import one_line
from suites.evidence import CaseLog
from suites.evidence import Unmasked
from suites.making.people import is_ours
from suites.reach.connection import Connection
from suites.run.state import Options
from suites.target.model import Target
from suites.target.model import TargetError
from suites.verdicts import Blocked
from suites.verdicts import NotOffered

from . import kit as kits
from .api import ProductApi
from .api import api_target

_SHOWN = 3  # groups that the refusal names
_LONGEST = 60  # characters of a name: they are somebody else's, and steer no terminal


def check(target: Target, options: Options) -> None:
    """Raise TargetError where the workspace has groups and nobody said that they may be deleted.

    The same where nobody can see whether it has any, as with the id of another workspace.
    """
    place = target.product
    if place is None or place.lacks or place.name not in options.products:
        return
    kit = kits.load(place.name)
    connection = Connection(api_target(place.url, place.key, target))
    # A look before the run: it is part of no case, and nothing of it is written down.
    log = CaseLog("guard", Unmasked(), lambda line: None)
    try:
        api = ProductApi(connection, log, header=kit.key_header, key=place.key)
        found = kit.probe(api, place.workspace, False).groups().value
    except NotOffered:
        return  # the cases say what is in the way, and why
    except Blocked as blocked:
        _refuse_the_unseen(place.workspace, blocked)
        return
    finally:
        connection.close()
    names = [each.name for each in found if not is_ours(each.name)]
    if names and not place.groups_may_be_deleted:
        shown = ", ".join(one_line(each, _LONGEST) for each in names[:_SHOWN])
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise TargetError(
            f"The workspace {place.workspace} has groups ({shown}{more}), "
            "which switching SCIM on deletes: set groups_may_be_deleted = true in [product] if "
            "that is all right, or name a workspace for tests."
        )


def _refuse_the_unseen(workspace: str, blocked: Blocked) -> None:
    status = blocked.entry.status if blocked.entry is not None else None
    # Without a reply, or with a key that opens nothing, every case ends before it sends anything.
    if status not in (None, 401):
        raise TargetError(
            f"Whether the workspace {one_line(workspace, _LONGEST)} has groups cannot be seen: "
            f"{one_line(str(blocked), 2 * _LONGEST)}; check workspace, url and whose key it is."
        )

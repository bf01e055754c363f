"""What a finding is about, whatever the run: the deciding request and how it went wrong.

Ids, names and numbers of a run never become part of a signature, so that another run on the same
server, with another seed and another port, gives the same one. Words of a server do not either: of
its error messages only the names of SCIM's own attributes and error types count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass

from reports import view
from reports.model import Result
from reports.reading import Json

from .attributes import ALWAYS_THERE
from .attributes import JSON_TYPES
from .attributes import attribute_of
from .attributes import blamed
from .attributes import complaint_of
from .attributes import is_nothing
from .attributes import known
from .deciding import before
from .deciding import deciding_exchange
from .outcomes import CRASHED
from .outcomes import GONE
from .outcomes import IGNORED
from .outcomes import ODD
from .outcomes import REFUSED
from .outcomes import REPLY
from .outcomes import SHUT
from .outcomes import SHUT_STATUSES
from .outcomes import SILENT
from .outcomes import STALE
from .outcomes import STATUS
from .outcomes import TYPED
from .outcomes import UNASKED
from .outcomes import UNSHOWN
from .outcomes import outcome_of
from .shapes import Exchange
from .shapes import Shape
from .shapes import done
from .shapes import endpoint
from .shapes import is_write
from .shapes import method
from .shapes import only_resource
from .shapes import query
from .shapes import shape
from .shapes import status

_FEW = 3
_BY_STATUS = (REFUSED, CRASHED, SHUT, ODD, STATUS)
# What a write is about is plain from its shape; whatever else carries many attributes.
_PLAIN = ("deactivate", "activate", "add-member", "remove-member", "set-members", "delete")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What decided a finding: a request by its shape, and how it went wrong.

    `attribute` is what the finding is about, if one is known, and `lost` whether nothing of it
    came. `complaint` has the attributes that an error message names. `apart` keeps findings apart
    where the request alone tells too little. `since` is what happened to an account after the last
    write on a group, so that it may be what the group has lost its member by. `unkept` tells that
    the deciding request has sent the attribute, and that it is not shown as sent.
    """

    shape: Shape
    outcome: str
    status: int | None = None
    attribute: str = ""
    lost: bool = False
    complaint: str = ""
    apart: str = ""
    since: str = ""
    unkept: bool = False

    @property
    def text(self) -> str:
        """Return everything that makes it what it is, on one line."""
        said = str(self.status) if self.outcome in _BY_STATUS else ""
        detail = self.shape.detail if self.plain or not self.apart else ""
        if self.by_text:
            detail = detail.lower()
        return "|".join((self.shape.line, detail, self.outcome, said, self.apart))

    @property
    def by_text(self) -> bool:
        """Tell whether a person was to be locked out by a text in place of a boolean."""
        return self.shape.act == "deactivate" and self.shape.detail.endswith('"')

    @property
    def plain(self) -> bool:
        """Tell whether the request alone says what it is about."""
        return self.shape.act in _PLAIN and self.outcome in (IGNORED, STALE, REFUSED, CRASHED)

    @property
    def key(self) -> str:
        """Return its short name, the same in every run."""
        return "C-" + hashlib.sha256(self.text.encode()).hexdigest()[:8]


def signature(result: Result) -> Signature:
    """Return what decided a finding."""
    shown = view.shown_exchange(result)
    if shown is None:
        none = Shape(line="", act="other", kind="")
        return Signature(shape=none, outcome=REPLY, apart=result.requirement)
    # What must never be shown is the matter of the reply that shows it, whoever wrote it.
    secret = result.requirement.startswith("SEC-SECRET-")
    deciding = shown if secret else deciding_exchange(result, shown)
    outcome = outcome_of(result, shown, deciding)
    return _of_every_request(result, shown, deciding, outcome) or Signature(
        shape=shape(deciding),
        outcome=outcome,
        status=status(shown),
        attribute=attribute_of(result, shape(deciding).kind),
        lost=is_nothing(result),
        complaint="+".join(blamed(shown)[:3]),
        apart=_apart(result, shape(deciding), outcome, shown),
        unkept=_is_unkept(result, shown, deciding),
        since=_between(result, shape(deciding), shown) if outcome == IGNORED else "",
    )


def _of_every_request(
    result: Result, shown: Exchange, deciding: Exchange, outcome: str
) -> Signature | None:
    """Return the signature of a fault that shows whatever was asked; None for any other."""
    if outcome in (SHUT, ODD):
        return _shut(shown, outcome)
    if outcome == GONE:
        return _gone(shown, deciding)
    kind, attribute = shape(shown).kind, attribute_of(result)
    if outcome in (IGNORED, REPLY):
        found = _misshown(shown, attribute, lost=is_nothing(result))
        if found is not None:
            return _representation(*found, kind)
    if outcome == REPLY and result.idp is None and (extra := _unasked(shown)):
        return _representation(extra, UNASKED, kind)
    return None


def _representation(attribute: str, outcome: str, kind: str) -> Signature:
    """Return the signature of an attribute that is shown wrongly, whatever was asked."""
    about = Shape(line=f"any reply, {attribute}", act="shown", kind=kind)
    return Signature(shape=about, outcome=outcome, attribute=attribute)


def _misshown(shown: Exchange, attribute: str, *, lost: bool) -> tuple[str, str] | None:
    """Return an attribute that a reply shows with a wrong type, or does not show, and which."""
    resources = [*_resources(shown)]
    wanted = attribute.split("+") if attribute else [*JSON_TYPES]
    for name in wanted:
        expected = JSON_TYPES.get(name)
        values = [each[name] for each in resources if each.get(name) is not None]
        if expected and any(type(value) is not expected for value in values):
            return name, TYPED
        if attribute and lost and name in ALWAYS_THERE and resources and not values:
            return (name, UNSHOWN) if "attributes" not in shape(shown).detail else None
    return None


def _unasked(shown: Exchange) -> str:
    """Return the attributes of a reply that its request did not ask for, where they are few."""
    given = query(shown).get("attributes", "")
    asked = {re.split(r"[.:]", name)[0] for name in given.lower().split(",")}
    asked |= {name.rpartition(":")[2].partition(".")[0] for name in given.lower().split(",")}
    first = next(_resources(shown), {}) if given else {}
    extra = {known(name) for name in first if name.lower() not in (*asked, "id", "schemas", "urn")}
    return "+".join(sorted(extra)) if 0 < len(extra) < _FEW and "" not in extra else ""


def _resources(shown: Exchange) -> Iterator[Mapping[str, Json]]:
    """Return the resources of a reply; of a list that as well, for its numbers."""
    body = view.part(shown, "response").get("body")
    if not isinstance(body, dict) or not done(shown):
        return
    listed = body.get("Resources")
    if isinstance(listed, list):
        yield from (each for each in listed if isinstance(each, dict))
    elif "schemas" in body and endpoint(shown) in ("Users", "Groups"):
        yield body


def _shut(shown: Exchange, outcome: str) -> Signature:
    """Return the signature of an error that every request of this form gets."""
    said = status(shown)
    header = SHUT_STATUSES.get(said or 0, "")
    value = _header(shown, header)
    line = f"{header}: {value}" if header and value else header
    if said is not None and said < 400:
        line = method(shown)
    return Signature(shape=Shape(line=line, act="any", kind=""), outcome=outcome, status=said)


def _gone(shown: Exchange, deciding: Exchange) -> Signature:
    """Return the signature of what is not there after it was made, or after another write."""
    about = shape(shown)
    if deciding is not shown and method(deciding) != "POST":
        return Signature(shape=shape(deciding), outcome=GONE, status=status(shown))
    line = f"POST /{endpoint(shown)}"
    return Signature(
        shape=Shape(line=line, act="create", kind=about.kind), outcome=GONE, status=status(shown)
    )


def _header(exchange: Exchange, name: str) -> str:
    """Return a header of a request; of a credential only how it begins."""
    headers = view.part(exchange, "request").get("headers")
    for pair in headers if isinstance(headers, list) else ():
        if isinstance(pair, list) and len(pair) == 2 and str(pair[0]).lower() == name.lower():
            value = str(pair[1])
            return value.partition(" ")[0] if name == "Authorization" else value
    return ""


def _apart(result: Result, about: Shape, outcome: str, shown: Exchange) -> str:
    """Return what keeps findings of requests of one shape apart.

    The RFC has a requirement for each duty, so that two of them are rarely one cause. What an IdP
    needs is told apart by the attribute that it is about, and by what the server says is wrong.
    """
    plain = about.act in _PLAIN
    if outcome in (SILENT, STATUS) or (plain and outcome in (IGNORED, STALE)):
        return _since(result, about, shown)
    if outcome in (REFUSED, CRASHED) and (plain or result.idp):
        return complaint_of(shown)
    if outcome == CRASHED and about.act == "search":
        return f"{about.detail.partition(' ')[0]} {complaint_of(shown)}"
    attribute = attribute_of(result, about.kind)
    lost = " lost" if is_nothing(result) else ""
    if result.idp is None and not (outcome == STALE and attribute):
        return f"{result.requirement} {attribute}{lost}"
    return f"{attribute}{lost}" if attribute else result.requirement


def _since(result: Result, about: Shape, shown: Exchange) -> str:
    """Return what took a member away after it was added: that its account ended, or nothing."""
    ended = _between(result, about, shown) if about.act == "add-member" else ""
    return f"after {ended}" if ended else ""


def _is_unkept(result: Result, shown: Exchange, deciding: Exchange) -> bool:
    """Tell whether a write has sent the attribute of a finding, and another value is shown."""
    body = view.part(deciding, "request").get("body")
    names = attribute_of(result, shape(deciding).kind).split("+")
    read, sent = only_resource(shown) or {}, body if isinstance(body, dict) else {}
    kept = any(name in sent and sent[name] == read.get(name) for name in names)
    said = view.compact(sent.get("Operations", body)).lower()
    return not kept and all(name.lower() in said for name in names)


def _between(result: Result, about: Shape, shown: Exchange) -> str:
    """Return how an account ended or began anew after the last write on a group, if it did."""
    if about.kind != "group":
        return ""
    writes = (shape(each) for each in reversed(before(result, shown)) if is_write(each))
    for write in writes:
        if write.line == about.line:
            return ""
        if write.kind == "user" and write.act in ("deactivate", "delete", "activate"):
            return write.act
    return ""

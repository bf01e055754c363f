"""What the models of PATCH and PUT share: assigning, joining and refusing plain values."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from typing import Any

from hypothesis import HealthCheck
from hypothesis import settings

from reference_server import Application
from reference_server import Request
from reference_server.messages import joined
from tests.sizes import sized

if TYPE_CHECKING:
    from conftest import Json

Body = dict[str, Any]
Values = list[Body]

quick = settings(
    max_examples=sized(120, 6000),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


class RefusedError(Exception):
    """The model's way to say that a request must fail; its text is the scimType."""


def send(app: Application, method: str, path: str, body: Json = None) -> tuple[int, Body]:
    content = b"" if body is None else json.dumps(body).encode()
    headers = (("Authorization", "Bearer s"), ("Host", "h"))
    response = app.handle(Request(method, f"/scim/v2{path}", "", headers, content))
    assert response.status != 500
    text = joined(response.body)
    return response.status, json.loads(text) if text else {}


def bare(shown: Body) -> Body:
    """Return a representation without what the server adds."""
    return {key: each for key, each in shown.items() if key not in ("schemas", "id", "meta")}


def put(holder: Body, key: str, value: Json) -> None:
    """Assign a value; null and what is empty are no values."""
    holder.pop(key, None)
    if value not in (None, {}, []):
        holder[key] = value


def united(values: Values) -> Values:
    """Join values of the same address and type, the later ones prevailing."""
    found: dict[tuple[str, str], Body] = {}
    for number, each in enumerate(values):
        key = (str(each.get("value", number)).lower(), str(each.get("type", "")).lower())
        found[key] = {**found.get(key, {}), **each}
    return list(found.values())


def attempt(change: Callable[[Body], Body], state: Body) -> tuple[Body, str]:
    """Return the state after a change, or the same state and why the change is refused."""
    try:
        return change(state), ""
    except RefusedError as fault:
        return state, str(fault)

"""Replies about groups as a readable server with the same job gives them.

What the directory service itself answers is not documented. BoxyHQ Jackson, whose source is open,
shows no members in what it answers to GET, PUT and PATCH, and answers 200 with `{}` to DELETE; with
the setting `group_replies` the simulation does the same, so that both can be tried.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reference_server.errors import MEDIA_TYPE
from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response
from reference_server.messages import whole

from .organisation import Organisation


def with_bare_groups(handle: Handler, organisation: Organisation, base_path: str) -> Handler:
    """Wrap a SCIM handler so that it answers about groups as the settings say."""
    groups = f"{base_path}/Groups"

    def answer(request: Request) -> Response:
        response = handle(request)
        if organisation.settings.group_replies != "bare" or not request.path.startswith(groups):
            return response
        if request.method == "DELETE" and response.status == 204:
            return Response(200, (("Content-Type", MEDIA_TYPE),), b"{}")
        if request.method in ("GET", "PUT", "PATCH") and response.status == 200:
            return _without_members(whole(response))
        return response

    return answer


def _without_members(response: Response) -> Response:
    document: Any = json.loads(bytes(response.body))  # type: ignore[arg-type]  # whole() made it bytes
    shown = document.get("Resources", []) if "totalResults" in document else [document]
    for each in shown:
        each["members"] = []
    return replace(response, body=json.dumps(document).encode())

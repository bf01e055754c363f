"""Servers whose frameworks answer before the server itself does: routes, pages, addresses."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from legal_protocol import legal

from reference_server.messages import Handler
from reference_server.messages import Request
from reference_server.messages import Response

_ONE = re.compile(r"/(?:Users|Groups)/([^/?]+)$")
_OURS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAGE = """<!doctype html><html><head><title>{status}</title>
<link href="/static/semantic/semantic.min.css" rel="stylesheet">
<script src="/static/jquery/jquery.min.js"></script><script src=/static/app/main.js></script>
<style>body {{ background: url(/static/images/back.php) }}</style></head>
<body><a href='/help/errors/index.php'>Help</a>, or https://example.com/help/errors.php</body>
</html>"""


@legal
def routes_of_ids_alone(handle: Handler) -> Handler:
    """Answer 404 to whatever is no UUID, before anybody asks for a credential."""

    def wrapped(request: Request) -> Response:
        found = _ONE.search(request.path)
        if found is None or found[1].startswith(".") or _OURS.fullmatch(found[1]):
            return handle(request)
        urn = "urn:ietf:params:scim:api:messages:2.0:Error"
        body = json.dumps({"schemas": [urn], "status": "404", "detail": "No such route."})
        return Response(404, (("Content-Type", "application/scim+json"),), body.encode())

    return wrapped


@legal
def pages_for_odd_requests(handle: Handler) -> Handler:
    """Refuse parameters of no schema with a page that loads styles and scripts."""

    def wrapped(request: Request) -> Response:
        reply = handle(request)
        if "__proto__" not in request.query and "DROP" not in request.query:
            return reply
        page = _PAGE.format(status=400).encode()
        return replace(reply, status=400, headers=(("Content-Type", "text/html"),), body=page)

    return wrapped

"""The authentication that the README of django-scim2 leaves to the project."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.http import HttpResponse


class ScimClient:
    """Whoever knows the token; no user of the table, which would be among those of /Users."""

    is_authenticated = True


class TokenMiddleware:
    """Sets `request.user` by the bearer token; the library's own middleware refuses the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.token = os.environ["SCIM_TOKEN"].encode()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let the request pass with a user who is known, or is not."""
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        right = secrets.compare_digest(value.strip().encode(), self.token)
        known = right and scheme.lower() == "bearer"
        request.user = ScimClient() if known else AnonymousUser()
        return self.get_response(request)

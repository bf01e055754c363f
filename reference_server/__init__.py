"""A correct SCIM 2.0 server on the standard library alone."""

from __future__ import annotations

from .access import Access
from .app import Application
from .app import create_app
from .authentication import Credential
from .authentication import RateLimit
from .messages import Handler
from .messages import Request
from .messages import Response
from .schema_documents import SchemaFileError

__all__ = [
    "Access",
    "Application",
    "Credential",
    "Handler",
    "RateLimit",
    "Request",
    "Response",
    "SchemaFileError",
    "create_app",
]

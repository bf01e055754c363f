"""A correct SCIM 2.0 server on the standard library alone."""

from __future__ import annotations

from .access import Access
from .app import Application
from .app import create_app
from .authentication import Credential
from .authentication import RateLimit
from .json_web_tokens import Issuer
from .json_web_tokens import RsaKey
from .json_web_tokens import SharedKey
from .messages import Handler
from .messages import Request
from .messages import Response
from .oauth import Client
from .oauth import OAuth
from .schema_documents import SchemaFileError

__all__ = [
    "Access",
    "Application",
    "Client",
    "Credential",
    "Handler",
    "Issuer",
    "OAuth",
    "RateLimit",
    "Request",
    "Response",
    "RsaKey",
    "SchemaFileError",
    "SharedKey",
    "create_app",
]

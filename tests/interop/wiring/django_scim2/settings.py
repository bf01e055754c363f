"""The settings of a Django project around django-scim2, as the library's README has them.

Theirs: every URL, view, adapter, filter and answer, with the library's defaults.
Ours: the two models it asks for, the token, the database file, and the address in its links.
"""

from __future__ import annotations

import os
import secrets

DEBUG = False
SECRET_KEY = secrets.token_urlsafe(32)
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ("django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people")
MIDDLEWARE = (
    "people.middleware.TokenMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
)
ROOT_URLCONF = "urls"
USE_TZ = True
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# The fastest that Django has: no answer shows which one it is.
PASSWORD_HASHERS = ("django.contrib.auth.hashers.MD5PasswordHasher",)
# A write waits for its turn: otherwise two at once would fail for the database's sake.
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": "people.sqlite3",
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
    }
}
SCIM_SERVICE_PROVIDER = {
    "SCHEME": "http",
    "NETLOC": f"127.0.0.1:{os.environ['SCIM_PORT']}",
    "GROUP_MODEL": "people.models.Group",
    "WWW_AUTHENTICATE_HEADER": 'Bearer realm="people"',
    "AUTHENTICATION_SCHEMES": [
        {
            "type": "oauthbearertoken",
            "name": "Bearer token",
            "description": "A token in the Authorization header",
        },
    ],
}

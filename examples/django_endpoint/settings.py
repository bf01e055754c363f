"""The settings of a small Django project around django-scim2, as the library's README has them.

Each process has a database of its own, in a file that goes with it.
"""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="people-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)

SECRET_KEY = secrets.token_urlsafe(32)
ALLOWED_HOSTS = ["localhost"]
INSTALLED_APPS = ("django.contrib.auth", "django.contrib.contenttypes", "django_scim", "people")
MIDDLEWARE = (
    "people.middleware.TokenMiddleware",
    "django_scim.middleware.SCIMAuthCheckMiddleware",
)
ROOT_URLCONF = "urls"
USE_TZ = True
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ("django.contrib.auth.hashers.MD5PasswordHasher",)  # fast, for a test alone
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "people.sqlite3",
        # A write waits for its turn: otherwise two at once would fail for the database's sake.
        "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
    }
}
SCIM_SERVICE_PROVIDER = {
    "SCHEME": "http",
    "NETLOC": "localhost",
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

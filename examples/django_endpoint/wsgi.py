"""The application: `scimproof run --app wsgi:application` calls it in its own process."""

from __future__ import annotations

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")
application = get_wsgi_application()
call_command("migrate", run_syncdb=True, verbosity=0)  # the database begins empty

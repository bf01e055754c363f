"""Makes the tables in a new database file of the working folder and serves by waitress."""

from __future__ import annotations

import os
import sys

import django
import waitress
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ["SCIM_PORT"] = port = sys.argv[1]
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()
call_command("migrate", run_syncdb=True, verbosity=0)
waitress.serve(get_wsgi_application(), listen=f"127.0.0.1:{port}", threads=8)

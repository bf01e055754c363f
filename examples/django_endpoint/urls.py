"""The one line of URLs that the README of django-scim2 has."""

from __future__ import annotations

from django.urls import include
from django.urls import path

urlpatterns = [path("scim/v2/", include("django_scim.urls"))]

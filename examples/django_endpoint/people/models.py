"""The two models that django-scim2 leaves to the project; the fields for SCIM are its own mixins'.

As RFC 7643 has them and Django leaves it to its projects: a name of a user has no case, and that of
a group need not be unique.
"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django_scim.models import AbstractSCIMGroupMixin
from django_scim.models import AbstractSCIMUserMixin


class Group(AbstractSCIMGroupMixin):
    """A group with the one field that the library's adapter reads and writes."""

    name = models.CharField(max_length=1000)


class User(AbstractSCIMUserMixin, AbstractUser):
    """Django's own user; the library's adapters want the relation under these two names."""

    username = models.CharField(max_length=254, unique=True, db_collation="NOCASE")
    scim_groups = models.ManyToManyField(Group, related_name="user_set")

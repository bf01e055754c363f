"""What Okta does to django-scim2, played by its mock: `pytest` runs it."""

from __future__ import annotations

import os
from typing import Any

from django.contrib.auth import get_user_model

TOKEN, ANNA = "the-token-of-the-tests", "anna@example.com"
os.environ["SCIM_TOKEN"] = TOKEN  # the middleware reads it when Django makes it
MakeIdp = Any  # the fixture mock_idp: call it, or call its office


def test_somebody_joins_and_leaves(mock_idp: MakeIdp) -> None:
    from wsgi import application  # Django is set up there

    people = get_user_model().objects
    okta = mock_idp.office("okta", application, TOKEN)
    turn = okta.assign(ANNA)
    assert turn.ok, turn.why
    assert people.get(username=ANNA).is_active

    turn = okta.unassign(ANNA)
    assert turn.ok, turn.why
    assert not people.get(username=ANNA).is_active

"""Runs scim2-tester against a URL and prints its results as JSON; lives in its environment."""

from __future__ import annotations

import json
import os
import random
import sys

# Both are installed in the tester's own environment only.
from httpx2 import Client  # type: ignore[import-not-found]
from scim2_client.engines.httpx2 import SyncSCIMClient  # type: ignore[import-not-found]
from scim2_tester import check_server  # type: ignore[import-not-found]

# Its random choices are the same in every run; its ids and names are fresh ones all the same.
random.seed(7644)

with Client(
    base_url=sys.argv[1],
    headers={"Authorization": f"Bearer {os.environ['SCIM_TOKEN']}"},
    trust_env=False,
) as http:
    results = check_server(SyncSCIMClient(http))

json.dump(
    [
        {
            "title": result.title,
            "resource_type": result.resource_type,
            "status": result.status.name,
            "reason": result.reason,
        }
        for result in results
    ],
    sys.stdout,
)

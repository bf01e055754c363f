"""Products that keep every promise and differ where the documents are silent accuse nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from reference_server import Request
from reference_server import Response

# A command or a served product, as the fixtures give them.
Fixture = Any
Handle = Callable[[Request], Response]

_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])")
FEW = ("CLK-GROUP-1", "CLK-GROUP-2", "CLK-LOCK-1", "CLK-LOCK-4", "CLK-LOCK-8", "CLK-USER-10")


def with_ids_of_its_own_over_scim(handle: Handle) -> Handle:
    def answer(request: Request) -> Response:
        if not request.path.startswith("/scim/"):
            return handle(request)
        path, query = request.path.replace("scim-", ""), request.query.replace("scim-", "")
        body = request.body.replace(b"scim-", b"")
        reply = handle(replace(request, path=path, query=query, body=body))
        assert isinstance(reply.body, bytes)
        return replace(reply, body=_ID.sub(rb"scim-\g<0>", reply.body))

    return answer


def with_locks_that(change: Callable[[Response], Response]) -> Callable[[Handle], Handle]:
    def wrap(handle: Handle) -> Handle:
        def answer(request: Request) -> Response:
            reply = handle(request)
            own = not request.path.startswith("/scim/")
            return change(reply) if own and reply.status == 403 else reply

        return answer

    return wrap


def said_elsewhere(reply: Response) -> Response:
    assert isinstance(reply.body, bytes)
    told = {"error": json.loads(reply.body)["message"], "status": 409}
    return replace(reply, status=409, body=json.dumps(told).encode())


def tried(
    command: Fixture, served: Fixture, folder: Path, key: str, wrap: Callable[[Handle], Handle]
) -> set[str]:
    served.product.handle = wrap(served.product.handle)
    options = [each for one in FEW for each in ("--only", one)]
    variables = {"SCIM_TOKEN": served.token, "PRODUCT_KEY": key}
    done = command.run("--target", served.target_file(folder), *options, **variables)
    assert done.report["results"], done.said
    return {each["verdict"] for each in done.report["results"]}


def test_ids_over_scim_may_be_others_than_those_of_the_products_own_api(
    command: Fixture, serve: Callable[..., Fixture], tmp_path: Path, owner_key: str
) -> None:
    wrap = with_ids_of_its_own_over_scim
    assert tried(command, serve(), tmp_path, owner_key, wrap) == {"pass"}


@pytest.mark.parametrize(
    ("change", "verdicts"),
    [
        (said_elsewhere, {"pass"}),
        (lambda reply: replace(reply, status=405), {"pass", "inconclusive"}),
    ],
)
def test_a_lock_may_answer_as_the_product_likes(
    command: Fixture,
    serve: Callable[..., Fixture],
    tmp_path: Path,
    owner_key: str,
    change: Callable[[Response], Response],
    verdicts: set[str],
) -> None:
    wrap = with_locks_that(change)
    assert tried(command, serve(), tmp_path, owner_key, wrap) == verdicts

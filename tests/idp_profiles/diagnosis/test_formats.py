"""Which log a file is, and what happens to files that are none, or hostile."""

from __future__ import annotations

import gzip
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from idp_profiles.diagnosis import text_files
from idp_profiles.diagnosis.explaining import explain
from idp_profiles.diagnosis.formats import blindness
from idp_profiles.diagnosis.formats import read_log
from idp_profiles.diagnosis.model import Unreadable
from tests.idp_profiles.diagnosis.logs import access_log
from tests.idp_profiles.diagnosis.logs import har
from tests.idp_profiles.diagnosis.logs import played

LINE = '192.0.2.1 - - [22/Nov/2026:09:00:00 +0000] "{}" {} 17 "-" "Okta SCIM Client 1.0.0"'


def refused(content: bytes, path: Path) -> str:
    (path / "log").write_bytes(content)
    with pytest.raises(Unreadable) as problem:
        explain(path / "log")
    return str(problem.value)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(b" \n\t\n", "it is empty", id="blank"),
        pytest.param(b"\x00\x01\x02PNG" * 99, "binary", id="binary"),
        pytest.param(b"MZ\x90\x00", "binary", id="program"),
        pytest.param(b"Dear support,\nit does not work.\n", "none of those", id="prose"),
        pytest.param(b"a,b,c\n1,2,3\n", "none of those", id="another-csv"),
        pytest.param(b'{"log": ', "its JSON is broken", id="broken-json"),
        pytest.param(b"[" * 200_000, "its JSON is broken", id="deep-json"),
        pytest.param(b"{}", "none of those", id="empty-object"),
        pytest.param(b"[]", "it holds no entry", id="empty-list"),
        pytest.param(b"[1, null, [], true]", "none of those", id="list-of-nothing"),
        pytest.param(b'{"log": {"entries": []}}', "nothing in it speaks", id="empty-har"),
        pytest.param(b"\x1f\x8bnot gzip at all", "no whole gzip file", id="broken-gzip"),
        pytest.param(gzip.compress(b"x" * 999)[:-9], "no whole gzip file", id="cut-gzip"),
        pytest.param(b"\xff\xfe\x00", "none of those", id="utf-16-cut"),
    ],
)
def test_a_file_that_is_no_log_is_refused_with_a_reason(
    content: bytes, reason: str, tmp_path: Path
) -> None:
    assert reason in refused(content, tmp_path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="it is a folder"):
        explain(tmp_path)
    with pytest.raises(Unreadable, match="cannot be opened"):
        explain(tmp_path / "nowhere")


def test_a_log_without_scim_says_what_it_holds(tmp_path: Path) -> None:
    text = "\n".join(LINE.format(f"GET /shop/{n} HTTP/1.1", 200) for n in range(3))
    assert "(3 other entries" in refused(text.encode(), tmp_path)


def _entries(*entries: Any) -> bytes:  # noqa: ANN401 # hostile JSON of any shape
    return json.dumps({"log": {"entries": entries}}).encode()


_GET = {"method": "GET", "url": "https://x.example/scim/v2/Users", "headers": []}


@pytest.mark.parametrize(
    "entry",
    [
        None,
        7,
        "entry",
        {},
        {"request": None},
        {"request": {"method": 7, "url": []}},
        {"request": {**_GET, "url": 7}},
        {"request": {**_GET, "headers": {"a": "b"}}, "response": 7},
        {"request": {**_GET, "headers": [{"name": None}]}, "response": {"status": "200"}},
        {"request": _GET, "response": {"status": True, "content": {"text": 7}}},
        {"request": {**_GET, "postData": "x"}, "response": {"content": None}, "time": "soon"},
        {"request": {**_GET, "url": "https://[broken/scim/Users"}},
        {"request": _GET, "startedDateTime": "0001-01-01T00:00:00+23:59", "time": -1},
        {
            "request": {**_GET, "postData": {"text": "[" * 960 + "]" * 960}},
            "response": {"content": {"text": '{"a":' * 940 + "1" + "}" * 940}},
        },
        {"request": _GET, "response": {"status": 200, "content": {"text": '{"totalResults":"²"}'}}},
        {"request": {**_GET, "url": "https://x.example/scim/Users?startIndex=²"}},
        {"request": _GET, "response": {"status": 10**30, "content": {"text": "a" * 9}}},
    ],
)
def test_odd_entries_of_a_har_do_no_harm(entry: object, tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(_entries(entry, {"request": _GET, "response": {"status": 200}}))
    assert explain(tmp_path / "log").entries >= 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "garbage",
        '192.0.2.1 - - [22/Nov/2026:09:00:00 +0000] "\\x16\\x03\\x01" 400 0 "-" "-"',
        LINE.format("GET  HTTP/1.1", 400),
        LINE.format("GET /scim/v2/Users/%00%ff HTTP/1.1", 404),
        LINE.format('GET /scim/v2/Users?filter=userName eq "x" HTTP/1.1', 400),
        LINE.format("GET /scim/v2/Users?" + "&" * 5000 + " HTTP/1.1", 200),
        LINE.format("BREW /scim/v2/Users HTTP/1.1", "-"),
        '- - - [] "" - -',
        "[" * 9000,
        '1 - - [x] "' + "\\" * 9001,
        "1 - - " + '[x] "' * 200_000,
    ],
)
def test_odd_lines_of_an_access_log_do_no_harm(line: str, tmp_path: Path) -> None:
    good = LINE.format("GET /scim/v2/Users?startIndex=1&count=2 HTTP/1.1", 200)
    (tmp_path / "log").write_text(f"{good}\n{good}\n{line}\n", encoding="utf-8")
    assert explain(tmp_path / "log").entries >= 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_every_encoding_of_an_access_log_is_read(encoding: str, tmp_path: Path) -> None:
    text = LINE.format("GET /scim/v2/Users/Jörg HTTP/1.1", 404)
    (tmp_path / "log").write_bytes(text.encode(encoding))
    (finding,) = explain(tmp_path / "log").findings
    assert finding.cause == "gone"
    assert "rg" not in finding.shown[0].replace("entry", "")


def test_a_compressed_log_is_read(tmp_path: Path) -> None:
    path = access_log(tmp_path / "log", played("okta", "create-user").mock.exchanges)
    (tmp_path / "log.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert explain(tmp_path / "log.gz").entries == explain(path).entries


def test_a_log_that_is_too_long_is_cut_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_files.read_text, "__kwdefaults__", {"longest": 1000})
    line = LINE.format("GET /scim/v2/Users/1 HTTP/1.1", 200)
    (tmp_path / "log").write_text("\n".join([line] * 99), encoding="utf-8")
    assert 5 < explain(tmp_path / "log").entries < 10
    path = har(tmp_path / "har", played("okta", "create-user").mock.exchanges)
    with pytest.raises(Unreadable, match="too long"):
        explain(path)


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files.read_text, "__kwdefaults__", {"longest": 1000})
    (tmp_path / "log").write_bytes(gzip.compress(b"a" * 50_000_000))
    text, cut = text_files.read_text(tmp_path / "log")
    assert (len(text), cut) == (1000, True)


def test_a_long_log_is_read_in_time(tmp_path: Path) -> None:
    """The time grows with the log, also where every entry is a scene of something."""
    lines = []
    for number in range(4_000):
        lines.append(
            LINE.format(f"GET /scim/v2/Users?filter=a%20eq%20%22{number}%22 HTTP/1.1", 200)
        )
        lines.append(LINE.format("POST /scim/v2/Users HTTP/1.1", 409))
        lines.append(LINE.format(f"PATCH /scim/v2/Users/{number} HTTP/1.1", 500))
    (tmp_path / "log").write_text("\n".join(lines), encoding="utf-8")
    began = time.monotonic()
    found = explain(tmp_path / "log")
    assert found.findings[0].times > 3_000
    # Measured at two seconds on a busy machine; the square of the length would be an hour.
    assert time.monotonic() - began < 60


# A busy machine makes neither an example nor the making of it wrong.
PATIENT = settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(st.binary(max_size=300))
def test_whatever_is_in_a_file_it_is_explained_or_refused(content: bytes) -> None:
    import tempfile  # a fresh file for each example, which tmp_path does not give

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(content)
        with suppress(Unreadable):
            assert explain(path).entries > 0


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@PATIENT
@given(_JSON, _JSON, st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]))
def test_bodies_of_any_shape_do_no_harm(sent: Any, got: Any, method: str) -> None:  # noqa: ANN401
    import tempfile  # a fresh file for each example, which tmp_path does not give

    request = {**_GET, "method": method, "postData": {"text": json.dumps(sent)}}
    patch = {"Operations": [sent, {"op": sent, "path": sent, "value": got}], "members": sent}
    change = {**request, "method": "PATCH", "url": "https://x.example/scim/v2/Groups/1"}
    change["postData"] = {"text": json.dumps(patch)}
    response = {"status": 200, "content": {"text": json.dumps({"Resources": got, "id": sent})}}
    entries = [{"request": each, "response": response} for each in (request, change, change)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log"
        path.write_bytes(_entries(*entries))
        assert explain(path).entries == 3


def test_each_format_says_what_it_cannot_show(tmp_path: Path) -> None:
    exchanges = played("okta", "create-user").mock.exchanges
    assert all(known["blind"] for known in blindness().values())
    bodies = (
        "bodies: neither what was sent (which attribute, which operation) nor what the reply said"
    )
    assert bodies in explain(access_log(tmp_path / "a", exchanges)).blind
    assert bodies not in explain(har(tmp_path / "b", exchanges)).blind


def test_entries_of_a_har_are_put_in_order(tmp_path: Path) -> None:
    path = har(tmp_path / "log", played("okta", "create-user").mock.exchanges)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["log"]["entries"].reverse()
    path.write_text(json.dumps(document), encoding="utf-8")
    assert [hit.method for hit in read_log(path).hits] == ["GET", "POST"]

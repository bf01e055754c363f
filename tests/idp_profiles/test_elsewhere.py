"""Requests with an absolute target go to the host that it names, all others to the SCIM server."""

from __future__ import annotations

from idp_profiles.elsewhere import Elsewhere
from idp_profiles.elsewhere import is_elsewhere
from idp_profiles.model import Certainty
from idp_profiles.model import Reply
from idp_profiles.model import Request
from idp_profiles.model import Step


def request(target: str) -> Request:
    return Request("POST", target, (), b"x=1", Step("s", Certainty.DOC, ()))


class Place:
    def __init__(self, name: str) -> None:
        self.name = name
        self.heard: list[str] = []
        self.closed = False

    def __call__(self, asked: Request) -> Reply:
        self.heard.append(asked.target)
        return Reply(200, self.name)

    def close(self) -> None:
        self.closed = True


class Places:
    def __init__(self) -> None:
        self.home = Place("home")
        self.reached: dict[str, Place] = {}
        self.send = Elsewhere(self.home, self.reach)

    def reach(self, origin: str) -> Place:
        assert origin not in self.reached
        self.reached[origin] = Place(origin)
        return self.reached[origin]


def test_a_relative_target_goes_to_the_server() -> None:
    places = Places()
    assert places.send(request("/Users?x=http://y")).reason == "home"
    assert places.home.heard == ["/Users?x=http://y"]
    assert places.reached == {}


def test_an_absolute_target_goes_to_its_host_without_the_origin() -> None:
    places = Places()
    assert places.send(request("https://login.example.com:8443/a/token?t=1")).status == 200
    assert places.reached["https://login.example.com:8443"].heard == ["/a/token?t=1"]
    assert places.home.heard == []


def test_a_target_without_a_path_asks_for_the_root() -> None:
    places = Places()
    places.send(request("http://login.example.com"))
    places.send(request("http://login.example.com?x=1"))
    assert places.reached["http://login.example.com"].heard == ["/", "/?x=1"]


def test_each_host_is_reached_once_and_everything_is_closed() -> None:
    places = Places()
    for target in ("http://a/1", "http://a/2", "http://b/1"):
        places.send(request(target))
    places.send.close()
    assert [*places.reached] == ["http://a", "http://b"]
    assert places.home.closed
    assert all(place.closed for place in places.reached.values())


def test_only_a_whole_url_is_elsewhere() -> None:
    assert is_elsewhere(request("http://a/b"))
    assert not is_elsewhere(request("/https://a/b"))

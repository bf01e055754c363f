"""What every picture of a report keeps to, judged by the XML parser of the standard library."""

from __future__ import annotations

from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_ALLOWED = frozenset({"svg", "title", "desc", "g", "path", "rect", "circle", "text"})
HOSTILE = "<script>alert(1)</script>\"'&\x00\x1b[31m\u202e\ud800]]>{0} javascript:alert(2)"


def picture_in(markup: str) -> ElementTree.Element:
    """Return the one picture in some markup, after a look at everything that it must not have."""
    start, end = markup.index("<svg"), markup.rindex("</svg>") + len("</svg>")
    svg = ElementTree.fromstring(markup[start:end])  # noqa: S314 - our own output
    for each in svg.iter():
        assert each.tag.removeprefix(_SVG) in _ALLOWED, each.tag
        for name in each.attrib:
            assert not name.lower().startswith("on"), name
            assert name not in ("href", "src", "style", "id"), name
            assert "href" not in name, name
    assert svg.get("role") == "img"
    assert svg.get("aria-label")
    assert svg.findtext(f"{_SVG}title")
    assert svg.findtext(f"{_SVG}desc")
    return svg


def texts(svg: ElementTree.Element, kind: str = "") -> list[str]:
    """Return the lines of text that a reader sees, those of a class alone if one is given."""
    return [
        each.text or ""
        for each in svg.iter(f"{_SVG}text")
        if not kind or kind in (each.get("class") or "").split()
    ]


def rows(svg: ElementTree.Element, kind: str) -> list[ElementTree.Element]:
    """Return the groups of a class."""
    return [each for each in svg.iter(f"{_SVG}g") if kind in (each.get("class") or "").split()]


def description(svg: ElementTree.Element) -> str:
    """Return the text alternative."""
    return svg.findtext(f"{_SVG}desc") or ""


def lowest(svg: ElementTree.Element) -> float:
    """Return how far down the last element of a picture is."""
    found = 0.0
    for group in svg.iter(f"{_SVG}g"):
        place = (group.get("transform") or "translate(0 0)").removesuffix(")").split()[-1]
        inner = [float(each.get("y", "0")) for each in group.iter(f"{_SVG}text")]
        found = max(found, float(place) + max(inner, default=0.0))
    return found

"""What maps are drawn on, and what the policy of pages lets them load."""

import pytest

from server.errors import Malformed
from server.settings import Settings
from server.web import maps
from server.web.security import CONTENT_SECURITY_POLICY, SecurityHeaders

TILES = "https://tile.example.org/{z}/{x}/{y}.png"


def policy(settings: Settings) -> dict[str, list[str]]:
    """The directives of the policy that pages are sent with."""
    made = SecurityHeaders(lambda *_: None, images=maps.origin(settings))  # type: ignore[arg-type,return-value]
    parts = made.headers["Content-Security-Policy"].split("; ")
    return {part.split()[0]: part.split()[1:] for part in parts}


def test_without_a_server_of_tiles_nothing_else_may_be_shown() -> None:
    assert policy(Settings())["img-src"] == ["'self'", "data:"]
    assert maps.tiles(Settings()) is None


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (TILES, "https://tile.example.org"),
        ("http://127.0.0.1:8080/a?z={z}&x={x}&y={y}", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/{z}/{x}/{y}", "http://[::1]:8080"),
    ],
)
def test_pictures_may_come_from_exactly_that_host(url: str, origin: str) -> None:
    found = policy(Settings(map_tiles=url))
    assert found["img-src"] == ["'self'", "data:", origin]
    others = {name: values for name, values in found.items() if name != "img-src"}
    for name, values in others.items():
        assert f"{name} {' '.join(values)}".strip() in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize(
    "url",
    [
        "tile.example.org/{z}/{x}/{y}", "https://tile.example.org/", "ftp://a.org/{z}/{x}/{y}",
        "https://{s}.tile.example.org/{z}/{x}/{y}.png", "https:///{z}/{x}/{y}",
        "https://a.org; script-src *//{z}/{x}/{y}", "https://a.org *.evil.org/{z}/{x}/{y}",
        "https://user:word@a.org/{z}/{x}/{y}", "https://a.org/{z}/{x}/{y};script-src", "{z}{x}{y}",
        "https://{z}.org/{x}/{y}", "https://*.org/{z}/{x}/{y}", "javascript:{z}{x}{y}",
    ],
)  # fmt: skip
def test_what_is_no_address_of_tiles_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(Malformed, match="CROWDHERITAGE_MAP_TILES"):
        maps.tiles(Settings(map_tiles=url))

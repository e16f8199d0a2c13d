"""What tests of the Web Annotation Protocol send, and how they read what comes back."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pyoxigraph as ox

from server.domain import tokens
from server.formats import webanno_context
from server.names import Names
from tests import worlds
from tests.web.campaign_site import FARMS, World

ANNO = "http://www.w3.org/ns/anno.jsonld"
PROFILE = f'application/ld+json; profile="{ANNO}"'
OA = "http://www.w3.org/ns/oa#"
LDP = "http://www.w3.org/ns/ldp#"
Json = dict[str, Any]


@contextmanager
def client(world: World, name: str = "") -> Iterator[httpx.Client]:
    """A program that acts for one of the people, or for nobody."""
    headers = {"Accept": PROFILE}
    if name:
        token = tokens.create_token(
            world.desk, world.people[name], "a program", now=datetime.now(UTC)
        )
        headers["Authorization"] = f"Bearer {token}"
    with httpx.Client(base_url=world.address, headers=headers, timeout=60, verify=False) as made:
        yield made


def path(world: World, iri: str) -> str:
    """The address of one of our IRIs on this server."""
    assert iri.startswith(world.desk.names.base), iri
    return "/" + iri.removeprefix(world.desk.names.base)


def tag(item: int, term: str = FARMS, **more: object) -> Json:
    """A term for an item, as the examples of the Data Model have it."""
    return {
        "@context": ANNO, "type": "Annotation", "motivation": "tagging", "body": term,
        "target": worlds.item(item), **more,
    }  # fmt: skip


def post(who: httpx.Client, container: str, document: object, **headers: str) -> httpx.Response:
    sent = {"Content-Type": PROFILE, **headers}
    return who.post(container, content=json.dumps(document), headers=sent)


def prefer(*preferences: str) -> dict[str, str]:
    return {"Prefer": f'return=representation;include="{" ".join(preferences)}"'}


def inlined(value: Any, names: Names) -> Any:
    """With the contexts in place of their addresses, so that no library fetches them."""
    known = webanno_context.known(names)
    if isinstance(value, list):
        return [inlined(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: [known[one] if isinstance(one, str) else one
              for one in (each if isinstance(each, list) else [each])]
        if key == "@context" else inlined(each, names)
        for key, each in value.items()
    }  # fmt: skip


def said(document: Json, names: Names) -> set[str]:
    """The statements of JSON-LD."""
    text = json.dumps(inlined(document, names))
    return {str(quad.triple) for quad in ox.parse(text, ox.RdfFormat.JSON_LD)}


def walk(who: httpx.Client, world: World, address: str) -> list[Any]:
    """All items of a container, from page to page."""
    found = who.get(address).json()
    page, items = found.get("first", {}), []
    while page:
        items += page["items"]
        page = who.get(path(world, page["next"])).json() if "next" in page else None
    return items

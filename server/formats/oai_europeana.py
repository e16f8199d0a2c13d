"""What Europeana's Search API and sets list: identifiers of records, and how to go on."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson

from server.errors import Malformed
from server.i18n import _

_RECORD = re.compile(r"/[A-Za-z0-9_.~-]{1,100}/[A-Za-z0-9_.~%-]{1,500}")
_ITEM = re.compile(r"https?://data\.europeana\.eu/item(/.+)")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page: record identifiers such as `/90402/RP_P_1`, what goes on ("" at the end), of how
    many (0 where it is not told)."""

    records: tuple[str, ...]
    following: str
    total: int = 0


def search(data: bytes) -> Listing:
    """A page of the Search API; `following` is the next cursor. Raises Malformed."""
    said = _object(data)
    if said.get("success") is False:
        reason = " ".join(str(said.get("error", "")).split())[:200]
        raise Malformed(_("Europeana refuses the search: {reason}", reason=reason))
    listed = said.get("items", [])
    items = [each.get("id") for each in listed if isinstance(each, dict)]
    return Listing(_records(items), _text(said, "nextCursor"), _number(said, "totalResults"))


def gallery(data: bytes) -> Listing:
    """A set, or a page of one; `following` is the query of the next page's address."""
    said = _object(data)
    items = [each.get("id") if isinstance(each, dict) else each for each in said.get("items") or ()]
    following = _link(said, "next") or ("" if items else _link(said, "first"))
    part_of = said.get("partOf")
    whole = part_of if isinstance(part_of, dict) else said
    return Listing(_records(items), following, _number(whole, "total"))


def _records(items: list[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_each(items)))


def _each(items: list[Any]) -> Iterator[str]:
    """Those that can stand in an address as they are."""
    for each in items:
        if isinstance(each, str):
            found = _ITEM.fullmatch(each)
            record = found[1] if found else each
            if _RECORD.fullmatch(record) and "/." not in record:
                yield record


def _link(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    address = found.get("id", "") if isinstance(found, dict) else found
    if not isinstance(address, str) or len(address) > 2_000:
        return ""
    try:
        return urlsplit(address).query
    except ValueError:
        return ""


def _object(data: bytes) -> dict[str, Any]:
    try:
        said = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Malformed(_("Europeana's answer cannot be understood.")) from error
    if not isinstance(said, dict) or not isinstance(said.get("items", []), list):
        raise Malformed(_("Europeana's answer cannot be understood."))
    return said


def _text(said: dict[str, Any], name: str) -> str:
    found = said.get(name)
    return found if isinstance(found, str) and len(found) <= 2_000 else ""


def _number(said: dict[str, Any], name: str) -> int:
    found = said.get(name)
    return found if isinstance(found, int) and found >= 0 else 0

"""Whether a record says that an item is not for everybody to see unasked."""

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode

from server.names import CH, SCHEMA, Namespace, value_of

_SECURE = Namespace("https://schema.org/")
_SENSITIVE = CH.sensitive
_FAMILY = (SCHEMA.isFamilyFriendly, _SECURE.isFamilyFriendly)
_RATING = (SCHEMA.contentRating, _SECURE.contentRating)
#: What may say so: of the item, its proxies, or what it is shown by.
PROPERTIES = (_SENSITIVE, *_FAMILY, *_RATING)
_YES, _NO = {"true", "1"}, {"false", "0"}
#: Words of schema:contentRating that say so; others (“G”, “PG-13”) rate films.
_RATINGS = {"adult", "adults only", "mature", "sensitive", "explicit", "18+",
            "rta-5042-1996-1400-1577-rta"}  # fmt: skip


def is_sensitive(said: Mapping[NamedNode, Iterable[Any]]) -> bool:
    """ch:sensitive true, schema:isFamilyFriendly false, or a schema:contentRating for adults."""
    return (
        bool(_YES.intersection(_words(said, _SENSITIVE)))
        or any(_NO.intersection(_words(said, each)) for each in _FAMILY)
        or any(_RATINGS.intersection(_words(said, each)) for each in _RATING)
    )


def _words(said: Mapping[NamedNode, Iterable[Any]], property_: NamedNode) -> set[str]:
    return {value_of(term).strip().casefold() for term in said.get(property_, ())}

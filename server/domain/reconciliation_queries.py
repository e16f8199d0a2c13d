"""What reconciliation clients ask, read from their JSON (Reconciliation Service API 0.2).

The rest of the server knows these values only: another version of the API is another reader.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from server.errors import Invalid, Malformed, Problem, TooLarge
from server.i18n import _

BATCH = 50
MOST_TERMS = 1_000  # of one data extension query
_MOST_PROPERTIES = 50
_MOST_CONDITIONS = 20  # of one query, and types
_MOST_LOOKED_UP = 2_000  # values of all conditions of a batch
_LONGEST = 1_000  # letters of a text that count
_MOST_VALUES = 20
_MOST_CANDIDATES = 50
_CANDIDATES = 10
_FIELDS = frozenset(("query", "type", "limit", "properties", "type_strict"))
_STRICTNESS = ("any", "should", "all")
Parsed = TypeVar("Parsed")


@dataclass(frozen=True, slots=True)
class Condition:
    """A property that should have one of these values: texts, or identifiers of terms."""

    property: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """`text` may be empty where there are conditions; `strict` is any, should or all."""

    text: str
    limit: int = _CANDIDATES
    types: tuple[str, ...] = ()
    strict: str = "any"
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A property to fetch. `limit` 0 is all values; `lang` "" the reader's; `ids` IRIs alone."""

    property: str
    limit: int = 0
    lang: str = ""
    ids: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """A data extension query: identifiers of terms, and what is wanted of each."""

    ids: tuple[str, ...]
    wanted: tuple[Wanted, ...]


class _Wrong(Exception):
    """Why a value cannot be read, in words."""


def read_queries(text: str) -> dict[str, Query]:
    """A batch by its keys. Raises Malformed, TooLarge (more than BATCH), Invalid."""
    said = _json(text)
    if len(said) > BATCH:
        raise TooLarge(_("At most {count} queries are taken at once.", count=BATCH))
    queries, problems = {}, []
    for key, each in said.items():
        try:
            queries[key] = _query(each)
        except _Wrong as wrong:
            problems.append(Problem(key, str(wrong)))
    if problems:
        first = problems[0]
        detail = _("The query “{key}” is faulty: {why}", key=first.field, why=first.message)
        raise Invalid(detail, tuple(problems))
    values = (each for query in queries.values() for each in query.conditions)
    if sum(len(each.values) for each in values) > _MOST_LOOKED_UP:
        raise TooLarge(_("At most {count} values are taken at once.", count=_MOST_LOOKED_UP))
    return queries


def read_extension(text: str) -> Extension:
    """Raises Malformed, TooLarge, Invalid."""
    said = _json(text)
    try:
        ids = _each(said.get("ids"), "ids", _text)
        wanted = _each(said.get("properties"), "properties", _wanted)
    except _Wrong as wrong:
        raise Invalid(str(wrong), (Problem("extend", str(wrong)),)) from wrong
    if len(ids) > MOST_TERMS or len(wanted) > _MOST_PROPERTIES:
        raise TooLarge(
            _(
                "At most {terms} terms and {properties} properties are taken at once.",
                terms=MOST_TERMS, properties=_MOST_PROPERTIES,
            )
        )  # fmt: skip
    return Extension(tuple(ids), tuple(wanted))


def _json(text: str) -> dict[str, Any]:
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Malformed(_("This is no JSON: {reason}", reason=str(error))) from error
    if not isinstance(said, dict):
        raise Malformed(_("A JSON object is expected here."))
    return said


def _query(said: Any) -> Query:
    if not isinstance(said, dict):
        raise _Wrong(_("a query is an object."))
    if unknown := sorted(said.keys() - _FIELDS):
        raise _Wrong(_("there is no field “{name}”.", name=unknown[0][:100]))
    query = Query(
        text=_text(said.get("query") or "", "query")[:_LONGEST],
        limit=_limit(said.get("limit"), _CANDIDATES, _MOST_CANDIDATES),
        types=tuple(_each(_listed(said.get("type")), "type", _text)),
        strict=said.get("type_strict") or "any",
        conditions=tuple(
            _each(
                [] if said.get("properties") is None else said["properties"],
                "properties",
                _condition,
            )
        ),
    )
    if max(len(query.types), len(query.conditions)) > _MOST_CONDITIONS:
        raise _Wrong(_("at most {count} conditions are taken.", count=_MOST_CONDITIONS))
    if query.strict not in _STRICTNESS:
        raise _Wrong(_("“type_strict” is one of {values}.", values=", ".join(_STRICTNESS)))
    if "query" not in said and not query.conditions:
        raise _Wrong(_("“query” or “properties” is needed."))
    return query


def _condition(said: Any, name: str) -> Condition:
    if not isinstance(said, dict) or "v" not in said:
        raise _Wrong(_("“{name}” holds objects with “pid” and “v”.", name=name))
    property_ = _text(said.get("pid", said.get("p")), "pid")
    values = _each(_listed(said["v"])[:_MOST_VALUES], "v", _value)
    return Condition(property_[:_LONGEST], tuple(value[:_LONGEST] for value in values if value))


def _value(said: Any, name: str) -> str:
    """A string, a number, true or false, or an entity of which the identifier counts."""
    if isinstance(said, dict):
        return _text(said.get("id"), "id")
    if isinstance(said, bool):
        return "true" if said else "false"
    return str(said) if isinstance(said, int | float) else _text(said, name).strip()


def _wanted(said: Any, name: str) -> Wanted:
    settings = said.get("settings") or {} if isinstance(said, dict) else None
    if not isinstance(settings, dict):
        raise _Wrong(_("“{name}” holds objects with “id” and “settings”.", name=name))
    return Wanted(
        property=_text(said.get("id"), "id"),
        limit=_limit(settings.get("limit"), 0, MOST_TERMS),
        lang=_text(settings.get("language") or "", "language").strip(),
        ids=settings.get("content") == "id",
    )


def _listed(said: Any) -> list[Any]:
    if said is None:
        return []
    return said if isinstance(said, list) else [said]


def _each(said: Any, name: str, read: Callable[[Any, str], Parsed]) -> Sequence[Parsed]:
    if not isinstance(said, list):
        raise _Wrong(_("“{name}” is a list.", name=name))
    return [read(each, name) for each in said]


def _text(said: Any, name: str) -> str:
    if not isinstance(said, str):
        raise _Wrong(_("“{name}” is a text.", name=name))
    return said


def _limit(said: Any, default: int, most: int) -> int:
    """A number of at least one, also as text (as OpenRefine sends settings); 0 is the default."""
    if said in (None, ""):
        return default
    if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 10:
        said = int(said)
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise _Wrong(_("“limit” is a number."))
    return int(min(said, most)) if said >= 1 else default

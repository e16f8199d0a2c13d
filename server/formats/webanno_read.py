"""Annotations that others send, as JSON-LD or Turtle: bounded, and nothing is ever fetched."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from pyoxigraph import RdfFormat, Triple, parse

from server.errors import Invalid, Malformed, Problem, TooLarge
from server.i18n import _

MOST_BYTES = 200_000
#: Oxigraph's parser overflows its stack some thousand levels deep.
_DEEPEST = 32
_MOST_VALUES = 5_000
_MOST_TRIPLES = 2_000
_MOST_QUOTED = 20
#: A name of a few letters stands for thousands, which are read each time that it stands there.
_MOST_CONTEXTS = 20
CONTEXT = "@context"
Contexts = Mapping[str, Any]


class UnknownContext(Invalid):
    """A context that is not one of those that are known here."""

    def __init__(self, iri: str) -> None:
        words = _("The context {iri} is not known here, and none is fetched.", iri=iri[:200])
        super().__init__(words, (Problem(CONTEXT, words),))


def read_json(body: bytes, base: str, contexts: Contexts) -> list[Triple]:
    """Raises Malformed, TooLarge, UnknownContext."""
    _require_size(body)
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(_("This is no JSON: {reason}", reason=error)) from error
    if not isinstance(found, dict | list):
        raise Malformed(_("JSON-LD is an object."))
    _require_plain(found)
    text = orjson.dumps(_substituted(found, contexts))
    return _parsed(text, RdfFormat.JSON_LD, base)


def read_turtle(body: bytes, base: str) -> list[Triple]:
    """Raises Malformed, TooLarge."""
    _require_size(body)
    if body.count(b"<<") > _MOST_QUOTED:  # nested ones overflow the parser's stack
        raise Malformed(_("This is nested too deeply."))
    return _parsed(body, RdfFormat.TURTLE, base)


def _require_size(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise TooLarge(
            _("This is too large: at most {size:,} bytes are taken here.", size=MOST_BYTES)
        )


def _parsed(text: bytes, form: RdfFormat, base: str) -> list[Triple]:
    found: list[Triple] = []
    try:
        for quad in parse(text, form, base_iri=base, rename_blank_nodes=True):
            found.append(quad.triple)
            if len(found) > _MOST_TRIPLES:
                raise Malformed(_("These are too many statements for one annotation."))
    except (SyntaxError, ValueError) as error:
        raise Malformed(_("This cannot be read: {reason}", reason=error)) from error
    return found


def _require_plain(value: Any) -> None:
    """No deeper and no more than any annotation is; walked without recursion."""
    todo, count, contexts = [(value, 1)], 0, 0
    while todo:
        each, depth = todo.pop()
        count += 1
        contexts += _contexts_in(each)
        if depth > _DEEPEST:
            raise Malformed(_("This is nested too deeply."))
        if contexts > _MOST_CONTEXTS:
            raise Malformed(_("These are too many contexts for one annotation."))
        if count > _MOST_VALUES:
            raise Malformed(_("These are too many statements for one annotation."))
        inner = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        todo += [(one, depth + 1) for one in inner]


def _contexts_in(value: Any) -> int:
    """How many an object itself brings along."""
    given = value.get(CONTEXT) if isinstance(value, dict) else None
    return len(given) if isinstance(given, list) else int(given is not None)


def _substituted(value: Any, contexts: Contexts) -> Any:
    """With the contexts in place of their addresses."""
    if isinstance(value, list):
        return [_substituted(each, contexts) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _context(each, contexts) if name == CONTEXT else _substituted(each, contexts)
        for name, each in value.items()
    }


def _context(value: Any, contexts: Contexts) -> Any:
    if isinstance(value, list):
        if any(isinstance(each, list) for each in value):
            raise Malformed(_("A context is an address or an object."))
        return [_context(each, contexts) for each in value]
    if isinstance(value, str):
        if value not in contexts:
            raise UnknownContext(value)
        return contexts[value]
    if isinstance(value, dict):
        for name in _inner(value):
            if name in (CONTEXT, "@import"):
                raise UnknownContext(name)
    return value


def _inner(value: Any) -> Iterator[str]:
    """The names in a context that was sent along, at every depth."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _inner(each)
    elif isinstance(value, list):
        for each in value:
            yield from _inner(each)

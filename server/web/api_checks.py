"""Whether what a program sent is what the description of an address says.

The part of JSON Schema that our descriptions use; a test holds that it judges as a library does.
"""

import re
from collections.abc import Iterator
from typing import Any

from server.errors import Problem
from server.i18n import _, ngettext
from server.web.api_schemas import Schema

_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def problems(schema: Schema, value: Any, field: str = "") -> Iterator[Problem]:
    """What is wrong with it, by the name of the member."""
    if "anyOf" in schema:
        found = [list(problems(each, value, field)) for each in schema["anyOf"]]
        if all(found):
            yield found[0][0]
        return
    if "enum" in schema:
        if not any(value == each and type(value) is type(each) for each in schema["enum"]):
            known = ", ".join(map(str, schema["enum"]))
            yield Problem(field, _("It is one of {values}.", values=known))
        return
    kind = schema.get("type")
    if kind is None:
        return
    if not _is_a(kind, value):
        yield Problem(field, _WORDS[kind]())
        return
    yield from _CHECKS.get(kind, _nothing)(schema, value, field)


def _is_a(kind: str, value: Any) -> bool:
    if kind == "integer":  # 1.0 is one as well (JSON Schema, 6.1.1)
        whole = isinstance(value, float) and value.is_integer()
        return (isinstance(value, int) and not isinstance(value, bool)) or whole
    if kind == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    expected: dict[str, type] = {
        "string": str, "boolean": bool, "null": type(None), "array": list, "object": dict,
    }  # fmt: skip
    return isinstance(value, expected[kind])


_WORDS = {
    "integer": lambda: _("It is a whole number."),
    "number": lambda: _("It is a number."),
    "string": lambda: _("It is a text."),
    "boolean": lambda: _("It is true or false."),
    "null": lambda: _("It is null."),
    "array": lambda: _("It is an array."),
    "object": lambda: _("It is an object."),
}


def _nothing(_schema: Schema, _value: Any, _field: str) -> Iterator[Problem]:
    yield from ()


def _text(schema: Schema, value: str, field: str) -> Iterator[Problem]:
    longest = schema.get("maxLength", len(value))
    if len(value) > longest:
        one, many = "It has at most {count} character.", "It has at most {count} characters."
        yield Problem(field, ngettext(one, many, longest))
    elif len(value) < schema.get("minLength", 0):
        yield Problem(field, _("It is empty."))
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        yield Problem(field, _("It is not written as it should be."))


def _figure(schema: Schema, value: float, field: str) -> Iterator[Problem]:
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    if not least <= value <= most:
        words = _("It is from {least} to {most}.", least=schema.get("minimum", "…"), most=most)
        yield Problem(field, words)


def _array(schema: Schema, value: list[Any], field: str) -> Iterator[Problem]:
    if len(value) > schema.get("maxItems", len(value)):
        yield Problem(field, _("It has too many values."))
    for each in value:
        yield from problems(schema.get("items", {}), each, field)


def _object(schema: Schema, value: dict[str, Any], field: str) -> Iterator[Problem]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Problem(name, _("It is missing."))
    for name, each in value.items():
        if name in known:
            yield from problems(known[name], each, name)
        elif more is False:
            yield Problem(name[:80], _("There is no such member."))
        elif more is not True:
            yield from problems(more, each, name[:80])


_CHECKS: dict[str, Any] = {
    "string": _text, "integer": _figure, "number": _figure, "array": _array, "object": _object,
}  # fmt: skip


def parameter(schema: Schema, texts: list[str], field: str) -> Iterator[Problem]:
    """As `problems`, of the values of a parameter in an address, which are texts."""
    if schema.get("type") != "array" and len(texts) > 1:
        yield Problem(field, _("It is given more than once."))
        return
    inner = schema.get("items", schema)
    for text in texts:
        yield from problems(inner, _read(inner, text), field)


def _read(schema: Schema, text: str) -> Any:
    if schema.get("type") == "integer" and _WHOLE.fullmatch(text):
        return int(text)
    if schema.get("type") == "number" and _NUMBER.fullmatch(text):
        return float(text)
    return text

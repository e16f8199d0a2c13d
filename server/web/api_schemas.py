"""JSON Schemas (2020-12) of dataclasses: what an answer looks like follows from its type."""

import dataclasses
import types
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]
_WRITTEN = r"^[^\u0000]*$"
_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
    Any: {},
}


class Says:
    """In an `Annotated` type: what else its schema says."""

    def __init__(self, **schema: Any) -> None:
        self.schema: Schema = schema


class Components:
    """The schemas that others refer to by name."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """The schema of a type; of a dataclass a reference to it."""
        origin, arguments = get_origin(kind), get_args(kind)
        if isinstance(kind, dict):
            given: Schema = kind
            return given
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if origin is Annotated:
            return {**self.of(arguments[0]), **arguments[1].schema}
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin in (list, tuple):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        return self._named(kind)

    def _named(self, kind: Any) -> Schema:
        if kind.__name__ not in self.schemas:
            self.schemas[kind.__name__] = {}  # it may refer to itself
            self.schemas[kind.__name__] = self.object(kind)
        return {"$ref": f"#/components/schemas/{kind.__name__}"}

    def object(self, kind: Any) -> Schema:
        """The members of a dataclass; those without a default must be there."""
        hints = get_type_hints(kind, include_extras=True)
        fields = dataclasses.fields(kind)
        return {
            "type": "object",
            "description": " ".join((kind.__doc__ or "").split()),
            "properties": {each.name: self.of(hints[each.name]) for each in fields},
            "required": [each.name for each in fields if _is_required(each)],
        }


def _is_required(field: "dataclasses.Field[Any]") -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def body(kind: Any) -> Schema:
    """What a request may hold; members that are not named are refused, unless `more` says how."""
    found = Components().object(kind) | {"additionalProperties": getattr(kind, "more", False)}
    told: Schema = _without_nul(found)
    return told


def _without_nul(schema: Any) -> Any:
    """A NUL stands in no text that people write."""
    if isinstance(schema, list):
        return [_without_nul(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: _without_nul(each) for name, each in schema.items()}
    if told.get("type") == "string":
        told.setdefault("pattern", _WRITTEN)
    if isinstance(told.get("additionalProperties"), dict):
        told["propertyNames"] = {"pattern": _WRITTEN}
    return told

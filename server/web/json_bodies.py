"""JSON in place of a form: an object in which nothing stands twice, with numbers of usual size."""

import json
from typing import Any

from server.errors import Malformed
from server.i18n import _

_LONGEST_NUMBER = 30  # digits


def read(body: bytes) -> dict[str, Any]:
    """The object. Raises Malformed, or UnicodeDecodeError."""
    try:
        data = json.loads(
            body.decode(), object_pairs_hook=_members, parse_constant=_refuse_number,
            parse_int=_whole, parse_float=_fraction,
        )  # fmt: skip
    except UnicodeDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else _("it is too deep")
        raise Malformed(_("The JSON could not be read: {reason}", reason=reason)) from error
    if not isinstance(data, dict):
        raise Malformed(_("The JSON of a request is an object."))
    return data


def fields(data: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """As a form has them: texts, numbers, true and false, and arrays of them."""
    return tuple((name, text) for name, value in data.items() for text in _texts(name, value))


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_("a name stands twice in an object"))
    return found


def _refuse_number(text: str) -> Any:
    raise ValueError(_("{text} is no number", text=text))


def _whole(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise ValueError(_("a number is too long"))
    return int(text)


def _fraction(text: str) -> float:
    number = float(text)
    if len(text) > _LONGEST_NUMBER or number in (float("inf"), float("-inf")):
        raise ValueError(_("a number is too long"))
    return number


def _texts(name: str, value: Any) -> list[str]:
    """The values of a field. Lone surrogates are no text (RFC 8259, 8.2)."""
    many = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict | list) for each in many):
        raise Malformed(_("“{name}” takes a text, or an array of texts.", name=name[:80]))
    texts = [_text(each) for each in many if each is not None]
    if any("\ud800" <= letter <= "\udfff" for text in (name, *texts) for letter in text):
        raise Malformed(_("The JSON contains half a character."))
    return texts


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # in JSON 1.0 is the same number as 1
    return str(value)

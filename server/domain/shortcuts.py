"""The keyboard shortcuts that a person changed, or switched off."""

from dataclasses import dataclass, field
from typing import Any

import orjson

from server.domain.accounts import Desk, Person
from server.errors import Invalid, Problem
from server.i18n import _
from server.journal import accounts as table

_NAME = "shortcuts"
_LONGEST_TEXT, _LONGEST_NAME, _LONGEST_KEY = 10_000, 60, 30
_MOST_NAMES, _MOST_KEYS = 100, 5


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """`keys` of the shortcuts by name, only where they differ from what a page proposes."""

    off: bool = False
    keys: dict[str, list[str]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """As JSON, as scripts read it."""
        return orjson.dumps({"off": self.off, "keys": self.keys}).decode()


def of(desk: Desk, person: Person) -> Shortcuts | None:
    """None where this person never changed any."""
    with desk.accounts.connect() as connection:
        text = table.preferences_of(connection, person.id).get(_NAME)
    return read(text) if text else None


def keep(desk: Desk, person: Person, shortcuts: Shortcuts) -> None:
    with table.writing(desk.accounts) as connection:
        table.put_preference(connection, person.id, _NAME, shortcuts.text)


def read(text: str) -> Shortcuts:
    """From JSON. Raises Invalid for what is none, or could not be shortcuts."""
    try:
        found: Any = orjson.loads(text) if len(text) <= _LONGEST_TEXT else None
    except orjson.JSONDecodeError:
        found = None
    keys = found.get("keys", {}) if isinstance(found, dict) else None
    if not isinstance(keys, dict) or len(keys) > _MOST_NAMES or not all(map(_fits, keys.items())):
        message = _("These are no keyboard shortcuts.")
        raise Invalid(message, (Problem(_NAME, message),))
    return Shortcuts(found.get("off") is True, keys)


def _fits(pair: tuple[str, Any]) -> bool:
    name, keys = pair
    return (
        0 < len(name) <= _LONGEST_NAME
        and name.isprintable()
        and isinstance(keys, list)
        and len(keys) <= _MOST_KEYS
        and all(isinstance(each, str) and _is_key(each) for each in keys)
    )


def _is_key(text: str) -> bool:
    return 0 < len(text) <= _LONGEST_KEY and text.isprintable()

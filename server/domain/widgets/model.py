"""What a widget is: how a field of a form is offered and read, and how a value is shown.

A shape names them by `dash:editor` and `dash:viewer`; each module here registers its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from server.commit import Desk
from server.domain.accounts import Person
from server.domain.annotation_contents import Content, Said
from server.domain.campaigns import Campaign, Task
from server.domain.kinds import Entry, Kind
from server.errors import Invalid, Problem
from server.index.items import ItemRow
from server.viewers import Viewer

Values: TypeAlias = Mapping[str, Sequence[str]]
"""A form as it was sent: the values of each name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked what: a question of a campaign about an item, in the reader's language."""

    desk: Desk
    viewer: Viewer
    campaign: Campaign
    task: Task
    kind: Kind
    item: ItemRow
    person: Person | None
    language: str


def _no_options(_asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {}


def plain_values(_asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    """The lexical forms, under the name of the field."""
    return {entry.name: [each.value for each in content.values(*entry.path)]}


@dataclass(frozen=True, slots=True)
class Editor:
    """How a field is offered (`items/editors/_{name}.html`, with `options`) and read.

    `read` gives what the values say, nothing where none was given, and raises Invalid with the
    name of the field; `fill` gives the values that say what stands, for editing. `scripts` are
    the modules of static/js that it needs.
    """

    name: str
    read: Callable[[Asked, Entry, Values], list[Said]]
    options: Callable[[Asked, Entry], dict[str, Any]] = _no_options
    fill: Callable[[Asked, Entry, Content], dict[str, list[str]]] = plain_values
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Showing:
    """What is shown to whom: an annotation on an item, in a language."""

    desk: Desk
    viewer: Viewer
    language: str
    iri: str
    item: str


@dataclass(frozen=True, slots=True)
class Display:
    """How a value is shown (`annotations/displays/_{name}.html`), and said in plain words.

    `show` gives the value that the template gets, None where there is nothing to show.
    """

    name: str
    show: Callable[[Showing, Entry, Content], Any | None]
    words: Callable[[Any], str]


def first(entry: Entry, values: Values, suffix: str = "") -> str:
    """What was written in a field, without blanks around; "" for nothing.

    A search box has a field that scripts fill, and what one chooses from without them.
    """
    given = (each.strip() for each in values.get(entry.name + suffix, ()))
    return next((text for text in given if text), "")


def refuse(entry: Entry, words: str) -> Invalid:
    """The error that stands beside the field."""
    return Invalid(words, (Problem(entry.name, words),))

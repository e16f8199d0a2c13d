"""One of the item's metadata values: what a correction, a translation or a question is about."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.domain import fields, item_values, links, value_selectors
from server.domain.annotation_contents import ANNOTATION, TARGET, Content, Part, Said
from server.domain.campaigns import Task
from server.domain.item_values import USUAL, ItemValue
from server.domain.kinds import Entry, Kind
from server.domain.value_selectors import Meant
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.i18n import _
from server.index import items, queues
from server.names import CH, DC, OA

_SHORT = 60


@dataclass(frozen=True, slots=True)
class ShownValue:
    """`label` names the field; `lang` is a tag or "", `href` leads to a value that is a thing.
    `changed` says that the item has it no more as it was."""

    label: str
    text: str
    lang: str
    href: str | None
    changed: bool


def properties(task: Task) -> tuple[str, ...]:
    """Those that a question is about: title and description where it names none."""
    asked = task.about or USUAL
    return tuple(sorted(asked, key=lambda each: (each != DC.title.value, asked.index(each))))


def offered(asked: Asked) -> list[ItemValue]:
    """The item's values of the properties that the question is about."""
    return item_values.of_item(
        asked.desk, asked.viewer, asked.item, properties(asked.task), asked.language
    )


def chosen(asked: Asked, entry: Entry, values: Values) -> ItemValue | None:
    """The value that the form names; None where it names none. Raises Invalid."""
    wanted = first(entry, values)
    if not wanted:
        return None
    found = next((value for value in offered(asked) if value.id == wanted), None)
    if found is None:
        raise refuse(entry, _("The object has no such value, or no longer. Please choose anew."))
    return found


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    if not _is_asked(asked, entry):
        return []
    value = chosen(asked, entry, values)
    if value is None:
        raise refuse(entry, _("Choose the value that this is about."))
    said = value_selectors.said(value.field, value.term)
    return [*said, (ANNOTATION, CH.field, NamedNode(value.field))] if writes(asked.kind) else said


def _is_asked(asked: Asked, entry: Entry) -> bool:
    """Where a value is not needed, only if the question is about some."""
    return entry.required or bool(asked.task.about)


def writes(kind: Kind) -> bool:
    """Whether what is said becomes another value of the same property: where a kind's field is one
    that no list limits."""
    field = next((entry for entry in kind.entries if entry.path == (CH.field,)), None)
    return field is not None and not field.many and not field.choices


def _options(asked: Asked, entry: Entry) -> dict[str, Any]:
    is_asked = _is_asked(asked, entry)
    values = offered(asked) if is_asked else []
    answered = _answered(asked, values) if values else set()
    return {"asked": is_asked, "values": values, "answered": answered}


def _answered(asked: Asked, values: list[ItemValue]) -> set[str]:
    """The values (by their identifiers) of which this person has said something already."""
    if asked.person is None:
        return set()
    known = queues.selectors_of(
        asked.desk.index.read(), asked.campaign.slug, asked.item.iri, asked.task.number,
        asked.person.agent.value,
    )  # fmt: skip
    return {value.id for value in values if known and _selector(value) in known}


def _selector(value: ItemValue) -> str:
    targeting: Said = (ANNOTATION, OA.hasTarget, Part(TARGET))
    return Content((targeting, *value_selectors.said(value.field, value.term))).selector


def _fill(_asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    about = value_selectors.meant(content)
    return {entry.name: [_id(about)]} if about else {}


def _id(about: Meant) -> str:
    return ItemValue(about.field, about.term, "").id


def _show(showing: Showing, _entry: Entry, content: Content) -> ShownValue | None:
    about = value_selectors.meant(content)
    if about is None:
        return None
    (value,) = item_values.described(
        showing.desk, showing.viewer, [(about.field, about.term)], showing.language
    )
    return ShownValue(
        label=fields.label(about.field), text=value.text, lang=value.lang,
        href=links.address(value.iri) if value.iri else None,
        changed=standing(showing, about) is None,
    )  # fmt: skip


def standing(showing: Showing, about: Meant) -> value_selectors.Standing | None:
    connection = showing.desk.index.read()
    item = items.current_item(connection, showing.item)
    row = items.find_item_by_iri(showing.viewer, connection, item)
    if row is None:
        return None
    dataset: Any = "work" if row.dataset == "work" else "public"
    return value_selectors.find(showing.desk, dataset, row.iri, about)


def _words(value: Any) -> str:
    return _("{field}: {value}", field=value.label, value=short(value.text))


def short(text: str) -> str:
    """In one line, for names and titles of pages."""
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1].rstrip()}…"


EDITORS = {CH.ValueEditor: Editor("value", _read, _options, _fill, scripts=("values",))}
DISPLAYS = {CH.ValueViewer: Display("value", _show, _words)}

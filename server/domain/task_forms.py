"""The form of a question: a field for each value that its kind's shape lets people write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.domain import annotation_forms, fields
from server.domain.kinds import Entry
from server.domain.widgets import Asked, Values
from server.names import DASH


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: `editor` is its template, `id` unique on the page; `values` what stands in it, by
    the names of the form; `options` what its widget offers."""

    name: str
    id: str
    label: str
    help: str
    editor: str
    required: bool
    many: bool
    values: Mapping[str, Sequence[str]]
    error: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    longest: int | None = None
    least: str | None = None
    most: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    scripts: tuple[str, ...] = ()

    def value(self, suffix: str = "") -> str:
        return next(iter(self.values.get(self.name + suffix, ())), "")

    def all(self, suffix: str = "") -> Sequence[str]:
        return self.values.get(self.name + suffix, ())

    @property
    def typed(self) -> str:
        """What was typed in a search box."""
        return next(iter(self.values.get("q", ())), "")


def views(asked: Asked, values: Values, errors: Mapping[str, str]) -> list[FieldView]:
    """Those that the question has: no box for terms where it names no vocabulary."""
    return [
        _view(asked, entry, values, errors.get(entry.name))
        for entry in asked.kind.editable
        if entry.editor != DASH.AutoCompleteEditor or asked.task.every_vocabulary
    ]


def _view(asked: Asked, entry: Entry, values: Values, error: str | None) -> FieldView:
    editor = annotation_forms.editor(entry)
    return FieldView(
        name=entry.name,
        id=f"task-{asked.task.number}-{entry.name}",
        label=entry.label,
        help=entry.help,
        editor=editor.name,
        required=entry.required,
        many=entry.many,
        values=values or _default(entry),
        error=error,
        choices=tuple((each.value, _words(each.value)) for each in entry.choices),
        longest=entry.longest,
        least=entry.least,
        most=entry.most,
        options=editor.options(asked, entry),
        scripts=editor.scripts,
    )


def _default(entry: Entry) -> dict[str, list[str]]:
    return {entry.name: [entry.default.value]} if entry.default is not None else {}


def _words(value: str) -> str:
    """A property by what people call it; any other value by the end of its IRI."""
    known = fields.label(value)
    return known if known != value else value.rpartition("#")[2].rpartition("/")[2] or value


def is_box(asked: Asked) -> bool:
    """Whether a term is all that is asked for: choosing it is the answer."""
    return [entry.editor for entry in asked.kind.editable] == [DASH.AutoCompleteEditor]

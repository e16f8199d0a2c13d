"""What each kind of contribution needs of a campaign's question."""

from collections.abc import Iterator

from server.commit import Desk
from server.domain import kinds
from server.domain.campaign_tasks import Task
from server.domain.kinds import Entry, Kind
from server.i18n import _
from server.names import CH, DASH, is_safe_iri

_OF_TERMS = (DASH.AutoCompleteEditor, CH.ColourEditor, CH.PlaceEditor)
_PARTS = {
    "terms": (*_OF_TERMS, CH.PlaceEditor),
    "about": (CH.SpanEditor, CH.ValueEditor),
    "choices": (CH.ChoiceEditor, CH.ErrorsEditor, CH.ComparisonEditor),
    "languages": (
        DASH.TextFieldWithLangEditor, DASH.TextAreaWithLangEditor, CH.CorrectionEditor,
    ),
}  # fmt: skip


def problems(desk: Desk, task: Task) -> Iterator[tuple[str, str]]:
    """(field of the question, what is wrong)."""
    kind = kinds.find(desk, task.kind)
    if kind is None:
        yield "kind", _("Choose one of the kinds of contribution.")
        return
    writes = _entry_of_field(kind)
    if task.field and not is_safe_iri(task.field):
        yield "field", _("Choose one of the metadata fields.")
    elif task.field and not _allows(writes, task.field):
        yield "field", _("Answers of this kind become no such metadata field.")
    elif not task.field and writes and writes.required:
        yield "field", _("Choose one of the metadata fields.")
    if needs_terms(kind) and not task.every_vocabulary:
        yield "vocabulary", _("Choose at least one vocabulary that the terms come from.")
    if any(not is_safe_iri(each) for each in (*task.about, *_iris(task))):
        yield "about", _("Name metadata fields and answers by IRIs.")


def needs_terms(kind: Kind) -> bool:
    """Whether an answer is a term, so that the question has to say from which vocabularies."""
    return any(entry.required and entry.editor in _OF_TERMS for entry in kind.editable)


def uses(kind: Kind) -> set[str]:
    """Which parts of a question matter to a kind: field, terms, about, choices, languages."""
    found = {part for part, editors in _PARTS.items() if kind.has_editor(*editors)}
    return found | ({"field"} if takes_field(kind) else set())


def takes_field(kind: Kind) -> bool:
    """Whether answers can become a metadata field."""
    entry = _entry_of_field(kind)
    return entry is not None and bool(entry.choices)


def _entry_of_field(kind: Kind) -> Entry | None:
    return next((entry for entry in kind.entries if entry.path == (CH.field,)), None)


def _allows(entry: Entry | None, field: str) -> bool:
    return entry is not None and field in {each.value for each in entry.choices}


def _iris(task: Task) -> list[str]:
    return [choice.iri for choice in task.choices if choice.iri]

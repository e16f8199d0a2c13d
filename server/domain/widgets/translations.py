"""Texts that correct or translate a value: what they are, how good they are, what is wrong."""

import re
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.domain import text_anchors, text_changes, texts, value_selectors
from server.domain.annotation_contents import Content, Said
from server.domain.kinds import OF_CLAIM, Entry, Kind
from server.domain.text_changes import Piece
from server.domain.widgets import choices, item_values
from server.domain.widgets import texts as text_widgets
from server.domain.widgets.choices import Answer
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.names import CH, DASH, OA, RDF, XSD

_NUMBER = re.compile(r"[0-9]{1,3}")
#: How bad an error is, by the property that says so; the names are those of the form.
SEVERITIES = {"minor": CH.minorError, "major": CH.majorError, "critical": CH.criticalError}


@dataclass(frozen=True, slots=True)
class Fault:
    """A type of error with how bad it is: minor, major or critical, also in words."""

    label: str
    severity: str
    words: str


def severity_labels() -> dict[str, str]:
    return {"minor": _("Minor"), "major": _("Major"), "critical": _("Critical")}


def _read_text(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """A text that is not the very value that it shall replace."""
    said = text_widgets.read(asked, entry, values)
    if not said:
        return _rated_only(asked, entry, values)
    about = _field(asked.kind, CH.ValueEditor)
    value = item_values.chosen(asked, about, values) if about else None
    text = said[-1][2]
    if value and text_anchors.same(text.value, value.text) and text.language == value.lang.lower():
        raise refuse(entry, _("This is what stands there already. Please change something."))
    return [*said, (entry.part, RDF.type, OA.TextualBody)]


def _rated_only(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """Where a text may be rated as it stands, one of both is needed."""
    rating = _field(asked.kind, CH.RatingEditor)
    if rating and not entry.required and not first(rating, values):
        raise refuse(entry, _("Write a translation, or say how good this one is."))
    return []


def _field(kind: Kind, widget: NamedNode) -> Entry | None:
    return next((entry for entry in kind.editable if entry.editor == widget), None)


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text, and what changed in it; no `pieces` where it is clearer whole."""

    text: str
    lang: str
    pieces: list[Piece]


def _show_text(_showing: Showing, entry: Entry, content: Content) -> ShownText | None:
    """Beside a value in the same language: what is to be changed in that."""
    text, about = content.value(*entry.path), value_selectors.meant(content)
    if not isinstance(text, Literal):
        return None
    old = about.term if about and isinstance(about.term, Literal) else None
    is_same = old is not None and (not old.language or old.language == text.language)
    pieces = text_changes.changes(old.value, text.value) if old and is_same else []
    return ShownText(text.value, text.language or "", pieces)


def _text_words(value: Any) -> str:
    return item_values.short(value.text)


# --- how good it is ------------------------------------------------------------------------------


def _read_rating(_asked: Asked, entry: Entry, values: Values) -> list[Said]:
    written = first(entry, values)
    if not written:
        return []
    if not _NUMBER.fullmatch(written) or int(written) > 100:
        raise refuse(entry, _("Give a whole number from 0 to 100."))
    return along(entry, Literal(str(int(written)), datatype=XSD.integer))


def _show_rating(_showing: Showing, entry: Entry, content: Content) -> int | None:
    found = content.text(*entry.path)
    return int(found) if found.isdecimal() else None


def _rating_words(value: Any) -> str:
    return _("{rating} of 100", rating=value)


# --- what is wrong with it -----------------------------------------------------------------------


def types(asked: Asked) -> list[Answer]:
    """The types of errors that the question names, else the usual ones."""
    me = asked.desk.names.campaign(asked.campaign.slug)
    own = [
        Answer(asked.task.choice_iri(me, choice), texts.choose(choice.label, asked.language))
        for choice in asked.task.choices
    ]
    return own or [Answer(iri, label) for iri, label in _usual().items()]


def _usual() -> dict[str, str]:
    return {
        CH.Mistranslation.value: _("Wrong meaning"), CH.Omission.value: _("Something is missing"),
        CH.Addition.value: _("Something was added"), CH.Terminology.value: _("Wrong term"),
        CH.Grammar.value: _("Grammar"), CH.Spelling.value: _("Spelling"),
        CH.Style.value: _("Style"),
    }  # fmt: skip


def _read_errors(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    found: list[Said] = []
    for number, kind in enumerate(types(asked), 1):
        severity = first(entry, values, f"-{number}")
        if not severity:
            continue
        if severity not in SEVERITIES:
            raise refuse(entry, _("Say of each error whether it is minor, major or critical."))
        found += along(entry, NamedNode(kind.iri))
        found.append((OF_CLAIM, SEVERITIES[severity], NamedNode(kind.iri)))
    return found


def _error_options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {"types": types(asked), "severities": severity_labels()}


def _fill_errors(asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    numbers = {kind.iri: number for number, kind in enumerate(types(asked), 1)}
    return {
        f"{entry.name}-{numbers[each.value]}": [severity]
        for severity, property_ in SEVERITIES.items()
        for each in content.values(*entry.path[:-1], property_)
        if each.value in numbers
    }


def _show_errors(showing: Showing, entry: Entry, content: Content) -> list[Fault] | None:
    words, usual = severity_labels(), _usual()
    return [
        Fault(
            usual.get(each.value) or choices.label(showing, each.value), severity, words[severity]
        )
        for severity in reversed(SEVERITIES)
        for each in content.values(*entry.path[:-1], SEVERITIES[severity])
    ] or None


def _error_words(value: Any) -> str:
    return ", ".join(f"{fault.label} ({fault.words})" for fault in value)


_LANGUAGES = text_widgets.EDITORS[DASH.TextAreaWithLangEditor]
EDITORS = {
    CH.CorrectionEditor: Editor(
        "correction", _read_text, _LANGUAGES.options, _LANGUAGES.fill, scripts=("values",)
    ),
    CH.RatingEditor: Editor("rating", _read_rating, scripts=("values",)),
    CH.ErrorsEditor: Editor("errors", _read_errors, _error_options, _fill_errors),
}
DISPLAYS = {
    CH.CorrectionViewer: Display("correction", _show_text, _text_words),
    CH.RatingViewer: Display("rating", _show_rating, _rating_words),
    CH.ErrorsViewer: Display("errors", _show_errors, _error_words),
}

"""The form about a spreadsheet's columns: what it shows, and the mapping that comes back."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from server.domain import fields as field_names
from server.domain.imports import Survey
from server.errors import Invalid, Problem
from server.formats.edm_order import expand
from server.formats.sheet_mapping import (
    OF_AGGREGATION,
    OF_ITEM,
    Column,
    Defaults,
    Mapping,
    missing,
)
from server.formats.sheet_names import FORMER_ID, ID, IMAGE_FILE, SENSITIVE, WEB_PAGE
from server.formats.sheet_rights import rights_iri
from server.i18n import _

Get = Callable[[str], str]
LANGUAGES = (
    "en", "de", "fr", "it", "es", "pl", "el", "nl", "pt", "sv", "da", "fi", "nb", "cs", "sk", "sl",
    "hr", "hu", "ro", "bg", "et", "lv", "lt", "ga", "mt", "la", "ru", "uk", "tr", "ar", "he",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MappingRow:
    column: str
    property: str
    language: str
    separator: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the table does not say; `options` are (value, label)."""

    name: str
    label: str
    hint: str | None
    options: tuple[tuple[str, str], ...]
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    header: tuple[str, ...]
    rows: list[list[str]]
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    properties: list[tuple[str, str]]
    languages: list[tuple[str, str]]


def table(survey: Survey) -> Table:
    """Its first rows, each as wide as the header."""
    width = len(survey.header)
    rows = [(row + [""] * width)[:width] for row in survey.rows]
    return Table(survey.name, survey.header, rows, survey.total)


def slug_of(title: str) -> str:
    """A short name made of a title; empty where it has no Latin letters or digits."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")


def rows(mapping: Mapping) -> list[MappingRow]:
    return [
        MappingRow(one.header, one.property, one.language, one.separator.replace("\n", "\\n"))
        for one in mapping.columns
    ]


def choices(language_name: Callable[[str], str]) -> Choices:
    """What a column may mean, and the languages that it may be in."""
    special = [
        (ID, _("Identifier of the object")),
        (FORMER_ID, _("Former identifier")),
        (IMAGE_FILE, _("File name of the picture")),
        (WEB_PAGE, _("Address of the object's page")),
        (SENSITIVE, _("Sensitive (yes or no): shown only when asked for")),
    ]
    known = [(name, _label(name)) for name in (*OF_ITEM, *OF_AGGREGATION)]
    languages = sorted(
        ((code, language_name(code)) for code in LANGUAGES), key=lambda pair: pair[1]
    )
    return Choices([*special, *known], languages)


def _label(name: str) -> str:
    word = field_names.label(expand(name))
    return name if word == name else f"{word} ({name})"


def asked(mapping: Mapping) -> list[Missing]:
    """What is asked once: all that no column gives."""
    bare = replace(mapping, defaults=Defaults())
    return [
        Missing(one.field, one.label, None, one.choices, getattr(mapping.defaults, one.field))
        for one in missing(bare)
    ]


def mapping_of(standing: Mapping, get: Get) -> Mapping:
    """The mapping as the form's fields say it."""
    columns = tuple(
        Column(
            header=column.header,
            property=get(f"property-{place}"),
            language=get(f"language-{place}"),
            separator=get(f"separator-{place}").replace("\\n", "\n"),
            iri=column.iri,
        )
        for place, column in enumerate(standing.columns)
    )
    given = {one.name: get(one.name).strip() for one in fields(Defaults)}
    given["rights"] = rights_iri(given["rights"]) or given["rights"]
    # Read back as a file is, so that no form can say what a file could not.
    return Mapping.from_json(Mapping(columns, Defaults(**given)).to_json())


def require_complete(mapping: Mapping) -> None:
    """Raises Invalid where something that EDM demands is still missing."""
    problems = tuple(Problem(one.field, _("This is needed.")) for one in missing(mapping))
    if not any(column.property for column in mapping.columns):
        problems += (Problem("", _("Say of at least one column what it means.")),)
    if problems:
        raise Invalid(_("Something is missing."), problems)

"""What each column of a spreadsheet means: a mapping that is guessed, corrected, and kept."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from server.errors import Malformed
from server.formats.edm_order import EXTERNAL, PREFIXES, expand
from server.formats.sheet_names import (
    FORMER_ID,
    ID,
    IMAGE_FILE,
    SENSITIVE,
    WEB_PAGE,
    split_language,
    understand,
)
from server.formats.sheet_rights import RIGHTS, rights_iri
from server.formats.sheets import Row
from server.i18n import _
from server.names import is_safe_iri

SPECIAL = (ID, FORMER_ID, IMAGE_FILE, WEB_PAGE, SENSITIVE)
#: Properties of the aggregation that a column can give.
OF_AGGREGATION = (
    "edm:dataProvider", "edm:provider", "edm:intermediateProvider", "edm:rights",
    "edm:isShownBy", "edm:isShownAt", "edm:object", "edm:hasView",
)  # fmt: skip
ITEM_ORDER = EXTERNAL.classes[expand("edm:ProvidedCHO")]
OF_ITEM = tuple(e.name for e in ITEM_ORDER.elements.values() if e.name != "edm:pid")
#: Everything a column may be mapped to; an empty property leaves the column out.
PROPERTIES = (*SPECIAL, *OF_ITEM, *OF_AGGREGATION)
TYPES = ("IMAGE", "TEXT", "VIDEO", "SOUND", "3D")

_ONE_VALUE = {ID, WEB_PAGE, SENSITIVE, "dc:title", "dc:description", "edm:type", "edm:rights",
              "edm:dataProvider", "edm:provider"}  # fmt: skip
_SEPARATORS = ("\n", "|", ";")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its header in the file, and what its values become."""

    header: str
    property: str = ""  # one of PROPERTIES, or empty: left out
    language: str = ""
    separator: str = ""  # between several values in a cell; empty: one value
    iri: bool | None = None  # None: a value that looks like an IRI is one


@dataclass(frozen=True, slots=True)
class Defaults:
    """What EDM demands, for the rows that don't say it."""

    data_provider: str = ""
    provider: str = ""
    rights: str = ""  # an IRI
    language: str = ""
    type: str = ""  # one of TYPES


@dataclass(frozen=True, slots=True)
class Mapping:
    columns: tuple[Column, ...]
    defaults: Defaults = field(default_factory=Defaults)

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Mapping":
        """The mapping that `to_json` wrote; raises Malformed, also for unknown properties."""
        try:
            data = json.loads(text)
            columns = tuple(_column(column) for column in data["columns"])
            return cls(columns, _defaults(data.get("defaults", {})))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise Malformed(_("The column mapping cannot be read: {error}", error=error)) from error

    def renewed(self, guessed: "Mapping") -> "Mapping":
        """This mapping for the columns of another file; those it does not know as guessed there."""
        known = {column.header: column for column in self.columns}
        columns = tuple(known.get(column.header, column) for column in guessed.columns)
        return Mapping(columns, self.defaults)

    def column(self, name: str) -> Column | None:
        """The first column of that property."""
        return next((column for column in self.columns if column.property == name), None)


@dataclass(frozen=True, slots=True)
class Question:
    """Something to be asked once: the field of Defaults, the words, and what may be chosen."""

    field: str
    label: str
    choices: tuple[tuple[str, str], ...] = ()  # value and name; empty: free text


def missing(mapping: Mapping) -> list[Question]:
    """What EDM demands, and neither a column nor a default gives yet."""
    has = mapping.column
    given = mapping.defaults
    image = has(IMAGE_FILE) or has("edm:isShownBy")
    described = has("dc:language") or any(column.language for column in mapping.columns)
    asked = []
    if not (given.data_provider or has("edm:dataProvider")):
        asked.append(Question("data_provider", _("Which institution holds these objects?")))
    if not (given.provider or has("edm:provider")):
        asked.append(Question("provider", _("Who passes this data on (often the same)?")))
    if not given.rights:  # also beside a column: cells may be empty, or name no known licence
        label = _("Under which rights may the images be used?")
        asked.append(Question("rights", label, tuple(RIGHTS.items())))
    if not (given.language or described):
        asked.append(Question("language", _("In which language is the table written?")))
    if not (given.type or has("edm:type") or image):
        choices = tuple((kind, kind) for kind in TYPES)
        asked.append(Question("type", _("What kind of media do these objects have?"), choices))
    return asked


def guess_mapping(header: Sequence[str], sample_rows: Sequence[Row]) -> Mapping:
    """What the header and some rows suggest; a column that nobody understands is left out."""
    columns = []
    taken: Counter[str] = Counter()
    for place, name in enumerate(header):
        values = [row.cells[place] for row in sample_rows if place < len(row.cells)]
        column = _guess(name, [value.strip() for value in values if value.strip()])
        if taken[column.property] and column.property in (ID, WEB_PAGE):
            column = Column(name, "dc:identifier" if column.property == ID else "")
        taken[column.property] += 1
        columns.append(column)
    if not taken[ID]:
        columns = _identified(columns)
    return Mapping(tuple(columns))


def _identified(columns: list[Column]) -> list[Column]:
    """Where no column is the inventory number, the first of identifiers serves as one."""
    for place, column in enumerate(columns):
        if column.property == "dc:identifier":
            return [*columns[:place], Column(column.header, ID), *columns[place + 1 :]]
    return columns


def _guess(header: str, values: Sequence[str]) -> Column:
    name, language = _qualified(header)
    if not name:
        name, language = understand(header)
    links = bool(values) and all(is_safe_iri(value.split()[0]) for value in values)
    if name == IMAGE_FILE and links:
        name = "edm:isShownBy"
    elif name == WEB_PAGE and not links and values:
        name = ""
    elif name == "edm:isShownAt":
        name = WEB_PAGE
    elif name == "dc:rights" and values and all(rights_iri(value) for value in values):
        name = "edm:rights"
    separator = "" if name in _ONE_VALUE or not name else _separator(values)
    return Column(header, name, language, separator)


def _qualified(header: str) -> tuple[str, str]:
    """`dc:title`, `dcterms.spatial`, `dc:title@el` or a property's IRI, and the language."""
    for text, language in ((header, ""), split_language(header)):
        plain = text.strip()
        for prefix, namespace in PREFIXES.items():
            plain = plain.replace(namespace, f"{prefix}:")
        plain = re.sub(r"(?i)^(dc|dcterms|edm)\.", r"\1:", plain.replace("dct:", "dcterms:"))
        for name in PROPERTIES:
            if plain.casefold() == name.casefold():
                return name, language
    return "", ""


def _separator(values: Sequence[str]) -> str:
    """The first of newline, `|` and `;` that occurs between words; `|` where none does."""
    for mark in _SEPARATORS:
        if any(mark in value.strip(mark) for value in values):
            return mark
    return "|"


def _column(data: dict[str, Any]) -> Column:
    column = Column(**{f.name: data[f.name] for f in fields(Column) if f.name in data})
    texts = (column.header, column.property, column.language, column.separator)
    if not all(isinstance(text, str) for text in texts) or column.iri not in (None, True, False):
        raise ValueError(data)
    if column.property and column.property not in PROPERTIES:
        raise ValueError(_("there is no property “{name}”", name=column.property))
    if column.language and not _LANGUAGE_TAG.fullmatch(column.language):
        raise ValueError(_("“{name}” is no language", name=column.language))
    return column


def _defaults(data: dict[str, Any]) -> Defaults:
    defaults = Defaults(**{f.name: str(data.get(f.name) or "") for f in fields(Defaults)})
    if defaults.rights and rights_iri(defaults.rights) is None:
        raise ValueError(_("“{name}” is no rights statement that EDM knows", name=defaults.rights))
    if defaults.type and defaults.type not in TYPES:
        raise ValueError(_("there is no media type “{name}”", name=defaults.type))
    if defaults.language and not _LANGUAGE_TAG.fullmatch(defaults.language):
        raise ValueError(_("“{name}” is no language", name=defaults.language))
    return defaults

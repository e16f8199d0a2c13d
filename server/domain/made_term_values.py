"""A term as the form of organisers has it, and the statements that it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal, NamedNode

from server.errors import Invalid, Problem
from server.formats.statement_texts import LONGEST_LABEL, LONGEST_NOTE, language
from server.formats.term_iris import normal
from server.i18n import _
from server.names import CH, DCTERMS, OWL, SKOS, WGS84, XSD, is_safe_iri

Texts = tuple[tuple[str, str], ...]
MAPPINGS = {
    "exactMatch": SKOS.exactMatch, "closeMatch": SKOS.closeMatch, "broadMatch": SKOS.broadMatch,
    "narrowMatch": SKOS.narrowMatch, "relatedMatch": SKOS.relatedMatch,
}  # fmt: skip
#: What the form shows, and so replaces; all else that is said of a term stays.
FORM = {
    SKOS.prefLabel, SKOS.altLabel, SKOS.scopeNote, SKOS.broader, *MAPPINGS.values(), CH.hex,
    WGS84.lat, WGS84.long,
}  # fmt: skip
_HEX = re.compile("#[0-9A-Fa-f]{6}")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class MadeTerm:
    """Texts are (language, text), with empty rows of the form left in; mappings (kind, IRI)."""

    iri: str = ""
    labels: Texts = ()
    others: Texts = ()
    notes: Texts = ()
    broader: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    hex: str = ""
    latitude: str = ""
    longitude: str = ""
    retired: bool = False
    replacement: str = ""

    @property
    def main_label(self) -> str:
        """In English, else without language, else the first."""
        said = {tag: text for tag, text in reversed(self.labels) if text}
        return said.get("en") or said.get("") or next(iter(reversed(said.values())), "")

    @staticmethod
    def of(iri: str, said: set[tuple[NamedNode, NamedNode | Literal]]) -> "MadeTerm":
        """What is said of a term, as the form shows it."""
        values: dict[NamedNode, list[NamedNode | Literal]] = {}
        for property_, value in sorted(said, key=str):
            values.setdefault(property_, []).append(value)

        def first(property_: NamedNode) -> str:
            return next((value.value for value in values.get(property_, [])), "")

        return MadeTerm(
            iri,
            _texts(values.get(SKOS.prefLabel, [])),
            _texts(values.get(SKOS.altLabel, [])),
            _texts(values.get(SKOS.scopeNote, [])),
            tuple(value.value for value in values.get(SKOS.broader, [])),
            tuple(
                (kind, value.value)
                for kind, property_ in MAPPINGS.items()
                for value in values.get(property_, [])
            ),
            first(CH.hex),
            first(WGS84.lat),
            first(WGS84.long),
            first(OWL.deprecated) in ("true", "1"),
            first(DCTERMS.isReplacedBy),
        )

    def statements(self, iri: str) -> list[tuple[NamedNode, NamedNode | Literal]]:
        """What it says. Raises Invalid with the problems by the names of the form."""
        problems: list[Problem] = []
        said: list[tuple[NamedNode, NamedNode | Literal]] = [
            *_literals(SKOS.prefLabel, "label", self.labels, LONGEST_LABEL, problems),
            *_literals(SKOS.altLabel, "other", self.others, LONGEST_LABEL, problems),
            *_literals(SKOS.scopeNote, "note", self.notes, LONGEST_NOTE, problems),
            *((SKOS.broader, node) for node in _nodes(self.broader, problems)),
            *_mappings(self.mappings, iri, problems),
            *self._values(problems),
        ]
        if not any(text.strip() for _tag, text in self.labels):
            problems.append(Problem("label-1-text", _("A term needs a label.")))
        if problems:
            raise Invalid(_("Some of this is missing or wrong."), tuple(problems))
        return said

    def _values(self, problems: list[Problem]) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
        if self.hex and not _HEX.fullmatch(self.hex):
            message = _("A colour is written as # and six hexadecimal digits, such as #B22222.")
            problems.append(Problem("hex", message))
        elif self.hex:
            yield CH.hex, Literal(self.hex.upper())
        if bool(self.latitude) != bool(self.longitude):
            missing = "longitude" if self.latitude else "latitude"
            problems.append(Problem(missing, _("Give latitude and longitude, or neither.")))
        for name, property_, most in (
            ("latitude", WGS84.lat, 90), ("longitude", WGS84.long, 180),
        ):  # fmt: skip
            if text := getattr(self, name):
                number = _number(text, most)
                if number is None:
                    message = _("This must be a number from -{most} to {most}.", most=most)
                    problems.append(Problem(name, message))
                else:
                    yield property_, Literal(number, datatype=XSD.decimal)


def _texts(values: Iterable[NamedNode | Literal]) -> Texts:
    pairs = [(each.language or "", each.value) for each in values if isinstance(each, Literal)]
    return tuple(sorted(pairs))


def _literals(
    property_: NamedNode, name: str, texts: Texts, longest: int, problems: list[Problem]
) -> Iterator[tuple[NamedNode, Literal]]:
    seen: set[str] = set()
    for number, (said, text) in enumerate(texts, 1):
        text = text.replace("\r\n", "\n").strip()
        if not text:
            continue
        tag = language(said) if said.strip() else ""
        wrong = _wrong_text(text, longest)
        if tag is None:
            message = _("“{tag}” is no language: two or three letters, such as en.", tag=said)
            problems.append(Problem(f"{name}-{number}-language", message))
        elif wrong:
            problems.append(Problem(f"{name}-{number}-text", wrong))
        elif name != "other" and tag in seen:
            message = _("There is one in this language already.")
            problems.append(Problem(f"{name}-{number}-text", message))
        else:
            seen.add(tag)
            yield property_, Literal(text, language=tag) if tag else Literal(text)


def _wrong_text(text: str, longest: int) -> str:
    if len(text) > longest:
        return _("This has more than {count} characters.", count=longest)
    return _("This holds control characters.") if _CONTROL.search(text) else ""


def _nodes(iris: tuple[str, ...], problems: list[Problem]) -> Iterator[NamedNode]:
    for iri in iris:
        if is_safe_iri(iri):
            yield NamedNode(iri)
        else:
            problems.append(Problem("broader", _("“{text}” is no IRI.", text=iri[:80])))


def _mappings(
    mappings: tuple[tuple[str, str], ...], iri: str, problems: list[Problem]
) -> Iterator[tuple[NamedNode, NamedNode]]:
    for number, (kind, said) in enumerate(mappings, 1):
        other = normal(said)
        if not other:
            continue
        if kind not in MAPPINGS or not is_safe_iri(other) or other == iri:
            message = _("“{text}” is no IRI of another term.", text=said[:80])
            problems.append(Problem(f"mapping-{number}-iri", message))
        else:
            yield MAPPINGS[kind], NamedNode(other)


def _number(text: str, most: int) -> str | None:
    """As a decimal in canonical digits; None where it is none in range."""
    if not _DEGREES.fullmatch(text.strip()):
        return None
    number = Decimal(text.strip().replace(",", "."))
    return f"{number:f}" if abs(number) <= most else None

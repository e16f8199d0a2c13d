"""What is said of a Wikidata item, as statements in plain SKOS."""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from types import TracebackType

from server.formats.statement_texts import (
    LONGEST_LABEL,
    LONGEST_NOTE,
    clean,
    iri,
    language,
    literal,
)
from server.formats.vocabularies import Reading
from server.formats.wikidata_numbers import LARGEST, Numbers
from server.i18n import _
from server.names import FOAF, GVP, RDF, SKOS, WGS84, XSD

ENTITY = "http://www.wikidata.org/entity/"
_ADDRESS = re.compile(
    r"https?://(?:www\.|m\.)?wikidata\.org/(?:entity/|wiki/(?:Special:EntityData/)?)"
    r"Q([1-9]\d{0,9})(?:\.[a-z]+)?"
)
_NUMBER = re.compile(r"Q([1-9]\d{0,9})")
#: The tag of labels that hold in every language (since 2024).
EVERY_LANGUAGE = "mul"


def number_of(text: str) -> int | None:
    """The number in `Q42` or in any address of an item at wikidata.org."""
    found = _NUMBER.fullmatch(text) or _ADDRESS.fullmatch(text)
    return number if found and (number := int(found[1])) <= LARGEST else None


def entity(number: int) -> str:
    return f"<{ENTITY}Q{number}>"


def broader(narrower: int, number: int) -> str:
    return f"{entity(narrower)} {SKOS.broader} {entity(number)}"


def broader_preferred(narrower: int, number: int) -> str:
    return f"{entity(narrower)} {GVP.broaderPreferred} {entity(number)}"


def point(latitude: object, longitude: object) -> tuple[str, str] | None:
    """A place on earth as two decimal literals; None where it is none."""
    texts = []
    for value, most in ((latitude, 90), (longitude, 180)):
        try:
            number = Decimal(str(value)).quantize(Decimal("0.000000001"))
        except InvalidOperation:
            return None
        if not abs(number) <= most:
            return None
        text = f"{number:f}".rstrip("0")
        text = f"{text}0" if text.endswith(".") else text
        texts.append(literal("0.0" if text == "-0.0" else text, datatype=XSD.decimal))
    return texts[0], texts[1]


class Terms:
    """Statements of one item after another.

    An item becomes a concept with its first label in one of the languages. What is said of an
    item before it has one waits: in memory while the item lasts, then in a file, until the end.
    """

    def __init__(self, languages: tuple[str, ...], reading: Reading) -> None:
        self.labelled = Numbers()
        self.any = False
        known = {tag for each in languages if (tag := language(each))}
        #: those that are taken; empty for all
        self.languages = known | {EVERY_LANGUAGE} if languages else set[str]()
        self._reading = reading
        self._number = 0
        self._subject = ""
        self._waiting: list[str] = []
        self._names: dict[str, str] = {}
        self._placed = False
        self._path = reading.folder / "wikidata-waiting"
        self._later = self._path.open("w", encoding="utf-8", newline="\n")

    def __enter__(self) -> "Terms":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._later.close()

    def turn_to(self, number: int) -> list[str]:
        """What follows is said of this item; returns the statements of the one before."""
        if number == self._number:
            return []
        done = self._waiting
        if done and self._number not in self.labelled:
            self._later.writelines(f"{self._number} {statement}\n" for statement in done)
            done = []
        self._number, self._subject = number, entity(number)
        self._waiting, self._names, self._placed = [], {}, False
        return done

    def label(self, text: str, tag: str) -> None:
        """The same label comes under several properties; a second one of a language is another."""
        if not (found := self._text(text, tag, LONGEST_LABEL)):
            return
        lang, value = found
        if self.labelled.add(self._number):
            self.any = True
            self._waiting += self._concept()
        if lang not in self._names:
            self._names[lang] = value
            self._waiting.append(f"{self._subject} {SKOS.prefLabel} {value}")
        elif self._names[lang] != value:
            self._waiting.append(f"{self._subject} {SKOS.altLabel} {value}")

    def alias(self, text: str, tag: str) -> None:
        if found := self._text(text, tag, LONGEST_LABEL):
            self._waiting.append(f"{self._subject} {SKOS.altLabel} {found[1]}")

    def description(self, text: str, tag: str) -> None:
        if found := self._text(text, tag, LONGEST_NOTE):
            self._waiting.append(f"{self._subject} {SKOS.definition} {found[1]}")

    def image(self, address: str) -> None:
        if node := iri(address):
            self._waiting.append(f"{self._subject} {FOAF.depiction} {node}")
        else:
            self._reading.leave_out(_("unsafe addresses"))

    def place(self, latitude: object, longitude: object) -> None:
        """The first of several counts."""
        if self._placed:
            return
        if (found := point(latitude, longitude)) is None:
            self._reading.leave_out(_("coordinates that are not on earth"))
            return
        self._placed = True
        self._waiting.append(f"{self._subject} {WGS84.lat} {found[0]}")
        self._waiting.append(f"{self._subject} {WGS84.long} {found[1]}")

    def finish(self) -> Iterator[str]:
        """The last item, then what waited for a label that came in another place."""
        yield from self.turn_to(0)
        self._later.close()
        unlabelled = Numbers()
        with self._path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                number, _space, statement = line.partition(" ")
                if int(number) in self.labelled:
                    yield statement[:-1]
                elif unlabelled.add(int(number)):
                    self._reading.leave_out(_("items without a label in these languages"))
        self._path.unlink()

    def _concept(self) -> tuple[str, ...]:
        return (
            f"{self._subject} {RDF.type} {SKOS.Concept}",
            f'{self._subject} {SKOS.notation} "Q{self._number}"',
            f"{self._subject} {SKOS.inScheme} <{ENTITY}>",
        )

    def _text(self, text: str, tag: str, longest: int) -> tuple[str, str] | None:
        """The language and the literal; None where it is not wanted."""
        lang = language(tag)
        if lang is None:
            self._reading.leave_out(_("texts in an unknown language"))
            return None
        if self.languages and lang not in self.languages:
            return None
        text = clean(text, self._reading, longest)
        return (lang, literal(text, lang)) if text else None

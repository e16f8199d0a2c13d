"""A term as it is indexed, and the rows of its labels."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from server.index.folding import fold, spelled_out, squeezed

#: What a row of `label` is for: the label itself; the same with ä as ae; without its qualifier.
WRITTEN, SPELLED_OUT, WITHOUT_QUALIFIER = 0, 1, 2
TOP = 0  # the number that stands for a broader term where there is none
LONGEST_ORDER = 511  # the letters of a label that count in its order
HEAD = 11  # letters of a label's beginning that are a word of the full-text index
LANGUAGE_HEAD = 3
_QUALIFIER = re.compile(r"\s*\([^()]*\)\s*$")
_LANGUAGE = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term as it is indexed.

    `labels` holds (kind, text, language), kind being pref, alt or hidden and language empty where
    unknown; `broader` the preferred one first; `notes` (text, language). `rank` is a head start in
    letters: among labels that match alike, shorter ones come first, and 3 makes up for three
    letters. `classes` are IRIs, `notations` the identifiers that its source gives it; `place` is
    (latitude, longitude) in degrees of WGS84.
    """

    iri: str
    labels: tuple[tuple[str, str, str], ...]
    broader: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    rank: int = 0
    hex: str | None = None
    deprecated: bool = False
    guide: bool = False
    notations: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    place: tuple[float, float] | None = None

    @property
    def offered(self) -> bool:
        return not (self.deprecated or self.guide)


#: (band, latitude, longitude)
PlaceRow = tuple[int, float, float]


def place_row(term: TermRow) -> PlaceRow | None:
    """Where the term is, as its row has it."""
    return (band(term.place[0]), *term.place) if term.place else None


def band(latitude: float) -> int:
    """The number of the tenth of a degree that a latitude is in, from the South Pole."""
    return math.floor((latitude + 90) * 10)


#: (order, text, language, kind, folded, variant)
LabelRow = tuple[int, str, str, str, str, int]


def label_rows(term: TermRow) -> Iterator[LabelRow]:
    """The rows of a term's labels: each as it is written, and as people type it otherwise."""
    start = 32 - term.rank
    for kind, text, lang in dict.fromkeys(term.labels):
        folded = fold(text)
        order = min(max(len(folded) + start, 0), LONGEST_ORDER)
        yield order, text, lang, kind, folded, WRITTEN
        spelled = spelled_out(text)
        if spelled is not None:
            yield order, text, lang, kind, spelled, SPELLED_OUT
        if text.endswith(")") and (head := fold(_QUALIFIER.sub("", text))):
            yield order, text, lang, kind, head, WITHOUT_QUALIFIER


def document(folded: str, lang: str) -> str:
    """What the full-text index has of a label: its words, how it begins, and that by language.

    Words of the query never hold ^ or ~, which `fold` takes for punctuation.
    """
    head = squeezed(folded)
    by_language = f" ~{primary_language(lang)}^{head[:LANGUAGE_HEAD]}" if lang else ""
    return f"{folded} ^{head[:HEAD]}{by_language}"


def head_token(head: str) -> str:
    """The beginning of a label, for a query by prefix; `head` without spaces."""
    return f'"^{head[:HEAD]}" *'


def language_head_token(head: str, lang: str) -> str:
    """The beginning of a label in a language, by its first letters."""
    return f'"~{lang}^{head[:LANGUAGE_HEAD]}" *'


@lru_cache(10_000)
def primary_language(tag: str) -> str:
    """The first subtag of a language tag: `en` of `en-GB`; empty where there is none."""
    match = _LANGUAGE.match(tag.lower())
    return match.group() if match else ""


def shown(labels: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """(text, language tag) by primary language, the shortest first; other names only at a pinch."""
    known = list(labels)
    preferred = [(text, lang) for kind, text, lang in known if kind == "pref"]
    chosen = preferred or [(text, lang) for kind, text, lang in known if kind == "alt"]
    best: dict[str, tuple[str, str]] = {}
    for text, lang in sorted(chosen or [(t, la) for _k, t, la in known], key=_by_length):
        best.setdefault(primary_language(lang), (text, lang))
    return best


def _by_length(label: tuple[str, str]) -> tuple[int, tuple[str, str]]:
    return len(label[0]), label


@lru_cache(1_000)
def wanted_languages(lang: str, fallbacks: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Primary languages, the most wanted first: the reader's, the fallbacks, English, none said."""
    tags = (lang, *fallbacks, "en", "")
    return tuple(dict.fromkeys(primary_language(tag) for tag in tags))

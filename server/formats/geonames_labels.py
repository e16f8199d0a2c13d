"""The labels of GeoNames' places, which need all names of a place together: sorted on disk.

Names that are preferred in a language become its prefLabel (else the first that is neither
historic nor colloquial), historic ones altLabels, since old records name places so, and
colloquial ones hiddenLabels. The place's own name stands as prefLabel without language, unless it
is the preferred one of a language anyway.
"""

import unicodedata
from collections.abc import Iterator

from server.formats.geonames_rows import Name, Place
from server.formats.statement_texts import clean, literal
from server.formats.vocabularies import Reading
from server.names import SKOS
from server.sorting import Lines, groups

_PREF, _ALT, _HIDDEN = str(SKOS.prefLabel), str(SKOS.altLabel), str(SKOS.hiddenLabel)
_KINDS = (_PREF, _PREF, _ALT, _HIDDEN)  # by rank
_NAME, _LABEL, _ENTITY = "", "1", "~"  # what a line to be sorted holds: they sort in this order


def lines_of_place(place: Place, with_names: bool) -> list[str]:
    """What the labels of a place need of its row; its names in no language unless others follow."""
    lines = [f"{place.id:010}\t{_NAME}\t{place.name}\t{place.ascii}"]
    if not with_names:
        lines += (f"{place.id:010}\t{_LABEL}\t1\t\t{text}" for text in place.others.split(","))
    return lines


def line(name: Name, number: int) -> str:
    """A name of a place; `number` is its place in the source."""
    if name.entity:
        return f"{name.place:010}\t{_ENTITY}\t{name.entity}"
    return f"{name.place:010}\t{_LABEL}{name.language}\t{name.rank}\t{number:010}\t{name.text}"


def statements(lines: Lines, reading: Reading) -> Iterator[str]:
    for number, group in groups(lines):
        iri = f"<https://sws.geonames.org/{int(number)}/>"
        for said in _named([each.split("\t") for each in group], reading):
            yield f"{iri} {said}"


def _named(rows: list[list[str]], reading: Reading) -> Iterator[str]:
    """The labels of one place: by language and rank, as they were sorted, then its own name."""
    own: list[str] = []
    texts: dict[tuple[str, str], str] = {}
    preferred: set[str] = set()
    for kind, *cells in rows:
        if kind == _NAME:
            own = own or cells
        elif kind == _ENTITY:
            yield f"{SKOS.closeMatch} <http://www.wikidata.org/entity/{cells[0]}>"
        elif text := clean(cells[2], reading):
            tag, label = kind[1:], _KINDS[int(cells[0])]
            if label is _PREF and (not tag or tag in preferred):
                label = _ALT
            if label is _PREF:
                preferred.add(tag)
            texts.setdefault((tag, text), label)
    for (tag, text), label in _with_own(texts, own, reading):
        yield f"{label} {literal(text, tag)}"


def _with_own(
    texts: dict[tuple[str, str], str], own: list[str], reading: Reading
) -> Iterator[tuple[tuple[str, str], str]]:
    """The labels with the name of the place and its form in ASCII where these add anything."""
    name, ascii_ = own[0], clean(own[1], reading)
    in_languages = {text for tag, text in texts if tag}
    if not any(text == name and label is _PREF for (_tag, text), label in texts.items()):
        yield ("", name), _PREF
    for (tag, text), label in texts.items():
        if tag or not (text == name or text in in_languages):
            yield (tag, text), label
    if _folded(ascii_) not in {_folded(text) for text in (name, "", *in_languages)}:
        yield ("", ascii_), _ALT


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))

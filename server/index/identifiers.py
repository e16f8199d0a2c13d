"""Pasted IRIs, addresses of pages and identifiers, as the IRIs and notations of terms."""

import re
from dataclasses import dataclass

from server.index.folding import fold

_NOTATION = re.compile(r"(?:([a-z0-9-]+):)?([A-Za-z]{0,3}[0-9][0-9A-Za-z./-]{0,30})")
#: Addresses that people copy, and the IRI of the term.
_PAGES = (
    (re.compile(r"(?:[a-z-]+\.)*wikidata\.org/(?:wiki|entity)/(?:Special:EntityData/)?([QPL]\d+)"),
     "http://www.wikidata.org/entity/{}"),
    (re.compile(r"(?:[a-z]+\.)*geonames\.org/(\d+)"), "https://sws.geonames.org/{}/"),
    (re.compile(r"vocab\.getty\.edu/(?:page/)?((?:aat|tgn|ulan)/\d+)"),
     "http://vocab.getty.edu/{}"),
    (re.compile(r"(?:www\.)?getty\.edu/vow/AATFullDisplay.*subjectid=(\d+)"),
     "http://vocab.getty.edu/aat/{}"),
)  # fmt: skip
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pasted:
    """`iris` that may be meant, and a `notation`; of the vocabulary `slug` only, where it says one.

    The notation is folded, as the index has it.
    """

    iris: tuple[str, ...]
    notation: str = ""
    slug: str = ""


def pasted(text: str) -> Pasted | None:
    """None for what is no identifier."""
    text = text.strip().strip("<>").strip()
    if scheme := _ADDRESS.match(text):
        return Pasted(_spellings(text[scheme.end() :]))
    if match := _NOTATION.fullmatch(text):
        slug, notation = match.group(1) or "", match.group(2)
        return Pasted(_well_known(notation), fold(notation), slug)
    return None


def _spellings(address: str) -> tuple[str, ...]:
    """The IRI with http and https, with a slash at its end and without; and what its page shows."""
    bare = address.rstrip("/")
    found = [f"{scheme}://{each}" for each in (bare, f"{bare}/") for scheme in ("http", "https")]
    for pattern, iri in _PAGES:
        if match := pattern.match(bare):
            found.insert(0, iri.format(match.group(1)))
    return tuple(dict.fromkeys(found))


def _well_known(notation: str) -> tuple[str, ...]:
    """For vocabularies whose terms came without notations."""
    if re.fullmatch(r"[QP]\d+", notation, re.IGNORECASE):
        return (f"http://www.wikidata.org/entity/{notation.upper()}",)
    if notation.isdecimal():
        return (
            f"https://sws.geonames.org/{notation}/", f"http://vocab.getty.edu/aat/{notation}",
        )  # fmt: skip
    return ()

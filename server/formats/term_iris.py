"""Addresses of well-known terms as people copy them, and the IRIs that are meant."""

import re

from server.formats.geonames_package import place
from server.formats.wikidata_terms import ENTITY, number_of

_GEONAMES = re.compile(r"https?://(?:sws|www)\.geonames\.org/([1-9]\d{0,9})(?:/.*)?")
_GETTY = re.compile(
    r"https?://vocab\.getty\.edu/(?:page/)?((?:aat|tgn|ulan)/\d+)(?:\.[a-z0-9]+)?/?"
)


def normal(text: str) -> str:
    """The IRI of the term that an address is about: of pages, files, and forms with https.

    What is no known address comes back trimmed.
    """
    text = text.strip()
    if found := _GEONAMES.fullmatch(text):
        return place(found[1]).value
    if found := _GETTY.fullmatch(text):
        return f"http://vocab.getty.edu/{found[1]}"
    if text.startswith("http") and (number := number_of(text)) is not None:
        return f"{ENTITY}Q{number}"
    return text

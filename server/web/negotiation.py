"""The one place that negotiates content: Accept headers (RFC 9110, 12.5.1) and suffixes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from starlette.exceptions import HTTPException

from server.i18n import _

TURTLE, N_TRIPLES = "text/turtle", "application/n-triples"
JSON_LD, RDF_XML = "application/ld+json", "application/rdf+xml"
HTML, N_QUADS = "text/html", "application/n-quads"
#: What the linked-data addresses offer beside HTML, the server's favourite first.
RDF = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
SUFFIXES = {
    ".ttl": TURTLE,
    ".nt": N_TRIPLES,
    ".jsonld": JSON_LD,
    ".rdf": RDF_XML,
    ".html": HTML,
    ".nq": N_QUADS,
}
#: Goes with every negotiated answer, so that caches keep the representations apart.
VARY = {"Vary": "Accept"}


class NotAcceptable(HTTPException):
    """406: nothing of what there is (`offers`, media types) is accepted.

    `links` is a header that says where each of these is.
    """

    def __init__(self, offers: Sequence[str], links: str = "") -> None:
        detail = _("This is available as {offers} only.", offers=", ".join(offers))
        super().__init__(406, detail, headers={**VARY, **({"Link": links} if links else {})})
        self.offers = tuple(offers)


@dataclass(frozen=True, slots=True)
class _Range:
    """One part of an Accept header: `text/*;q=0.5`."""

    kind: str
    subtype: str
    parameters: frozenset[str]
    quality: float

    def precision(self, offer: str) -> int:
        """How precisely it matches an offer; 0 where it does not (RFC 9110: most specific wins).

        Parameters that the offer does not have (a JSON-LD profile) make the match the least
        precise of those on its media type, instead of none: clients ask so for what we have.
        """
        kind, subtype, parameters = _parse(offer)
        if self.kind == "*":
            return 1
        if self.kind != kind:
            return 0
        if self.subtype == "*":
            return 2
        if self.subtype != subtype:
            return 0
        return 4 + len(self.parameters) if self.parameters <= parameters else 3


@lru_cache(1_000)
def choose(accept: str | None, offers: tuple[str, ...]) -> str | None:
    """The best of the offers (most wanted first) for an Accept header; None if none will do."""
    if accept is None or not accept.strip():
        return offers[0] if offers else None
    ranges = list(_ranges(accept))
    best, best_quality = None, 0.0
    for offer in offers:
        quality = _quality(ranges, offer)
        if quality > best_quality:
            best, best_quality = offer, quality
    return best


def negotiate(accept: str | None, offers: Sequence[str]) -> str:
    """As `choose`, but raises NotAcceptable instead of returning None."""
    chosen = choose(accept, offers)
    if chosen is None:
        raise NotAcceptable(offers)
    return chosen


def split_suffix(path: str) -> tuple[str, str | None]:
    """`/items/x.ttl` is `/items/x` as Turtle; a path without a known suffix comes back whole."""
    stem, dot, end = path.rpartition(".")
    wanted = SUFFIXES.get(dot + end)
    return (stem, wanted) if wanted and stem and not stem.endswith("/") else (path, None)


def _quality(ranges: Sequence[_Range], offer: str) -> float:
    matching = [(r.precision(offer), r.quality) for r in ranges if r.precision(offer)]
    return max(matching)[1] if matching else 0.0


def _ranges(accept: str) -> list[_Range]:
    """The parts of a header; those that cannot be read are passed over."""
    ranges = []
    for part in accept.split(","):
        media, weight = _split_quality(part)
        kind, subtype, parameters = _parse(media)
        quality = _number(weight)
        if kind and subtype and quality is not None and (kind != "*" or subtype == "*"):
            ranges.append(_Range(kind, subtype, parameters, quality))
    return ranges


def _split_quality(part: str) -> tuple[str, str]:
    pieces = [piece.strip() for piece in part.split(";")]
    weights = [p[2:].strip() for p in pieces[1:] if p[:2].lower() == "q="]
    media = ";".join(p for p in pieces if p[:2].lower() != "q=")
    return media, weights[0] if weights else "1"


def _number(weight: str) -> float | None:
    """A qvalue (RFC 9110, 12.4.2), None where it is none."""
    try:
        value = float(weight) if weight.replace(".", "", 1).isdecimal() else -1.0
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


def _parse(media: str) -> tuple[str, str, frozenset[str]]:
    """Type, subtype and parameters, all in lower case; `charset` is left out: all is UTF-8."""
    full, *parameters = [piece.strip() for piece in media.lower().split(";")]
    kind, _slash, subtype = full.partition("/")
    kept = [p.replace('"', "") for p in parameters if p and not p.startswith("charset=")]
    return kind.strip(), subtype.strip(), frozenset(kept)

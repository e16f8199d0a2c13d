"""How likely an item that a search found is the one that is meant: a score from 0 to 100.

The address of its page 60, its identifier 40, the institution 15, the title up to 25 by the
longest common subsequence, the type of media 5; two different institutions or types lower it.
"""

from dataclasses import dataclass

from rapidfuzz import fuzz

from server.domain.europeana_items import Known
from server.formats.europeana_answers import Hit
from server.index.folding import fold

LEAST = 35  # what is less likely is not proposed
_MOST = 5
_ADDRESS, _IDENTIFIER, _PROVIDER, _TITLE, _TYPE = 60, 40, 15, 25, 5
_LIKE = 0.6  # titles less alike say nothing


@dataclass(frozen=True, slots=True)
class Scored:
    """`evidence` names what fits: address, identifier, provider, title, type."""

    hit: Hit
    score: int
    evidence: tuple[str, ...]


def best(known: Known, hits: list[Hit]) -> list[Scored]:
    """The likeliest first; none that an organiser rejected."""
    by_iri = {hit.iri: hit for hit in reversed(hits) if hit.iri not in known.refused}
    scored = [score(known, hit) for hit in by_iri.values()]
    found = [each for each in scored if each.score >= LEAST]
    return sorted(found, key=lambda each: (-each.score, each.hit.iri))[:_MOST]


def score(known: Known, hit: Hit) -> Scored:
    points: dict[str, float] = {}
    if set(map(_address, known.shown_at)) & set(map(_address, hit.shown_at)):
        points["address"] = _ADDRESS
    if set(map(fold, known.identifiers)) & set(map(fold, hit.identifiers)):
        points["identifier"] = _IDENTIFIER
    against = _compare(points, "provider", known.providers, hit.providers, _PROVIDER)
    against += _compare(points, "type", (known.kind,), (hit.kind,), _TYPE)
    likeness = _likeness(known.titles, hit.titles)
    if likeness >= _LIKE:
        points["title"] = _TITLE * likeness
    total = sum(points.values()) - against
    return Scored(hit, max(0, min(100, round(total))), tuple(sorted(points)))


def _compare(
    points: dict[str, float], name: str, ours: tuple[str, ...], theirs: tuple[str, ...], worth: int
) -> float:
    """Counts for it where they agree; returns what counts against it where they do not."""
    mine, other = ({fold(each) for each in given if each} for given in (ours, theirs))
    if not mine or not other:
        return 0
    if mine & other:
        points[name] = worth
        return 0
    return worth


def _likeness(ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    pairs = [(fold(a), fold(b)) for a in ours[:5] for b in theirs[:10]]
    return max((fuzz.ratio(a, b) / 100 for a, b in pairs if a and b), default=0.0)


def _address(text: str) -> str:
    """Without what does not tell pages apart."""
    return text.strip().partition("://")[2].removeprefix("www.").rstrip("/").casefold()

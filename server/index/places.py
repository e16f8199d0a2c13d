"""Where terms are on earth: the nearest places to a point, and the points of terms.

What is around a point is looked for in circles, each twice as wide as the last, until one has
enough: so the time follows from how many places are wanted and not from how many there are. A
circle is cut into bands of latitude (`term_rows.band`), in each of which it is one run of
longitudes, two where it crosses the 180th meridian.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from server.index.database import Database
from server.index.recent_suggestions import Recent
from server.index.suggested_terms import Suggestion, suggested
from server.index.term_rows import band, wanted_languages
from server.index.term_scopes import Scope, holds, part
from server.index.term_searches import IDENTIFIER, Hit
from server.index.vocabulary_readers import Source, reading
from server.viewers import Viewer

EARTH = 6371.0088  # km: the mean radius (IUGG)
_HALF = math.pi * EARTH  # nothing is further away
_FIRST = 1.0  # km: the first circle
#: Places of one circle that are looked at. More than that only where a scope has next to none of
#: what is here; then what was looked at is the answer.
_MOST = 5_000

Point = tuple[float, float]  # latitude, longitude


class Near(NamedTuple):
    """A place and how far away it is, in kilometres."""

    term: Suggestion
    distance: float
    point: Point


class _Place(NamedTuple):
    """Sorted by the distance."""

    distance: float
    number: int
    point: Point


def near(
    viewer: Viewer, index: Database, lat: float, long: float, scopes: Sequence[Scope], lang: str,
    limit: int = 8,
) -> list[Near]:  # fmt: skip
    """The nearest places of these scopes, of all that the viewer may see where none are given.

    `lat` and `long` are degrees of WGS84: from -90 to 90, and from -180 to 180.
    """
    found: dict[str, Near] = {}
    slugs = {scope.vocabulary for scope in scopes} if scopes else None
    with reading(viewer, index, slugs) as sources:
        for source in sources:
            for scope in scopes or [Scope(source.slug)]:
                if scope.vocabulary == source.slug:
                    chosen = _nearest(source, scope, (lat, long), limit)
                    for each in _shown(source, chosen, lang):
                        found.setdefault(each.term.iri, each)
    return nsmallest(limit, found.values(), key=lambda each: (each.distance, each.term.iri))


def points(
    viewer: Viewer, index: Database, iris: Iterable[str], slugs: Iterable[str] | None = None
) -> dict[str, Point]:
    """Where these terms are, as far as a vocabulary says so: the first by name that does."""
    found: dict[str, Point] = {}
    wanted = json.dumps(list(iris))
    with reading(viewer, index, slugs) as sources:
        for source in sources:
            rows = source.connection.execute(
                "SELECT iri, lat, long FROM term JOIN place ON term = id"
                " WHERE iri IN (SELECT value FROM json_each(?))", (wanted,),
            )  # fmt: skip
            for iri, lat, long in rows:
                found.setdefault(iri, (lat, long))
    return found


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points, along a great circle of a sphere (haversine formula)."""
    lat, long, lat2, long2 = map(math.radians, (*one, *other))
    half = math.sin((lat2 - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(lat2) * math.sin((long2 - long) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))


def _shown(source: Source, chosen: list[_Place], lang: str) -> Iterator[Near]:
    hits = [(Hit(place.number, IDENTIFIER, 0, 0, "", "", ""), 0) for place in chosen]
    terms = suggested(source, hits, wanted_languages(lang))
    for term, place in zip(terms, chosen, strict=True):
        yield Near(term._replace(match="near"), place.distance, place.point)


def _nearest(source: Source, scope: Scope, here: Point, limit: int) -> list[_Place]:
    chosen = None if scope.whole else part(source, scope)
    if chosen is not None and chosen.text is not None:
        known = _known(source, scope, chosen.text.terms)
        sorted_out = sorted(_Place(distance(here, point), number, point) for number, point in known)
        return list(_first(source, scope, sorted_out, limit))
    return _in_circles(source, scope, here, limit)


_small: Recent[tuple[tuple[int, Point], ...]] = Recent(12)


def _known(source: Source, scope: Scope, terms: frozenset[int]) -> tuple[tuple[int, Point], ...]:
    """All places of a small scope, remembered: they may be anywhere."""
    found = _small.get((source.state, scope))
    if found is None:
        rows = source.connection.execute(
            "SELECT term, lat, long FROM place WHERE term IN (SELECT value FROM json_each(?))",
            (json.dumps(list(terms)),),
        )
        found = tuple((number, (lat, long)) for number, lat, long in rows)
        _small.put((source.state, scope), found)
    return found


def _first(source: Source, scope: Scope, places: Iterable[_Place], limit: int) -> Iterator[_Place]:
    """The first that the scope offers."""
    for place in places:
        if limit == 0:
            return
        if holds(source, scope, place.number):
            limit -= 1
            yield place


def _in_circles(source: Source, scope: Scope, here: Point, limit: int) -> list[_Place]:
    radius, refused = _FIRST, set[int]()
    while True:
        rows = _around(source, here, radius)
        found: list[_Place] = []
        for place in sorted(
            _Place(distance(here, (lat, long)), number, (lat, long))
            for number, lat, long in rows
            if number not in refused
        ):
            if holds(source, scope, place.number):
                found.append(place)
                if len(found) == limit:
                    break
            else:
                refused.add(place.number)
        furthest = found[-1].distance if len(found) == limit else math.inf
        if furthest <= radius or radius >= _HALF or len(rows) == _MOST:
            return found
        # The box around a circle has corners: what is found there says how wide is wide enough.
        radius = min(2 * radius, furthest)


def _around(source: Source, here: Point, radius: float) -> list[tuple[int, float, float]]:
    """(term, latitude, longitude) of what is in the box around a circle, and a little more."""
    runs = [
        (each, first, last)
        for each in _bands(here[0], math.degrees(radius / EARTH))
        for first, last in _longitudes(here, radius / EARTH)
    ]
    return source.connection.execute(
        "SELECT term, lat, long FROM (SELECT json_extract(value, '$[0]') AS band,"
        " json_extract(value, '$[1]') AS west, json_extract(value, '$[2]') AS east"
        " FROM json_each(?)) AS run CROSS JOIN place"
        " ON place.band = run.band AND long BETWEEN west AND east LIMIT ?",
        (json.dumps(runs), _MOST),
    ).fetchall()


def _bands(latitude: float, degrees: float) -> list[int]:
    """Of the latitudes that are at most so far away, the nearest first."""
    first, last = band(max(latitude - degrees, -90.0)), band(min(latitude + degrees, 90.0))
    middle = band(latitude)
    return sorted(range(first, last + 1), key=lambda each: abs(each - middle))


def _longitudes(here: Point, angle: float) -> list[tuple[float, float]]:
    """The runs of longitudes that a circle touches; all of them where a pole is in it."""
    latitude, longitude = math.radians(here[0]), here[1]
    if abs(latitude) + angle >= math.pi / 2:
        return [(-180.0, 180.0)]
    width = math.degrees(math.asin(math.sin(angle) / math.cos(latitude))) + 1e-9
    west, east = longitude - width, longitude + width
    if west < -180:
        return [(-180.0, east), (west + 360, 180.0)]
    if east > 180:
        return [(west, 180.0), (-180.0, east - 360)]
    return [(west, east)]

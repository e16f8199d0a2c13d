"""What the box for places shows: places by name, or those nearest to a point of the map."""

from collections.abc import Sequence
from dataclasses import replace

from server.commit import Desk
from server.domain import place_views, suggestions, term_scopes
from server.domain.accounts import Person
from server.domain.campaigns import Campaign, Task
from server.domain.place_views import PlaceView
from server.domain.suggestions import Asked, Section
from server.i18n import _
from server.index.labels import Scope
from server.index.places import Point
from server.viewers import Viewer

NEAR = 8  # places around a point


def named(
    desk: Desk, viewer: Viewer, asked: Asked, campaign: Campaign, task: Task, person: Person | None
) -> list[Section]:
    """By name, of what may answer a task."""
    if not term_scopes.of_task(desk, task):
        return []  # and not everything
    found = suggestions.for_task(desk, viewer, asked, campaign, task, person)
    return _as_places(desk, viewer, found, asked.language)


def named_anywhere(
    desk: Desk, viewer: Viewer, asked: Asked, scopes: Sequence[Scope]
) -> list[Section]:
    """By name, of these scopes or of every vocabulary that the viewer may see."""
    found = suggestions.in_scopes(desk, viewer, asked, scopes)
    return _as_places(desk, viewer, found, asked.language)


def near(
    desk: Desk, viewer: Viewer, point: Point, task: Task, language: str, limit: int = NEAR
) -> list[Section]:
    """Around a point, of what may answer a task."""
    scopes = term_scopes.of_task(desk, task)
    return _around(desk, viewer, point, scopes, language, limit) if scopes else []


def near_anywhere(
    desk: Desk, viewer: Viewer, point: Point, scopes: Sequence[Scope], language: str,
    limit: int = NEAR,
) -> list[Section]:  # fmt: skip
    """Around a point, of these scopes or of every vocabulary that the viewer may see."""
    return _around(desk, viewer, point, scopes, language, limit)


def flat(sections: Sequence[Section]) -> list[PlaceView]:
    found = suggestions.flat(sections)
    return [each for each in found if isinstance(each, PlaceView)]


def _around(
    desk: Desk, viewer: Viewer, point: Point, scopes: Sequence[Scope], language: str, limit: int
) -> list[Section]:
    found = place_views.nearest(desk, viewer, point, scopes, language, limit)
    return [Section(_("Nearest places"), [*found], guesses=True)] if found else []


def _as_places(
    desk: Desk, viewer: Viewer, sections: Sequence[Section], language: str
) -> list[Section]:
    found = place_views.with_facts(desk, viewer, suggestions.flat(sections), language)
    waiting = iter(found)
    return [
        replace(section, suggestions=[next(waiting) for _each in section.suggestions])
        for section in sections
    ]

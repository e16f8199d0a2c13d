"""Terms and the items that they are proposed for, as grids of pictures to judge many at once."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from server.commit import Desk
from server.domain import annotation_bodies, annotations, items, term_views
from server.domain.accounts import Person
from server.domain.annotation_bodies import BodyView
from server.domain.campaigns import Campaign
from server.domain.items import Picture
from server.domain.term_views import TermView
from server.index import items as item_index
from server.index import own_votes, waiting_terms
from server.index.contributions import AnnotationRow
from server.index.items import ItemRow
from server.viewers import Viewer

PAGE = 60
TERMS = 40
_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class TermLine:
    """A term with some pictures of what it is proposed for."""

    term: TermView
    proposals: int
    pictures: list[Picture]


@dataclass(frozen=True, slots=True)
class Cell:
    """An item that the term is proposed for. `said` is one's own verdict, or "own" where one
    proposed it; `body` is there where a part of the item is meant."""

    id: str
    iri: str
    item: str
    title: str
    picture: Picture | None
    said: str
    body: BodyView | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A page: `after` leads to the next one, "" on the last; `open` can be answered."""

    term: TermView
    total: int
    cells: list[Cell]
    after: str

    @property
    def open(self) -> int:
        return sum(not cell.said for cell in self.cells)


def terms(
    desk: Desk, viewer: Viewer, campaign: Campaign, language: str, after: tuple[int, str] | None
) -> tuple[list[TermLine], tuple[int, str] | None]:
    """A page of those with the most proposals that wait, and where the next page begins."""
    connection = desk.index.read()
    found = waiting_terms.most(connection, campaign.slug, TERMS + 1, after)
    shown = found[:TERMS]
    named = term_views.short_views(desk, viewer, [iri for iri, _count in shown], language)
    lines = [
        TermLine(
            _named(desk, viewer, campaign, named[iri], language),
            count,
            _samples(desk, viewer, campaign, iri, language),
        )
        for iri, count in shown
    ]
    more = len(found) > TERMS
    return lines, (shown[-1][1], shown[-1][0]) if more else None


def _named(
    desk: Desk, viewer: Viewer, campaign: Campaign, term: TermView, language: str
) -> TermView:
    """What is no term of a vocabulary, such as an answer, in the words of its kind."""
    if term.label != term.iri:
        return term
    rows = waiting_terms.proposals(desk.index.read(), campaign.slug, term.iri, 1)
    found = annotations.find(desk, rows[0].iri) if rows else None
    if found is None:
        return term
    return replace(term, label=annotation_bodies.view(desk, viewer, found, language).label)


def _samples(
    desk: Desk, viewer: Viewer, campaign: Campaign, term: str, language: str
) -> list[Picture]:
    rows = waiting_terms.proposals(desk.index.read(), campaign.slug, term, _SAMPLES)
    found = _items(desk, viewer, rows).values()
    pictures = (_picture(row, campaign, language) for row in found)
    return [picture for picture in pictures if picture]


def grid(
    desk: Desk, viewer: Viewer, campaign: Campaign, person: Person, term: str, language: str,
    after: str = "",
) -> Grid:  # fmt: skip
    """The proposals of a term (an IRI) that wait; `after` is the `{id}` of the last one seen."""
    connection = desk.index.read()
    last = desk.names.annotation(after).value if after else ""
    rows = waiting_terms.proposals(connection, campaign.slug, term, PAGE + 1, last)
    shown = rows[:PAGE]
    found = _items(desk, viewer, shown)
    said = own_votes.said_of(connection, person.agent.value, [row.iri for row in shown])
    cells = [
        _cell(desk, viewer, campaign, row, found[row.item], said.get(row.iri, ""), language)
        for row in shown
        if row.item in found
    ]
    end = desk.names.local(shown[-1].iri, "annotation") or "" if len(rows) > PAGE else ""
    total = waiting_terms.number(connection, campaign.slug, term)
    return Grid(term_views.view(desk, viewer, term, language), total, cells, end)


def _items(desk: Desk, viewer: Viewer, rows: Iterable[AnnotationRow]) -> dict[str, ItemRow]:
    iris = list(dict.fromkeys(row.item for row in rows))
    return {row.iri: row for row in item_index.find_items(viewer, desk.index.read(), iris)}


def _cell(
    desk: Desk, viewer: Viewer, campaign: Campaign, row: AnnotationRow, item: ItemRow, said: str,
    language: str,
) -> Cell:  # fmt: skip
    partial = annotations.find(desk, row.iri) if row.selector else None
    return Cell(
        id=desk.names.local(row.iri, "annotation") or "",
        iri=row.iri,
        item=item.id,
        title=item.title(language),
        picture=_picture(item, campaign, language),
        said=said,
        body=annotation_bodies.view(desk, viewer, partial, language) if partial else None,
    )


def _picture(row: ItemRow, campaign: Campaign, language: str) -> Picture | None:
    """Small, and blurred where the organiser or the record says so."""
    found = items.picture(row, row.title(language), veiled=campaign.sensitive)
    return found and replace(found, src=found.thumb)


def waiting(desk: Desk, campaign: str, term: str) -> int:
    """How many proposals of the term wait in the campaign (a slug)."""
    return waiting_terms.number(desk.index.read(), campaign, term)

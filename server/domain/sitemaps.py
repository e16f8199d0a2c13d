"""The pages that search engines shall find: an index of lists, each of at most 50,000 addresses.

https://www.sitemaps.org/protocol.html. Items are spread over lists by the beginnings of their
identifiers, so that a list changes only where its items do.
"""

from collections.abc import Iterator
from itertools import product

from server.commit import Desk
from server.domain import catalogue_graphs
from server.errors import NotFound
from server.i18n import _
from server.index import providers, sitemaps
from server.viewers import PUBLIC

MOST = 50_000
#: Hashes are not spread quite evenly.
_COMFORTABLE = 45_000
_PAGE = 1_000
_ALWAYS = ("/", "/collections", "/vocabularies", "/data", "/kinds", "/sparql", "/about")
_PAGES = {"collection": "/collections/", "vocabulary": "/vocabularies/", "campaign": "/campaigns/"}
Entry = tuple[str, str]


def parts(desk: Desk) -> list[str]:
    """The names of the lists."""
    letters = product(sitemaps.LETTERS, repeat=_letters(desk))
    return ["pages", *(f"items{'-' if each else ''}{''.join(each)}" for each in letters)]


def entries(desk: Desk, part: str) -> Iterator[Entry]:
    """(path, time of the last change or "") of a list. Raises NotFound."""
    if part == "pages":
        return iter(_pages(desk)[:MOST])
    name, _dash, beginning = part.partition("-")
    if name != "items" or part == "items-" or not _is_beginning(desk, beginning):
        raise NotFound(_("There is no page at this address."))
    return _items(desk, beginning)


def _items(desk: Desk, beginning: str) -> Iterator[Entry]:
    """Page by page, each read by whichever thread writes it."""
    after, left = "", MOST
    while left:
        found = sitemaps.items(desk.index.read(), beginning, after, min(_PAGE, left))
        yield from ((f"/items/{item_id}", at) for item_id, at in found)
        if len(found) < _PAGE:
            return
        after, left = found[-1][0], left - len(found)


def _pages(desk: Desk) -> list[Entry]:
    named = [_PAGES[part.kind] + part.slug for part in catalogue_graphs.parts(desk)]
    named += [f"/providers/{row.key}" for row in providers.providers(PUBLIC, desk.index.read())]
    return [(path, "") for path in (*_ALWAYS, *named)]


def _letters(desk: Desk) -> int:
    """How many first letters tell the lists apart: none where one list holds all items."""
    letters, items = 0, sitemaps.count(desk.index.read())
    while items > _COMFORTABLE * len(sitemaps.LETTERS) ** letters:
        letters += 1
    return letters


def _is_beginning(desk: Desk, text: str) -> bool:
    """A list that was named before there were more items may still be asked for."""
    return len(text) <= max(2, _letters(desk)) and set(text) <= set(sitemaps.LETTERS)

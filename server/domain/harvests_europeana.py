"""Harvesting Europeana: what a search or a gallery lists, each record by the Record API.

    europeana:painting AND vase     a query of the Search API
    europeana:gallery/1234          a gallery (a set of the User Set API)

Both are listed a page at a time; a page is kept when its records have come. There is no asking for
what changed: each harvest fetches everything.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from lxml import etree

from server.commit import Desk
from server.domain import harvest_fetching
from server.domain.harvest_fetching import Asking, Missing
from server.domain.harvest_pages import Pages, State
from server.domain.harvests import Progress, Wanted, note_token, pages_of
from server.errors import Invalid, Malformed
from server.formats import checks, oai_europeana
from server.formats.oai_europeana import Listing
from server.formats.oai_reading import Delivered
from server.i18n import _
from server.settings import Settings
from server.sorting import require_room

SCHEME = "europeana:"
_GALLERY = "gallery/"
_ROWS = 100
_JSON = "application/json"
_RDF = "application/rdf+xml"
_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_RECORD = (
    '<record xmlns="http://www.openarchives.org/OAI/2.0/"><header><identifier>{identifier}'
    "</identifier></header><metadata>"
)
_START = "*"  # the cursor of the first page


@dataclass(frozen=True, slots=True)
class _Api:
    """Where things are, going by the setting of the Search API."""

    settings: Settings
    asking: Asking

    def search(self, query: str, cursor: str) -> Listing:
        given = {"query": query, "rows": _ROWS, "cursor": cursor or _START, "profile": "minimal"}
        address = f"{self.settings.europeana_search}?{urlencode(given)}"
        return oai_europeana.search(harvest_fetching.fetch(address, _JSON, self.asking))

    def gallery(self, number: str, query: str) -> Listing:
        base = self.settings.europeana_search.partition("/record/")[0]
        address = f"{base}/set/{number}" + (f"?{query}" if query else "")
        return oai_europeana.gallery(harvest_fetching.fetch(address, _JSON, self.asking))

    def record(self, identifier: str) -> Delivered | None:
        """None for one that is there no more."""
        base = self.settings.europeana_search.rpartition("/")[0]
        try:
            data = harvest_fetching.fetch(f"{base}{identifier}.rdf", _RDF, self.asking)
        except Missing:
            return None
        return _delivered(identifier, data)


def harvest(
    desk: Desk, wanted: Wanted, asking: Asking, progress: Progress = lambda *_: None
) -> Pages:
    """As `harvests.harvest`. Raises Invalid without a key or a query."""
    settings = desk.settings
    asked = wanted.url.removeprefix(SCHEME).strip()
    if not asked:
        raise Invalid(_("Say what to search for: europeana:QUERY, or europeana:gallery/NUMBER."))
    if not asking.key:
        raise Invalid(_("The settings name no key of Europeana (CROWDHERITAGE_EUROPEANA_KEY)."))
    rate = max(settings.europeana_rate, 0.001)
    api = _Api(settings, replace(asking, rest=max(asking.rest, 1 / rate)))
    pages = pages_of(desk, wanted)
    if not pages.state.running:
        former = pages.state.pages
        pages.state = State(pages=former, former=former, running=True, fresh=pages.state.fresh)
    while not pages.state.complete:
        require_room(pages.folder, settings.min_free)
        _page(pages, api, asked, progress)
    pages.forget(1, pages.state.former)
    pages.fold()
    pages.state.running = pages.state.complete = False
    pages.save()
    return pages


def _page(pages: Pages, api: _Api, asked: str, progress: Progress) -> None:
    state, found = pages.state, []
    if asked.startswith(_GALLERY):
        listing = api.gallery(_number(asked), state.token)
    else:
        listing = api.search(asked, state.token)
    for identifier in listing.records:
        if (record := api.record(identifier)) is not None:
            found.append(record)
            done = state.records + len(found)
            progress("fetched", done, max(listing.total, done))
    pages.add(found)
    note_token(state, listing.following if listing.records or not state.records else "")
    pages.save()


def _number(asked: str) -> str:
    found = asked.removeprefix(_GALLERY)
    if not found.isascii() or not found.isdecimal() or len(found) > 18:
        raise Invalid(_("A gallery is named by its number: europeana:gallery/1234."))
    return found


def _delivered(identifier: str, data: bytes) -> Delivered:
    """In the envelope that pages are kept in. Raises Malformed."""
    data, _converted = checks.as_utf8(data)
    checks.refuse_dtd(data)
    checks.refuse_nul(data)
    root = checks.tree(data)
    if root.tag != _ROOT:
        raise Malformed(_("There is no rdf:RDF element in it."))
    begin = _RECORD.format(identifier=escape(identifier)).encode()
    return Delivered(identifier, False, begin + etree.tostring(root) + b"</metadata></record>\n")

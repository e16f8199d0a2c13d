"""The client of Europeana's Annotations API and Search API."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

import orjson

from server.domain.europeana_requests import (
    Rejected,
    Reply,
    Requests,
    Unanswered,
    Vanished,
)
from server.errors import Malformed
from server.formats import europeana_annotations, europeana_answers
from server.formats.europeana_annotations import Json
from server.formats.europeana_answers import Found, Hit, Remote
from server.i18n import _
from server.settings import Settings

_PAGE = 100
_MOST_PAGES = 20  # annotations of one item that are looked through
T = TypeVar("T")


class Client:
    """Asks one after the other; made anew for each run. `stop` and `pause` come from the run."""

    def __init__(
        self, settings: Settings, *, base_iri: str = "",
        pause: Callable[[float], None] = time.sleep, stop: Callable[[], bool] = lambda: False,
        seconds: float = 30.0,
    ) -> None:  # fmt: skip
        self._requests = Requests(
            settings, base_iri=base_iri, pause=pause, stop=stop, seconds=seconds
        )
        self._base = settings.europeana_annotations.rstrip("/")
        self._search = settings.europeana_search
        self.require_key = self._requests.require_key
        self.require_access = self._requests.require_access
        self.rest = self._requests.rest

    def create(self, annotation: Json) -> Remote:
        """Once only: who gets Unanswered has to look for it before trying again."""
        reply = self._requests.write("POST", f"{self._base}/", orjson.dumps(annotation), tries=1)
        return self._remote(reply)

    def create_many(self, annotations: Sequence[Json]) -> list[Remote]:
        """As one upload, whole or not at all; in the order that they were given in."""
        content = orjson.dumps(europeana_annotations.page(annotations))
        reply = self._requests.write("POST", f"{self._base}s/", content, tries=1)
        made = self._understood(lambda: europeana_answers.remotes(reply.data).items)
        by_source = {each.via[0]: each for each in made if each.via}
        found = [by_source.get(each["canonical"]) for each in annotations]
        if any(each is None for each in found):
            raise Unanswered(_("Europeana's answer cannot be understood."))
        return [each for each in found if each is not None]

    def update(self, remote: Remote, annotation: Json) -> Remote:
        """Raises Changed or Vanished, as the entity tag and the annotation over there are."""
        content = orjson.dumps(annotation)
        reply = self._requests.write("PUT", self._address(remote), content, etag=remote.etag)
        return self._remote(reply)

    def delete(self, remote: Remote) -> None:
        self._requests.write("DELETE", self._address(remote), None, etag=remote.etag)

    def get(self, remote: Remote) -> Remote:
        return self._remote(self._requests.ask("GET", self._address(remote), None, {}))

    def find(self, item: str, canonical: str) -> Remote | None:
        """The annotation on an item of Europeana that came from this address of ours.

        The API cannot be searched for `via`: what is said of the item is looked through.
        Raises Unanswered where that cannot be told.
        """
        for number in range(_MOST_PAGES):
            found = self._page(item, number)
            for each in found.items:
                if canonical in each.via:
                    return self._standing(each)
            if not found.items or (number + 1) * _PAGE >= found.total:
                return None
        raise Unanswered(_("Too much is said of this item at Europeana to find what is ours."))

    def _page(self, item: str, number: int) -> Found:
        query = {
            "query": f'target_uri:"{_escaped(item)}"', "page": number, "pageSize": _PAGE,
            "profile": "standard",
        }  # fmt: skip
        try:
            reply = self._requests.ask("GET", f"{self._base}/search?{urlencode(query)}", None, {})
        except Rejected as error:
            raise Unanswered(str(error)) from error
        return self._understood(lambda: europeana_answers.remotes(reply.data))

    def _standing(self, remote: Remote) -> Remote | None:
        """With its entity tag; None where it was deleted, and the search does not know yet."""
        try:
            return self.get(remote)
        except Vanished:
            return None

    def search(self, query: str, rows: int = 10) -> list[Hit]:
        """Items by a query of the Search API. A query that it refuses finds nothing."""
        given = urlencode({"query": query, "rows": rows, "profile": "rich"}, quote_via=quote)
        try:
            reply = self._requests.ask("GET", f"{self._search}?{given}", None, {})
        except Rejected:
            return []
        return self._understood(lambda: europeana_answers.hits(reply.data))

    def _address(self, remote: Remote) -> str:
        return f"{self._base}/{remote.number}"

    def _remote(self, reply: Reply) -> Remote:
        return self._understood(lambda: europeana_answers.remote(reply.data, reply.etag))

    def _understood(self, read: Callable[[], T]) -> T:
        try:
            return read()
        except Malformed as error:
            raise Unanswered(str(error)) from error


def _escaped(text: str) -> str:
    """Within quotation marks of a query of Solr."""
    return text.replace("\\", "\\\\").replace('"', '\\"')

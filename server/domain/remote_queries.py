"""Pulling the answer to a query from a SPARQL endpoint, page by page, into a folder.

What came is kept: pulled again, an answer goes on where it stopped. The pages are a stranger's
bytes, for `formats.sparql_pages` to read in a child process.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.domain.remote_addresses import (
    Late,
    Listed,
    Oversized,
    Question,
    Refused,
    Unreachable,
    agent,
    answered,
    body,
    retry_after,
)
from server.errors import Malformed, Unavailable
from server.formats import outputs
from server.formats.sparql_queries import Page, Query, look_over
from server.i18n import _
from server.names import short_hash
from server.sorting import require_room

_LONG_QUERY = 1_500  # characters that go into an address
_LONGEST_WAIT = 900.0
_SMALLEST_PAGE = 20
_TYPES = (
    "application/sparql-results+json, application/json;q=0.5",
    "application/n-triples, text/plain;q=0.5",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """How to ask: pages of `size` rows (or items), of `most` bytes; `tries` at each page.

    `seconds` for each answer; `progress` is told how many rows came so far.
    """

    listed: Listed
    base_iri: str = ""
    size: int = 5_000
    most: int = 20_000_000
    seconds: float = 75.0  # Wikidata gives up after 60
    tries: int = 6
    progress: Callable[[int, int], None] = lambda _done, _total: None
    stop: Callable[[], bool] = lambda: False
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    spare: int = 0  # bytes of the disk that stay free


@dataclass(slots=True)
class _Pulled:
    """How far it is, as `state.json` in the folder keeps it."""

    pages: int = 0
    rows: int = 0
    state: str = ""
    done: bool = False


class _Failed(Exception):
    """A try that may go better: after `wait` seconds, or (`smaller`) with a smaller page."""

    def __init__(self, error: Exception, wait: float | None = None, smaller: bool = False) -> None:
        super().__init__(str(error))
        self.error, self.wait, self.smaller = error, wait, smaller


def pull(endpoint: str, query: Query, folder: Path, asking: Asking) -> Path:
    """The folder of pages, below `folder`, when all of them are there.

    Raises Unreachable, Malformed where the endpoint refuses the query, Unavailable when told to
    stop or to wait too long; what came until then is kept for the next time.
    """
    inside = folder / short_hash(f"{endpoint}\n{query.text}")
    inside.mkdir(parents=True, exist_ok=True)
    pulled, size = _known(inside), asking.size
    while not pulled.done:
        require_room(folder, asking.spare)
        data, page, size = _page(endpoint, query, pulled.state, size, asking)
        ending = "nt" if query.construct else "json"
        _keep(inside / f"page-{pulled.pages + 1:06d}.{ending}", data)
        after = query.after(pulled.state, size, page)
        rows = pulled.rows + page.rows
        pulled = _Pulled(pulled.pages + 1, rows, after or "", after is None)
        _keep(inside / "state.json", json.dumps(_as_dict(pulled)).encode())
        asking.progress(rows, 0)
    return inside


def _known(folder: Path) -> _Pulled:
    try:
        return _Pulled(**json.loads((folder / "state.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return _Pulled()


def _as_dict(pulled: _Pulled) -> dict[str, int | str | bool]:
    return {
        "pages": pulled.pages, "rows": pulled.rows, "state": pulled.state, "done": pulled.done,
    }  # fmt: skip


def _keep(path: Path, data: bytes) -> None:
    with outputs.replacing(path) as file:
        file.write(data)


def _page(
    endpoint: str, query: Query, state: str, size: int, asking: Asking
) -> tuple[bytes, Page, int]:
    """One page, and the size that it was asked for with."""
    for turn in range(asking.tries):
        if asking.stop():
            raise Unavailable(_("The work was stopped."))
        question = _question(endpoint, query.page(state, size), query.construct, asking)
        try:
            data = asyncio.run(_ask(question, asking))
            return data, _looked_over(data, query.construct), size
        except _Failed as failure:
            failed = failure
        if turn == asking.tries - 1:
            break
        asking.pause(2.0**turn if failed.wait is None else failed.wait)
        if failed.smaller:
            size = max(size // 2, _SMALLEST_PAGE)
    raise failed.error


def _looked_over(data: bytes, construct: bool) -> Page:
    """Endpoints that run out of time break off in the middle of an answer that began well."""
    try:
        return look_over(data, construct)
    except Malformed as error:
        raise _Failed(error, smaller=True) from error


async def _ask(question: Question, asking: Asking) -> bytes:
    try:
        async with answered(question, asking.listed, seconds=asking.seconds) as response:
            status, headers = response.status_code, response.headers
            if status == 400:
                raise Malformed(_("The endpoint refuses the query."))
            data = await body(response, asking.most) if status == 200 else b""
    except Refused:
        raise
    except Unreachable as error:
        raise _Failed(error, smaller=isinstance(error, Late | Oversized)) from error
    if status == 200:
        return data
    failure = Unreachable(_("The server of this address answers {status}.", status=status))
    if status in (429, 503):
        raise _Failed(failure, _wait(headers, asking.now()))
    if status >= 500:
        raise _Failed(failure, smaller=True)
    raise failure


def _wait(headers: Mapping[str, str], now: datetime) -> float | None:
    seconds = retry_after(headers, now)
    if seconds is not None and seconds > _LONGEST_WAIT:
        raise Unavailable(
            _("The endpoint asks to come back in {count} seconds.", count=round(seconds))
        )
    return seconds


def _question(endpoint: str, text: str, construct: bool, asking: Asking) -> Question:
    """The request as SPARQLWrapper makes it (SPARQL 1.1 Protocol, 2.1); we send it ourselves."""
    from SPARQLWrapper import POST, SPARQLWrapper  # brings rdflib, which few processes need

    wrapper = SPARQLWrapper(endpoint, agent=agent(asking.base_iri))
    wrapper.setOnlyConneg(True)
    wrapper.addCustomHttpHeader("Accept", _TYPES[construct])
    if len(text) > _LONG_QUERY or "?" in endpoint:
        wrapper.setMethod(POST)
    wrapper.setQuery(text)
    request = wrapper._createRequest()
    content = request.data if isinstance(request.data, bytes) else None
    return Question(request.full_url, dict(request.header_items()), content)

"""Harvesting another server by OAI-PMH 2.0 into a collection, and again: only what changed since.

check(...)                   before anything is fetched
harvest(...) -> Pages        what came, kept page by page; one that was stopped goes on
options(...) -> Options      what `imports.prepare` takes: all records as they stand by now
imported(...)                once the import is applied
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import collections, harvest_fetching
from server.domain.collections import Said
from server.domain.harvest_fetching import Asking
from server.domain.harvest_pages import Pages, State
from server.domain.import_options import Options
from server.errors import Invalid, Malformed, Problem
from server.formats import oai_reading, oai_times
from server.formats.oai_reading import Answer, Identity
from server.i18n import _
from server.names import short_hash
from server.sorting import require_room

Progress = Callable[[str, int, int], None]
_XML = "text/xml, application/xml;q=0.9"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is harvested: the base URL, one set of it or all, in which format.

    `since` (a day or a second) asks for what changed from then on, whatever came before.
    """

    url: str
    slug: str
    set: str = ""
    prefix: str = "edm"
    since: str = ""


def check(desk: Desk, wanted: Wanted, said: Said) -> None:
    """What can be known beforehand. Raises Invalid for a name, a title or a time."""
    collections.dataset_for(desk, said)
    if wanted.since and not oai_times.is_time(wanted.since):
        message = _("A time is a day (2026-11-22) or a second (2026-11-22T10:00:00Z), in UTC.")
        raise Invalid(message, (Problem("from", message),))


def harvest(
    desk: Desk, wanted: Wanted, asking: Asking, progress: Progress = lambda *_: None
) -> Pages:
    """Fetch all, or what changed since the last time, or the rest of what was begun.

    Raises Unreachable, Malformed or Invalid where the server cannot be harvested, Unavailable when
    told to stop; the pages that came are kept.
    """
    pages = pages_of(desk, wanted)
    identity = oai_reading.read_identity(_ask(wanted, asking, verb="Identify"))
    if not pages.state.running:
        _begin(pages, wanted, identity)
    if not pages.state.complete and not _go_on(desk, pages, wanted, asking, progress):
        _begin(pages, wanted, identity)  # the server does not know the token any more
        if not _go_on(desk, pages, wanted, asking, progress):
            raise Malformed(_("The server takes none of the tokens that it gives."))
    _end(pages, identity)
    return pages


def options(desk: Desk, wanted: Wanted, said: Said) -> Options:
    """The import of what was harvested."""
    return Options(said, (pages_of(desk, wanted).files,), form="rdfxml")


def imported(desk: Desk, wanted: Wanted) -> None:
    """Remember that what came is in the collection."""
    pages = pages_of(desk, wanted)
    pages.state.fresh = False
    pages.save()


def pages_of(desk: Desk, wanted: Wanted) -> Pages:
    name = short_hash("\n".join((wanted.url, wanted.set, wanted.prefix)))
    return Pages(desk.settings.data / "harvests" / wanted.slug / name)


def _begin(pages: Pages, wanted: Wanted, identity: Identity) -> None:
    """A new list; what came of one that was broken off goes.

    A server that does not tell of all that it deletes is harvested as a whole.
    """
    before = pages.state
    former = before.former if before.running else before.pages
    pages.forget(former + 1, before.pages)
    since = wanted.since or (before.next_from if identity.deleted == "persistent" else "")
    pages.state = State(
        pages=former, former=former, running=True, since=_granular(since, identity),
        next_from=before.next_from, fresh=before.fresh,
    )  # fmt: skip
    pages.save()


def _end(pages: Pages, identity: Identity) -> None:
    """Each step can be done again: until the last one the list is running."""
    state = pages.state
    if not state.since:
        pages.forget(1, state.former)  # this list has everything
    pages.fold()
    state.next_from = _granular(state.begun, identity)
    state.running, state.complete, state.token = False, False, ""
    pages.save()


def _granular(time: str, identity: Identity) -> str:
    return time[: len("YYYY-MM-DD")] if identity.by_day else time


def _go_on(desk: Desk, pages: Pages, wanted: Wanted, asking: Asking, progress: Progress) -> bool:
    """To the end of the list; False where the server does not take the token any more."""
    state = pages.state
    while not state.complete:
        require_room(pages.folder, desk.settings.min_free)
        given = _arguments(wanted, state)
        answer = oai_reading.read_records(_ask(wanted, asking, verb="ListRecords", **given))
        if state.token and "badResumptionToken" in answer.codes:
            return False
        _refuse(answer, wanted, asking)
        state.begun = state.begun or answer.date
        pages.add(answer.records)
        progress("fetched", state.records, max(answer.size, state.records))
        note_token(state, answer.token)
        pages.save()
    return True


def _arguments(wanted: Wanted, state: State) -> dict[str, str]:
    if state.token:
        return {"resumptionToken": state.token}
    given = {"metadataPrefix": wanted.prefix, "set": wanted.set, "from": state.since}
    return {name: value for name, value in given.items() if value}


def note_token(state: State, token: str) -> None:
    """Raises Malformed where the server leads round in a circle (Brent's way to notice it)."""
    mark = short_hash(token)
    if token and mark == state.mark:
        raise Malformed(_("The list of this server does not end."))
    state.answers += 1
    if state.answers & (state.answers - 1) == 0:
        state.mark = mark
    state.token, state.complete = token, not token


def _refuse(answer: Answer, wanted: Wanted, asking: Asking) -> None:
    """Raises Invalid for an error of the protocol; that nothing matches is none."""
    if not answer.codes or answer.codes == {"noRecordsMatch"}:
        return
    if "cannotDisseminateFormat" in answer.codes:
        found = oai_reading.read_prefixes(_ask(wanted, asking, verb="ListMetadataFormats"))
        names = ", ".join(found[:50])
        raise Invalid(
            _("The server does not give “{name}”; it has: {names}.", name=wanted.prefix,
              names=names)
        )  # fmt: skip
    told = "; ".join(f"{code}: {words}" for code, words in answer.errors)
    raise Invalid(_("The server answers: {words}", words=told[:500]))


def _ask(wanted: Wanted, asking: Asking, **arguments: str) -> bytes:
    mark = "&" if "?" in wanted.url else "?"
    address = f"{wanted.url}{mark}{urlencode(arguments)}"
    return harvest_fetching.fetch(address, _XML, asking)

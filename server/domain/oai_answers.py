"""What the server says to a request of OAI-PMH 2.0, as an XML document."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import oai_lists, oai_records, oai_sets
from server.formats import oai_dc, oai_requests, oai_times, oai_xml
from server.formats.oai_requests import Fault, Faulty, OaiRequest
from server.formats.oai_xml import Repository
from server.i18n import _
from server.index import changes
from server.index.changes import Record

#: An entry carries the time at which its work began; it is written this much later at most.
_WRITING = timedelta(minutes=2)
_BEFORE_ALL = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Site:
    """The repository as it is reached; `host` stands in its identifiers."""

    desk: Desk

    @property
    def base_url(self) -> str:
        return self.desk.names.path("oai").value

    @property
    def host(self) -> str:
        return (urlsplit(self.desk.names.base).hostname or "localhost").replace(":", "-")

    @property
    def email(self) -> str:
        """As the schema wants it: with a dot in its domain."""
        host = self.host if "." in self.host else f"{self.host}.invalid"
        return self.desk.settings.admin_email or f"admin@{host}"


def answer(desk: Desk, pairs: Iterable[tuple[str, str]], now: datetime) -> bytes:
    """The answer to the fields of a request, errors of the protocol included.

    Raises Unavailable while a bulk change is half in.
    """
    site, date = Site(desk), oai_times.stamped(now)
    try:
        request = oai_requests.read(pairs)
    except Faulty as error:
        return _refusal(site, date, oai_requests.UNREAD, error)
    return answer_to(site, request, now)


def refuse(desk: Desk, message: str, now: datetime) -> bytes:
    """The answer to what cannot even be read."""
    fault = Faulty(Fault("badArgument", message))
    return _refusal(Site(desk), oai_times.stamped(now), oai_requests.UNREAD, fault)


def answer_to(site: Site, request: OaiRequest, now: datetime) -> bytes:
    date = oai_times.stamped(now)
    reads_records = request.verb in ("GetRecord", "ListRecords", "ListIdentifiers")
    if reads_records:
        oai_lists.require_settled(site.desk)
        date = _as_of(site.desk, now)
    try:
        parts = list(oai_xml.body(request.verb, _VERBS[request.verb](site, request)))
    except Faulty as error:
        return _refusal(site, date, request, error)
    if reads_records:  # what was read while a change came in may be half of it
        oai_lists.require_settled(site.desk)
    return oai_xml.answer(date, site.base_url, request, parts)


def _refusal(site: Site, date: str, request: OaiRequest, error: Faulty) -> bytes:
    return oai_xml.answer(date, site.base_url, request, [oai_xml.errors(error.faults)])


def _as_of(desk: Desk, now: datetime) -> str:
    """The time from which on a harvester asks the next time: nothing that is noted later is older.

    Entries never run backwards, and carry the time at which their work began.
    """
    connection = desk.index.read()
    last = changes.moment(connection, changes.last(connection)) or _BEFORE_ALL
    earlier = max(oai_times.datestamp(last), oai_times.stamped(now - _WRITING))
    return min(oai_times.stamped(now), earlier)


# --- the verbs -----------------------------------------------------------------------------------


def _identify(site: Site, _request: OaiRequest) -> Iterator[bytes]:
    desk, connection = site.desk, site.desk.index.read()
    earliest = changes.earliest(connection)
    sample = next(iter(changes.log(connection, oai_sets.ITEMS, limit=1)), None)
    item_id = sample.id if sample else desk.names.item_id(desk.names.base)
    name = _("CrowdHeritage at {host}", host=site.host)
    yield oai_xml.identify(
        Repository(
            name=name,
            base_url=site.base_url,
            email=site.email,
            earliest=oai_times.datestamp(earliest) if earliest else _BEFORE_ALL,
            granularity=oai_times.GRANULARITY,
            host=site.host,
            sample=f"oai:{site.host}:{item_id}",
            about=_about(desk, name),
        )
    )


def _about(desk: Desk, name: str) -> bytes:
    text = _("Cultural heritage items with what people and programs said about them.")
    address = desk.names.base
    return oai_dc.describing(
        [("title", (name, "")), ("description", (text, "")), ("identifier", (address, ""))]
    )


def _list_formats(site: Site, request: OaiRequest) -> Iterator[bytes]:
    formats = oai_records.FORMATS
    if "identifier" in request.arguments:
        record = _record(site, request)
        if record.deleted:
            message = _("This item was deleted; its metadata are not given any more.")
            raise Faulty(Fault("noMetadataFormats", message))
        formats = oai_records.formats_of(site.desk, NamedNode(record.iri))
    for prefix, (schema, namespace) in formats.items():
        yield oai_xml.metadata_format(prefix, schema, namespace)


def _list_sets(site: Site, request: OaiRequest) -> Iterator[bytes]:
    begun = oai_lists.begin(site.desk, request)
    found = list(islice(oai_sets.find_sets(site.desk, begun.after), oai_lists.SETS + 1))
    shown, more = found[: oai_lists.SETS], found[oai_lists.SETS :]
    for each in shown:
        yield oai_xml.list_set(each.spec, each.name, each.description)
    cursor = begun.cursor + len(shown)
    following = replace(begun, after=shown[-1].spec, cursor=cursor) if more else None
    yield from oai_lists.resumption(site.desk, begun, following)


def _get_record(site: Site, request: OaiRequest) -> Iterator[bytes]:
    record = _record(site, request)
    prefix = request.get("metadataPrefix")
    oai_lists.require_known(prefix)
    yield from oai_lists.records(site.desk, site.host, prefix, [record])


def _list_identifiers(site: Site, request: OaiRequest) -> Iterator[bytes]:
    begun = oai_lists.begin(site.desk, request)
    page = oai_lists.page(site.desk, begun, oai_lists.IDENTIFIERS)
    yield from oai_lists.identifiers(site.desk, site.host, page)
    yield from oai_lists.resumption(site.desk, begun, page.following)


def _list_records(site: Site, request: OaiRequest) -> Iterator[bytes]:
    begun = oai_lists.begin(site.desk, request)
    page = oai_lists.page(site.desk, begun, oai_lists.RECORDS)
    yield from oai_lists.records(site.desk, site.host, begun.prefix, page.records)
    yield from oai_lists.resumption(site.desk, begun, page.following)


def _record(site: Site, request: OaiRequest) -> Record:
    """The item with the identifier of a request. Raises Faulty."""
    identifier, start = request.get("identifier"), f"oai:{site.host}:"
    if identifier.startswith(start):
        found = changes.find(site.desk.index.read(), "item", identifier[len(start) :])
        if found is not None:
            return found
    raise Faulty(Fault("idDoesNotExist", _("There is no item with this identifier.")))


_VERBS: dict[str, Callable[[Site, OaiRequest], Iterator[bytes]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}

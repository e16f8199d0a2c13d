"""Lists of OAI-PMH, a page at a time: which records, and where the next page begins.

A list is of the records as they were ordered when it began (`index.changes`), so that going on
skips and repeats nothing however they change. What a record says is what stands by now.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import oai_records, oai_sets, sessions
from server.errors import Unavailable
from server.formats import oai_times, oai_tokens, oai_xml
from server.formats.oai_requests import TOKEN, Fault, Faulty, OaiRequest
from server.formats.oai_tokens import BadToken, Token
from server.formats.oai_xml import Header, Resumption
from server.i18n import _
from server.index import changes
from server.index.changes import Among, Record

#: Records in an answer: what it holds in memory is about a megabyte.
RECORDS = 400
IDENTIFIERS = 1_000
SETS = 500
_NO_END = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list; `following` is where the next page begins, if there is one."""

    records: list[Record]
    begun: Token
    following: Token | None


def begin(desk: Desk, request: OaiRequest) -> Token:
    """Where the list that a request asks for begins. Raises Faulty, Unavailable in an update."""
    if TOKEN in request.arguments:
        return resume(desk, request)
    if request.verb == "ListSets":
        return Token("ListSets")
    require_known(request.get("metadataPrefix"))
    connection = desk.index.read()
    as_of = changes.last(connection)
    first, last = _entries(desk, request)
    begun = Token(request.verb, request.get("metadataPrefix"), request.get("set"), first, last,
                  as_of)  # fmt: skip
    size = changes.count(connection, _among(begun), as_of=as_of)
    if not size or not oai_sets.is_public(desk, begun.set):
        raise _nothing()
    return replace(begun, size=size)


def resume(desk: Desk, request: OaiRequest) -> Token:
    """Raises Faulty for a token that is not ours, or of another verb or another state of things."""
    try:
        found = oai_tokens.read(request.get(TOKEN), sessions.form_secret(desk))
    except BadToken:
        raise Faulty(_bad_token()) from None
    ahead = found.as_of > changes.last(desk.index.read())
    if found.verb != request.verb or ahead or not oai_sets.is_public(desk, found.set):
        raise Faulty(_bad_token())
    return found


def page(desk: Desk, begun: Token, size: int) -> Page:
    """At most `size` records from there on."""
    found = changes.page(
        desk.index.read(), _among(begun), as_of=begun.as_of, limit=size + 1,
        after=(begun.seq, begun.after),
    )  # fmt: skip
    records, more = found[:size], found[size:]
    if not records:
        raise Faulty(_bad_token()) if begun.cursor else _nothing()
    if not more:
        return Page(records, begun, None)
    seq, after = records[-1].cursor
    cursor = begun.cursor + len(records)
    return Page(records, begun, replace(begun, seq=seq, after=after, cursor=cursor))


def require_known(prefix: str) -> None:
    """Raises Faulty for a format that there is not."""
    if prefix not in oai_records.FORMATS:
        raise Faulty(Fault("cannotDisseminateFormat", _("There is no such metadata format.")))


def resumption(desk: Desk, begun: Token, following: Token | None) -> Iterator[bytes]:
    """Nothing for a list that is whole at once (section 3.5)."""
    if following is not None:
        token = following.written(sessions.form_secret(desk))
        yield oai_xml.resumption(Resumption(token, begun.size, begun.cursor))
    elif begun.cursor:
        yield oai_xml.resumption(Resumption("", begun.size, begun.cursor))


class Headers:
    """Makes the headers of records."""

    def __init__(self, desk: Desk, host: str) -> None:
        self._connection = desk.index.read()
        self._specs = oai_sets.Specs(desk)
        self._host = host

    def of(self, record: Record) -> Header:
        """With the time of its last change, also where that came after the list was begun: what
        it says, or that it was deleted, is of then."""
        if not record.latest:
            record = changes.find(self._connection, "item", record.id) or record
        identifier = f"oai:{self._host}:{record.id}"
        stamp = oai_times.datestamp(record.at)
        return Header(identifier, stamp, self._specs.of(record), record.deleted)


def identifiers(desk: Desk, host: str, found: Page) -> Iterator[bytes]:
    headers = Headers(desk, host)
    return (oai_xml.header(headers.of(record)) for record in found.records)


def records(desk: Desk, host: str, prefix: str, found: list[Record]) -> Iterator[bytes]:
    """Each with its metadata; one that left meanwhile, and is not noted so yet, as deleted."""
    made = Headers(desk, host)
    headers = [made.of(record) for record in found]
    standing = [
        NamedNode(record.iri)
        for record, header in zip(found, headers, strict=True)
        if not header.deleted
    ]
    written = oai_records.write(desk, prefix, standing)
    for header in headers:
        metadata = None if header.deleted else next(written)
        header = header if metadata else replace(header, deleted=True)
        yield oai_xml.record(header, metadata)


def require_settled(desk: Desk) -> None:
    """Raises Unavailable while a bulk change is half in: a list of it would be of no moment.

    Also where one is noted and not begun: its records are older than what came since.
    """
    waiting = desk.journal.bulk_sequences(desk.index.marked("bulk"))
    if waiting or desk.updating or desk.behind:
        raise Unavailable(_("A collection is being updated."))


def _entries(desk: Desk, request: OaiRequest) -> tuple[int, int]:
    """The first and last entry that `from` and `until` mean. Raises Faulty where there is none."""
    connection = desk.index.read()
    first: int | None = 0
    last: int | None = _NO_END
    if since := request.get("from"):
        first = changes.sequence_from(connection, oai_times.first_moment(since))
    if until := request.get("until"):
        last = changes.sequence_until(connection, oai_times.last_moment(until))
    if first is None or last is None:
        raise _nothing()
    return first, last


def _among(token: Token) -> Among:
    found = oai_sets.among(token.set)
    if found is None:
        raise _nothing()
    return replace(found, first_seq=token.first, last_seq=token.last or None)


def _nothing() -> Faulty:
    return Faulty(Fault("noRecordsMatch", _("There are no such records.")))


def _bad_token() -> Fault:
    return Fault("badResumptionToken", _("This resumptionToken was not given out by this server."))

"""Short addresses of queries, to share them: the same query has the same one, and keeps it."""

import re
import threading
from datetime import datetime

from sqlalchemy.engine import Engine

from server.commit import Desk
from server.errors import NotFound, StorageFull
from server.i18n import _
from server.journal import accounts
from server.journal import short_queries as table
from server.names import short_hash, timestamp
from server.store import guard

#: Bytes of all that are kept.
MOST_BYTES = 200_000_000
_SHORTEST, _LONGEST, _STEP = 10, 26, 4  # characters of an address
_SHORT = re.compile(r"[a-z2-7]{10,26}")
_TITLE = re.compile(r"\s*#[ \t]*(?!view:)([^\s][^\r\n]{0,200})")
_lock = threading.Lock()


def share(desk: Desk, query: str, *, now: datetime) -> str:
    """The short address of a query, made where it has none.

    Raises Malformed for what is no query or too long, StorageFull.
    """
    text = normalised(query)
    guard.check(text)
    with _lock:  # one at a time: else two could take one address
        engine = table.create_tables(desk.accounts)
        short, standing = _place(engine, text)
        if not standing:
            _keep(engine, short, text, now)
    return short


def get(desk: Desk, short: str) -> str:
    """The query at an address. Raises NotFound."""
    if not _SHORT.fullmatch(short):
        raise NotFound(_("There is no query at this address."))
    with table.create_tables(desk.accounts).connect() as connection:
        found = table.find(connection, [short])
    if short not in found:
        raise NotFound(_("There is no query at this address."))
    return found[short]


def title(query: str) -> str:
    """What its first line says, where that is a comment."""
    found = _TITLE.match(query)
    return found[1].strip() if found else ""


def normalised(query: str) -> str:
    """As it counts: forms send other line ends than programs do."""
    lines = query.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _place(engine: Engine, text: str) -> tuple[str, bool]:
    """(address, whether the query stands there): longer where another one has the shorter."""
    digest = short_hash(text)
    shorts = [digest[:length] for length in range(_SHORTEST, _LONGEST + 1, _STEP)]
    with engine.connect() as connection:
        found = table.find(connection, shorts)
    for short in shorts:
        if found.get(short, text) == text:
            return short, short in found
    raise StorageFull(_("No short address is left for this query."))


def _keep(engine: Engine, short: str, text: str, now: datetime) -> None:
    with accounts.writing(engine) as connection:
        if table.total(connection) + len(text.encode()) > MOST_BYTES:
            raise StorageFull(_("No more queries can be kept here."))
        table.insert(connection, short, text, timestamp(now))

"""Since when what is said of something has been as it is: for Last-Modified.

Never too early: where it is not known exactly, it is the time of what may have changed it.
"""

from weakref import WeakKeyDictionary

from server.commit import Desk
from server.index import changes
from server.names import CH

_MOST = 200  # times of entries that are remembered
_moments: WeakKeyDictionary[Desk, dict[int, str]] = WeakKeyDictionary()
#: The mark in the index that says which entry last changed a term that is made here.
TERMS = "terms"


def of_item(desk: Desk, item_id: str) -> str:
    """The time of the last change of its record, of what came by files (which may name its maker
    or its terms otherwise), or of a term."""
    found = changes.latest(desk.index.read(), item_id)
    if found is None:
        return of_public(desk)
    seq, at = found
    files = desk.datasets["public"].sequence(CH.bulkSequence)
    last = max(seq, files, desk.index.marked(TERMS))
    return at if seq == last else moment(desk, last)


def of_public(desk: Desk) -> str:
    """The time of the last change of the public dataset, "" for none."""
    return moment(desk, desk.public_sequence())


def moment(desk: Desk, seq: int) -> str:
    """The time of an entry of the journal, "" for none."""
    known = _moments.setdefault(desk, {})
    if seq not in known:
        if len(known) >= _MOST:
            known.clear()
        entry = desk.journal.find_some([seq]).get(seq)
        known[seq] = entry.at if entry else ""
    return known[seq]

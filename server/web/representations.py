"""One representation of a document, with its entity tag and date.

What follows from the public dataset alone cannot have changed while that has not: it is
kept, and answers again without anything being asked or written.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from starlette.requests import Request
from starlette.responses import Response

from server.commit import Desk
from server.web import conditions

_MOST_BYTES = 32_000_000
_ABOUT_EACH = 3_000  # bytes that a small one takes beside its body
_LARGEST = 200_000  # bytes of a body that is kept
_LONGEST = 400  # characters of an address


@dataclass(frozen=True, slots=True)
class Validators:
    """`etag` with its quotes; `modified` is UTC with milliseconds, "" where nobody knows."""

    etag: str
    modified: str = ""

    def headers(self) -> dict[str, str]:
        # Kept, but asked for again each time: it costs little.
        found = {"ETag": self.etag, "Cache-Control": "no-cache"}
        if self.modified:
            found["Last-Modified"] = conditions.http_date(datetime.fromisoformat(self.modified))
        return found


@dataclass(frozen=True, slots=True)
class Kept:
    """A representation as it was made at a state of the public dataset (0: of no state)."""

    state: int
    body: bytes
    validators: Validators
    headers: dict[str, str]

    @property
    def size(self) -> int:
        return len(self.body) + _ABOUT_EACH


class _Shelf:
    """The latest representations, up to so many bytes."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._size = 0
        self._lock = threading.Lock()

    def find(self, address: str, state: int) -> Kept | None:
        found = self._kept.get(address)
        return found if found is not None and found.state == state else None

    def put(self, address: str, kept: Kept) -> None:
        with self._lock:
            self._forget(address)
            self._kept[address] = kept
            self._size += kept.size
            while self._size > _MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, address: str) -> None:
        before = self._kept.pop(address, None)
        self._size -= before.size if before else 0


_shelves: WeakKeyDictionary[Desk, _Shelf] = WeakKeyDictionary()


def state_of(desk: Desk) -> int:
    """The state of the public dataset; 0 while files are worked in, and much is between two."""
    return 0 if desk.updating else desk.public_sequence()


def find(desk: Desk, address: str, state: int) -> Kept | None:
    """What was made at this state, at the representation's own address."""
    return _shelves.setdefault(desk, _Shelf()).find(address, state) if state else None


def keep(desk: Desk, address: str, kept: Kept) -> None:
    if kept.state and len(address) <= _LONGEST and len(kept.body) <= _LARGEST:
        _shelves.setdefault(desk, _Shelf()).put(address, kept)


def answer(request: Request, kept: Kept, media_type: str) -> Response:
    """The representation; 304 where the client has it."""
    known = conditions.not_modified(request, kept.headers)
    return known or Response(kept.body, media_type=media_type, headers=kept.headers)

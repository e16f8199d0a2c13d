"""Finished lists of suggestions, for the next person who types the same letters.

A list is known by all that it follows from: the vocabularies that were searched, each with the
state of its file, the scopes, the words, the languages, how many were asked for, and the use of
terms that counts. So nothing ever has to be forgotten because terms changed, and people who see
different vocabularies never share one.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Recent(Generic[Found]):
    """So many values, those that were asked for last; for any number of threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Found] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Found | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: Found) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)

    def __len__(self) -> int:
        return len(self._values)

"""Numbers of Wikidata's items: sets as bits, pairs as files, and what follows from them.

All of Wikidata has some 140 million items and as many statements of class, so sets are a bit for
each number (17 MB) and pairs lie on the disk, 8 bytes each.
"""

from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from server.errors import Malformed
from server.i18n import _

#: Numbers beyond this are none of Wikidata's, which stands at 140 million.
LARGEST = 400_000_000
_CHUNK = 1 << 18
_ROUNDS = 60
_MOST_ENTANGLED = 3_000_000


class Numbers:
    """A set of item numbers."""

    def __init__(self, numbers: Iterable[int] = ()) -> None:
        self._bits = bytearray(1 << 16)
        for number in numbers:
            self.add(number)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)

    def add(self, number: int) -> bool:
        """Whether it is new."""
        place, bit = number >> 3, 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(max(place + 1 - len(self._bits), len(self._bits) // 4)))
        if self._bits[place] & bit:
            return False
        self._bits[place] |= bit
        return True


class Pairs:
    """Pairs of numbers in a file, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting = array("I")
        path.write_bytes(b"")

    def add(self, first: int, second: int) -> None:
        self._waiting.append(first)
        self._waiting.append(second)
        if len(self._waiting) >= _CHUNK:
            self._spill()

    def __iter__(self) -> Iterator[tuple[int, int]]:
        self._spill()
        with self._path.open("rb") as file:
            while data := file.read(4 * _CHUNK):
                numbers = array("I", data)
                yield from zip(numbers[::2], numbers[1::2], strict=True)

    def __len__(self) -> int:
        self._spill()
        return self._path.stat().st_size // 8

    def _spill(self) -> None:
        if self._waiting:
            with self._path.open("ab") as file:
                self._waiting.tofile(file)
            self._waiting = array("I")


def add_below(found: Numbers, pairs: Pairs) -> None:
    """Add to a set of numbers all that stand below them in pairs of (narrower, broader)."""
    grown = True
    while grown:
        grown = False
        for narrower, broader in pairs:
            if broader in found and found.add(narrower):
                grown = True


def closing(pairs: Iterable[tuple[int, int]], folder: Path) -> set[tuple[int, int]]:
    """The pairs (narrower, broader) without which there is no cycle.

    What has nothing below or nothing above is in no cycle: it is taken away, again and again, and
    only the small rest is walked in memory.
    """
    rest = Pairs(folder / "cycles-0")
    found: set[tuple[int, int]] = set()
    for narrower, broader in pairs:
        if narrower == broader:
            found.add((narrower, broader))
        else:
            rest.add(narrower, broader)
    for turn in range(1, _ROUNDS):
        smaller = _entangled(rest, folder / f"cycles-{turn % 2}-{turn}")
        done, rest = len(smaller) == len(rest), smaller
        if done:
            break
    if len(rest) > _MOST_ENTANGLED:
        raise Malformed(_("Its hierarchy is too entangled to be put in order."))
    return found | _walked(rest)


def _entangled(pairs: Pairs, path: Path) -> Pairs:
    """The pairs whose narrower has something below it and whose broader has something above."""
    below, above = Numbers(), Numbers()
    for narrower, broader in pairs:
        below.add(broader)
        above.add(narrower)
    kept = Pairs(path)
    for narrower, broader in pairs:
        if narrower in below and broader in above:
            kept.add(narrower, broader)
    return kept


def _walked(pairs: Pairs) -> set[tuple[int, int]]:
    """Walk up from each number, in order; a pair that leads back to where one came from closes."""
    above: dict[int, list[int]] = {}
    for narrower, broader in pairs:
        above.setdefault(narrower, []).append(broader)
    found: set[tuple[int, int]] = set()
    done: set[int] = set()
    for start in sorted(above):
        if start not in done:
            _walk(start, above, done, found)
    return found


def _walk(
    start: int, above: dict[int, list[int]], done: set[int], found: set[tuple[int, int]]
) -> None:
    on_the_way = {start}
    way = [(start, iter(above[start]))]
    while way:
        number, remaining = way[-1]
        broader = next(remaining, None)
        if broader is None:
            way.pop()
            on_the_way.discard(number)
            done.add(number)
        elif broader in on_the_way:
            found.add((number, broader))
        elif broader not in done:
            on_the_way.add(broader)
            way.append((broader, iter(above.get(broader, ()))))

"""Where places stand: below their administrative parents, countries and continents."""

from collections.abc import Iterator

from server.errors import TooLarge
from server.formats.geonames_files import ADMIN1, ADMIN2, COUNTRIES, HIERARCHY, Dump
from server.formats.geonames_package import continents_and_countries
from server.formats.geonames_rows import MAX_ID, Place
from server.formats.vocabularies import Reading
from server.i18n import _

_MOST = 3_000_000  # parents that are held in memory; there are about 450,000
_DEEPEST = 100


class Ids:
    """A set of identifiers as bits: 12 million of them in 2 MB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> None:
        if number >> 3 >= len(self._bits):
            self._bits.extend(bytes((number >> 3) + 1_024 - len(self._bits)))
        self._bits[number >> 3] |= 1 << (number & 7)

    def __contains__(self, number: int) -> bool:
        byte = number >> 3
        return byte < len(self._bits) and bool(self._bits[byte] >> (number & 7) & 1)


class Tree:
    """The parents that `hierarchy.txt` names, and those that follow from administrative codes.

    A code is "GR" for a country, "GR.ESYE31" and "GR.ESYE31.45" for its divisions.
    """

    def __init__(self, dump: Dump, reading: Reading) -> None:
        self._dump, self._reading = dump, reading
        self._continents, countries = continents_and_countries()
        self._continent_of = {code: continent for code, (_id, continent) in countries.items()}
        self._codes = {code: number for code, (number, _continent) in countries.items()}
        self._parents: dict[int, int] = {}
        self._further: dict[int, list[int]] = {}
        self._read_countries()
        self._read_codes(ADMIN1)
        self._read_codes(ADMIN2)
        self._read_hierarchy()
        self._own = {number: code for code, number in self._codes.items()}

    def learn(self, place: Place) -> None:
        """Take the code of a division from its own row, where no file of codes has told it."""
        if place.code == "ADM1":
            self._learn(f"{place.country}.{place.admin1}", place.id)
        elif place.code == "ADM2":
            self._learn(f"{place.country}.{place.admin1}.{place.admin2}", place.id)

    def named(self, number: int) -> list[int]:
        """The parents that the hierarchy names."""
        first = self._parents.get(number)
        return [] if first is None else [first, *self._further.get(number, ())]

    def above(self, place: Place) -> Iterator[int]:
        """By the codes: division, larger division, country, continent, as far as known."""
        own = self._own.get(place.id)
        steps = self.divisions(place.country, place.admin1, place.admin2)
        for number in steps if own is None else steps[3 - own.count(".") :]:
            if number != place.id and number >= 0:
                yield number

    def divisions(self, country: str, admin1: str, admin2: str) -> tuple[int, int, int, int]:
        """From the smallest to the continent; -1 where none is known."""
        larger, codes = f"{country}.{admin1}", self._codes
        return (
            codes.get(f"{larger}.{admin2}", -1),
            codes.get(larger, -1),
            codes.get(country, -1),
            self._continents.get(self._continent_of.get(country, ""), -1),
        )

    def take_above(self, taken: Ids, present: Ids) -> None:
        """Add to the taken what the hierarchy names above them, as far as it is present."""
        for child in self._parents:
            queue = [child] if child in taken else []
            for number in queue:
                for parent in self.named(number):
                    if parent in present and parent not in taken:
                        taken.add(parent)
                        queue.append(parent)

    def _learn(self, code: str, number: int) -> None:
        if code not in self._codes:
            self._codes[code] = number
            self._own.setdefault(number, code)

    def _read_countries(self) -> None:
        for row in self._dump.rows(COUNTRIES):
            cells = row.cells
            if not cells[16].isdecimal() or int(cells[16]) > MAX_ID:
                self._reading.fault(row.file, row.line, _("The identifier is no number."))
                continue
            self._codes[cells[0]] = int(cells[16])
            self._continent_of[cells[0]] = cells[8]

    def _read_codes(self, kind: str) -> None:
        for row in self._dump.rows(kind):
            if not row.cells[3].isdecimal() or int(row.cells[3]) > MAX_ID:
                self._reading.fault(row.file, row.line, _("The identifier is no number."))
            else:
                self._limited(len(self._codes))
                self._codes[row.cells[0]] = int(row.cells[3])

    def _read_hierarchy(self) -> None:
        for row in self._dump.rows(HIERARCHY):
            parent, child = row.cells[:2]
            if not (parent.isdecimal() and child.isdecimal() and len(parent + child) < 19):
                self._reading.fault(row.file, row.line, _("The identifier is no number."))
            elif row.cells[-1] in ("ADM", child):  # other types are what people found useful
                self._place_below(int(child), int(parent))

    def _place_below(self, child: int, parent: int) -> None:
        if parent in self.named(child):
            return
        if self._stands_above(child, parent):
            self._reading.leave_out(_("parents that stand below their own children (cycles)"))
        elif child in self._parents:
            self._further.setdefault(child, []).append(parent)
        else:
            self._limited(len(self._parents))
            self._parents[child] = parent

    def _stands_above(self, upper: int, lower: int) -> bool:
        """Whether `upper` is `lower` or above it; chains beyond reason count as such."""
        seen = [lower]
        for number in seen:
            if number == upper or len(seen) > _DEEPEST:
                return True
            seen += [each for each in self.named(number) if each not in seen]
        return False

    def _limited(self, count: int) -> None:
        if count >= _MOST:
            raise TooLarge(_("It names more than {count} parents of places.", count=_MOST))

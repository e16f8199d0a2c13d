"""What is an instance or a subclass of what, as the items of a vocabulary need it."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from server.formats.vocabularies import Reading
from server.formats.wikidata_lines import SAME, SUBCLASS
from server.formats.wikidata_numbers import LARGEST, Numbers, Pairs, add_below, closing
from server.formats.wikidata_terms import ENTITY, broader, broader_preferred
from server.i18n import _

_MOST_RETIRED = 500_000  # a redirect takes some 300 bytes in memory
_LONGEST_CHAIN = 10


class Graph:
    """Take all links, settle, then ask."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._subclass, self._instance = Pairs(folder / "subclass"), Pairs(folder / "instance")
        self._same = Pairs(folder / "same")
        self._named = Numbers()
        self._retired = Numbers()
        self._wanted: Numbers | None = None
        self._instances = Numbers()
        self._redirects: dict[int, int] = {}

    def take(self, links: Iterable[tuple[int, int, int]]) -> None:
        for kind, start, end in links:
            if start > LARGEST or end > LARGEST:
                continue
            if kind != SAME:
                (self._subclass if kind == SUBCLASS else self._instance).add(start, end)
                self._named.add(end)
            elif start != end:
                self._same.add(start, end)
                self._retired.add(start)

    def settle(self, classes: Sequence[int]) -> None:
        """Follow the redirects, and find what is below the classes."""
        over = Numbers(new for _old, new in self._same if new in self._retired)
        for old, new in self._same:
            if old in self._named or old in classes or old in over:
                self._redirects[old] = new
        if self._redirects:
            self._subclass = self._followed(self._subclass, "subclass-followed")
            self._instance = self._followed(self._instance, "instance-followed")
        if classes:
            wanted = Numbers(self._follow(number) or number for number in classes)
            add_below(wanted, self._subclass)
            for narrower, number in self._instance:
                if number in wanted:
                    self._instances.add(narrower)
            self._wanted = wanted

    def is_wanted(self, number: int) -> bool:
        if number in self._retired:
            return False
        return self._wanted is None or number in self._wanted or number in self._instances

    def broader(self, labelled: Numbers, reading: Reading) -> Iterator[str]:
        """The hierarchy among labelled items; subclass-of is preferred where there are several."""
        subclass = self._among(self._subclass, labelled, "subclass-kept")
        instance = self._among(self._instance, labelled, "instance-kept")
        left_out = closing(chain(subclass, instance), self._folder)
        if left_out:
            reading.leave_out(_("broader terms that close a circle"), len(left_out))
        several = _several(pair for pair in chain(subclass, instance) if pair not in left_out)
        done = Numbers()
        for pair in subclass:
            if pair not in left_out:
                yield broader(*pair)
                if pair[0] in several and done.add(pair[0]):
                    yield broader_preferred(*pair)
        for pair in instance:
            if pair not in left_out:
                yield broader(*pair)

    def retire(self, labelled: Numbers, reading: Reading) -> None:
        """Tell of the redirects that lead to a labelled item."""
        for old, new in self._same:
            end = self._follow(new)
            if end is None or end not in labelled:
                continue
            if len(reading.retired) < _MOST_RETIRED:
                reading.retired[f"{ENTITY}Q{old}"] = f"{ENTITY}Q{end}"
            else:
                reading.leave_out(_("redirects, of which there are too many"))

    def _follow(self, number: int) -> int | None:
        """None where it leads in a circle."""
        for _step in range(_LONGEST_CHAIN):
            if (further := self._redirects.get(number)) is None:
                return number
            number = further
        return None

    def _followed(self, pairs: Pairs, name: str) -> Pairs:
        found = Pairs(self._folder / name)
        for narrower, number in pairs:
            if (end := self._follow(number)) is not None:
                found.add(narrower, end)
        return found

    def _among(self, pairs: Pairs, labelled: Numbers, name: str) -> Pairs:
        found = Pairs(self._folder / name)
        for narrower, number in pairs:
            if number in labelled and narrower in labelled:
                found.add(narrower, number)
        return found


def _several(pairs: Iterable[tuple[int, int]]) -> Numbers:
    once, several = Numbers(), Numbers()
    for narrower, _broader in pairs:
        if not once.add(narrower):
            several.add(narrower)
    return several

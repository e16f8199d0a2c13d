"""Texts that stand at nodes of their own (SKOS-XL labels, notes), brought to what links to them.

A node and the links to it mostly stand close together: they meet while the file is read. All texts
are kept on disk for links that come much later or earlier.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from server.sorting import Lines, Spool, groups

#: A line that ends in a node, whose text is to take its place: what is before it, and the node.
Link = tuple[str, str]
_FEW = 400_000


class NodeTexts:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts, self._loose = [Spool(folder)], [Spool(folder)]
        self._waiting: list[Link] = []
        self._before: dict[str, str] = {}

    def take(self, texts: dict[str, str], links: list[Link]) -> list[str]:
        """The links, of these and earlier ones, to nodes whose text is near, with that text.

        `texts` are literals by node.
        """
        self._texts[0].write_texts([f"{node}\tA{text}" for node, text in texts.items()])
        near = {**self._before, **texts}
        links, late = links + self._waiting, self._waiting
        met = [f"{start} {near[node]}" for start, node in links if node in near]
        self._waiting = [link for link in links if link[1] not in near]
        if late:
            self._give_up([link for link in late if link[1] not in near])
            self._waiting = [link for link in self._waiting if link not in late]
        self._before = texts
        return met

    def finish(self) -> tuple[int, int]:
        """After all have been taken; gives what `join` wants to know."""
        self._give_up(self._waiting)
        self._waiting = []
        return self._texts[0].count, self._loose[0].count

    def join(self, other: "NodeTexts", counts: tuple[int, int]) -> None:
        """Add what another has, which was filled in another process."""
        other._texts[0].count, other._loose[0].count = counts
        self._texts += other._texts
        self._loose += other._loose

    def rest(self) -> Iterator[list[str]]:
        """The lines of all other links; those to nodes without a text have none."""
        self.finish()
        count = sum(spool.count for spool in self._loose)
        if count > _FEW:
            yield from self._sorted()
        elif count:
            yield from self._looked_up()

    def _give_up(self, links: list[Link]) -> None:
        self._loose[0].write_texts([f"{node}\tB{start}" for start, node in links])

    def _looked_up(self) -> Iterator[list[str]]:
        wanted: dict[str, list[str]] = {}
        for line in chain.from_iterable(_blocks(self._loose)):
            node, _tab, start = line.partition("\t")
            wanted.setdefault(node, []).append(start[1:])
        for block in _blocks(self._texts):
            found = [(node, line) for line in block if (node := line[: line.index("\t")]) in wanted]
            yield [
                f"{start} {line[len(node) + 2 :]}" for node, line in found for start in wanted[node]
            ]

    def _sorted(self) -> Iterator[list[str]]:
        lines = Lines(self._folder)
        for block in chain(_blocks(self._texts), _blocks(self._loose)):
            lines.add_texts(block)
        for _node, same in groups(lines):
            texts = [each[1:] for each in same if each[0] == "A"]
            yield [f"{start[1:]} {text}" for start in same[len(texts) :] for text in texts[:1]]


def _blocks(spools: list[Spool]) -> Iterator[list[str]]:
    return chain.from_iterable([spool.texts() for spool in spools])

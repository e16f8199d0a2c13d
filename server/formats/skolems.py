"""Blank nodes to IRIs that come out the same whenever the same record is read again."""

import re
from collections import defaultdict

from server.names import short_hash

_BLANK = re.compile(r'^(_:[^\s"]+)|(?<= )(_:[^\s"]+)(?= \.$)')
_MAX_NODES = 1_000
_MAX_ROUNDS = 100


def skolemise(lines: list[str], item: str, base: str) -> list[str]:
    """The lines with each blank node named after its record and its content.

    Two blank nodes that nothing tells apart get one name, which says the same (RDF 1.1 Semantics,
    6: the graph is made leaner). ValueError where a record has more than 1,000 of them,
    or too long a chain of them.
    """
    mentions: dict[str, list[str]] = defaultdict(list)
    for line in (one for one in lines if "_:" in one):
        for node in {first or last for first, last in _BLANK.findall(line)}:
            mentions[node].append(line)
    if not mentions:
        return lines
    if len(mentions) > _MAX_NODES:
        raise ValueError(len(mentions))
    names = _colours(mentions)
    genid = f"<{base}.well-known/genid/"
    final = {
        node: f"{genid}{short_hash(item + chr(10) + colour)}>" for node, colour in names.items()
    }
    return [
        _BLANK.sub(lambda found: final[found[0]], line) if "_:" in line else line for line in lines
    ]


def _colours(mentions: dict[str, list[str]]) -> dict[str, str]:
    """Colour refinement: each node is told apart by its statements, until no more are."""
    colours = dict.fromkeys(mentions, "")
    for _round in range(_MAX_ROUNDS):
        before = len(set(colours.values()))
        colours = {node: _colour(node, lines, colours) for node, lines in mentions.items()}
        if len(set(colours.values())) in (before, len(colours)):
            return colours
    raise ValueError(len(mentions))


def _colour(node: str, lines: list[str], colours: dict[str, str]) -> str:
    def seen(found: re.Match[str]) -> str:
        return "_:self" if found[0] == node else f"_:{colours[found[0]]}"

    return short_hash("\n".join(sorted(_BLANK.sub(seen, line) for line in lines)))

"""Wikidata's items as plain SKOS, from truthy N-Triples, entity Turtle, or JSON of entities.

The layouts are described at https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format and
https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html. Files are read twice: what is
an instance (P31) or a subclass (P279) of what, then what is said of the items that are wanted.
In memory stand some sets with one bit for each item.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, NamedNode

from server.errors import Invalid, Malformed
from server.formats import wikidata_entities, wikidata_lines
from server.formats.vocabularies import Reading, VocabularyData
from server.formats.wikidata_graphs import Graph
from server.formats.wikidata_sources import Source, size, sources
from server.formats.wikidata_terms import ENTITY, Terms, number_of
from server.i18n import _
from server.names import DCTERMS

SCHEME = ENTITY
METADATA: tuple[tuple[NamedNode, NamedNode | Literal], ...] = (
    (DCTERMS["title"], Literal("Wikidata")),
    (DCTERMS.source, NamedNode("https://www.wikidata.org/")),
    (DCTERMS.license, NamedNode("https://creativecommons.org/publicdomain/zero/1.0/")),
)
_LINKS = {"entities": wikidata_entities.links}
_STATEMENTS = {"entities": wikidata_entities.statements}


@dataclass(frozen=True, slots=True)
class Options:
    """`classes`: Q-ids or addresses; their instances and subclasses are read, else all items.

    `languages`: of labels and descriptions, else all.
    """

    classes: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """The items in dumps (gzipped, bzipped or plain), or in folders of them.

    Raises Malformed where a file is no dump of Wikidata or is cut off, or no item is in it.
    """
    classes = [_class(text) for text in options.classes]
    found = sources(paths)
    return VocabularyData(SCHEME, METADATA, _statements(found, classes, options, reading))


def _class(text: str) -> int:
    number = number_of(text.strip().removeprefix("wd:"))
    if number is None:
        raise Invalid(_("“{text}” is no item of Wikidata, like Q5.", text=text))
    return number


def _statements(
    found: list[Source], classes: list[int], options: Options, reading: Reading
) -> Iterator[str]:
    moved = _Progress(2 * size(found), reading)
    with TemporaryDirectory(dir=reading.folder, prefix="wikidata-") as folder:
        inside = Reading(Path(folder), most_faults=reading.most_faults)
        inside.left_out, inside.faults = reading.left_out, reading.faults
        graph = Graph(Path(folder))
        for source in found:
            graph.take(_LINKS.get(source.kind, wikidata_lines.links)(source, inside, moved))
        graph.settle(classes)
        with Terms(options.languages, inside) as terms:
            for source in found:
                tell = _STATEMENTS.get(source.kind, wikidata_lines.statements)
                yield from tell(source, terms, graph.is_wanted, inside, moved)
            yield from terms.finish()
            if not terms.any:
                raise Malformed(_("No item of Wikidata with a label is in it."))
            yield from graph.broader(terms.labelled, reading)
            graph.retire(terms.labelled, reading)


class _Progress:
    """Tells how much of the two readings is done."""

    def __init__(self, total: int, reading: Reading) -> None:
        self._done, self._total, self._reading = 0, total, reading

    def __call__(self, count: int) -> None:
        self._done += count
        self._reading.progress(self._done, self._total)

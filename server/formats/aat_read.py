"""Getty's vocabularies (AAT, TGN, ULAN) in their explicit export, as plain SKOS.

The export is a zip, or a folder, of N-Triples files: subjects, terms, scope notes, hierarchical and
associative relationships, obsolete subjects, coordinates, alignments; others are not opened. The
layout is described at http://vocab.getty.edu/doc/ (sections 3 and 4). Statements are sorted by
subject on disk; kept in memory are the numbers of the subjects and of their broader ones.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from server.errors import Malformed
from server.formats import forks, ntriples, packed_files
from server.formats.aat_plain import in_plain_skos
from server.formats.aat_subjects import Collected, Part
from server.formats.packed_files import PackedFile
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.names import DCTERMS
from server.sorting import Spool

#: The concept schemes by short name, with their titles.
SCHEMES = {
    "aat": ("http://vocab.getty.edu/aat/", "Art & Architecture Thesaurus"),
    "tgn": ("http://vocab.getty.edu/tgn/", "Getty Thesaurus of Geographic Names"),
    "ulan": ("http://vocab.getty.edu/ulan/", "Union List of Artist Names"),
}
_NEEDED = re.compile(
    r"(?:Subjects|Terms|ScopeNotes|HierarchicalRels|AssociativeRels|Alignment|Coref|Coordinates"
    r"|Biographies|Full)\.nt(?:\.gz|\.bz2)?$",
    re.IGNORECASE,
)
#: From so many packed bytes on, two processes read.
_LARGE = 4_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """`scheme` is one of `SCHEMES`."""

    scheme: str = "aat"


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """The vocabulary in zips, folders, or single N-Triples files (packed or not).

    Raises `Malformed` where a file is damaged, where too many lines are no N-Triples, and where
    nothing in it is a subject of that vocabulary. What Getty declares obsolete is retired, with
    its replacement. The preferred broader term is given as `gvp:broaderPreferred` too, and links
    that close a cycle are left out.
    """
    scheme, title = SCHEMES[options.scheme]
    files = packed_files.find(paths, lambda name: _NEEDED.search(name) is not None)
    collected = _collected(files, scheme, reading)
    if not collected.subjects:
        names = ", ".join(path.name for path in paths)
        raise Malformed(
            _("There is no subject of the {title} in {files}.", title=title, files=names)
        )
    return VocabularyData(scheme, tuple(_metadata(scheme, title)), in_plain_skos(collected))


def _collected(files: list[PackedFile], scheme: str, reading: Reading) -> Collected:
    """What the files say; of large ones a fork reads every other block."""
    ours = Collected(scheme, reading)
    if sum(file.size for file in files) < _LARGE or not forks.may_fork():
        _collect(files, ours, (0, 1))
        return ours
    theirs = Collected(scheme, Reading(reading.folder, most_faults=reading.most_faults))
    run = Spool(reading.folder)

    def work() -> Part:
        _collect(files, theirs, (1, 2))
        return theirs.finish(run)

    fork = forks.Fork(work)
    try:
        _collect(files, ours, (0, 2))
        ours.join(theirs, run, fork.result())
    finally:
        fork.end()
    return ours


def _collect(files: list[PackedFile], collected: Collected, share: tuple[int, int]) -> None:
    total, before = sum(file.size for file in files), 0
    for file in files:
        obsolete = "obsolete" in file.name.lower()
        looked_for = collected.of_terms if "terms" in file.name.lower() else collected.patterns
        with file.opened() as (stream, done):
            told = _teller(collected.reading, done, before, total)
            for statements in ntriples.read(
                stream, file.name, looked_for, collected.reading, told, share
            ):
                collected.take(statements, obsolete)
        before += file.size


def _teller(
    reading: Reading, done: Callable[[], int], before: int, total: int
) -> Callable[[], None]:
    return lambda: reading.progress(min(before + done(), total), total)


def _metadata(scheme: str, title: str) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    rights = (
        f"This vocabulary contains information from the {title}® which is made available by the"
        " J. Paul Getty Trust under the ODC Attribution License (ODC-By) 1.0."
    )
    yield DCTERMS["title"], Literal(title, language="en")
    yield DCTERMS.source, NamedNode(scheme)
    yield DCTERMS.license, NamedNode("https://opendatacommons.org/licenses/by/1-0/")
    yield DCTERMS.rights, Literal(rights, language="en")

"""A vocabulary on its way in: what readers are given, and what they return."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from tempfile import gettempdir

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.errors import Malformed
from server.i18n import _
from server.names import DCTERMS, OWL

#: What describes a scheme and is copied to our vocabulary.
SCHEME_PROPERTIES = frozenset(
    (
        DCTERMS["title"], DCTERMS.description, DCTERMS.source, DCTERMS.license, DCTERMS.rights,
        OWL.versionInfo,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A place in a source that could not be read; `line` counts from 1, 0 where there is none."""

    file: str
    line: int
    reason: str


@dataclass(slots=True)
class Reading:
    """What a reader is given, and where it says what it passed over.

    `folder` is a place for sorting on disk; `progress` is told (done, total) in bytes of the
    source, total 0 where unknown. `left_out` counts by reason, in the reader's language; `faults`
    are lines that could not be read; `retired` are terms that the source declares deprecated,
    merged or redirected, with the term that replaces them (None where it names none).
    """

    folder: Path = Path(gettempdir())
    progress: Callable[[int, int], None] = lambda _done, _total: None
    most_faults: int = 1_000
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    retired: dict[str, str | None] = field(default_factory=dict)

    def fault(self, file: str, line: int, reason: str) -> None:
        """Note a line that is passed over. Raises Malformed after too many."""
        self.faults.append(Fault(file, line, reason))
        if len(self.faults) > self.most_faults:
            first = self.faults[0]
            raise Malformed(
                _(
                    "More than {count} lines are faulty, first {file}, line {line}: {reason}",
                    count=self.most_faults, file=first.file, line=first.line, reason=first.reason,
                )
            )  # fmt: skip

    def leave_out(self, reason: str, count: int = 1) -> None:
        self.left_out[reason] += count


Part = Callable[[], Iterator[str]]


@dataclass(slots=True)
class VocabularyData:
    """A vocabulary as a reader found it.

    `scheme` is the IRI of its concept scheme, if it has one; `metadata` what is said of it, as
    (property, value); `statements` its concepts in plain SKOS, each an N-Triple without the dot at
    its end (`<s> <p> <o>`, with safe IRIs only), in the order of the source, produced while it is
    read. What the `Reading` tells is complete when `statements` has come to its end.
    `parts`, where a reader has them, are two halves that two processes may read at once instead.
    """

    scheme: str | None
    metadata: tuple[tuple[NamedNode, NamedNode | Literal], ...]
    statements: Iterator[str]
    parts: tuple[Part, Part] | None = None


def as_statements(triples: Iterable[Triple]) -> Iterator[str]:
    """Triples as `VocabularyData.statements` has them."""
    for triple in triples:
        yield f"{triple.subject} {triple.predicate} {triple.object}"


def as_triples(statements: Iterable[str]) -> Iterator[Triple]:
    """The reverse of `as_statements`."""
    remaining = iter(statements)
    while chunk := list(islice(remaining, 1_000)):
        for quad in parse(" .\n".join([*chunk, ""]), RdfFormat.N_TRIPLES, lenient=True):
            yield quad.triple

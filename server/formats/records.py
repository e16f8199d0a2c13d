"""What the readers hand on: records as N-Triples statements, and what could not be read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Record:
    """One item: its `edm:ProvidedCHO` and all that describes it, sanitised and without blank nodes.

    Each of `lines` is one statement `s p o .` in N-Triples (canonical form, no line end, no two
    the same); `mends` says in words what was changed; `line` is where it stood, if known.
    """

    item: str
    lines: list[str]
    mends: tuple[str, ...]
    file: str
    line: int | None = None

    def nquads(self, graph: str) -> str:
        """The statements as N-Quads of a named graph, each with its line end."""
        end = f" <{graph}> .\n"
        return end.join([line[:-2] for line in self.lines]) + end if self.lines else ""

    def described(self) -> dict[str, dict[str, list[str]]]:
        """Subject → predicate → objects, each as its N-Triples token (`<iri>` or `"text"@en`)."""
        subjects: dict[str, dict[str, list[str]]] = {}
        for line in self.lines:
            subject, predicate, rest = line.split(" ", 2)
            subjects.setdefault(subject, {}).setdefault(predicate, []).append(rest[:-2])
        return subjects


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file or record that stays out: where, why in words, and which record if that is known."""

    file: str
    line: int | None
    reason: str
    record: str | None = None

"""The statements of a file divided into records: an item and what describes it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.formats.records import Record, Unreadable
from server.formats.skolems import skolemise
from server.formats.statements import Statements
from server.i18n import _, ngettext

TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_EDM = "<http://www.europeana.eu/schemas/edm/"
_ORE = "<http://www.openarchives.org/ore/terms/"
ITEM, _AGGREGATION, _PROXY = f"{_EDM}ProvidedCHO>", f"{_ORE}Aggregation>", f"{_ORE}Proxy>"
_ANCHORS = {_AGGREGATION, _PROXY, f"{_EDM}EuropeanaAggregation>"}
_AGGREGATED = f"{_EDM}aggregatedCHO>"
_OWNING = {_AGGREGATED, f"{_ORE}proxyFor>"}
_MAX_LINES = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record stands, the site's base IRI, and what was mended in the file as a whole."""

    file: str
    base: str
    line: int | None = None
    mends: tuple[str, ...] = ()


@dataclass(slots=True)
class _Graph:
    about: dict[str, list[str]] = field(default_factory=dict)
    items: dict[str, None] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    owners: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    links: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, lines: list[str], blank: bool) -> None:
        about, links = self.about, self.links
        subject, start = "", " "
        its: list[str] = []
        for line in lines:
            if not line.startswith(start):  # a subject's lines mostly stand together
                subject = line.partition(" ")[0]
                start, its = f"{subject} ", about.setdefault(subject, [])
            its.append(line)
            if line[-3] == ">" or (blank and '"' not in line):
                predicate, _space, thing = line[len(start) : -2].partition(" ")
                if predicate == TYPE:
                    self._take_type(subject, thing)
                elif predicate in _OWNING:
                    self.owners[thing].append(subject)
                else:
                    links[subject].append(thing)

    def _take_type(self, subject: str, kind: str) -> None:
        if kind == ITEM:
            self.items[subject] = None
        elif kind in _ANCHORS:
            self.anchors[subject] = kind

    def closure(self, item: str) -> dict[str, None]:
        """The item, its aggregations and proxies, and what is reachable without another item."""
        about, links, items, anchors = self.about, self.links, self.items, self.anchors
        seen = {item: None}
        for owner in self.owners.get(item, ()):
            if owner not in items:
                seen[owner] = None
        queue = list(seen)
        for subject in queue:
            for thing in links.get(subject, ()):
                if (
                    thing in about
                    and thing not in seen
                    and thing not in items
                    and thing not in anchors
                ):
                    seen[thing] = None
                    queue.append(thing)
        return seen


def has_item(statements: Statements) -> bool:
    """Whether anything in it is an `edm:ProvidedCHO`."""
    end = f"{TYPE} {ITEM} ."
    return any(line.endswith(end) for line in statements.lines)


def records(statements: Statements, source: Source) -> Iterator[Record | Unreadable]:
    """One record for each `edm:ProvidedCHO`; what belongs to none is reported.

    In a file with a single item everything belongs to it.
    """
    graph = _Graph()
    statements.lines = list(dict.fromkeys(statements.lines))
    graph.take(statements.lines, statements.blank)
    if not graph.items:
        yield _without_item(statements, source)
        return
    if len(graph.items) == 1:
        yield _single(graph, statements, source)
        return
    claimed: set[str] = set()
    for item in graph.items:
        subjects = graph.closure(item)
        claimed.update(subjects)
        lines = [line for subject in subjects for line in graph.about.get(subject, ())]
        yield _record(item, lines, subjects, statements, source)
    if left := [subject for subject in graph.about if subject not in claimed]:
        yield _left_over(left, source)


def _without_item(statements: Statements, source: Source) -> Unreadable:
    reason = next(iter(statements.refusals.values()), _("There is no edm:ProvidedCHO in it."))
    return Unreadable(source.file, source.line, reason)


def _left_over(left: list[str], source: Source) -> Unreadable:
    reason = ngettext(
        "A resource belongs to no item and stays out.",
        "{count} resources belong to no item and stay out.",
        len(left),
    )
    return Unreadable(source.file, source.line, reason, left[0].strip("<>"))


def _single(graph: _Graph, statements: Statements, source: Source) -> Record | Unreadable:
    item = next(iter(graph.items))
    lines = statements.lines
    aggregations = [one for one, kind in graph.anchors.items() if kind == _AGGREGATION]
    if len(aggregations) == 1 and aggregations[0] not in graph.owners.get(item, ()):
        item, lines = _aggregate(graph, item, aggregations[0], statements)
    subjects = dict.fromkeys([*graph.about, *statements.mends, *statements.refusals])
    return _record(item, lines, subjects, statements, source)


def _aggregate(
    graph: _Graph, item: str, aggregation: str, statements: Statements
) -> tuple[str, list[str]]:
    """Tie the only aggregation of a file to its only item."""
    lines = statements.lines
    named = [one for one, owners in graph.owners.items() if aggregation in owners and one[0] == "<"]
    if item.startswith("_:"):
        if len(named) != 1 or named[0] in graph.about:
            return item, lines
        statements.say(named[0], _("The item had no identifier; its aggregation names it."))
        return named[0], [_renamed(line, item, named[0]) for line in lines]
    start = f"{aggregation} {_AGGREGATED} "
    mended = [line for line in lines if not line.startswith(start)]
    mended.append(f"{start}{item} .")
    if len(mended) > len(lines):
        statements.say(item, _("The aggregation lacked its edm:aggregatedCHO."))
    else:
        statements.say(item, _("edm:aggregatedCHO named something else than the item."))
    return item, mended


def _renamed(line: str, old: str, new: str) -> str:
    subject, predicate, rest = line.split(" ", 2)
    thing = new if rest[:-2] == old else rest[:-2]
    return f"{new if subject == old else subject} {predicate} {thing} ."


def _record(
    item: str, lines: list[str], subjects: dict[str, None], statements: Statements, source: Source
) -> Record | Unreadable:
    name = item[1:-1]
    reason = _refusal(item, lines, subjects, statements)
    if reason is None and statements.blank:
        try:
            lines = list(dict.fromkeys(skolemise(lines, name, source.base)))
        except ValueError:
            reason = _("It has too many nodes without identifier.")
    if reason:
        return Unreadable(source.file, source.line, reason, None if item[0] == "_" else name)
    mends = source.mends
    if statements.mends:
        said = [*mends, *statements.mends.get("", ())]
        for subject in subjects:
            said += statements.mends.get(subject, ())
        mends = tuple(dict.fromkeys(said))
    return Record(name, lines, mends, source.file, source.line)


def _refusal(
    item: str, lines: list[str], subjects: dict[str, None], statements: Statements
) -> str | None:
    if statements.refusals:
        for subject in ("", *subjects):
            if subject in statements.refusals:
                return statements.refusals[subject]
    if item[0] == "_":
        return _("The edm:ProvidedCHO has no identifier.")
    if len(lines) > _MAX_LINES:
        return _("It has more than {count} statements.", count=_MAX_LINES)
    return None

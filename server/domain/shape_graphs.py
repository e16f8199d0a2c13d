"""The triples that shapes look at, indexed once: subject -> predicate -> objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeAlias

from pyoxigraph import NamedNode, Quad, Triple

from server.names import RDF, RDFS

Term: TypeAlias = Any  # what pyoxigraph has as subject or object; its own union is not importable
Values: TypeAlias = Collection[Term]
Index: TypeAlias = Mapping[Term, Mapping[NamedNode, Values]]

TYPE = RDF.type
SUBCLASS_OF = RDFS.subClassOf
LONG = 32  # values of one property, from which on a search costs more than hashing
NOTHING: Mapping[NamedNode, Values] = {}


class ShapeGraph:
    """Triples by subject and predicate; what few shapes ask for is worked out when asked."""

    __slots__ = ("_instances", "_subjects", "index")

    def __init__(self, index: Index) -> None:
        """`index` is not copied; its values must be free of duplicates, as a set of triples is."""
        self.index = index
        self._instances: dict[Term, dict[Term, None]] | None = None
        self._subjects: dict[NamedNode, dict[Term, dict[Term, None]]] = {}

    @classmethod
    def of(cls, triples: Iterable[Triple | Quad]) -> ShapeGraph:
        """Index triples (or quads, whose graph does not count); repeated ones count once."""
        index: dict[Term, dict[NamedNode, list[Term]]] = {}
        long: dict[int, set[Term]] = {}
        for triple in triples:
            subject, predicate = triple.subject, triple.predicate
            properties = index.get(subject)
            if properties is None:
                properties = index[subject] = {}
            values = properties.get(predicate)
            if values is None:
                properties[predicate] = [triple.object]
            else:
                _add(values, triple.object, long)
        return cls(index)

    def objects(self, subject: Term, predicate: NamedNode) -> Values:
        return self.index.get(subject, NOTHING).get(predicate, ())

    def subjects(self, predicate: NamedNode, value: Term) -> Values:
        """The subjects that have this value; the inverse is indexed when first asked for."""
        inverse = self._subjects.get(predicate)
        if inverse is None:
            inverse = self._subjects[predicate] = self._invert(predicate)
        return inverse.get(value, ())

    def subjects_of(self, predicate: NamedNode) -> Values:
        return [subject for subject, values in self.index.items() if predicate in values]

    def objects_of(self, predicate: NamedNode) -> Values:
        self.subjects(predicate, None)
        return self._subjects[predicate]

    def instances(self, of_class: Term) -> Values:
        """The SHACL instances of a class, by `rdf:type/rdfs:subClassOf*` (SHACL 1.3)."""
        if self._instances is None:
            self._instances = self._classify()
        return self._instances.get(of_class, ())

    def _invert(self, predicate: NamedNode) -> dict[Term, dict[Term, None]]:
        inverse: dict[Term, dict[Term, None]] = {}
        for subject, properties in self.index.items():
            for value in properties.get(predicate, ()):
                inverse.setdefault(value, {})[subject] = None
        return inverse

    def _classify(self) -> dict[Term, dict[Term, None]]:
        instances: dict[Term, dict[Term, None]] = {}
        has_subclasses = False
        for subject, properties in self.index.items():
            for of_class in properties.get(TYPE, ()):
                instances.setdefault(of_class, {})[subject] = None
            has_subclasses = has_subclasses or SUBCLASS_OF in properties
        if has_subclasses:
            for of_class, members in list(instances.items()):
                for ancestor in self._ancestors(of_class):
                    instances.setdefault(ancestor, {}).update(members)
        return instances

    def _ancestors(self, of_class: Term) -> set[Term]:
        found: set[Term] = set()
        waiting = [of_class]
        while waiting:
            parents = set(self.objects(waiting.pop(), SUBCLASS_OF)) - found
            found |= parents
            waiting.extend(parents)
        return found

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list; ValueError where it is not a well-formed one."""
        members: list[Term] = []
        seen: set[Term] = set()
        while head != RDF.nil:
            first, rest = self.objects(head, RDF.first), self.objects(head, RDF.rest)
            if len(first) != 1 or len(rest) != 1 or head in seen:
                raise ValueError(f"not a well-formed RDF list: {head}")
            seen.add(head)
            members.extend(first)
            (head,) = rest
        return members


def _add(values: list[Term], value: Term, long: dict[int, set[Term]]) -> None:
    """Append what is not there yet: searched in short lists, hashed in long ones."""
    if len(values) < LONG:
        if value not in values:
            values.append(value)
        return
    seen = long.get(id(values))
    if seen is None:
        seen = long[id(values)] = set(values)
    if value not in seen:
        seen.add(value)
        values.append(value)


def is_iri(term: Term) -> bool:
    return type(term) is NamedNode

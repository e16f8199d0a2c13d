"""The terms that the index would have of some triples, by the server's own reading of them."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from server.domain import concept_rows
from server.domain.concept_rows import Value
from server.index.labels import TermRow


def terms_from_triples(triples: Iterable[Triple]) -> Iterator[TermRow]:
    """In the order in which the concepts first appear."""
    concepts: dict[str, dict[str, set[Value]]] = {}
    for subject, predicate, value in triples:
        if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
            language = None if isinstance(value, NamedNode) else value.language or ""
            said = concepts.setdefault(subject.value, {})
            said.setdefault(predicate.value, set()).add((value.value, language))
    for iri, said in concepts.items():
        if (term := concept_rows.term(iri, said)) is not None:
            yield term

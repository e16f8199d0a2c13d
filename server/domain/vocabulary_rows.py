"""The index rows of a vocabulary: its terms and their labels."""

from collections.abc import Iterator
from dataclasses import astuple
from itertools import islice

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from server.commit import Desk, Step
from server.formats.vocabularies import terms_from_triples
from server.index import labels
from server.index.labels import TermRow
from server.journal import bulk_files
from server.patches import Bulk, Dataset

#: Terms in a step: about 20 ms.
PAGE = 200


def project_bulk(desk: Desk, slug: str, bulk: Bulk) -> Iterator[Step]:
    """A step for each page of changed terms, small enough to stand between contributions.

    Reading is no part of the steps: only bulk jobs change concepts, and they run one by one.
    """
    subjects = _changed_subjects(desk, bulk)
    while page := list(islice(subjects, PAGE)):
        terms = _read(desk, slug, bulk.dataset, page)
        standing = {term.iri for term in terms}
        gone = [concept.value for concept in page if concept.value not in standing]
        yield lambda t=terms, g=gone: _put(desk, slug, bulk.dataset, t, g)  # type: ignore[misc]
    yield lambda: _forget_if_empty(desk, slug, bulk.dataset)


def _read(desk: Desk, slug: str, dataset: Dataset, concepts: list[NamedNode]) -> list[TermRow]:
    rows = desk.select(
        "concept_statements", dataset, graph=desk.names.graph("vocabulary", slug),
        concepts=concepts,
    )  # fmt: skip
    triples = (Triple(row["s"], row["p"], row["o"]) for row in rows)
    return [TermRow(*astuple(term)) for term in terms_from_triples(triples)]


def _put(desk: Desk, slug: str, dataset: Dataset, terms: list[TermRow], gone: list[str]) -> None:
    labels.remove_terms(desk.index.write, slug, gone)
    if terms:
        labels.put_terms(desk.index.write, slug, dataset, terms)


def _changed_subjects(desk: Desk, bulk: Bulk) -> Iterator[NamedNode]:
    """The subjects of the files, each once per run of equal ones (the files are sorted)."""
    last = None
    for file in (bulk.remove, bulk.add):
        if file is None:
            continue
        with bulk_files.path(desk.bulk_folder, file).open("rb") as stream:
            for quad in parse(stream, RdfFormat.N_QUADS):
                if quad.subject != last and isinstance(quad.subject, NamedNode):
                    last = quad.subject
                    yield last


def _forget_if_empty(desk: Desk, slug: str, dataset: Dataset) -> None:
    graph = desk.names.graph("vocabulary", slug)
    if not desk.ask("graph_holds_concepts", dataset, graph=graph):
        labels.remove_vocabulary(desk.index.write, slug)

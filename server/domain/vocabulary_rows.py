"""The index rows of a vocabulary: its terms and their labels."""

from collections.abc import Iterator
from dataclasses import astuple

from pyoxigraph import Triple

from server.commit import Desk
from server.formats.vocabularies import terms_from_triples
from server.index import labels
from server.index.labels import TermRow
from server.patches import DATASETS


def project(desk: Desk, slug: str) -> None:
    """Write all rows of a vocabulary anew from what the stores hold."""
    for dataset in DATASETS:
        graph = desk.names.graph("vocabulary", slug)
        if desk.ask("graph_holds_concepts", dataset, graph=graph):
            labels.replace_vocabulary(desk.index.write, slug, dataset, _terms(desk, slug, dataset))
            return
    labels.remove_vocabulary(desk.index.write, slug)


def _terms(desk: Desk, slug: str, dataset: str) -> Iterator[TermRow]:
    rows = desk.select(
        "vocabulary_statements",
        "work" if dataset == "work" else "public",
        graph=desk.names.graph("vocabulary", slug),
    )
    for term in terms_from_triples(Triple(row["s"], row["p"], row["o"]) for row in rows):
        yield TermRow(*astuple(term))

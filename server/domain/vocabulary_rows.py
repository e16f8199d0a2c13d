"""The index rows of a vocabulary: its terms and their labels.

What comes in bulk is in graph/vocabulary/{slug}, what was made by hand in graph/terms/{slug}; a
term is what both say of it. Small changes go term by term into the file that is in use. Large ones
make a new file in processes of their own (`vocabulary_build`), which takes the place of the old one
in a single step.
"""

import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from server.commit import Desk, Step
from server.domain import concept_rows
from server.errors import Damaged
from server.formats.children import run_child
from server.i18n import _
from server.index import labels, vocabulary_writes
from server.index.labels import TermRow
from server.journal import bulk_files
from server.names import value_of
from server.patches import DATASETS, Bulk, BulkFile, Dataset, Patch

#: Terms in a step: about 20 ms.
PAGE = 200
#: Changed statements from which the whole vocabulary is written anew.
LARGE = 20_000
_MEMORY = 1 << 30
_SECONDS = 12 * 3600.0


def project_bulk(desk: Desk, slug: str, bulk: Bulk) -> Iterator[Step]:
    """Steps small enough to stand between contributions.

    Reading is no part of the steps: only bulk jobs change these concepts, and they run one by one.
    What stands by now counts, not what the entry brought: where the index is made anew, the first
    large entry makes it what the last one left, and the others find that done.
    """
    seq_and_file = desk.journal.graph_file(bulk.dataset, bulk.graph)
    file = BulkFile(**seq_and_file[1]) if seq_and_file and seq_and_file[1] else None
    state = file.sha256 if file else ""
    if file and _state_in_index(desk, slug) == state:
        return
    if file and sum(each.quads for each in (bulk.add, bulk.remove) if each) > LARGE:
        yield from _whole(desk, slug, bulk.dataset, file)
        return
    yield from _changed(desk, slug, bulk)
    noted = bulk.full.sha256 if file and bulk.full else ""
    yield lambda: _note_state(desk, slug, noted)
    yield lambda: _forget_if_empty(desk, slug, bulk.dataset)


def project_term(desk: Desk, slug: str, iri: str) -> None:
    """After a patch: the rows of one term, from all that is said of it."""
    dataset = _dataset(desk, slug)
    terms = read(desk, slug, dataset, [NamedNode(iri)])
    put(desk, slug, dataset, terms, [] if terms else [iri])
    if not terms:
        _forget_if_empty(desk, slug, dataset)


def _state_in_index(desk: Desk, slug: str) -> str | None:
    name = vocabulary_writes.file_of(desk.index, slug)
    if name is None:
        return None
    return vocabulary_writes.about(desk.index.vocabularies.write(name), "full")


def _note_state(desk: Desk, slug: str, state: str) -> None:
    name = vocabulary_writes.file_of(desk.index, slug)
    if name is not None:
        with desk.index.vocabularies.write(name) as connection:
            vocabulary_writes.remember(connection, "full", state)


def _dataset(desk: Desk, slug: str) -> Dataset:
    row = desk.index.write.execute(
        "SELECT dataset FROM term_vocabulary WHERE slug = ?", (slug,)
    ).fetchone()
    return next((name for name in DATASETS if row and name == row[0]), "public")


# --- term by term --------------------------------------------------------------------------------


def _changed(desk: Desk, slug: str, bulk: Bulk) -> Iterator[Step]:
    subjects = _changed_subjects(desk, bulk)
    while page := list(islice(subjects, PAGE)):
        terms = read(desk, slug, bulk.dataset, page)
        standing = {term.iri for term in terms}
        gone = [concept.value for concept in page if concept.value not in standing]
        yield lambda t=terms, g=gone: put(desk, slug, bulk.dataset, t, g)  # type: ignore[misc]


def read(desk: Desk, slug: str, dataset: Dataset, concepts: list[NamedNode]) -> list[TermRow]:
    """The terms as they stand in both graphs of the vocabulary."""
    rows = desk.select("concept_statements", dataset, graphs=_graphs(desk, slug), concepts=concepts)
    said: dict[str, dict[str, set[concept_rows.Value]]] = {}
    for row in rows:
        is_iri = isinstance(row["o"], NamedNode)
        value = (row["o"].value, None if is_iri else row["o"].language or "")
        said.setdefault(row["s"].value, {}).setdefault(row["p"].value, set()).add(value)
    found = (concept_rows.term(iri, each) for iri, each in sorted(said.items()))
    return [term for term in found if term is not None]


def _graphs(desk: Desk, slug: str) -> list[NamedNode]:
    return [desk.names.graph("vocabulary", slug), desk.names.graph("terms", slug)]


def put(desk: Desk, slug: str, dataset: Dataset, terms: list[TermRow], gone: list[str]) -> None:
    labels.remove_terms(desk.index, slug, gone)
    if terms:
        labels.put_terms(desk.index, slug, dataset, terms)


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
    if not desk.ask("graph_holds_concepts", dataset, graphs=_graphs(desk, slug)):
        labels.remove_vocabulary(desk.index, slug)


# --- a whole vocabulary --------------------------------------------------------------------------


def _whole(desk: Desk, slug: str, dataset: Dataset, file: BulkFile) -> Iterator[Step]:
    """Build beside what is in use, add what was made by hand, and switch."""
    name = desk.index.vocabularies.new_name(slug)
    _build(desk, slug, file, name)
    connection = desk.index.vocabularies.write(name)
    since = desk.journal.last()
    made = desk.select("graph_subjects", dataset, graph=desk.names.graph("terms", slug))
    remaining = (row["subject"] for row in made if isinstance(row["subject"], NamedNode))
    while page := list(islice(remaining, PAGE)):
        vocabulary_writes.put(connection, read(desk, slug, dataset, page))
    yield lambda: _switch(desk, slug, dataset, name, since)
    yield lambda: vocabulary_writes.retire_replaced(desk.index)


def _build(desk: Desk, slug: str, file: BulkFile, name: str) -> None:
    target = desk.index.vocabularies.path(name)
    folder = target.with_suffix(".building")
    folder.mkdir()
    job = {
        "source": str(bulk_files.path(desk.bulk_folder, file)), "folder": str(folder),
        "target": str(target), "graph": desk.names.graph("vocabulary", slug).value,
        "state": file.sha256,
    }  # fmt: skip
    try:
        run_child(
            "server.domain.vocabulary_build", job, memory=_MEMORY, seconds=_SECONDS,
            on_message=lambda _message: None, stop=desk.stopping.is_set,
        )  # fmt: skip
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if not _is_complete(target):
        raise Damaged(_("The index of the vocabulary {slug} could not be made.", slug=slug))


def _is_complete(target: Path) -> bool:
    return target.is_file() and target.stat().st_size > 0


def _switch(desk: Desk, slug: str, dataset: Dataset, name: str, since: int) -> None:
    """In one step, with what was made by hand while the file was made."""
    prefix, concepts = desk.names.graph("terms", slug), set[NamedNode]()
    for entry in desk.journal.entries(since):
        change = Patch.from_json(entry.patch).change(dataset)
        for quad in (*change.remove, *change.add):
            if value_of(quad.graph_name) == prefix.value and isinstance(quad.subject, NamedNode):
                concepts.add(quad.subject)
    terms = read(desk, slug, dataset, sorted(concepts, key=str)) if concepts else []
    vocabulary_writes.point(desk.index, slug, dataset, name)
    standing = {term.iri for term in terms}
    put(desk, slug, dataset, terms, [c.value for c in concepts if c.value not in standing])

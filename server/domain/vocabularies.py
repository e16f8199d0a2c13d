"""Vocabularies: what is said of each, and loading what is no stranger's."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import statements, texts, vocabulary_loads, vocabulary_sources
from server.domain.accounts import Person
from server.domain.texts import Texts
from server.domain.vocabulary_loads import Options, Progress
from server.domain.vocabulary_sources import STARTERS as STARTERS
from server.domain.vocabulary_sources import starter_path
from server.errors import NotFound
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.index import labels
from server.names import DCTERMS, OWL, is_slug
from server.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What is said of a vocabulary as a whole; `licence` and `source` are IRIs or ""."""

    slug: str
    title: Texts
    description: Texts
    source: str
    licence: str
    attribution: Texts
    version: str
    terms: int
    labels: int


def starter(slug: str, reading: Reading) -> VocabularyData:
    """One of the vocabularies that come with the server."""
    return vocabulary_sources.read("skos", (starter_path(slug),), {}, reading)


def load(
    desk: Desk, organiser: Person, slug: str, data: VocabularyData, *, now: datetime,
    title: str = "", progress: Progress = lambda *_: None, reading: Reading | None = None,
) -> int:  # fmt: skip
    """Make the vocabulary hold exactly these concepts; returns how many statements changed.

    Read in this process: for what our own code says. `reading` is the one that the data came with.
    """
    options = Options(slug, "skos", title=title, replace=True)
    prepared = vocabulary_loads.prepare_data(
        desk, organiser, options, data, reading or Reading(), now=now, progress=progress
    )
    return vocabulary_loads.apply(desk, organiser, prepared, now=now, progress=progress).changed


def get_vocabulary(desk: Desk, viewer: Viewer, slug: str) -> Vocabulary:
    """Raises NotFound."""
    said = statements.about(desk, "public", desk.names.vocabulary(slug)) if is_slug(slug) else {}
    if not said:
        raise NotFound(_("There is no such vocabulary."))
    size = labels.count(viewer, desk.index, slug)
    return Vocabulary(
        slug=slug,
        title=texts.collect(said.get(DCTERMS.title, [])),
        description=texts.collect(said.get(DCTERMS.description, [])),
        source=statements.first(said, DCTERMS.source),
        licence=statements.first(said, DCTERMS.license),
        attribution=texts.collect(said.get(DCTERMS.rights, [])),
        version=statements.first(said, OWL.versionInfo),
        terms=size.terms,
        labels=size.labels,
    )


def find_vocabularies(desk: Desk, viewer: Viewer) -> list[Vocabulary]:
    slugs = [
        slug
        for row in desk.select("vocabularies_all")
        if (slug := desk.names.local(row["vocabulary"].value, "vocabulary"))
    ]
    return [get_vocabulary(desk, viewer, slug) for slug in slugs]

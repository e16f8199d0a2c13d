"""Any SKOS vocabulary, in any RDF syntax and as it really arrives, as plain SKOS.

The source is read once and sorted by subject on disk; then the subjects are gone through twice:
which are concepts (`skos_terms.find`), and what is said of them. Memory grows with the number of
terms that are left out or retired, and of those that have narrower ones, not with the source.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from server.errors import Malformed
from server.formats import packed_files, rdf_files, skos_terms
from server.formats.skos_survey import ABOUT_SCHEMES, TITLES, Survey
from server.formats.vocabularies import Reading, VocabularyData, as_triples
from server.i18n import _
from server.names import DCTERMS


@dataclass(frozen=True, slots=True)
class Options:
    """`scheme` is the IRI of the one whose concepts are taken, all if empty; `syntax` a media type,
    extension or file name that tells the syntax where the files' own names do not."""

    scheme: str = ""
    syntax: str = ""


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """The vocabulary in files, or folders and zips of them, packed or not.

    Raises `Malformed` where one cannot be read or there is no concept. Resources with blank nodes
    or unsafe IRIs for names are left out, and links that close a cycle of broader terms. Deprecated
    concepts, and those without a label that are `owl:sameAs` another, are retired.
    """
    survey = _survey(paths, options, reading)
    scheme = f"<{options.scheme}>" if options.scheme else survey.scheme
    found = skos_terms.find(survey, scheme, bool(options.scheme), reading)
    if not found.concepts:
        raise Malformed(_("There is no SKOS concept in it."))
    return VocabularyData(
        scheme[1:-1] if scheme else None,
        tuple(_metadata(scheme, found.about)) if scheme else (),
        skos_terms.in_plain_skos(survey, found, reading),
    )


def _survey(paths: Sequence[Path], options: Options, reading: Reading) -> Survey:
    survey = Survey(reading)
    files = packed_files.find(paths, rdf_files.is_rdf_name)
    total, before = sum(file.size for file in files), 0
    for number, file in enumerate(files):
        told = _teller(reading, before, total)
        for statements in rdf_files.read(file, survey.patterns, reading, told, options.syntax):
            survey.take(statements, number)
        before += file.size
    survey.finish()
    return survey


def _teller(reading: Reading, before: int, total: int) -> Callable[[int], None]:
    return lambda done: reading.progress(min(before + done, total), total)


def _metadata(
    scheme: str, about: skos_terms.Said
) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    """What is said of the scheme, with a title from the property that comes closest to one."""
    for predicate, value in about:
        if predicate in ABOUT_SCHEMES and predicate not in TITLES:
            yield from _pair(scheme, predicate, value)
    best = next((each for each in TITLES if any(p == each for p, _value in about)), None)
    for predicate, value in about:
        if predicate == best and value.startswith('"'):
            yield from _pair(scheme, str(DCTERMS["title"]), value)


def _pair(
    scheme: str, predicate: str, value: str
) -> Iterator[tuple[NamedNode, NamedNode | Literal]]:
    for triple in as_triples([f"{scheme} {predicate} {value}"]):
        if isinstance(triple.object, NamedNode | Literal):
            yield triple.predicate, triple.object

"""GeoNames' export as SKOS: places with their names in languages, positions and parents.

https://download.geonames.org/export/dump/readme.txt; the data is GeoNames', CC BY 4.0.

Twelve million places and more names stream through: what is held in memory are sets of bits, the
administrative divisions, and what the sort on disk takes. The first pass over the places checks
and chooses them; the second writes them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from server.errors import Malformed
from server.formats import geonames_labels, geonames_rows
from server.formats.geonames_files import NAMES, PLACES, Dump
from server.formats.geonames_package import SCHEME, metadata
from server.formats.geonames_rows import Place
from server.formats.geonames_tree import Ids, Tree
from server.formats.statement_texts import literal
from server.formats.vocabularies import Reading, VocabularyData
from server.i18n import _
from server.names import CH, GN, RDF, SKOS, WGS84, XSD
from server.sorting import Lines

_HEAD = (
    f"{RDF.type} {SKOS.Concept}", f"{RDF.type} {GN.Feature}", f"{SKOS.inScheme} {SCHEME}",
)  # fmt: skip
_GUIDE = f"{CH.guideTerm} {literal('true', datatype=XSD.boolean)}"
_NOTATION, _BROADER = str(SKOS.notation), str(SKOS.broader)
_LAT, _LONG = str(WGS84.lat), str(WGS84.long)
_CLASS, _CODE = str(GN.featureClass), str(GN.featureCode)
_COUNTRY, _POPULATION = str(GN.countryCode), str(GN.population)
_DECIMAL, _INTEGER = str(XSD.decimal), str(XSD.integer)


@dataclass(frozen=True, slots=True)
class Options:
    """What is taken; nothing said takes all.

    `feature_classes` are letters ("P") or letters with a code ("A.ADM1"), `countries` ISO 3166
    codes of two letters, `languages` tags whose names are taken beside those without language.
    What is above a chosen place comes along as guide term: not offered, but it tells places of one
    name apart.
    """

    feature_classes: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    min_population: int = 0
    languages: tuple[str, ...] = ()

    def choose(self, place: Place) -> bool:
        classes = self.feature_classes
        return (
            place.population >= self.min_population
            and (not self.countries or place.country in self.countries)
            and (not classes or place.kind in classes or f"{place.kind}.{place.code}" in classes)
        )

    def speaks(self, tag: str) -> bool:
        wanted = self.languages
        return not wanted or not tag or tag in wanted or tag.partition("-")[0] in wanted


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which places are chosen, which stand above these, and how they hang together."""

    chosen: Ids
    taken: Ids
    tree: Tree


def read(paths: Sequence[Path], options: Options, reading: Reading) -> VocabularyData:
    """Any of allCountries.txt, files of countries, alternateNamesV2, hierarchy, admin1CodesASCII,
    admin2Codes and countryInfo, as .txt, .zip or .gz, or a folder of these.

    Raises Malformed where there are no places in them, or none that is asked for.
    """
    dump = Dump(paths, reading)
    selection = _select(dump, options, reading)
    whole, even, odd = (
        partial(_statements, dump, options, reading, selection, parity) for parity in (None, 0, 1)
    )
    about = metadata(_described(options))
    return VocabularyData(SCHEME.value, about, whole(), (even, odd))


def _described(options: Options) -> str:
    said = []
    if options.feature_classes:
        said.append(f"feature classes {', '.join(options.feature_classes)}")
    if options.countries:
        said.append(f"countries {', '.join(options.countries)}")
    if options.min_population:
        said.append(f"at least {options.min_population:,} inhabitants")
    if options.languages:
        said.append(f"names in {', '.join(options.languages)}")
    return f"Places of GeoNames: {'; '.join(said) or 'all'}."


def _select(dump: Dump, options: Options, reading: Reading) -> _Selection:
    tree = Tree(dump, reading)
    present, chosen, taken = Ids(), Ids(), Ids()
    divisions: set[tuple[str, str, str]] = set()
    for row in dump.rows(PLACES):
        place = geonames_rows.place(row.cells)
        if isinstance(place, str):
            reading.fault(row.file, row.line, place)
            continue
        tree.learn(place)
        present.add(place.id)
        if options.choose(place):
            chosen.add(place.id)
            taken.add(place.id)
            divisions.add((place.country, place.admin1, place.admin2))
    if not divisions:
        raise Malformed(_("No place in it is one of those asked for."))
    for codes in divisions:
        for number in tree.divisions(*codes):
            if number in present:
                taken.add(number)
    tree.take_above(taken, present)
    return _Selection(chosen, taken, tree)


def _statements(
    dump: Dump, options: Options, reading: Reading, selection: _Selection, parity: int | None
) -> Iterator[str]:
    """All but the labels first; these need the names of a place together, by a sort on disk."""
    lines = Lines(reading.folder)
    for place in _places(dump, selection, reading, parity):
        yield from _about(place, selection)
        lines.add_texts(geonames_labels.lines_of_place(place, dump.has(NAMES)))
    names = _names(dump, options, reading, selection.taken, parity)
    while batch := list(islice(names, 1_000)):
        lines.add_texts(batch)
    yield from geonames_labels.statements(lines, reading)


def _places(
    dump: Dump, selection: _Selection, reading: Reading, parity: int | None
) -> Iterator[Place]:
    done = Ids()
    for row in dump.rows(PLACES, again=True, parity=parity):
        place = geonames_rows.place(row.cells)
        if isinstance(place, str) or place.id not in selection.taken:
            continue
        if place.id in done:
            reading.leave_out(_("places that stand in the files twice"))
            continue
        done.add(place.id)
        yield place


def _about(place: Place, selection: _Selection) -> Iterator[str]:
    iri = f"<https://sws.geonames.org/{place.id}/>"
    for said in _HEAD:
        yield f"{iri} {said}"
    yield f'{iri} {_NOTATION} "{place.id}"'
    yield f'{iri} {_LAT} "{place.lat:.5f}"^^{_DECIMAL}'
    yield f'{iri} {_LONG} "{place.long:.5f}"^^{_DECIMAL}'
    if place.kind:
        yield f"{iri} {_CLASS} <{GN}{place.kind}>"
        if place.code:
            yield f"{iri} {_CODE} <{GN}{place.kind}.{place.code}>"
    if place.country:
        yield f'{iri} {_COUNTRY} "{place.country}"'
    if place.population:
        yield f'{iri} {_POPULATION} "{place.population}"^^{_INTEGER}'
    if place.id not in selection.chosen:
        yield f"{iri} {_GUIDE}"
    for parent in _parents(place, selection):
        yield f"{iri} {_BROADER} <https://sws.geonames.org/{parent}/>"


def _parents(place: Place, selection: _Selection) -> list[int]:
    """Those that the hierarchy names, else the smallest division whose code the place has."""
    named = [each for each in selection.tree.named(place.id) if each in selection.taken]
    if named:
        return named
    by_codes = (each for each in selection.tree.above(place) if each in selection.taken)
    return [each for each in (next(by_codes, None),) if each is not None]


def _names(
    dump: Dump, options: Options, reading: Reading, taken: Ids, parity: int | None
) -> Iterator[str]:
    for number, row in enumerate(dump.rows(NAMES, parity=parity)):
        name = geonames_rows.name(row.cells)
        if isinstance(name, str):
            reading.fault(row.file, row.line, name)
        elif name is None:
            reading.leave_out(_("names that are links, codes or in no language"))
        elif name.place not in taken or not options.speaks(name.language):
            continue
        else:
            yield geonames_labels.line(name, number)

"""Files in the layout of Getty's explicit export, of any size, with made-up terms.

The layout is that of http://vocab.getty.edu/doc/ (sections 3 and 6.6): per vocabulary a zip of
N-Triples files, each about one kind of statement, text in ASCII with \\u escapes.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from server.names import CC, DC, DCTERMS, FOAF, GVP, OWL, RDF, SCHEMA, SKOS, SKOSXL, VOID, XSD

BASE = "http://vocab.getty.edu/"
LANGUAGES = ("en", "nl", "es", "de", "fr", "zh", "zh-latn-pinyin-x-notone", "el", "it", "la")
_WORDS = (
    "amphora", "basilica", "cr\u00e8che", "draper\u00eda", "\u00e9tag\u00e8re", "frieze", "gesso",
    "hydria", "intaglio", "jambs", "krater", "l\u00fcster", "\u6bdb\u7b46", "niello", "oculus",
    "\u03c0\u03ad\u03c0\u03bb\u03bf\u03c2", "quatrefoil", "rood", "sgraffito", "triptych",
)  # fmt: skip
Add = Callable[[str, object, str], None]


def write(
    target: Path, subjects: int, terms_each: int = 4, slug: str = "aat", *, first: int = 300000000
) -> Path:
    """Write an export of so many subjects to a folder, or a zip where the name ends so.

    Every tenth subject is a guide term, the first a facet, the second a hierarchy; each has its
    tenth below it as broader, and every fifth another one; the last is obsolete, replaced by the
    third.
    """
    with _files(target, f"{slug.upper()}Out_") as opened:
        write_subjects(opened("1Subjects"), slug, range(first, first + subjects))
        numbers = range(first, first + subjects)
        _terms(opened("2Terms"), slug, numbers, terms_each)
        _notes(opened("ScopeNotes"), slug, numbers)
        _hierarchy(opened("HierarchicalRels"), slug, numbers)
        _related(opened("AssociativeRels"), slug, numbers)
        _obsolete(opened("ObsoleteSubjects"), slug, numbers)
        _alignment(opened("WikidataAlignment"), slug, numbers)
        if slug == "tgn":
            _coordinates(opened("Coordinates"), slug, numbers)
        _revisions(opened("RevisionHistory"), slug, numbers)
    return target


def iri(slug: str, number: int | str) -> str:
    return f"<{BASE}{slug}/{number}>"


def text(value: str, lang: str = "") -> str:
    """A literal in ASCII, as the export writes it."""
    plain = value.replace("\\", "\\\\").replace('"', '\\"')
    escaped = "".join(c if c.isascii() else f"\\u{ord(c):04X}" for c in plain)
    return f'"{escaped}"' + (f"@{lang}" if lang else "")


def word(number: int, term: int) -> str:
    return f"{_WORDS[(number + term) % len(_WORDS)]} {_WORDS[number % 7]} ({number % 1000}.{term})"


@contextmanager
def _files(target: Path, start: str) -> Iterator[Callable[[str], Add]]:
    """A function that opens a file of the export, to which statements are then added."""
    archive = None
    if target.suffix == ".zip":
        archive = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
    else:
        target.mkdir(exist_ok=True)
    lines: list[str] = []
    current = [""]

    def flush() -> None:
        if not current[0]:
            return
        name, data = f"{start}{current[0]}.nt", "".join(lines)
        if archive:
            archive.writestr(name, data)
        else:
            (target / name).write_text(data)
        lines.clear()

    def opened(name: str) -> Add:
        flush()
        current[0] = name
        return lambda s, p, o: lines.append(f"{s} {p} {o} .\n")

    yield opened
    flush()
    if archive:
        archive.close()


def _kind(slug: str, numbers: range, number: int) -> str:
    if number == numbers[0]:
        return "Facet"
    if slug == "tgn":
        return "AdminPlaceConcept" if number % 3 else "PhysPlaceConcept"
    if slug == "ulan":
        return "PersonConcept" if number % 3 else "GroupConcept"
    if number == numbers[1]:
        return "Hierarchy"
    return "Concept" if number % 10 else "GuideTerm"


def write_subjects(add: Add, slug: str, numbers: range) -> None:
    for number in numbers[:-1]:
        node = iri(slug, number)
        add(node, GVP.displayOrder, f'"{number % 50 + 1}"^^{XSD.positiveInteger}')
        add(node, RDF.type, str(GVP[_kind(slug, numbers, number)]))
        add(node, GVP.parentString, text(f"{word(number, 0)}, {word(number, 1)}, Objects Facet"))
        add(node, GVP.parentStringAbbrev, text(f"{word(number, 0)}, ... Objects Facet"))
        add(node, VOID.inDataset, f"<{BASE}dataset/{slug}>")
        add(node, DC.identifier, text(str(number)))
        add(node, SKOS.inScheme, f"<{BASE}{slug}/>")
        add(node, DCTERMS.license, "<http://opendatacommons.org/licenses/by/1.0/>")
        add(node, CC.license, "<http://opendatacommons.org/licenses/by/1.0/>")


def _terms(add: Add, slug: str, numbers: range, terms_each: int) -> None:
    for number in numbers[:-1]:
        for term in range(terms_each):
            lang = LANGUAGES[term // 2 % len(LANGUAGES)]
            key = f"1{number:09d}{term:02d}"
            node, label = iri(slug, f"term/{key}-{lang}"), text(word(number, term), lang)
            kind = SKOSXL.altLabel if term % 2 else SKOSXL.prefLabel
            add(iri(slug, number), kind, node)
            if term == 0:
                add(iri(slug, number), GVP.prefLabelGVP, node)
            add(node, RDF.type, str(SKOSXL.Label))
            add(node, DC.identifier, text(key))
            add(node, SKOSXL.literalForm, label)
            add(node, GVP.term, label)
            add(node, DCTERMS.language, iri("aat", 300388277))
            add(node, GVP.displayOrder, f'"{term + 1}"^^{XSD.positiveInteger}')
            add(node, GVP.termType, "<http://vocab.getty.edu/term/type/Descriptor>")
            add(node, GVP.termPOS, "<http://vocab.getty.edu/term/POS/Noun>")
            add(node, GVP.termFlag, "<http://vocab.getty.edu/term/flag/Vernacular>")


def _notes(add: Add, slug: str, numbers: range) -> None:
    for number in numbers[:-1]:
        for place, lang in enumerate(("en", "es", "nl")[: number % 4]):
            node = iri(slug, f"scopeNote/{number}{place}")
            add(iri(slug, number), SKOS.scopeNote, node)
            add(node, RDF.type, str(GVP.ScopeNote))
            add(node, DCTERMS.language, iri("aat", 300388277))
            add(node, RDF.value, text(f'What one calls "{word(number, 0)}", said at length.', lang))


def _hierarchy(add: Add, slug: str, numbers: range) -> None:
    for place, number in enumerate(numbers[1:-1], 1):
        node, broader = iri(slug, number), iri(slug, numbers[place // 10])
        add(node, GVP.broaderPreferred, broader)
        add(node, GVP.broaderGeneric, broader)
        if place % 5 == 0:
            add(node, GVP.broaderNonPreferred, iri(slug, numbers[place // 3]))
        relation = iri(slug, f"rel/{number}-broader-{numbers[place // 10]}")
        add(relation, RDF.type, str(RDF.Statement))
        add(relation, RDF.subject, node)
        add(relation, RDF.predicate, str(GVP.broader))
        add(relation, RDF.object, broader)


def _related(add: Add, slug: str, numbers: range) -> None:
    for place, number in enumerate(numbers[2:-1], 2):
        if place % 4 == 0:
            other = iri(slug, numbers[place // 2])
            add(iri(slug, number), GVP[f"{slug}2841_distinguished_from"], other)


def _obsolete(add: Add, slug: str, numbers: range) -> None:
    node = iri(slug, numbers[-1])
    add(node, RDF.type, str(GVP.ObsoleteSubject))
    add(node, OWL.deprecated, f'"true"^^{XSD.boolean}')
    add(node, DCTERMS.isReplacedBy, iri(slug, numbers[2]))


def _alignment(add: Add, slug: str, numbers: range) -> None:
    for number in numbers[2:-1:7]:
        add(iri(slug, number), SKOS.exactMatch, f"<http://www.wikidata.org/entity/Q{number}>")


def _coordinates(add: Add, slug: str, numbers: range) -> None:
    for number in numbers[1:-1]:
        node = iri(slug, f"{number}-geometry")
        add(iri(slug, number), FOAF.focus, iri(slug, f"{number}-place"))
        add(iri(slug, f"{number}-place"), SCHEMA.geo, node)
        add(node, RDF.type, str(SCHEMA.GeoCoordinates))
        add(node, SCHEMA.latitude, f'"{number % 180 - 90}.25"^^{XSD.decimal}')
        add(node, SCHEMA.longitude, f'"{number % 360 - 180}.5"^^{XSD.decimal}')


def _revisions(add: Add, slug: str, numbers: range) -> None:
    for number in numbers[::3]:
        add(iri(slug, f"rev/{number}"), RDF.type, "nothing that is read")

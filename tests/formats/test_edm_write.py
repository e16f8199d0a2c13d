"""EDM as RDF/XML: valid where the source was, and with the same statements."""

import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from server.formats.edm_enrichments import entities
from server.formats.edm_order import EXTERNAL, INTERNAL, PREFIXES, Profile
from server.formats.edm_read import read_document
from server.formats.edm_write import collection_xml, profile_of, record_xml
from server.formats.records import Record
from server.names import DC, DCTERMS, EDM, ORE, PROV, RDF, RDFS, SKOS, WGS84, XSD

ITEM = NamedNode("http://data.example.org/item/7")
TERM = NamedNode("http://vocab.getty.edu/aat/300015050")
PLACE = NamedNode("https://sws.geonames.org/264371/")
SCHEMAS = {EXTERNAL.name: "EDM.xsd", INTERNAL.name: "EDM-INTERNAL.xsd"}


@cache
def schema(shared_data: Path, profile: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(shared_data / "edm-schema" / SCHEMAS[profile])))


def documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*/*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                for name in archive.namelist():
                    yield name, archive.read(name)
        else:
            yield path.name, path.read_bytes()


def valid_documents(shared_data: Path, profile: Profile) -> Iterator[tuple[str, bytes]]:
    parser = etree.XMLParser(resolve_entities=False)
    for name, data in documents(shared_data / "edm"):
        try:
            valid = schema(shared_data, profile.name).validate(etree.fromstring(data, parser))
        except etree.XMLSyntaxError:
            continue
        if valid:
            yield name, data


#: A record whose `edm:rights` is an empty address, which the XSD allows, and reading does not;
#: and 346 objects in one document, of which only one has proxies and an aggregation.
NOT_ALONE = {"sampleEDMRecord.xml", "Item_27253459.xml"}


def readable_records(shared_data: Path, profile: Profile) -> Iterator[Record]:
    for name, data in valid_documents(shared_data, profile):
        if name not in NOT_ALONE:
            for record in read_document(name, data, base="http://127.0.0.1:8000/"):
                assert isinstance(record, Record), record
                yield record


def triples_of(data: bytes) -> list[Triple]:
    found = parse(data, format=RdfFormat.RDF_XML, base_iri="http://data.europeana.eu/")
    return [quad.triple for quad in found]


def record_triples(record: Record) -> list[Triple]:
    return [quad.triple for quad in parse("\n".join(record.lines), format=RdfFormat.N_TRIPLES)]


def item_of(triples: list[Triple]) -> NamedNode:
    item = next(t.subject for t in triples if t.object == EDM.ProvidedCHO)
    assert isinstance(item, NamedNode)
    return item


def enriched(triples: list[Triple]) -> list[Triple]:
    item = item_of(triples)
    described = {
        TERM: [
            (TERM, RDF.type, SKOS.Concept),
            (TERM, SKOS.prefLabel, Literal("textiles", language="en")),
            (TERM, SKOS.scopeNote, Literal("Woven <things> & felts", language="en")),
            (TERM, SKOS.broader, NamedNode("http://vocab.getty.edu/aat/300014063")),
            (TERM, SKOS.inScheme, NamedNode("http://vocab.getty.edu/aat/")),
        ],
        PLACE: [
            (PLACE, RDF.type, SKOS.Concept),
            (PLACE, SKOS.prefLabel, Literal("Athens", language="en")),
            (PLACE, WGS84.lat, Literal("37.98", datatype=XSD.decimal)),
            (PLACE, WGS84.long, Literal("23.73", datatype=XSD.decimal)),
            (PLACE, SKOS.inScheme, NamedNode("https://www.geonames.org/")),
        ],
    }
    values = [(DC.subject, TERM), (DCTERMS.spatial, PLACE)]
    added = [(item, *value) for value in values] + list(entities(values, described))
    return triples + [Triple(*statement) for statement in added]


@pytest.mark.parametrize("profile", [EXTERNAL, INTERNAL], ids=lambda profile: profile.name)
def test_the_order_is_the_one_of_the_schemas(shared_data: Path, profile: Profile) -> None:
    main = "EDM-EXTERNAL-MAIN.xsd" if profile is EXTERNAL else "EDM-INTERNAL-MAIN.xsd"
    names = [main, "EDM-COMMON-MAIN.xsd", "CONTEXTS.xsd", "ORE.xsd", "SKOS.xsd", "CC.xsd",
             "SVCS.xsd", "FOAF.xsd", "DCAT.xsd"]  # fmt: skip
    roots = [etree.parse(str(shared_data / "edm-schema" / name)).getroot() for name in names]
    unwritten = {"dqv:hasQualityAnnotation"}
    for order in profile.classes.values():
        wanted = [name for name in sequence(roots, order.name) if name.rstrip("!") not in unwritten]
        ours = [e.name + "!" * e.single for e in order.elements.values()]
        assert ours == wanted, order.name


XS = "{http://www.w3.org/2001/XMLSchema}"


def sequence(roots: list[etree._Element], name: str) -> list[str]:
    """The children that the schemas list for a class; `!` marks those of at most one."""
    prefix, local = name.split(":")
    for root in roots:
        if root.get("targetNamespace") != PREFIXES[prefix]:
            continue
        found = root.find(f"{XS}complexType[@name='{local}Type']")
        if found is None:
            found = root.find(f"{XS}element[@name='{local}']/{XS}complexType")
        if found is not None:
            return children(roots, found)
    raise LookupError(name)


def children(roots: list[etree._Element], kind: etree._Element) -> list[str]:
    extension = kind.find(f"{XS}complexContent/{XS}extension")
    assert extension is not None
    base = extension.get("base", "")
    found = [] if base == "rdf:AboutType" else sequence(roots, base.removesuffix("Type"))
    for element in extension.iter(f"{XS}element"):
        ref = element.get("ref") or f"edm:{element.get('name')}"
        namespace = element.nsmap.get(ref.split(":")[0])
        prefix = next((p for p, iri in PREFIXES.items() if iri == namespace), "dqv")
        ref = f"{prefix}:{ref.split(':')[1]}"
        bounds = {element.get("maxOccurs", "1"), element.getparent().getparent().get("maxOccurs")}
        found.append(ref if "unbounded" in bounds or "6" in bounds else ref + "!")
    return found


@pytest.mark.parametrize("profile", [EXTERNAL, INTERNAL], ids=lambda profile: profile.name)
def test_valid_records_stay_valid_with_the_same_statements(
    shared_data: Path, profile: Profile
) -> None:
    count = 0
    for name, data in valid_documents(shared_data, profile):
        try:
            triples = triples_of(data)
        except SyntaxError:
            continue  # repaired first, in the next test
        assert profile_of(triples) is profile, name
        written = record_xml(item_of(triples).value, triples)
        schema(shared_data, profile.name).assertValid(etree.fromstring(written))
        assert set(triples_of(written)) == set(triples), name
        count += 1
    assert count >= (11 if profile is EXTERNAL else 5)


@pytest.mark.parametrize("profile", [EXTERNAL, INTERNAL], ids=lambda profile: profile.name)
def test_records_that_were_read_and_repaired_are_valid_again(
    shared_data: Path, profile: Profile
) -> None:
    count = 0
    for record in readable_records(shared_data, profile):
        written = record_xml(record.item, record_triples(record))
        schema(shared_data, profile.name).assertValid(etree.fromstring(written))
        count += 1
    assert count >= (13 if profile is EXTERNAL else 6)


def test_external_records_with_an_enrichment_are_valid(shared_data: Path) -> None:
    for record in readable_records(shared_data, EXTERNAL):
        triples = enriched(record_triples(record))
        written = record_xml(record.item, triples)
        schema(shared_data, "external").assertValid(etree.fromstring(written))
        back = set(triples_of(written))
        assert Triple(NamedNode(record.item), DC.subject, TERM) in back
        assert Triple(TERM, RDF.type, SKOS.Concept) in back
        assert Triple(TERM, SKOS.note, Literal("Woven <things> & felts", language="en")) in back
        assert Triple(PLACE, RDF.type, EDM.Place) in back
        assert Triple(PLACE, WGS84.lat, Literal("37.98")) in back


def test_internal_records_with_our_proxy_are_valid(shared_data: Path) -> None:
    ours = NamedNode("http://127.0.0.1:8000/proxy/x")
    for record in readable_records(shared_data, INTERNAL):
        triples = record_triples(record)
        proxies = [t.subject for t in triples if t.object == ORE.Proxy]
        triples += [
            Triple(ours, RDF.type, ORE.Proxy),
            Triple(ours, ORE.proxyFor, NamedNode(record.item)),
            Triple(ours, ORE.proxyIn, NamedNode("http://127.0.0.1:8000/aggregation/x")),
            Triple(ours, EDM.europeanaProxy, Literal("false", datatype=XSD.boolean)),
            Triple(ours, ORE.lineage, proxies[0]),
            Triple(ours, DC.subject, TERM),
            Triple(ours, PROV.wasDerivedFrom, NamedNode("http://127.0.0.1:8000/annotation/1")),
        ]
        tree = etree.fromstring(record_xml(record.item, triples))
        schema(shared_data, "internal").assertValid(tree)
        written = tree.findall("{http://www.openarchives.org/ore/terms/}Proxy")
        assert [p.get(f"{{{RDF}}}about") for p in written].index(ours.value) == 1


def test_a_collection_is_one_valid_document(shared_data: Path) -> None:
    records = []
    for name, data in documents(shared_data / "edm"):
        if name.startswith(("Record", "EKT", "ecc", "valid", "Lithuania")):
            found = read_document(name, data, base="http://127.0.0.1:8000/")
            records += [(r.item, record_triples(r)) for r in found if isinstance(r, Record)]
    written = b"".join(collection_xml(records))
    schema(shared_data, "external").assertValid(etree.fromstring(written))
    wanted = {triple for _item, triples in records for triple in triples}
    assert len(records) >= 10
    assert {t for t in wanted if t.predicate == DC["title"]} <= set(triples_of(written))


def minimal(*more: Triple) -> list[Triple]:
    aggregation = NamedNode(ITEM.value + "/aggregation")
    return [
        Triple(aggregation, RDF.type, ORE.Aggregation),
        Triple(ITEM, RDF.type, EDM.ProvidedCHO),
        Triple(ITEM, EDM.type, Literal("IMAGE")),
        Triple(aggregation, EDM.rights, NamedNode("http://rightsstatements.org/vocab/InC/1.0/")),
        Triple(aggregation, EDM.provider, Literal("P")),
        Triple(aggregation, EDM.aggregatedCHO, ITEM),
        *more,
    ]


def test_what_the_schema_does_not_allow_is_left_out(shared_data: Path) -> None:
    image = NamedNode("http://data.example.org/a.jpg")
    allowed = minimal(Triple(ITEM, DC["title"], Literal("T", language="en")))
    refused = [
        Triple(ITEM, RDFS.label, Literal("no such property")),
        Triple(ITEM, DC["title"], image),  # a literal only
        Triple(ITEM, EDM.isNextInSequence, Literal("a resource only")),
        Triple(NamedNode(ITEM.value + "/aggregation"), EDM.ugc, Literal("false")),
        Triple(image, RDF.type, RDFS.Resource),
        Triple(TERM, SKOS.prefLabel, Literal("without a class")),
    ]
    written = record_xml(ITEM.value, allowed + refused)
    schema(shared_data, "external").assertValid(etree.fromstring(written))
    assert set(triples_of(written)) == set(allowed)


def test_only_one_stands_where_the_schema_wants_one(shared_data: Path) -> None:
    aggregation = NamedNode(ITEM.value + "/aggregation")
    pages = [NamedNode(f"http://data.example.org/{n}") for n in (2, 1, 3)]
    more = [Triple(aggregation, EDM.isShownAt, page) for page in pages]
    written = record_xml(ITEM.value, minimal(*more, *more))
    schema(shared_data, "external").assertValid(etree.fromstring(written))
    assert written.count(b"isShownAt") == 1


def test_typed_values_are_written_as_the_schema_wants_them(shared_data: Path) -> None:
    image = NamedNode("http://data.example.org/a.jpg")
    ebucore = "http://www.ebu.ch/metadata/ontologies/ebucore/ebucore#"
    more = [
        Triple(image, RDF.type, EDM.WebResource),
        Triple(image, NamedNode(ebucore + "width"), Literal("640")),
        Triple(image, NamedNode(ebucore + "hasMimeType"), Literal("image/jpeg")),
        Triple(image, EDM.componentColor, Literal("#F0E68C")),  # not the schema's pattern
        Triple(ITEM, DC.date, Literal("1928", datatype=XSD.gYear)),
    ]
    written = record_xml(ITEM.value, minimal(*more))
    schema(shared_data, "external").assertValid(etree.fromstring(written))
    back = triples_of(written)
    width = Literal("640", datatype=XSD.integer)
    assert Triple(image, NamedNode(ebucore + "width"), width) in back
    assert Triple(ITEM, DC.date, Literal("1928")) in back
    assert b"F0E68C" not in written


def test_the_same_statement_twice_is_written_once() -> None:
    assert record_xml(ITEM.value, minimal() * 3) == record_xml(ITEM.value, minimal())


@given(st.text(), st.sampled_from(["", "en", "el-GR"]))
def test_any_text_comes_back_as_far_as_xml_can_hold_it(text: str, language: str) -> None:
    literal = Literal(text, language=language or None)
    back = triples_of(record_xml(ITEM.value, minimal(Triple(ITEM, DC["title"], literal))))
    possible = "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))
    (title,) = [t.object for t in back if t.predicate == DC["title"]]
    assert title == Literal(possible, language=language or None)


def test_hostile_addresses_cannot_leave_their_attribute() -> None:
    odd = NamedNode("http://data.example.org/?a=1&b='x'")
    back = triples_of(record_xml(ITEM.value, minimal(Triple(ITEM, DC.subject, odd))))
    assert Triple(ITEM, DC.subject, odd) in back

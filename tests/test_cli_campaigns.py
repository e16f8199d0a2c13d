"""`crowdheritage campaign`: the real command, as a process of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from server.domain import campaigns, opening, vocabularies
from server.domain.campaigns import Campaign
from server.formats.vocabularies import VocabularyData, as_statements
from server.names import CH, DC, RDF, SKOS, WGS84
from server.settings import Settings
from server.viewers import Viewer
from tests import sites, worlds

COLOURS, TOWNS = "http://colours.example.org/", "http://towns.example.org/"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """With words, a colour and a town to choose from."""
    folder = tmp_path_factory.mktemp("campaigns") / "data"
    with opening.opened(worlds.create(folder)) as desk:
        organiser = worlds.furnish(desk).organiser
        red, oia = NamedNode(f"{COLOURS}red"), NamedNode(f"{TOWNS}oia")
        for slug, base, of in (
            ("colours", COLOURS, [(red, CH.hex, Literal("#FF0000"))]),
            ("towns", TOWNS, [(oia, WGS84.lat, Literal("36.46")),
                              (oia, WGS84.long, Literal("25.38"))]),
        ):  # fmt: skip
            term = of[0][0]
            label = Literal(slug, language="en")
            said = [(term, RDF.type, SKOS.Concept), (term, SKOS.prefLabel, label), *of]
            triples = [Triple(*each) for each in said]
            terms = VocabularyData(base, (), as_statements(triples))
            vocabularies.load(desk, organiser, slug, terms, now=worlds.now())
    yield folder


def create(data: Path, slug: str, *arguments: str) -> Campaign:
    named = ("--slug", slug, "--title", slug.title(), "--collection", "prints")
    sites.command(data, "campaign", "create", *named, *arguments)
    with opening.opened(Settings(data=data, min_free=0)) as desk:
        return campaigns.get_campaign(desk, Viewer(sees_work=True), slug)


@pytest.mark.parametrize(
    ("preset", "kinds", "terms"),
    [
        ("basic", [CH.SemanticTag, CH.FreeTag, CH.Comment], {"kinds", "colours", "towns"}),
        ("places", [CH.Place], {"towns"}),
        ("colours", [CH.ColourTag], {"colours"}),
        ("translation", [CH.Translation], set()),
        ("comparison", [CH.Comparison], set()),
        ("checking", [CH.Question], set()),
    ],
)
def test_a_preset_asks_its_questions_with_the_vocabularies_that_fit(
    data: Path, preset: str, kinds: list[NamedNode], terms: set[str]
) -> None:
    made = create(data, f"from-{preset}", "--preset", preset)
    assert [task.kind for task in made.tasks] == [kind.value for kind in kinds]
    assert {slug for task in made.tasks for slug in task.every_vocabulary} == terms
    assert made.collections == ("prints",) and made.state == "draft"


def test_vocabularies_that_are_named_are_taken_as_they_are(data: Path) -> None:
    made = create(data, "named", "--preset", "basic", "--vocabulary", "kinds")
    assert [task.vocabularies for task in made.tasks] == [("kinds",), (), ()]


def test_without_a_preset_one_question_is_asked(data: Path) -> None:
    made = create(data, "plain", "--question", "What is it?", "--field", "dc:type", "--open")
    (task,) = made.tasks
    assert (task.question, task.field) == ({"en": "What is it?"}, DC.type.value)
    assert made.state == "open"


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--preset", "nothing"), 2, "nothing"),
        (("--preset", "places", "--field", "dc:type"), 2, "--field"),
        (("--preset", "places", "--vocabulary", "none"), 1, "none"),
        (("--preset", "basic", "--collection", "none"), 1, "none"),
    ],
)
def test_what_makes_no_campaign_is_refused_in_words(
    data: Path, arguments: tuple[str, ...], status: int, words: str
) -> None:
    named = ("--slug", "wrong", "--title", "Wrong")
    done = sites.command(data, "campaign", "create", *named, *arguments, check=False)
    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_the_help_says_what_each_preset_is(data: Path) -> None:
    shown = " ".join(sites.command(data, "campaign", "create", "--help").stdout.split())
    for words in ("basic: Terms and tags", "places: Places on a map", "translation: Translations"):
        assert words in shown


def test_a_campaign_goes_into_a_file_and_comes_out_of_it(data: Path, tmp_path: Path) -> None:
    made = create(data, "written", "--preset", "translation")
    text = sites.command(data, "campaign", "export", "written").stdout
    file = tmp_path / "read.ttl"
    file.write_text(text.replace("campaign/written", "campaign/read"), encoding="utf-8")
    sites.command(data, "campaign", "create", str(file))
    with opening.opened(Settings(data=data, min_free=0)) as desk:
        read = campaigns.get_campaign(desk, Viewer(sees_work=True), "read")
    assert (read.tasks, read.layout, read.feedback) == (made.tasks, "metadata", "rating")
    assert sites.command(data, "campaign", "list").stdout.count("read\t") == 1

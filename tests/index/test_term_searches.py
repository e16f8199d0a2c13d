"""Scopes, identifiers, notes, typos and use: each finds what it should, and nothing hidden."""

import gc
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.opening import SCHEMAS
from server.index import (
    contributions,
    labels,
    misspelled_words,
    term_scopes,
    vocabulary_words,
    vocabulary_writes,
)
from server.index.contributions import AnnotationRow
from server.index.database import Database
from server.index.folding import fold
from server.index.labels import Scope, TermRow
from server.viewers import PUBLIC

TERM = "http://example.org/"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "index.sqlite", SCHEMAS)
    yield opened
    opened.close()


def term(name: str, *texts: str, broader: str = "", **values: object) -> TermRow:
    """Labels in English, the first preferred."""
    kinds = ["pref", *["alt"] * len(texts)]
    found = tuple((kind, text, "en") for kind, text in zip(kinds, texts, strict=False))
    up = tuple(TERM + each for each in broader.split())
    return TermRow(TERM + name, found, up, **values)  # type: ignore[arg-type]


def load(database: Database, *rows: TermRow, vocabulary: str = "v") -> None:
    labels.replace_vocabulary(database, vocabulary, "public", rows)
    database.write.commit()
    vocabulary_writes.retire_replaced(database)


def suggest(database: Database, text: str, **options: object) -> list[str]:
    found = labels.suggest(PUBLIC, database, text, **options)  # type: ignore[arg-type]
    return [each.iri.removeprefix(TERM) for each in found]


# --- scopes --------------------------------------------------------------------------------------


def tree(database: Database) -> None:
    load(
        database,
        term("things", "things"), term("animals", "animals", broader="things"),
        term("birds", "birds", broader="animals"),
        term("robin", "robin redbreast", broader="birds pets", classes=(TERM + "Species",)),
        term("pets", "pets", broader="things"), term("red", "red"),
        term("loop", "red loop", broader="knot"), term("knot", "red knot", broader="loop"),
    )  # fmt: skip


@pytest.mark.parametrize("large", [False, True])
def test_a_branch_is_searched_over_every_broader_term_and_nothing_else_is(
    database: Database, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(term_scopes, "_MOST_TERMS", 1)
    tree(database)
    for branch in ("things", "animals", "pets", "robin"):
        assert suggest(database, "red", scopes=[Scope("v", (TERM + branch,))]) == ["robin"]
    assert suggest(database, "red", scopes=[Scope("v", (TERM + "nowhere",))]) == []
    assert suggest(database, "red", scopes=[Scope("w", (TERM + "things",))]) == []
    in_class = Scope("v", classes=(TERM + "Species",))
    assert suggest(database, "red", scopes=[in_class]) == ["robin"]
    assert suggest(database, "breast", scopes=[in_class]) == []
    both = Scope("v", (TERM + "birds",), (TERM + "Nothing",))
    assert suggest(database, "red", scopes=[both]) == []
    assert sorted(suggest(database, "red", scopes=[Scope("v", (TERM + "loop",))])) == [
        "knot", "loop",
    ]  # fmt: skip


def test_a_term_that_moves_into_a_branch_is_found_there_at_once(database: Database) -> None:
    tree(database)
    scope = Scope("v", (TERM + "birds",))
    assert suggest(database, "red", scopes=[scope]) == ["robin"]
    labels.put_terms(database, "v", "public", [term("red", "red kite", broader="birds")])
    assert suggest(database, "red", scopes=[scope]) == ["red", "robin"]
    assert labels.below(PUBLIC, database, TERM + "birds", "v") == 2


def test_a_scope_offers_what_is_in_it(database: Database) -> None:
    tree(database)
    robin, birds = TERM + "robin", Scope("v", (TERM + "birds",))
    assert labels.offers(PUBLIC, database, robin, [birds])
    assert labels.offers(PUBLIC, database, robin, [Scope("w"), Scope("v")])
    assert not labels.offers(PUBLIC, database, TERM + "red", [birds])
    assert not labels.offers(PUBLIC, database, robin, [])
    assert not labels.offers(PUBLIC, database, robin, [Scope("v", classes=(TERM + "Other",))])


def test_up_to_200_terms_are_shown_whole(database: Database) -> None:
    load(database, *(term(f"n{n}", f"{n:04}", guide=n == 0) for n in range(201)))
    found = labels.whole(PUBLIC, database, [Scope("v")], "en")
    assert found is not None
    assert [each.label for each in found] == [f"{n:04}" for n in range(1, 201)]
    labels.put_terms(database, "v", "public", [term("more", "more")])
    assert labels.whole(PUBLIC, database, [Scope("v")], "en") is None


WORDS = st.sampled_from(["red", "rot", "rote", "blue", "green", "gren"])
TREE = st.lists(
    st.tuples(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), st.integers(0, 9)),
    min_size=1, max_size=10,
)  # fmt: skip


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(terms=TREE, typed=st.lists(WORDS, min_size=1, max_size=2), start=st.integers(0, 9))
def test_a_search_in_a_branch_finds_what_a_plain_comparison_finds(
    database: Database, terms: list[tuple[str, int]], typed: list[str], start: int
) -> None:
    rows = [term(f"{n}", text, broader=f"{up}") for n, (text, up) in enumerate(terms)]
    load(database, *rows)
    query = " ".join(word[:2] for word in typed)
    inside = {start} if start < len(terms) else set()
    while more := {n for n, (_text, up) in enumerate(terms) if up in inside} - inside:
        inside |= more
    expected = {
        f"{n}"
        for n in inside
        if all(any(word.startswith(q) for word in terms[n][0].split()) for q in query.split())
        or terms[n][0].replace(" ", "").startswith(query.replace(" ", ""))
    }
    scope = Scope("v", (f"{TERM}{start}",))
    exact = labels.suggest(PUBLIC, database, query, scopes=[scope], limit=20)
    assert {e.iri.removeprefix(TERM) for e in exact if e.match != "typo"} == expected


# --- identifiers, parts of words, notes ---------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "300015050", "aat:300015050", " http://vocab.getty.edu/aat/300015050",
        "https://vocab.getty.edu/page/aat/300015050", "<http://vocab.getty.edu/aat/300015050>",
    ],
)  # fmt: skip
def test_a_term_of_the_aat_is_found_by_what_people_paste(database: Database, typed: str) -> None:
    row = TermRow(
        "http://vocab.getty.edu/aat/300015050", (("pref", "oil paint", "en"),),
        notations=("300015050",),
    )  # fmt: skip
    load(database, row, vocabulary="aat")
    (found,) = labels.suggest(PUBLIC, database, typed)
    assert (found.label, found.match) == ("oil paint", "identifier")
    assert labels.suggest(PUBLIC, database, "tgn:300015050") == []


@pytest.mark.parametrize(
    ("iri", "typed"),
    [
        ("http://www.wikidata.org/entity/Q42", "Q42"),
        ("http://www.wikidata.org/entity/Q42", "q42"),
        ("http://www.wikidata.org/entity/Q42", "https://www.wikidata.org/wiki/Q42"),
        ("http://www.wikidata.org/entity/Q42", "https://m.wikidata.org/wiki/Q42#P31"),
        ("https://sws.geonames.org/264371/", "264371"),
        ("https://sws.geonames.org/264371/", "http://sws.geonames.org/264371"),
        ("https://sws.geonames.org/264371/", "https://www.geonames.org/264371/athens.html"),
    ],
)
def test_identifiers_and_addresses_of_pages_stand_for_terms(
    database: Database, iri: str, typed: str
) -> None:
    load(database, TermRow(iri, (("pref", "Anything", "en"),)))
    assert [each.iri for each in labels.suggest(PUBLIC, database, typed)] == [iri]


def test_an_identifier_offers_no_retired_term(database: Database) -> None:
    load(database, term("a", "old", notations=("12345",), deprecated=True))
    assert suggest(database, "12345") == suggest(database, TERM + "a") == []


@pytest.mark.parametrize("scanned", [True, False])
def test_text_in_quotes_is_found_inside_words(
    database: Database, monkeypatch: pytest.MonkeyPatch, scanned: bool
) -> None:
    if not scanned:
        monkeypatch.setattr("server.index.substrings._SCANNED", 0)
    load(database, term("a", "Hamburg"), term("b", "Burgos"), term("c", "Luxemb urg"))
    assert sorted(suggest(database, '"burg"')) == ["a", "b"]
    assert suggest(database, "“mbur”") == ["a"]
    assert suggest(database, '"emb ur"') == ["c"]
    assert suggest(database, '"burx"') == []
    assert suggest(database, '"burg"', scopes=[Scope("v", (TERM + "a",))]) == ["a"]
    labels.put_terms(database, "v", "public", [term("d", "Freiburg")])
    assert sorted(suggest(database, '"burg"')) == ["a", "b", "d"]


def test_words_after_two_colons_are_looked_for_in_notes(database: Database) -> None:
    load(
        database,
        term("hue", "red", notes=(("A hue of blood", "en"),)),
        term("wine", "red", notes=(("Made of grapes.", "en"), ("Vin", "fr"))),
        term("none", "red"),
    )
    assert suggest(database, "red :: grap") == ["wine"]
    assert suggest(database, "re::of blood") == ["hue"]
    assert suggest(database, ":: made") == ["wine"]
    assert suggest(database, "blue :: made") == suggest(database, "red :: xyz") == []
    labels.put_terms(database, "v", "public", [term("wine", "red", notes=(("Other", "en"),))])
    assert suggest(database, ":: made") == []
    assert suggest(database, ":: oth") == ["wine"]


# --- typos ---------------------------------------------------------------------------------------

NAMES = [
    "Amsterdam", "Rome", "San Francisco", "Christchurch", "Art Nouveau", "Köln", "Санкт Петербург",
    "Θεσσαλονίκη", "Newcastle upon Tyne", "chair", "watercolour",
]  # fmt: skip


@pytest.fixture(params=["built", "added"])
def named(database: Database, request: pytest.FixtureRequest) -> Database:
    rows = [term(f"{n}", name) for n, name in enumerate(NAMES)]
    load(database, *(rows if request.param == "built" else rows[:1]))
    labels.put_terms(database, "v", "public", rows[1:])
    return database


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("amstredam", "Amsterdam"), ("amstrd", "Amsterdam"), ("masterdam", "Amsterdam"),
        ("rme", "Rome"), ("roem", "Rome"), ("san fransico", "San Francisco"),
        ("christchuch", "Christchurch"), ("kristchurch", "Christchurch"),
        ("artnouveau", "Art Nouveau"), ("art-nouveau", "Art Nouveau"), ("artnuveau", "Art Nouveau"),
        ("koeln", "Köln"), ("koln", "Köln"), ("санкт петербруг", "Санкт Петербург"),
        ("θεσαλονικη", "Θεσσαλονίκη"), ("ΘΕΣΣΑΛΟΝΊΚΗ", "Θεσσαλονίκη"),
        ("newcastel upon", "Newcastle upon Tyne"), ("chiar", "chair"), ("chhair", "chair"),
        ("water colour", "watercolour"), ("watrecolor", "watercolour"), ("masetrdam", "Amsterdam"),
        ("krristchurch", "Christchurch"), ("newcastle upon tzyxne", "Newcastle upon Tyne"),
    ],
)  # fmt: skip
def test_misspelled_labels_are_understood(named: Database, typed: str, name: str) -> None:
    assert labels.suggest(PUBLIC, named, typed)[0].label == name


@given(data=st.data(), word=st.text("abcde", min_size=9, max_size=12))
def test_two_edits_of_a_long_word_leave_a_form_that_its_beginning_has(
    data: st.DataObject, word: str
) -> None:
    typed = word
    for _edit in range(2):
        n = data.draw(st.integers(0, len(typed) - 1))
        before, after = typed[:n], typed[n:]
        kinds = [before + "x" + after, before + after[1:], before + "x" + after[1:]]
        kinds += [before + after[1] + after[0] + after[2:]] if len(after) > 1 else []
        typed = data.draw(st.sampled_from(kinds))
    tried = misspelled_words.tried(typed, 1) | misspelled_words.tried(typed, 2)
    assert vocabulary_words.forms(word[:7]) & tried


@pytest.mark.parametrize("typed", ["rx", "xyzzy", "amxxxxdam", "chr", "12345", "ro me x y z q w"])
def test_what_is_too_far_from_every_label_finds_nothing_misspelled(
    named: Database, typed: str
) -> None:
    assert all(each.match != "typo" for each in labels.suggest(PUBLIC, named, typed))


def test_what_fits_comes_before_what_is_misspelled(database: Database) -> None:
    load(database, term("a", "crate"), term("b", "crater"), term("c", "grater"), term("d", "crane"))
    found = labels.suggest(PUBLIC, database, "crat")
    assert [each.match for each in found[:2]] == ["prefix", "prefix"]
    assert {each.match for each in found[2:]} <= {"typo"}


def test_a_misspelled_word_of_a_removed_label_is_offered_no_more(database: Database) -> None:
    load(database, term("a", "lighthouse"), term("b", "boat"))
    assert suggest(database, "lihgthouse") == ["a"]
    labels.remove_terms(database, "v", [TERM + "a"])
    assert suggest(database, "lihgthouse") == []


# --- use -----------------------------------------------------------------------------------------


def annotate(database: Database, name: str, campaign: str, number: int, status: str) -> None:
    iri = f"http://example.org/annotation/{campaign}-{number}"
    row = AnnotationRow(
        iri, campaign, f"item{number}", "ch:SemanticTag", 1, "dc:subject", "", TERM + name, "",
        status, 1, 0, 0, "2026-11-22",
    )  # fmt: skip
    with database.write:
        contributions.put_annotation(database.write, row, [])


def test_what_a_campaign_uses_comes_first_among_what_fits_alike(database: Database) -> None:
    load(
        database,
        term("a", "red"),
        term("b", "redden"),
        term("c", "redwoods"),
        term("d", "dark red"),
    )
    assert suggest(database, "red") == ["a", "b", "c", "d"]
    annotate(database, "c", "one", 1, "pending")
    annotate(database, "d", "one", 2, "published")
    assert suggest(database, "red", campaign="one", standing=True) == ["a", "c", "b", "d"]
    assert suggest(database, "red", campaign="one") == ["a", "b", "c", "d"]
    assert suggest(database, "red", campaign="two") == ["a", "b", "c", "d"]
    annotate(database, "c", "one", 1, "published")
    assert suggest(database, "red") == ["a", "c", "b", "d"]
    annotate(database, "c", "one", 1, "rejected")
    assert suggest(database, "red", campaign="one", standing=True) == ["a", "b", "c", "d"]


def test_the_most_used_are_counted_as_they_may_be_seen(database: Database) -> None:
    load(database, term("a", "red"), term("b", "blue"), term("old", "grey", deprecated=True))
    for number, (name, status) in enumerate(
        [("b", "pending"), ("b", "accepted"), ("a", "published"), ("old", "published"),
         ("b", "withdrawn"), ("b", "orphaned")]
    ):  # fmt: skip
        annotate(database, name, "one", number, status)

    def used(campaign: str, standing: bool) -> list[tuple[str, int]]:
        found = labels.most_used(PUBLIC, database, campaign, [Scope("v")], "en", 10, standing)
        return [(each.iri.removeprefix(TERM), each.used) for each in found]

    assert used("one", True) == [("b", 2), ("a", 1)]
    assert used("one", False) == [("a", 1)]
    assert used("two", True) == []
    assert labels.used_most(PUBLIC, database, "v", 5) == [(TERM + "a", 1), (TERM + "old", 1)]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from(["one", "two"]), st.integers(0, 3),
            st.sampled_from(["pending", "published", "rejected", "withdrawn", None]),
        )
    )
)  # fmt: skip
def test_tallies_of_use_are_what_counting_gives(
    database: Database, changes: list[tuple[str, str, int, str | None]]
) -> None:
    with database.write:
        database.write.execute("DELETE FROM annotation")
    for name, campaign, number, status in changes:
        if status is None:
            with database.write:
                iri = f"http://example.org/annotation/{campaign}-{number}"
                contributions.remove_annotation(database.write, iri)
        else:
            annotate(database, name, campaign, number, status)
    counted = database.write.execute(
        "SELECT scope, body, COUNT(*), SUM(status = 'published') FROM"
        " (SELECT campaign AS scope, body, status FROM annotation UNION ALL"
        " SELECT '', body, status FROM annotation)"
        " WHERE status NOT IN ('rejected', 'withdrawn', 'orphaned') GROUP BY scope, body"
    )
    kept = database.write.execute("SELECT campaign, term, standing, published FROM term_usage")
    assert {tuple(row) for row in counted} == {tuple(row) for row in kept}


# --- the whole vocabulary -------------------------------------------------------------------------


def test_the_alphabet_pages_through_every_label_once(database: Database) -> None:
    chance = random.Random(3)
    words = [f"{chance.choice('aäbcß')}{chance.randrange(50)}" for _ in range(90)]
    load(database, *(term(f"{n}", word) for n, word in enumerate(words)))
    for lang in ("", "en"):
        seen: list[str] = []
        start = ""
        while True:
            page = labels.alphabet(PUBLIC, database, "v", lang, start=start, limit=7)
            seen += [entry[0] for entry in page.entries]
            if not (start := page.next):
                break
        assert sorted(seen) == sorted(words)
        assert [fold(each) for each in seen] == sorted(fold(each) for each in words)
    first = labels.alphabet(PUBLIC, database, "v", "en", start="B").entries[0][0]
    assert fold(first) >= "b"


def test_the_tree_begins_with_what_has_nothing_above_that_is_there(database: Database) -> None:
    tree(database)
    labels.put_terms(database, "v", "public", [term("lost", "lost", broader="gone")])
    assert [each.iri.removeprefix(TERM) for each in labels.tops(PUBLIC, database, "v", "en")] == [
        "lost", "red", "things",
    ]  # fmt: skip
    labels.put_terms(database, "v", "public", [term("gone", "found again")])
    names = [each.iri.removeprefix(TERM) for each in labels.tops(PUBLIC, database, "v", "en")]
    assert names == ["gone", "red", "things"]
    assert [
        (each.label, each.narrower)
        for each in labels.children(PUBLIC, database, TERM + "things", "v", "en")
    ] == [("animals", 1), ("pets", 1)]


def test_languages_are_counted(database: Database) -> None:
    load(database, TermRow(TERM + "a", (("pref", "red", "en"), ("alt", "rot", "de"))))
    assert labels.languages(PUBLIC, database, "v") == [("de", 1), ("en", 1)]
    labels.remove_terms(database, "v", [TERM + "a"])
    assert labels.languages(PUBLIC, database, "v") == []


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "::", ":: ::", '""', '"', '"' * 50, "\0", "\u202e\u200fred", "^red", "~en^red",
     "http://", "https://x y", "red\0blue", "-", "^", "~", "::" * 500, '"\0"', "😀", "NEAR(a b)"],
)  # fmt: skip
def test_strange_questions_are_harmless(database: Database, text: str) -> None:
    load(database, term("a", "red"))
    for scopes in ((), [Scope("v", (TERM + "a",))], [Scope("v", ("\0",), ("\0",))]):
        assert suggest(database, text, scopes=scopes) in (["a"], [])


def test_a_vocabulary_is_replaced_and_removed_while_others_search_it(database: Database) -> None:
    stop, wrong = threading.Event(), list[object]()

    def ask() -> None:
        while not stop.is_set():
            try:
                found = labels.suggest(PUBLIC, database, "re", scopes=[Scope("v")])
                if {each.label for each in found} not in (set(), {"red"}, {"reed"}):
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _turn in range(8):
        load(database, term("a", "red"))
        load(database, term("b", "reed"))
        labels.remove_vocabulary(database, "v")
        database.write.commit()
        vocabulary_writes.retire_replaced(database)
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    suggest(database, "re")
    gc.collect()
    assert len(list(database.vocabularies.folder.glob("*.sqlite"))) <= 1

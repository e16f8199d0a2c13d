"""The index of labels: what a person types finds the term, in the right order, and nothing else."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from server.domain.opening import SCHEMAS
from server.errors import NotFound
from server.index import labels, vocabulary_writes
from server.index.database import Database
from server.index.folding import fold
from server.index.labels import Scope, Suggestion, TermRow
from server.viewers import PUBLIC, Viewer
from tests import worlds

TERM = "http://example.org/"
ORGANISER = Viewer("agent", sees_work=True)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "index.sqlite", SCHEMAS)
    yield opened
    opened.close()


def row(name: str, *texts: str, **values: object) -> TermRow:
    """A term; labels are written `text`, `text@lang`, and `~text@lang` for alternative ones."""
    split = [text.removeprefix("~").partition("@") for text in texts]
    kinds = ["alt" if text.startswith("~") else "pref" for text in texts]
    found = tuple((kind, text, lang) for kind, (text, _, lang) in zip(kinds, split, strict=True))
    if "broader" in values:
        values["broader"] = tuple(TERM + name for name in str(values["broader"]).split())
    return TermRow(TERM + name, found, **values)  # type: ignore[arg-type]


def load(
    database: Database, *rows: TermRow, vocabulary: str = "v", dataset: str = "public"
) -> None:
    labels.replace_vocabulary(database, vocabulary, dataset, rows)
    database.write.commit()
    vocabulary_writes.retire_replaced(database)


def names(found: list[Suggestion]) -> list[str]:
    return [suggestion.iri.removeprefix(TERM) for suggestion in found]


def suggest(database: Database, text: str, **options: object) -> list[str]:
    return names(labels.suggest(PUBLIC, database, text, **options))  # type: ignore[arg-type]


def dump(database: Database) -> dict[str, list[str]]:
    return worlds.tables(database.path)


def test_exact_comes_before_prefix_before_word_and_shorter_before_longer(
    database: Database,
) -> None:
    load(
        database,
        row("word", "dark red@en"), row("long", "redwood forests@en"), row("short", "redwood@en"),
        row("exact", "red@en"), row("none", "infrared@en"),
    )  # fmt: skip
    assert suggest(database, "red") == ["exact", "short", "long", "word"]


def test_a_label_without_its_qualifier_counts_as_exact(database: Database) -> None:
    load(database, row("a", "redo@en"), row("b", "red (color)@en"), row("c", "red chalk@en"))
    assert suggest(database, "red")[0] == "b"
    assert suggest(database, "red (color)") == ["b"]


def test_the_readers_language_comes_first_among_what_matches_alike(database: Database) -> None:
    load(database, row("nl", "paarse@nl"), row("de", "paar@de"), row("fr", "paares@fr-CA"))
    assert suggest(database, "paa", lang="fr") == ["fr", "de", "nl"]


def test_the_matching_alternative_is_told_beside_the_label_in_the_readers_language(
    database: Database,
) -> None:
    load(database, row("red", "red@en", "rouge@fr", "~crimson@en", notes=(("a hue", "en"),)))
    (found,) = labels.suggest(PUBLIC, database, "crim", lang="fr")
    assert (found.label, found.lang) == ("rouge", "fr")
    assert (found.matched, found.matched_lang) == ("crimson", "en")
    assert found.note == "a hue"
    (found,) = labels.suggest(PUBLIC, database, "rou", lang="fr")
    assert found.matched is None


def test_a_term_is_one_hit_however_many_of_its_labels_match(database: Database) -> None:
    many = [f"~Paris {n}" for n in range(100)]
    load(database, row("a", "Paris", *many), row("b", "Parma"))
    assert suggest(database, "pa") == ["a", "b"]


def test_every_word_typed_must_begin_some_word_in_any_order(database: Database) -> None:
    load(database, row("a", "oil painting technique@en"), row("b", "oil lamps@en"))
    assert suggest(database, "pain oi") == ["a"]
    assert suggest(database, "oil xyz") == []


def test_a_head_start_in_rank_makes_up_for_length(database: Database) -> None:
    load(database, row("village", "Lona"), row("capital", "London", rank=20))
    assert suggest(database, "lon") == ["capital", "village"]
    assert suggest(database, "lona") == ["village"]


def test_guide_terms_and_deprecated_ones_are_never_offered(database: Database) -> None:
    load(
        database,
        row("guide", "<colors by hue>@en", guide=True), row("old", "colour@en", deprecated=True),
        row("new", "colors@en", broader="guide"),
    )  # fmt: skip
    assert suggest(database, "col") == ["new"]
    assert suggest(database, "colour") == ["new"]  # for what is misspelled
    (found,) = labels.suggest(PUBLIC, database, "col")
    assert found.breadcrumb == ("<colors by hue>",)


def test_the_breadcrumb_runs_from_the_top_to_the_nearest_in_the_readers_language(
    database: Database,
) -> None:
    load(
        database,
        row("top", "Objects@en", "Objets@fr"), row("boats", "boats@en", broader="top other"),
        row("other", "other@en"), row("sail", "sailboats@en", "voiliers@fr", broader="boats"),
    )  # fmt: skip
    (found,) = labels.suggest(PUBLIC, database, "voil", lang="fr")
    assert found.breadcrumb == ("Objets", "boats")


def test_cycles_above_a_term_are_cut(database: Database) -> None:
    load(
        database,
        row("a", "aaa", broader="b"),
        row("b", "bbb", broader="c"),
        row("c", "ccc", broader="b"),
    )
    (found,) = labels.suggest(PUBLIC, database, "aaa")
    assert found.breadcrumb == ("ccc", "bbb")


def test_only_the_vocabularies_asked_for_are_searched(database: Database) -> None:
    load(database, row("a", "sun@en"), vocabulary="one")
    load(database, row("b", "sun@en"), vocabulary="one-two")
    assert suggest(database, "sun", scopes=[Scope("one")]) == ["a"]
    assert suggest(database, "su", scopes=[Scope("one-two")]) == ["b"]
    assert suggest(database, "su", scopes=[Scope("unknown")]) == []
    assert sorted(suggest(database, "su")) == ["a", "b"]


def test_a_term_in_two_vocabularies_is_one_hit(database: Database) -> None:
    load(database, row("a", "sun@en"), vocabulary="one")
    load(database, row("a", "sun@en"), vocabulary="two")
    assert suggest(database, "sun") == ["a"]


def test_strangers_see_nothing_of_a_vocabulary_in_work(database: Database) -> None:
    load(database, row("a", "canary@en", broader="b"), row("b", "birds@en"), dataset="work")
    assert suggest(database, "canary") == []
    assert labels.labels_of(PUBLIC, database, [TERM + "a"], "en") == {}
    assert labels.children(PUBLIC, database, TERM + "b", "v", "en") == []
    assert labels.count(PUBLIC, database, "v") == labels.Size(0, 0)
    with pytest.raises(NotFound):
        labels.get_term(PUBLIC, database, TERM + "a", "en")
    assert names(labels.suggest(ORGANISER, database, "canary")) == ["a"]
    assert labels.get_term(ORGANISER, database, TERM + "a", "en").label == "canary"


def test_terms_added_while_running_are_found_at_once_and_in_order(database: Database) -> None:
    load(database, row("a", "redwood@en"), row("b", "redwood forests@en"))
    labels.put_terms(database, "v", "public", [row("new", "reddish@en"), row("b", "gone@en")])
    database.write.commit()
    assert sorted(suggest(database, "red")) == ["a", "new"]
    assert suggest(database, "gone") == ["b"]
    labels.put_terms(database, "v", "public", [row("newest", "reds@en")])
    assert names(labels.suggest(PUBLIC, database, "red"))[0] == "newest"
    assert labels.count(PUBLIC, database, "v") == labels.Size(4, 4)
    labels.remove_terms(database, "v", [TERM + "newest", TERM + "never there"])
    assert "newest" not in names(labels.suggest(PUBLIC, database, "red"))
    assert labels.count(PUBLIC, database, "v") == labels.Size(3, 3)


def test_applying_twice_changes_nothing_and_any_way_leads_to_the_same_rows(
    database: Database, tmp_path: Path
) -> None:
    rows = [row("a", "sun@en", "Sonne@de", broader="b"), row("b", "stars@en"), row("c", "moon@en")]
    load(database, *rows)
    once = dump(database)
    load(database, *rows)
    labels.put_terms(database, "v", "public", rows)
    assert dump(database) == once
    other = Database(tmp_path / "other.sqlite", SCHEMAS)
    load(other, row("a", "old@en"), row("gone", "gone@en"))
    labels.put_terms(other, "v", "public", rows)
    labels.remove_terms(other, "v", [TERM + "gone"])
    other.write.commit()
    assert dump(other) == once
    assert suggest(other, "old") == []
    other.close()


def test_replacing_and_removing_a_vocabulary_leaves_the_others_alone(database: Database) -> None:
    load(database, row("a", "sun@en"), row("b", "moon@en"), vocabulary="one")
    load(database, row("c", "sunset@en"), vocabulary="two")
    load(database, row("a", "star@en"), vocabulary="one")
    assert suggest(database, "sun") == ["c"]
    assert suggest(database, "star") == ["a"]
    assert suggest(database, "moon") == []
    labels.remove_vocabulary(database, "one")
    database.write.commit()
    assert suggest(database, "s") == ["c"]
    assert not labels.labels_of(PUBLIC, database, [TERM + "a"], "en")


def test_a_rolled_back_load_leaves_nothing(database: Database) -> None:
    load(database, row("a", "sun@en"))
    before = dump(database)
    labels.replace_vocabulary(database, "v", "public", [row("b", "moon@en")])
    database.write.rollback()
    vocabulary_writes.retire_replaced(database)
    assert dump(database) == before
    assert suggest(database, "moon") == []
    assert suggest(database, "sun") == ["a"]
    labels.put_terms(database, "v", "public", [row("c", "star@en")])
    assert suggest(database, "star") == ["c"]


def test_a_term_is_found_by_its_iri_with_all_that_is_said_of_it(database: Database) -> None:
    load(
        database,
        row("top", "Colors@en"),
        row("red", "red@en", "rouge@fr", "~reds@en", broader="top", hex="#FF0000",
            notes=(("a hue", "en"), ("une teinte", "fr"))),
    )  # fmt: skip
    term = labels.get_term(PUBLIC, database, TERM + "red", "fr")
    assert (term.label, term.lang, term.note, term.hex) == ("rouge", "fr", "une teinte", "#FF0000")
    assert set(term.labels) == {
        ("pref", "red", "en"),
        ("pref", "rouge", "fr"),
        ("alt", "reds", "en"),
    }
    assert term.breadcrumb == ((TERM + "top", "Colors"),)
    assert term.broader == (TERM + "top",)
    with pytest.raises(NotFound):
        labels.get_term(PUBLIC, database, TERM + "blue", "en")


def test_labels_fall_back_to_english_then_to_any_language(database: Database) -> None:
    load(database, row("a", "sun@en", "Sonne@de"), row("b", "lune@fr"), row("c", "~Rom@de"))
    found = labels.labels_of(PUBLIC, database, [TERM + n for n in "abcd"], "de-AT")
    assert found == {
        TERM + "a": ("Sonne", "de"),
        TERM + "b": ("lune", "fr"),
        TERM + "c": ("Rom", "de"),
    }
    assert labels.labels_of(PUBLIC, database, [TERM + "a"], "pl")[TERM + "a"] == (
        "sun",
        "en",
    )


def test_narrower_terms_come_by_label_a_page_at_a_time(database: Database) -> None:
    load(database, row("top", "top"), *(row(f"n{n}", f"{n:03}", broader="top") for n in range(30)))
    page = labels.children(PUBLIC, database, TERM + "top", "v", "en", limit=10, offset=5)
    assert [each.label for each in page] == [f"{n:03}" for n in range(5, 15)]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("strasse", "Straße"), ("STRAßE", "strasse"), ("ηλιος", "Ήλιος"), ("ήλιοσ", "ΗΛΙΟΣ"),
        ("oeuvre", "Œuvre"), ("æsir", "Aesir"), ("lodz", "Łódź"), ("file", "ﬁle"),
        ("art deco", "Art-Déco"), ("deco", "art‐déco"), ("aquila", "L'Aquila"),
        ("kobenhavn", "København"),
    ],
)  # fmt: skip
def test_case_accents_ligatures_and_hyphens_do_not_matter(
    database: Database, typed: str, label: str
) -> None:
    load(database, row("a", label))
    assert suggest(database, typed) == ["a"]


@pytest.mark.parametrize(
    "text",
    ['"', "red*", "red OR blue", "NEAR(red blue)", "folded: red", "^red", "(", "red -blue", "\0red",
     "' OR 1=1 --", "v_v", "l_en", "", "   ", "*", "a" * 100_000, "a " * 10_000],
)  # fmt: skip
def test_signs_of_the_query_language_are_harmless(database: Database, text: str) -> None:
    load(database, row("a", "red@en"))
    assert suggest(database, text) in (["a"], [])
    assert suggest(database, "red*") == ["a"]
    assert suggest(database, "l_en") == suggest(database, "v_v") == []


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)


@given(TEXTS)
@example("ǰŉΐß ͅ")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_folding_does_not_depend_on_case_or_on_how_accents_are_written(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))
    if all(c.upper().lower() == c.lower() and c != "ı" for c in text):
        assert fold(text.upper()) == fold(text.lower())


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None
)
@given(texts=st.lists(TEXTS, min_size=1, max_size=8, unique=True), data=st.data())
def test_any_label_is_found_by_any_prefix_of_any_of_its_words(
    database: Database, texts: list[str], data: st.DataObject
) -> None:
    rows = [TermRow(f"{TERM}{n}", (("pref", text, ""),)) for n, text in enumerate(texts)]
    load(database, *rows[::2])
    labels.put_terms(database, "v", "public", rows[1::2])
    database.write.commit()
    for term, text in zip(rows, texts, strict=True):
        for word in fold(text).split():
            prefix = word[: data.draw(st.integers(1, len(word)))]
            typed = data.draw(st.sampled_from([prefix, prefix.upper(), prefix.title()]))
            if fold(typed) == prefix:
                found = labels.suggest(PUBLIC, database, typed, limit=len(texts))
                assert term.iri in [suggestion.iri for suggestion in found]

"""A dataset: what goes in comes out exactly, and damage to its files is noticed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from server.errors import Damaged, Locked
from server.names import CH
from server.patches import Change, Patch, on
from server.store import datasets
from server.store.datasets import OxigraphDataset

ME = NamedNode("http://example.org/data")
GRAPH = NamedNode("http://example.org/graph")
S, P = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
#: Everything but NUL and lone surrogates, which RDF has no place for.
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00"))
HOSTILE = [
    'x" } UNION { ?s ?p ?o', "\\u0041", "\\\\u0041", "\\U0001F600", "a\nb\rc\td", "\\", '"', "'''",
    '"""', "\U0001f600", "\u202eabc\u200f", "\x01\x1f\x7f\x85\u2028", "# comment", "> . <", "{}",
    "$name ?name", "\ufeff", "%s {0}",
]  # fmt: skip


@pytest.fixture
def dataset(tmp_path: Path) -> Iterator[OxigraphDataset]:
    opened = OxigraphDataset(tmp_path / "public", ME)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OxigraphDataset]:
    opened = OxigraphDataset(tmp_path_factory.mktemp("kept") / "public", ME)
    yield opened
    opened.close()


def standing(dataset: OxigraphDataset) -> set[Quad]:
    return set(dataset.store.quads_for_pattern(None, None, None, GRAPH))


def comes_back(dataset: OxigraphDataset, *quads: Quad) -> None:
    """Through the journal's text into the store and out, and away again."""
    patch = Patch.from_json(on("public", add=quads).to_json())
    dataset.apply(patch.public, 1)
    assert standing(dataset) == set(quads)
    dataset.apply(Patch.from_json(on("public", remove=quads).to_json()).public, 2)
    assert standing(dataset) == set()
    assert len(dataset.store) == 1  # the marker


@given(text=TEXT, language=st.sampled_from(["", "en", "zh-Hant", "ar"]))
@settings(deadline=None)
def test_a_literal_comes_back_exactly(kept: OxigraphDataset, text: str, language: str) -> None:
    literal = Literal(text, language=language) if language else Literal(text)
    comes_back(kept, Quad(S, P, literal, GRAPH))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_literal_comes_back_exactly(kept: OxigraphDataset, text: str) -> None:
    comes_back(
        kept,
        Quad(S, P, Literal(text), GRAPH),
        Quad(S, P, Literal(text, language="en"), GRAPH),
        Quad(S, P, Literal(text, datatype=NamedNode("http://example.org/type")), GRAPH),
        Quad(S, P, Literal(f"the next to {text}"), GRAPH),
    )


@given(text=TEXT)
@example("x> } UNION { <http://example.org/")
@example("\\u0041")
@example("\u202eabc")
@settings(deadline=None)
def test_an_iri_comes_back_exactly_or_is_refused(kept: OxigraphDataset, text: str) -> None:
    try:
        node = NamedNode(f"http://example.org/{text}")
    except ValueError:
        return
    comes_back(kept, Quad(node, P, node, GRAPH), Quad(S, node, node, GRAPH))


def test_an_entry_and_its_marker_go_in_together_and_repeating_them_changes_nothing(
    dataset: OxigraphDataset,
) -> None:
    change = Change(add=(Quad(S, P, Literal("x"), GRAPH),))
    for _ in range(2):
        dataset.apply(change, 7)
        assert dataset.sequence() == 7
    assert len(dataset.store) == 2
    with pytest.raises(SyntaxError):
        dataset.run_chunk("INSERT DATA { <x> <y> <z> } ; nonsense")
    assert (dataset.sequence(), dataset.sequence(CH.bulkSequence)) == (7, 0)
    dataset.mark(9, CH.bulkSequence)
    assert (dataset.sequence(), dataset.sequence(CH.bulkSequence)) == (7, 9)


def test_removal_in_chunks_leaves_nothing(
    dataset: OxigraphDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets, "CHUNK", 3)
    quads = [Quad(S, P, Literal(n), GRAPH) for n in range(10)]
    dataset.apply(Change(add=tuple(quads)), 1)
    sizes = []
    for update in dataset.remove_chunked(quads):
        dataset.run_chunk(update)
        sizes.append(len(standing(dataset)))
    assert sizes == [7, 4, 1, 0]


def filled(path: Path) -> Path:
    """A closed store with table files; returns one of them."""
    dataset = OxigraphDataset(path, ME)
    dataset.apply(Change(add=tuple(Quad(S, P, Literal(n), GRAPH) for n in range(2000))), 1)
    dataset.close()
    return max(path.glob("*.sst"), key=lambda table: table.stat().st_size)


def test_a_store_that_is_in_order_opens_again_and_again(tmp_path: Path) -> None:
    """A digest is never taken of a table that is still being written."""
    path = tmp_path / "public"
    for number in range(1, 40):
        dataset = OxigraphDataset(path, ME)
        for step in range(4):
            dataset.apply(Change(add=(Quad(S, P, Literal(f"{number} {step}"), GRAPH),)), number)
            dataset.record_digests()
        assert len(standing(dataset)) == number * 4
        dataset.close()
    assert [found.name for found in tmp_path.iterdir()] == ["public"]


def test_a_table_that_was_overwritten_is_noticed(tmp_path: Path) -> None:
    table = filled(tmp_path / "public")
    with table.open("r+b") as file:
        file.seek(table.stat().st_size // 2)
        file.write(b"\x00\xff\x00")
    with pytest.raises(Damaged, match=table.name):
        OxigraphDataset(tmp_path / "public", ME)


@pytest.mark.parametrize("lost", ["*.sst", "MANIFEST-*", "CURRENT"])
def test_a_file_that_is_missing_is_noticed(tmp_path: Path, lost: str) -> None:
    filled(tmp_path / "public")
    next(iter(sorted((tmp_path / "public").glob(lost)))).unlink()
    with pytest.raises(Damaged):
        OxigraphDataset(tmp_path / "public", ME)


def test_a_store_that_was_deleted_and_made_anew_is_in_order(tmp_path: Path) -> None:
    """Table files get the same numbers again; the digests of the old ones are gone with them."""
    for _ in range(2):
        filled(tmp_path / "public")
        OxigraphDataset(tmp_path / "public", ME).close()
        shutil.rmtree(tmp_path / "public")


def test_a_store_that_is_open_is_no_damage(dataset: OxigraphDataset) -> None:
    with pytest.raises(Locked):
        OxigraphDataset(dataset.path, ME)


def test_tables_of_different_age_are_noticed(tmp_path: Path) -> None:
    """One of Oxigraph's six indexes lost the end of its log, the others did not."""
    dataset = OxigraphDataset(tmp_path / "public", ME)
    dataset.apply(Change(add=(Quad(S, P, Literal("x"), GRAPH),)), 3)
    assert dataset._unlevel() == ""
    real = dataset.store.quads_for_pattern

    class Torn:
        def quads_for_pattern(self, s: object, p: object, o: object, g: object) -> Iterator[Quad]:
            return iter([]) if (s, g) == (None, None) else real(s, p, o, g)  # type: ignore[arg-type]

    store, dataset.store = dataset.store, Torn()  # type: ignore[assignment]
    assert dataset._unlevel()
    dataset.store = store
    dataset.close()


def test_statements_elsewhere_that_look_like_markers_change_nothing(tmp_path: Path) -> None:
    """Our own dump, imported as a collection."""
    dataset = OxigraphDataset(tmp_path / "public", ME)
    dataset.apply(Change(add=(Quad(ME, CH.sequence, Literal(99), GRAPH),)), 3)
    dataset.close()
    dataset = OxigraphDataset(tmp_path / "public", ME)
    assert dataset.sequence() == 3
    dataset.close()

"""What changed from one text to another: all of both is there, and only what differs is marked."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.text_changes import Piece, changes

TEXTS = st.text("ab \n.,é\u0301🏺שa", max_size=60)


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(old: str, new: str) -> None:
    found = changes(old, new)
    if found:
        assert "".join(piece.text for piece in found if piece.kind != "gone") == new
        assert "".join(piece.text for piece in found if piece.kind != "new") == old


def test_only_the_words_that_differ_are_marked() -> None:
    assert changes("Ship at the key, 1850", "Ship at the quay, 1850") == [
        Piece("same", "Ship at the "),
        Piece("gone", "key"),
        Piece("new", "quay"),
        Piece("same", ", 1850"),
    ]


def test_texts_with_little_in_common_are_left_whole() -> None:
    assert changes("Ship at the quay", "Zonnebloemen") == []


def test_long_texts_are_left_whole() -> None:
    assert changes("word " * 2000, "word " * 2000 + "more") == []

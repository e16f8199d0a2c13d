"""What changed from one text to another, word by word, for people who judge a correction."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

#: Texts of more parts, or with less in common, are clearer whole; comparing them takes long.
_MOST, _ALIKE = 1500, 0.35
_PART = re.compile(r"\w+|\s+|[^\w\s]")
Kind: TypeAlias = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text: `same` in both, `gone` from the old one, or `new`."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Piece]:
    """The pieces in their order, gone ones before new ones; none where they have little in common.

    The same and new ones are the new text, the same and gone ones the old.
    """
    before, after = _PART.findall(old), _PART.findall(new)
    if max(len(before), len(after)) > _MOST:
        return []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return []
    return list(_pieces(matcher, before, after))


def _pieces(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(after[b:b_end]))
            continue
        if a_end > a:
            yield Piece("gone", "".join(before[a:a_end]))
        if b_end > b:
            yield Piece("new", "".join(after[b:b_end]))

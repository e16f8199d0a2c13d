"""Lists that come a page at a time."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pages:
    """Page `number` of `last`; `previous` and `next` are addresses, None where there is none."""

    number: int
    last: int
    previous: str | None = None
    next: str | None = None


ONLY = Pages(1, 1)


def pages_of(total: int, size: int) -> int:
    """How many pages so many rows make; an empty list is one page."""
    return max(1, -(-total // size))


def number(text: str) -> int:
    """The page that an address asks for; the first where it says nothing sensible."""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def offset(text: str) -> int:
    """From where an address asks for a list, counted from 0."""
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 9 else 0

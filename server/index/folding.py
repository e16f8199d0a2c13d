"""Text folded for search: case, accents, ligatures and punctuation no longer tell words apart."""

import re
import unicodedata

_BREAKS = re.compile(r"[\W_]+")
#: Letters that Unicode does not decompose, as people without them on the keyboard write them.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)
#: Letters that some write as two: Köln is typed Koln and Koeln.
_TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_SPELLED_OUT = str.maketrans(_TWO_LETTERS | {a.upper(): b for a, b in _TWO_LETTERS.items()})
#: Thai, Lao, Myanmar, Khmer, kana and Han are written without spaces: each letter is a word.
_WITHOUT_SPACES = (
    (0xE00, 0xEFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
)  # fmt: skip


class _Folded(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        plain = _BREAKS.sub(" ", _plain(_plain(chr(code))).lower())
        self[code] = found = "".join(f" {c} " if _stands_alone(ord(c)) else c for c in plain)
        return found


_folded = _Folded()


def fold(text: str) -> str:
    """The words of a text in their plainest form, separated by single spaces.

    “Straße” gives `strasse`, “Œuvre d'Ήλιος” gives `oeuvre d ηλιοσ`. Folding twice changes nothing.
    """
    return " ".join(text.translate(_folded).split())


def spelled_out(text: str) -> str | None:
    """The text folded with ä as ae, å as aa …; None where there is no such letter."""
    if text.isascii():
        return None
    composed = unicodedata.normalize("NFC", text)
    spelled = composed.translate(_SPELLED_OUT)
    return fold(spelled) if spelled != composed else None


def squeezed(folded: str) -> str:
    """Without spaces, so that “art nouveau” and “artnouveau” are alike."""
    return folded.replace(" ", "")


def _stands_alone(code: int) -> bool:
    return any(first <= code <= last for first, last in _WITHOUT_SPACES)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in text if not unicodedata.category(c).startswith("M")).translate(
        _LETTERS
    )

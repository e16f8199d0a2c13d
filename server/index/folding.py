"""Text folded for search: case, accents, ligatures and punctuation no longer tell words apart."""

import re
import unicodedata

_BREAKS = re.compile(r"[\W_]+")
#: Letters that Unicode does not decompose, as people without them on the keyboard write them.
_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)


def fold(text: str) -> str:
    """The words of a text in their plainest form, separated by single spaces.

    “Straße” gives `strasse`, “Œuvre d'Ήλιος” gives `oeuvre d ηλιοσ`. Folding twice changes nothing.
    """
    if not text.isascii():
        text = _plain(_plain(text))  # casefolding may leave something to decompose, and reverse
    return _BREAKS.sub(" ", text.lower()).strip()


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in text if not unicodedata.category(c).startswith("M")).translate(
        _LETTERS
    )

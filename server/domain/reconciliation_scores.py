"""How well a term answers a reconciliation query: features from 0 to 1, and what they come to."""

import math
from dataclasses import dataclass

from server.i18n import _
from server.index.folding import fold

_LONGEST = 200  # letters of a text that count
_OTHER_ORDER = 0.98  # the same words in another order
_WITHOUT_QUALIFIER = 0.96  # "drawings" for "drawings (visual works)"
_FAMILIAR = 10  # annotations with a term that make it half known
#: What the features of the name count, together 1.
WEIGHTS = {"name": 0.9, "preferred": 0.04, "language": 0.03, "usage": 0.03}
#: How far ahead of the next exact one an exact candidate is certain.
LEAD = 5.0


@dataclass(frozen=True, slots=True)
class Name:
    """A label that may be meant; `preferred` is false for other names."""

    text: str
    lang: str
    preferred: bool


class Asked:
    """The text of a query, prepared once for many comparisons; remembers what they came to."""

    def __init__(self, text: str, language: str) -> None:
        self.language = _primary(language)
        self.folded = fold(text[:_LONGEST])
        self._sorted = _sorted(self.folded)
        self._as_it_is, self._in_order = _Letters(self.folded), _Letters(self._sorted)
        self._known: dict[str, float] = {}

    def best(self, names: list[Name]) -> tuple[float, Name]:
        """The name that is most like the text, with its similarity."""
        rated = [(self.similarity(name.text), name) for name in names]
        return max(rated, key=lambda pair: (pair[0], pair[1].preferred))

    def similarity(self, text: str) -> float:
        """1 for the same letters (but for case, accents, punctuation), 0 for none in common."""
        if text not in self._known:
            self._known[text] = self._compare(text[:_LONGEST])
        return self._known[text]

    def _compare(self, text: str) -> float:
        folded = fold(text)
        if not folded or not self.folded:
            return 0.0
        if folded == self.folded:
            return 1.0
        words = _sorted(folded)
        if words == self._sorted:
            return _OTHER_ORDER
        if "(" in text and fold(text.partition("(")[0]) == self.folded:
            return _WITHOUT_QUALIFIER
        likeness = self._as_it_is.likeness(folded)
        if words == folded and self._sorted == self.folded:
            return likeness
        return max(likeness, _OTHER_ORDER * self._in_order.likeness(words))

    def features(self, names: list[Name], used: int) -> dict[str, float]:
        """What the name of a term has in common with the text."""
        similarity, name = self.best(names)
        in_language = not name.lang or _primary(name.lang) == self.language
        return {
            "name": similarity,
            "exact": float(similarity == 1),
            "preferred": float(name.preferred),
            "language": float(in_language),
            "usage": used / (used + _FAMILIAR),
        }


def likeness(one: str, other: str) -> float:
    """Twice the longest common subsequence, by the letters of both: 1 minus the edit distance.

    The edit distance of insertions and deletions alone, from 0 to 1.
    """
    return _Letters(one).likeness(other)


class _Letters:
    """Where each letter of a text stands, as bits: so the common subsequence with another text is
    found for all of them at once (H. Hyyrö, Bit-parallel LCS-length computation revisited, 2004).
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._places: dict[str, int] = {}
        for number, letter in enumerate(text):
            self._places[letter] = self._places.get(letter, 0) | 1 << number

    def likeness(self, other: str) -> float:
        row = whole = (1 << self._length) - 1
        for letter in other:
            hits = row & self._places.get(letter, 0)
            row = (row + hits | row - hits) & whole
        common = self._length - row.bit_count()
        return 2 * common / (self._length + len(other))


def score(features: dict[str, float], constraints: list[float]) -> float:
    """From 0 to 100: what the name comes to, of which constraints that do not hold take half."""
    name = sum(weight * features[feature] for feature, weight in WEIGHTS.items())
    held = math.fsum(constraints) / len(constraints) if constraints else 1.0
    return round(100 * name * (0.5 + 0.5 * held), 2)


def explanations() -> dict[str, str]:
    """What each feature says, for people."""
    return {
        "name": _(
            "How alike the text and the closest name of the term are, in any order of words."
        ),
        "exact": _("1 where they are the same but for case, accents and punctuation."),
        "preferred": _("1 where the closest name is the one that is shown, 0 for other names."),
        "language": _("1 where the closest name is in the language asked for."),
        "usage": _("How often people put the term on objects here: half at ten times."),
        "identifier": _("1 where the text is the identifier or the IRI of the term."),
        "type": _("1 where the term has the types asked for."),
        "property": _("How well the term agrees with the value of this property."),
    }


def _sorted(folded: str) -> str:
    return " ".join(sorted(folded.split()))


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()

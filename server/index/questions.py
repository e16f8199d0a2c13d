"""What somebody typed into the box for terms, understood.

red ch                  words of a label, the last perhaps unfinished
"ed ch"                 the text inside a label
red :: pigment          words of a label, and words of a note; either may be empty
300015050, Q42, aat:300015050, https://www.wikidata.org/wiki/Q42
"""

from dataclasses import dataclass

from server.index.folding import fold, spelled_out
from server.index.identifiers import Pasted, pasted

_LONGEST = 200  # letters that count
_MOST_WORDS = 8
_NOTE = "::"
_QUOTES = ('"', "“", "”", "„", "«", "»")


@dataclass(frozen=True)
class Question:
    """`words` are those of the label, perhaps spelled in two ways; `inside` is folded text."""

    words: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    inside: str = ""
    pasted: Pasted | None = None

    @property
    def may_be_misspelled(self) -> bool:
        return bool(self.words) and not self.notes


def understand(text: str) -> Question | None:
    """None where there is nothing to look for."""
    text = text[:_LONGEST].strip()
    identifier = pasted(text)
    if identifier is not None and identifier.iris and "://" in text:
        return Question(pasted=identifier)
    label, _, note = text.partition(_NOTE)
    label = label.strip()
    notes = tuple(fold(note).split()[:_MOST_WORDS])
    if len(label) > 2 and label[0] in _QUOTES and label[-1] in _QUOTES:
        if inside := fold(label[1:-1]):
            return Question(inside=inside, notes=notes)
        return None
    words = _words(label)
    return Question(words, notes, pasted=identifier) if words or notes or identifier else None


def _words(label: str) -> tuple[tuple[str, ...], ...]:
    spellings = (fold(label), spelled_out(label) or "")
    found = (tuple(each.split()[:_MOST_WORDS]) for each in spellings)
    return tuple(dict.fromkeys(words for words in found if words))

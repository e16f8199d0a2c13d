"""The box for terms: suggestions for what somebody types, from the labels of the vocabularies.

The best first: identifiers and labels that are what was typed, then those that begin with it, then
those with words that begin with each word typed; within each what is used, the reader's language,
and what is short or weighty. Misspelled labels come after all that.
"""

from server.index.offered_terms import most_used, whole
from server.index.suggested_terms import Suggestion
from server.index.suggestions import suggest
from server.index.term_lists import (
    Letters,
    Size,
    alphabet,
    count,
    languages,
    samples,
    used_most,
)
from server.index.term_lookups import Term, TermLine, find_line, get_term, labels_of, offers
from server.index.term_rows import TermRow, primary_language
from server.index.term_scopes import Scope
from server.index.term_trees import Narrower, below, children, tops
from server.index.vocabulary_builds import replace_vocabulary
from server.index.vocabulary_writes import (
    SCHEMA,
    put_terms,
    remove_terms,
    remove_vocabulary,
)

__all__ = [
    "SCHEMA", "Letters", "Narrower", "Scope", "Size", "Suggestion", "Term", "TermLine", "TermRow",
    "alphabet", "below", "children", "count", "find_line", "get_term", "labels_of", "languages",
    "most_used", "offers", "primary_language", "put_terms", "remove_terms", "remove_vocabulary",
    "replace_vocabulary", "samples", "suggest", "tops", "used_most", "whole",
]  # fmt: skip

"""Tables of terms from organisers: checked whole, then brought in.

A column says all there is of its property and language for the terms of the table; what has no
column stays as it is. Rows with an IRI alone take what the vocabularies here say of it.
"""

from collections.abc import Iterator
from datetime import datetime

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import (
    made_terms,
    made_vocabularies,
    permissions,
    shapes,
    term_copies,
    term_cycles,
)
from server.domain.accounts import Person
from server.domain.made_terms import Statement
from server.domain.term_table_reading import Progress, Table, Term
from server.errors import Invalid, Problem
from server.i18n import _, ngettext
from server.names import RDF, SKOS
from server.patches import Patch

_SHOWN = 20  # problems that an error carries


def apply(
    desk: Desk, organiser: Person, slug: str, table: Table, *, now: datetime,
    lenient: bool = False, progress: Progress = lambda *_: None,
) -> int:  # fmt: skip
    """Check all of it, then bring it in, 50 terms in an entry; returns how many terms.

    Terms that were loaded cannot be changed: `lenient` leaves them out. Raises Invalid with what
    is wrong with the first terms; nothing is stored then.
    """
    permissions.require(organiser, "import")
    _check(desk, slug, table, lenient, progress)
    done = 0
    for page in _pages(desk, slug, table, lenient):

        def decide(desk: Desk, page: list[Term] = page) -> tuple[Patch, None]:
            made_vocabularies.require(desk, slug)
            before = made_terms.standing(desk, slug, [iri for iri, _said in page])
            return term_copies.joined(
                made_terms.patch(
                    desk, slug, iri, before.get(iri, set()),
                    _after(desk, table, iri, said, before.get(iri, set())), now,
                )
                for iri, said in page
            ), None  # fmt: skip

        desk.commit(decide, by=organiser.agent.value, action="add terms", now=now)
        done += len(page)
        progress("terms", done, table.terms)
    return done


def _after(
    desk: Desk, table: Table, iri: str, said: set[Statement], before: set[Statement]
) -> set[Statement]:
    kept = {each for each in before if not table.replaces(each)}
    after = kept | said
    if not any(property_ == SKOS.prefLabel for property_, _value in after):
        after |= term_copies.copied(desk, iri)
    return after


def _pages(desk: Desk, slug: str, table: Table, lenient: bool) -> Iterator[list[Term]]:
    page: list[Term] = []
    for term in table:
        if not (lenient and term_copies.is_loaded(desk, slug, term[0])):
            page.append(term)
        if len(page) == term_copies.PAGE:
            yield page
            page = []
    if page:
        yield page


def _check(desk: Desk, slug: str, table: Table, lenient: bool, progress: Progress) -> None:
    """Raises Invalid where a term breaks a rule, is unknown and without label, or in a cycle."""
    made_vocabularies.require(desk, slug)
    problems: list[str] = []
    broader: dict[str, list[str]] = {}
    checked = 0
    for page in _pages(desk, slug, table, lenient):
        before = made_terms.standing(desk, slug, [iri for iri, _said in page])
        for iri, said in page:
            after = _after(desk, table, iri, said, before.get(iri, set()))
            broader[iri] = [value.value for property_, value in after if property_ == SKOS.broader]
            if len(problems) < _SHOWN:
                problems += _problems(desk, slug, iri, after)
        checked += len(page)
        progress("check", checked, table.terms)
    problems = problems or _unknown(desk, broader)
    if problems:
        text = ngettext(
            "Nothing was stored: a term is not in order.",
            "Nothing was stored: {count} things are not in order.",
            len(problems),
        )
        raise Invalid(text, tuple(Problem("file", message) for message in problems[:_SHOWN]))
    term_cycles.require_no_cycle(desk, broader)


def _problems(desk: Desk, slug: str, iri: str, after: set[Statement]) -> list[str]:
    if reason := term_copies.refusal(desk, slug, iri):
        return [f"{iri}: {reason}"]
    if term_copies.is_loaded(desk, slug, iri):
        return [_("{iri}: this term was loaded, and cannot be changed here.", iri=iri)]
    if not any(property_ == SKOS.prefLabel for property_, _value in after):
        return [_("{iri}: no vocabulary here has this term; it needs a label.", iri=iri)]
    try:
        statements = {*after, (RDF.type, SKOS.Concept)}
        shapes.check("vocabulary", ((NamedNode(iri), *each) for each in statements))
    except Invalid as error:
        return [f"{iri}: {problem.message}" for problem in error.problems]
    return []


def _unknown(desk: Desk, broader: dict[str, list[str]]) -> list[str]:
    """Broader terms that nobody knows."""
    named = {each for above in broader.values() for each in above} - broader.keys()
    return [
        _("No vocabulary here has the term {iri}.", iri=iri)
        for iri in sorted(named)
        if not made_terms.is_known(desk, iri)
    ][:_SHOWN]

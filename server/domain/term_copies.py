"""Terms of the vocabularies that are loaded here, taken into another one by their IRIs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import made_terms, made_vocabularies, permissions, statements
from server.domain.accounts import Person
from server.domain.made_terms import Statement
from server.errors import Invalid, Problem
from server.formats.statement_texts import LONGEST_LABEL, language
from server.formats.term_iris import normal
from server.i18n import _
from server.names import CH, OWL, RDF, SKOS, WGS84, is_safe_iri
from server.patches import Patch, on

MOST = 5_000  # lines of a list
PAGE = 50  # terms of an entry
#: What is taken of a term.
COPIED = (
    SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.scopeNote, SKOS.definition, SKOS.note,
    SKOS.broader, SKOS.notation, SKOS.exactMatch, SKOS.closeMatch, CH.hex, WGS84.lat, WGS84.long,
)  # fmt: skip
_LINE = re.compile(r"(\S+?)(?:[\s,;]+(.*))?")
_TAGGED = re.compile(r"(.*?)@([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")


@dataclass(slots=True)
class Pasted:
    """A list as it was understood: what each term is to say; `standing` are there already.

    `unknown` are (line, why) of what cannot be taken.
    """

    terms: dict[str, set[Statement]] = field(default_factory=dict)
    standing: list[str] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def understand(desk: Desk, slug: str, text: str) -> Pasted:
    """A line holds an IRI; a label may follow, with its language: `http://… love@en`.

    Raises Invalid for too many lines.
    """
    made_vocabularies.require(desk, slug)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        message = _("There are more than {count} lines. Upload them as CSV.", count=MOST)
        raise Invalid(message, (Problem("iris", message),))
    found = Pasted()
    for line in lines:
        _take(desk, slug, line, found)
    return found


def _take(desk: Desk, slug: str, line: str, found: Pasted) -> None:
    parts = _LINE.fullmatch(line)
    iri = normal(parts[1]) if parts else line
    if problem := refusal(desk, slug, iri):
        found.unknown.append((line, problem))
        return
    if _stands(desk, slug, iri):
        found.standing.append(iri)
        return
    said, label = copied(desk, iri), (parts[2] or "").strip() if parts else ""
    if label and not said:
        said = {(SKOS.prefLabel, _label(label))}
    if not said and made_terms.is_known(desk, iri):
        reason = _("The term is retired: write a label behind it to have it all the same.")
        found.unknown.append((line, reason))
    elif not said:
        reason = _("No vocabulary here has this term: write a label behind it.")
        found.unknown.append((line, reason))
    else:
        found.terms[iri] = said


def refusal(desk: Desk, slug: str, iri: str) -> str:
    """Why an IRI cannot be one of this vocabulary's terms; "" where it can."""
    if not is_safe_iri(iri):
        return _("“{text}” is no IRI.", text=iri[:80])
    if iri.startswith(desk.names.base) and not iri.startswith(desk.names.base + "term/"):
        return _("This is an address of this server, but not of a term.")
    if not desk.names.local(iri, f"term/{slug}") and desk.names.local(iri, "term") is not None:
        return "" if made_terms.is_known(desk, iri) else _("There is no such term.")
    return ""


def copied(desk: Desk, iri: str) -> set[Statement]:
    """What the vocabularies here say of a term; nothing where none has it, or it is retired."""
    said = statements.about(desk, "public", NamedNode(iri))
    retired = statements.first(said, OWL.deprecated) in ("true", "1")
    if SKOS.Concept not in said.get(RDF.type, ()) or SKOS.prefLabel not in said or retired:
        return set()
    return {
        (property_, value)
        for property_ in COPIED
        for value in said.get(property_, [])
        if isinstance(value, NamedNode | Literal)
    }


def _stands(desk: Desk, slug: str, iri: str) -> bool:
    return iri in made_terms.standing(desk, slug, [iri]) or is_loaded(desk, slug, iri)


def is_loaded(desk: Desk, slug: str, iri: str) -> bool:
    """Whether the term came in bulk, so that it is as its source says."""
    graph = desk.names.graph("vocabulary", slug)
    return desk.ask("graph_holds_term", graph=graph, term=NamedNode(iri))


def _label(text: str) -> Literal:
    text = text[:LONGEST_LABEL]
    found = _TAGGED.fullmatch(text)
    tag = language(found[2]) if found else None
    return Literal(found[1].strip(), language=tag) if found and tag else Literal(text)


def add(
    desk: Desk, organiser: Person, slug: str, terms: dict[str, set[Statement]], *, now: datetime
) -> int:
    """Put the terms into the vocabulary, 50 in an entry; returns how many. Raises Invalid."""
    permissions.require(organiser, "import")
    wanted = list(terms)
    for start in range(0, len(wanted), PAGE):
        page = {iri: terms[iri] for iri in wanted[start : start + PAGE]}

        def decide(desk: Desk, page: dict[str, set[Statement]] = page) -> tuple[Patch, None]:
            made_vocabularies.require(desk, slug)
            before = made_terms.standing(desk, slug, page)
            return joined(
                made_terms.patch(desk, slug, iri, before.get(iri, set()), said, now)
                for iri, said in page.items()
            ), None

        desk.commit(decide, by=organiser.agent.value, action="add terms", now=now)
    return len(wanted)


def joined(patches: Iterable[Patch]) -> Patch:
    """One patch of many, each statement once: each says that the vocabulary was changed."""
    whole = sum(patches, Patch())
    remove, add_ = (tuple(dict.fromkeys(each)) for each in (whole.public.remove, whole.public.add))
    return on("public", remove=remove, add=add_)

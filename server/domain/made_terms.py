"""Terms made by hand: they stand in `graph/terms/{slug}`, beside what came in bulk, by patches."""

from collections.abc import Callable, Iterable
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import (
    made_vocabularies,
    permissions,
    shapes,
    statements,
    term_cycles,
    vocabulary_metadata,
)
from server.domain.accounts import Person
from server.domain.import_forms import slug_of
from server.domain.made_term_values import FORM, MadeTerm
from server.errors import Conflict, Invalid, NotFound, Problem
from server.i18n import _
from server.index import touched_annotations
from server.names import DCTERMS, OWL, RDF, SKOS, is_safe_iri, new_id
from server.patches import Patch, on

Statement = tuple[NamedNode, NamedNode | Literal]
_RETIRED = (OWL.deprecated, DCTERMS.isReplacedBy)


def graph_of(desk: Desk, slug: str) -> NamedNode:
    return desk.names.graph("terms", slug)


def standing(desk: Desk, slug: str, terms: Iterable[str]) -> dict[str, set[Statement]]:
    """What is said of terms that were made here; those that were not are absent."""
    nodes = [NamedNode(iri) for iri in terms]
    found: dict[str, set[Statement]] = {}
    rows = desk.select("made_terms_statements", graph=graph_of(desk, slug), terms=nodes)
    for row in rows:
        found.setdefault(row["s"].value, set()).add((row["p"], row["o"]))
    return found


def get(desk: Desk, slug: str, iri: str) -> MadeTerm:
    """Raises NotFound where there is no such term, or it is not one that was made here."""
    made_vocabularies.require(desk, slug)
    said = standing(desk, slug, [iri]).get(iri)
    if said is None:
        raise NotFound(_("There is no such term."))
    return MadeTerm.of(iri, said)


def listed(desk: Desk, slug: str, limit: int, offset: int) -> list[MadeTerm]:
    """The terms that were made here, by their addresses; retired ones too."""
    graph = graph_of(desk, slug)
    rows = desk.select("made_terms_all", graph=graph, limit=limit, offset=offset)
    found = standing(desk, slug, [row["term"].value for row in rows])
    return [MadeTerm.of(iri, said) for iri, said in found.items()]


def is_known(desk: Desk, iri: str) -> bool:
    """Whether a vocabulary here has the term."""
    said = statements.about(desk, "public", NamedNode(iri))
    return SKOS.Concept in said.get(RDF.type, ())


def add(desk: Desk, organiser: Person, slug: str, term: MadeTerm, *, now: datetime) -> str:
    """A new term; returns its IRI. Raises Invalid with a problem for each field, NotFound."""
    return _save(desk, organiser, slug, term, "add term", now)


def change(desk: Desk, organiser: Person, slug: str, term: MadeTerm, *, now: datetime) -> str:
    """The term says what is given, and keeps what no form shows. Raises as `add` does."""
    return _save(desk, organiser, slug, term, "change term", now)


def _save(
    desk: Desk, organiser: Person, slug: str, term: MadeTerm, action: str, now: datetime
) -> str:
    permissions.require(organiser, "import")

    def decide(desk: Desk) -> tuple[Patch, str]:
        made_vocabularies.require(desk, slug)
        before = standing(desk, slug, [term.iri]).get(term.iri, set()) if term.iri else set()
        if term.iri and not before:
            raise NotFound(_("There is no such term."))
        iri = term.iri or new_iri(desk, slug, term.main_label)
        said = set(term.statements(iri))
        _require_broader(desk, iri, term.broader)
        after = said | {each for each in before if each[0] not in FORM}
        return patch(desk, slug, iri, before, after, now), iri

    return desk.commit(decide, by=organiser.agent.value, action=action, now=now)


def new_iri(desk: Desk, slug: str, label: str) -> str:
    """An IRI of ours that nothing has yet: readable where the label allows it."""
    readable = desk.names.path(f"term/{slug}/{slug_of(label)}")
    if slug_of(label) and not statements.pairs(desk, "public", readable):
        return readable.value
    return desk.names.path(f"term/{slug}/{new_id()}").value


def patch(
    desk: Desk, slug: str, iri: str, before: set[Statement], after: set[Statement], now: datetime
) -> Patch:
    """From what stands to what is to stand of one term. Raises Invalid by the shape."""
    node, graph = NamedNode(iri), graph_of(desk, slug)
    if after:
        after = after | {(RDF.type, SKOS.Concept), (SKOS.inScheme, desk.names.vocabulary(slug))}
        shapes.check("vocabulary", ((node, property_, value) for property_, value in after))
    if before == after:
        return Patch()
    changed = on(
        "public",
        remove=[Quad(node, *each, graph) for each in sorted(before - after, key=str)],
        add=[Quad(node, *each, graph) for each in sorted(after - before, key=str)],
    )
    return changed + vocabulary_metadata.touched(desk, slug, now)


def _require_broader(desk: Desk, iri: str, broader: tuple[str, ...]) -> None:
    for each in broader:
        if not is_known(desk, each):
            message = _("No vocabulary here has the term {iri}.", iri=each)
            raise Invalid(message, (Problem("broader", message),))
    term_cycles.require_no_cycle(desk, {iri: broader})


def retire(
    desk: Desk, organiser: Person, slug: str, iri: str, replacement: str, *, now: datetime
) -> None:
    """Never offer the term again; pages still show it. Raises Invalid, NotFound."""

    def decided(before: set[Statement]) -> set[Statement]:
        new: set[Statement] = {(OWL.deprecated, Literal(True))}
        if replacement:
            _require_replacement(desk, iri, replacement)
            new.add((DCTERMS.isReplacedBy, NamedNode(replacement)))
        return {each for each in before if each[0] not in _RETIRED} | new

    _change(desk, organiser, slug, iri, "retire term", decided, now)


def _require_replacement(desk: Desk, iri: str, replacement: str) -> None:
    known = is_safe_iri(replacement)
    said = statements.about(desk, "public", NamedNode(replacement)) if known else {}
    message = ""
    if replacement == iri:
        message = _("A term cannot take its own place.")
    elif SKOS.Concept not in said.get(RDF.type, ()):
        message = _("No vocabulary here has the term {iri}.", iri=replacement)
    elif statements.first(said, OWL.deprecated) in ("true", "1"):
        message = _("The term {iri} is retired itself.", iri=replacement)
    if message:
        raise Invalid(message, (Problem("replacement", message),))


def restore(desk: Desk, organiser: Person, slug: str, iri: str, *, now: datetime) -> None:
    """Offer a retired term again."""

    def decided(before: set[Statement]) -> set[Statement]:
        return {each for each in before if each[0] not in _RETIRED}

    _change(desk, organiser, slug, iri, "restore term", decided, now)


def remove(desk: Desk, organiser: Person, slug: str, iri: str, *, now: datetime) -> None:
    """Take the term out. Raises Conflict where annotations use it or terms stand below it."""

    def decided(_before: set[Statement]) -> set[Statement]:
        if touched_annotations.annotations_with(desk.index.read(), [iri]):
            raise Conflict(
                _("Annotations use this term. Retire it instead: it stays readable, unoffered.")
            )
        if desk.ask("term_has_narrower", graph=graph_of(desk, slug), term=NamedNode(iri)):
            raise Conflict(_("Other terms stand below this one. Move them first, or retire it."))
        return set()

    _change(desk, organiser, slug, iri, "remove term", decided, now)


def _change(
    desk: Desk, organiser: Person, slug: str, iri: str, action: str,
    decided: Callable[[set[Statement]], set[Statement]], now: datetime,
) -> None:  # fmt: skip
    permissions.require(organiser, "import")

    def decide(desk: Desk) -> tuple[Patch, None]:
        made_vocabularies.require(desk, slug)
        before = standing(desk, slug, [iri]).get(iri)
        if before is None:
            raise NotFound(_("There is no such term."))
        return patch(desk, slug, iri, before, decided(before), now), None

    desk.commit(decide, by=organiser.agent.value, action=action, now=now)

"""Vocabularies made in the browser: what an organiser says of one as a whole."""

from dataclasses import dataclass, replace
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import permissions, shapes, statements, vocabulary_metadata
from server.domain.accounts import Person
from server.errors import Conflict, Invalid, NotFound, Problem
from server.formats.statement_texts import language
from server.i18n import _
from server.names import CH, DCTERMS, RDF, SKOS, is_safe_iri, is_slug, time_literal
from server.patches import Patch, on

#: Parts of addresses below /vocabularies.
RESERVED = {"new", "load", "loads"}
_TEXTS = (DCTERMS.title, DCTERMS.description, DCTERMS.rights)


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a vocabulary; the texts are in `language`, those in others stay."""

    slug: str
    title: str = ""
    description: str = ""
    source: str = ""
    licence: str = ""
    attribution: str = ""
    language: str = "en"


def create(desk: Desk, organiser: Person, said: Said, *, now: datetime) -> None:
    """A vocabulary without terms yet. Raises Invalid, or Conflict where the short name is taken."""
    permissions.require(organiser, "import")
    _require_new_slug(said.slug)

    def decide(desk: Desk) -> tuple[Patch, None]:
        if vocabulary_metadata.standing(desk, said.slug):
            raise Conflict(
                _("There is a vocabulary “{slug}” already. Choose another name.", slug=said.slug)
            )
        return _patch(desk, said, now), None

    desk.commit(decide, by=organiser.agent.value, action="create vocabulary", now=now)


def edit(desk: Desk, organiser: Person, said: Said, *, now: datetime) -> None:
    """Say something else of it. Raises Invalid, NotFound."""
    permissions.require(organiser, "import")

    def decide(desk: Desk) -> tuple[Patch, None]:
        require(desk, said.slug)
        return _patch(desk, said, now), None

    desk.commit(decide, by=organiser.agent.value, action="edit vocabulary", now=now)


def get(desk: Desk, slug: str, language: str) -> Said:
    """What is said of it, the texts in that language. Raises NotFound."""
    require(desk, slug)
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    texts = {
        property_: next(
            (text.value for text in said.get(property_, []) if (text.language or "") == language),
            "",
        )
        for property_ in _TEXTS
    }
    return Said(
        slug, texts[DCTERMS.title], texts[DCTERMS.description],
        statements.first(said, DCTERMS.source), statements.first(said, DCTERMS.license),
        texts[DCTERMS.rights], language,
    )  # fmt: skip


def languages(desk: Desk, slug: str) -> list[str]:
    """The languages that something is said of it in; "" for none."""
    said = statements.about(desk, "public", desk.names.vocabulary(slug))
    return sorted({text.language or "" for each in _TEXTS for text in said.get(each, [])})


def require(desk: Desk, slug: str) -> None:
    """Raises NotFound where there is no such vocabulary."""
    if not (is_slug(slug) and vocabulary_metadata.standing(desk, slug)):
        raise NotFound(_("There is no such vocabulary."))


def _require_new_slug(slug: str) -> None:
    if not is_slug(slug) or slug in RESERVED:
        message = _("A short name has small letters, digits and hyphens only.")
        raise Invalid(message, (Problem("slug", message),))


def _patch(desk: Desk, said: Said, now: datetime) -> Patch:
    said = replace(said, language=_language(said.language))
    before = vocabulary_metadata.standing(desk, said.slug)
    after = _quads(desk, said, before)
    if after == {quad for quad in before if quad.predicate != DCTERMS.modified}:
        return Patch()
    shapes.check("vocabulary", ((q.subject, q.predicate, q.object) for q in after))
    after |= {vocabulary_metadata.modified(desk, said.slug, now)}
    if not before:
        node, graph = desk.names.vocabulary(said.slug), desk.names.graph("vocabulary", said.slug)
        after.add(Quad(node, DCTERMS.created, time_literal(now), graph))
    return on("public", remove=sorted(before - after, key=str), add=sorted(after - before, key=str))


def _quads(desk: Desk, said: Said, before: set[Quad]) -> set[Quad]:
    node, graph = desk.names.vocabulary(said.slug), desk.names.graph("vocabulary", said.slug)
    texts = dict(zip(_TEXTS, (said.title, said.description, said.attribution), strict=True))
    new: list[tuple[NamedNode, NamedNode | Literal]] = [
        (RDF.type, SKOS.ConceptScheme), (RDF.type, CH.Vocabulary),
        *((each, _literal(text, said.language)) for each, text in texts.items() if text.strip()),
        *([(DCTERMS.source, _source(said.source))] if said.source.strip() else []),
        *([(DCTERMS.license, _licence(said.licence))] if said.licence.strip() else []),
    ]  # fmt: skip
    kept = {quad for quad in before if not _replaced(quad, said.language)}
    return kept | {Quad(node, property_, value, graph) for property_, value in new}


def _replaced(quad: Quad, language: str) -> bool:
    if quad.predicate in _TEXTS and isinstance(quad.object, Literal):
        return (quad.object.language or "") == language
    return quad.predicate in (DCTERMS.source, DCTERMS.license, DCTERMS.modified)


def _language(text: str) -> str:
    """As tags are stored; "" for no language."""
    tag = language(text) if text.strip() else ""
    if tag is None:
        message = _("“{tag}” is no language: two or three letters, such as en.", tag=text[:80])
        raise Invalid(message, (Problem("language", message),))
    return tag


def _literal(text: str, language: str) -> Literal:
    return Literal(text.strip(), language=language) if language else Literal(text.strip())


def _source(text: str) -> NamedNode | Literal:
    """An address, or words."""
    text = text.strip()
    return NamedNode(text) if is_safe_iri(text) else Literal(text)


def _licence(text: str) -> NamedNode:
    if not is_safe_iri(text.strip()):
        message = _("The licence must be the address of one licence.")
        raise Invalid(message, (Problem("license", message),))
    return NamedNode(text.strip())

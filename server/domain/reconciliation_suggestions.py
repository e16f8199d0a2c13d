"""What is offered to somebody who types in a reconciliation client, and a term as shown there."""

from dataclasses import dataclass

from server.commit import Desk
from server.domain import reconciliation_services as services
from server.domain import reconciliation_types as types
from server.domain import term_views
from server.domain.reconciliation import describe
from server.domain.reconciliation_services import Service
from server.domain.reconciliation_types import CONCEPT, Type
from server.index import labels
from server.index.labels import Scope, Term
from server.viewers import PUBLIC

PAGE = 10
_MOST = 50  # always looked up, since the order of a list follows from its length
_OTHER_NAMES = 8


@dataclass(frozen=True, slots=True)
class Offer:
    """A term in a list of suggestions."""

    identifier: str
    name: str
    description: str
    types: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A term as previews show it; `others` are names (text, language) beside the one shown."""

    iri: str
    label: str
    lang: str
    breadcrumb: str
    note: str | None
    hex: str | None
    others: list[tuple[str, str]]
    types: list[str]


def find_terms(
    desk: Desk, service: Service, prefix: str, language: str, skip: int = 0
) -> list[Offer]:
    """The next terms that fit what was typed; one whose identifier it is comes first."""
    if not prefix.strip() or skip >= _MOST:
        return []
    found = labels.suggest(
        PUBLIC, desk.index, prefix, scopes=(Scope(service.slug),), lang=language, limit=_MOST
    )
    term = services.find_term(desk, service, prefix.strip(), language)
    exact = [term] if term and not (term.deprecated or term.guide) else []
    rest = [each for each in found if not exact or each.iri != exact[0].iri]
    listed = [(each.iri, each.label, _line(each), each.classes) for each in exact]
    listed += [(e.iri, e.label, describe(e.breadcrumb, e.note), e.classes) for e in rest]
    shown = listed[skip : skip + PAGE]
    classes = sorted({CONCEPT, *(iri for *_other, iris in shown for iri in iris)})
    named = types.named(desk, classes, language)
    return [
        Offer(
            service.space.identifier_of(iri), label, line,
            tuple(named[each] for each in (iris or (CONCEPT,))),
        )
        for iri, label, line, iris in shown
    ]  # fmt: skip


def card(desk: Desk, service: Service, identifier: str, language: str) -> Card:
    """Raises NotFound."""
    term = services.get_term(desk, service, identifier, language)
    named = types.named(desk, list(term.classes), language)
    others = [(text, lang) for _kind, text, lang in term.labels if text != term.label]
    in_order = sorted(dict.fromkeys(others), key=lambda each: each[1] != language)
    return Card(
        iri=term.iri,
        label=term.label,
        lang=term.lang,
        breadcrumb=_trail(term),
        note=term.note,
        hex=term.hex,
        others=in_order[:_OTHER_NAMES],
        types=[each.name for each in named.values() if each.identifier != CONCEPT],
    )


def _line(term: Term) -> str:
    return describe(tuple(label for _iri, label in term.breadcrumb), term.note)


def _trail(term: Term) -> str:
    return term_views.trail([label for _iri, label in term.breadcrumb])

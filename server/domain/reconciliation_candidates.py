"""Where the candidates for a reconciliation query come from: labels, identifiers, conditions."""

from dataclasses import dataclass, field, replace

from server.commit import Desk
from server.domain import reconciliation_properties as properties
from server.domain import reconciliation_services as services
from server.domain.reconciliation_queries import Condition, Query
from server.domain.reconciliation_scores import Asked, Name
from server.domain.reconciliation_services import Service
from server.domain.reconciliation_types import CONCEPT
from server.index import labels, usage
from server.index.labels import Scope, Suggestion, Term
from server.names import is_safe_iri
from server.viewers import PUBLIC

_DEEP = 50  # candidates that are looked at where a condition may leave few of them
_RIVALS = 10  # candidates that are looked at before one is called certain
#: Properties whose values are a term's own.
IDENTIFYING = ("notation", "exactMatch")
_HOMONYMS = 5  # terms that a label of a broader term may mean


@dataclass(slots=True)
class Found:
    """A term that was found for a query; `within` numbers the conditions that it was found by."""

    iri: str
    label: str
    lang: str
    names: list[Name]
    breadcrumb: tuple[str, ...]
    note: str | None
    classes: tuple[str, ...]
    used: int = 0
    identified: bool = False
    within: set[int] = field(default_factory=set)


class Search:
    """Finds candidates; remembers for a batch which terms the names of broader ones mean."""

    def __init__(self, desk: Desk, service: Service, language: str) -> None:
        self.desk = desk
        self.service = service
        self.language = language
        self._meant: dict[str, tuple[str, ...]] = {}

    def find(self, query: Query) -> list[Found]:
        if not query.text.strip():
            return self._by_conditions(query)
        classes = () if CONCEPT in query.types else query.types
        depth = _DEEP if query.conditions else max(query.limit, _RIVALS)
        found: dict[str, Found] = {}
        for each in self._identified(query.text):
            found[each.iri] = each
        for number, condition in enumerate(query.conditions):
            for each in self._within(query, condition, classes, depth):
                found.setdefault(each.iri, each).within.add(number)
        self._add(found, query.text, Scope(self.service.slug, classes=classes), depth)
        if classes and query.strict == "should":
            self._add(found, query.text, Scope(self.service.slug), depth)
        return list(found.values())

    def _add(self, found: dict[str, Found], text: str, scope: Scope, depth: int) -> None:
        for each in self._suggest(text, scope, depth):
            found.setdefault(each.iri, each)

    def _suggest(self, text: str, scope: Scope, limit: int) -> list[Found]:
        suggested = labels.suggest(
            PUBLIC, self.desk.index, text, scopes=(scope,), lang=self.language, limit=limit
        )
        return [from_suggestion(each) for each in suggested]

    def _identified(self, text: str) -> list[Found]:
        """The term whose identifier or IRI the text is."""
        term = self._term(text.strip())
        return [replace(self._found(term), identified=True)] if term else []

    def _within(
        self, query: Query, condition: Condition, classes: tuple[str, ...], depth: int
    ) -> list[Found]:
        """Those that a condition leads to: by what they are called elsewhere, or from above."""
        property_ = properties.find_property(condition.property)
        base = property_.base if property_ else ""
        if base in IDENTIFYING:
            return [self._found(term) for term in self._meeting(condition, depth)]
        if base != "broader":
            return []
        branches = tuple(iri for value in condition.values for iri in self.meant(value))
        if not branches:
            return []
        scope = Scope(self.service.slug, branches=branches, classes=classes)
        found = self._suggest(query.text, scope, depth)
        return [each for each in found if each.iri not in branches]

    def meant(self, value: str) -> tuple[str, ...]:
        """The terms that an identifier, an IRI or a label means."""
        if value not in self._meant:
            term = services.find_term(self.desk, self.service, value, self.language)
            self._meant[value] = (term.iri,) if term else self._called(value)
        return self._meant[value]

    def _called(self, label: str) -> tuple[str, ...]:
        asked = Asked(label, self.language)
        found = self._suggest(label, Scope(self.service.slug), _HOMONYMS)
        return tuple(each.iri for each in found if asked.best(each.names)[0] == 1)

    def _by_conditions(self, query: Query) -> list[Found]:
        """For a query without a text: terms by their identifiers, mappings and broader terms."""
        found: dict[str, Found] = {}
        for number, condition in enumerate(query.conditions):
            for term in self._meeting(condition, query.limit):
                found.setdefault(term.iri, self._found(term)).within.add(number)
        return list(found.values())

    def _meeting(self, condition: Condition, limit: int) -> list[Term]:
        """The terms that meet a condition of such kinds as lead to terms."""
        found = (self._term(iri) for iri in dict.fromkeys(self._led_to(condition, limit)))
        return [term for term in found if term]

    def _found(self, term: Term) -> Found:
        """As it is found by its name, also in how often people put it on objects here."""
        return from_term(term, usage.count(self.desk.index.read(), "", False, term.iri))

    def _term(self, identifier: str) -> Term | None:
        """A term that may be offered."""
        term = services.find_term(self.desk, self.service, identifier, self.language)
        return term if term and not (term.deprecated or term.guide) else None

    def _led_to(self, condition: Condition, limit: int) -> list[str]:
        property_ = properties.find_property(condition.property)
        base = property_.base if property_ else ""
        if base == "notation":
            return [iri for value in condition.values for iri in self._identifiers(value)]
        if base == "exactMatch":
            others = [value for value in condition.values if is_safe_iri(value)]
            return services.mapped(self.desk, self.service, others)
        if base == "broader":
            above = (iri for value in condition.values for iri in self.meant(value))
            return [each for iri in above for each in self._below(iri, limit)]
        return []

    def _below(self, iri: str, limit: int) -> list[str]:
        slug, index = self.service.slug, self.desk.index
        found = labels.children(PUBLIC, index, iri, slug, self.language, limit=limit)
        return [each.iri for each in found]

    def _identifiers(self, value: str) -> list[str]:
        scopes = (Scope(self.service.slug),)
        found = labels.suggest(PUBLIC, self.desk.index, value, scopes=scopes, lang=self.language)
        own = self.service.space.iri_of(value)
        others = [each.iri for each in found if each.match == "identifier"]
        return [own, *others] if own else others


def from_suggestion(found: Suggestion) -> Found:
    names = [Name(found.label, found.lang, True)]
    if found.matched:
        names.append(Name(found.matched, found.matched_lang or "", False))
    return Found(
        found.iri, found.label, found.lang, names, found.breadcrumb, found.note, found.classes,
        found.used, found.match == "identifier",
    )  # fmt: skip


def from_term(term: Term, used: int) -> Found:
    names = [Name(text, lang, kind == "pref") for kind, text, lang in term.labels]
    crumbs = tuple(label for _iri, label in term.breadcrumb)
    return Found(
        term.iri, term.label, term.lang, names or [Name(term.label, term.lang, True)], crumbs,
        term.note, term.classes, used,
    )  # fmt: skip

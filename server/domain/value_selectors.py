"""Which metadata value of an item an annotation is about, and which words of it; as it stands now.

`soa:RDFPropertySelector` with `soa:property`, as CrowdHeritage exchanges annotations, and the value
itself as `rdf:value`; refined by an `oa:TextPositionSelector` and an `oa:TextQuoteSelector` (W3C
Web Annotation, 4.2.4, 4.2.5 and 4.3) where words are meant.
"""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import item_values, text_anchors
from server.domain.annotation_contents import TARGET, Content, Part, Said
from server.domain.item_values import Term
from server.domain.text_anchors import Quote, Span
from server.names import OA, RDF, SOA, XSD
from server.patches import Dataset

SELECTOR, POSITION, QUOTE = "selector", "position", "quote"
_SELECTING = (OA.hasTarget, OA.hasSelector)
_REFINING = (*_SELECTING, OA.refinedBy)


@dataclass(frozen=True, slots=True)
class Meant:
    """What an annotation is about: a value of a property, or the quoted words of it."""

    field: str
    term: Term
    start: int = 0
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The value as the item has it now, with the place of the words; `changed` says if it is
    another than the one that the annotation was made on."""

    field: str
    term: Term
    span: Span | None
    changed: bool


def said(property_: str, term: Term, span: Span | None = None) -> list[Said]:
    """The selector of a value, or of words of it."""
    found: list[Said] = [
        (TARGET, OA.hasSelector, Part(SELECTOR)),
        (SELECTOR, RDF.type, SOA.RDFPropertySelector),
        (SELECTOR, SOA.property, NamedNode(property_)),
        (SELECTOR, RDF.value, term),
    ]
    return found + _refined(term.value, span) if span else found


def _refined(text: str, span: Span) -> list[Said]:
    start, end = span
    quote = text_anchors.anchor(text, start, end)
    return [
        (SELECTOR, OA.refinedBy, Part(POSITION)),
        (POSITION, RDF.type, OA.TextPositionSelector),
        (POSITION, OA.start, _count(start)),
        (POSITION, OA.end, _count(end)),
        (SELECTOR, OA.refinedBy, Part(QUOTE)),
        (QUOTE, RDF.type, OA.TextQuoteSelector),
        (QUOTE, OA.exact, Literal(quote.exact)),
        *([(QUOTE, OA.prefix, Literal(quote.prefix))] if quote.prefix else []),
        *([(QUOTE, OA.suffix, Literal(quote.suffix))] if quote.suffix else []),
    ]


def _count(number: int) -> Literal:
    """As the store keeps it: it knows no xsd:nonNegativeInteger."""
    return Literal(str(number), datatype=XSD.integer)


def meant(content: Content) -> Meant | None:
    """None where the annotation is about the item, or another part of it."""
    property_ = content.text(*_SELECTING, SOA.property)
    term = content.value(*_SELECTING, RDF.value)
    if not property_ or not isinstance(term, Literal | NamedNode):
        return None
    start = content.text(*_REFINING, OA.start)
    exact, prefix, suffix = (
        content.text(*_REFINING, each) for each in (OA.exact, OA.prefix, OA.suffix)
    )
    quote = Quote(exact, prefix, suffix) if exact else None
    return Meant(property_, term, int(start) if start.isdecimal() else 0, quote)


def find(desk: Desk, dataset: Dataset, item: str, about: Meant) -> Standing | None:
    """As the item has it now; None where its value is gone, or the words are not in any value."""
    values = item_values.standing(desk, dataset, item, (about.field,))
    terms = [term for _property, term in values]
    if about.term in terms:
        return Standing(about.field, about.term, _span(about, about.term), changed=False)
    for term in sorted(terms, key=lambda term: _language(term) != _language(about.term)):
        if about.quote is None and text_anchors.same(term.value, about.term.value):
            return Standing(about.field, term, None, changed=True)
        if about.quote and isinstance(term, Literal) and (span := _span(about, term)):
            return Standing(about.field, term, span, changed=True)
    return None


def _span(about: Meant, term: Term) -> Span | None:
    return text_anchors.find(term.value, about.quote, about.start) if about.quote else None


def _language(term: Term) -> str | None:
    return term.language if isinstance(term, Literal) else None

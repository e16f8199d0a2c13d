"""Which of our kinds of contribution become what at Europeana; docs/europeana.md has the table."""

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.domain.annotation_contents import Content, Part
from server.domain.europeana_items import Cache
from server.formats import europeana_annotations as form
from server.formats.europeana_annotations import Draft, Unsendable
from server.names import CH, DC, EDM, OA, WGS84


@dataclass(frozen=True, slots=True)
class Said:
    """An annotation to be written for Europeana: `item` is its IRI there, `rights` the licence."""

    kind: str
    content: Content
    item: str
    rights: str
    items: Cache

    @property
    def text(self) -> Literal:
        """The body's words. Raises Unsendable where it has none."""
        value = self.content.body_value
        if not isinstance(value, Literal):
            raise Unsendable("empty")
        return value

    @property
    def picture(self) -> str:
        """The address of the picture that is meant; "" for the item as a whole."""
        source = self.content.text(OA.hasTarget, OA.hasSource)
        if source == self.content.item:
            return ""
        return form.semantic_tag(source)


def draft(said: Said) -> Draft:
    """Raises Unsendable for what the API has no form for."""
    write = _BY_KIND.get(said.kind)
    if write is None:
        motivation = said.content.text(OA.motivatedBy)
        write = _BY_MOTIVATION.get(motivation)
    if write is None:
        raise Unsendable("kind", said.kind)
    return form.check(write(said))


def _term(said: Said) -> Draft:
    """Of a term in a text the words are left out: the API knows no selector of metadata."""
    return Draft("tagging", form.semantic_tag(said.content.body), form.target(said.item))


def _tag(said: Said) -> Draft:
    text = said.text
    return Draft("tagging", form.tag(text.value, text.language or ""), form.target(said.item))


def _tagging(said: Said) -> Draft:
    return _term(said) if said.content.body else _tag(said)


def _place(said: Said) -> Draft:
    value = said.content.body_value
    if isinstance(value, NamedNode):
        if value.value.startswith(str(CH)):  # that nobody can tell
            raise Unsendable("no place")
        return _term(said)
    latitude = said.content.text(OA.hasBody, WGS84.lat)
    longitude = said.content.text(OA.hasBody, WGS84.long)
    if not isinstance(value, Part) or not latitude or not longitude:
        raise Unsendable("no place")
    return Draft("tagging", form.place(latitude, longitude), form.target(said.item))


def _link(said: Said) -> Draft:
    """Two items of Europeana are linked whatever their relation; a page by likeness alone."""
    to, relation = said.content.body, said.content.text(CH.relation)
    other, similar = said.items.linked(to), relation == EDM.isSimilarTo.value
    if other == said.item:
        raise Unsendable("itself")
    if similar:
        return Draft("linking", form.similar(said.item, other or to), form.target(said.item))
    if not other:
        raise Unsendable("relation", relation)
    return Draft("linking", None, [said.item, other])


def _text_of(motivation: str) -> Callable[[Said], Draft]:
    def write(said: Said) -> Draft:
        text = said.text
        body = form.full_text(text.value, text.language or "", said.rights)
        return Draft(motivation, body, form.target(said.item, said.picture))

    return write


def _translation(said: Said) -> Draft:
    if not isinstance(said.content.body_value, Literal):
        raise Unsendable("rating")
    return _text_of("translating")(said)


def _correction(said: Said) -> Draft:
    if said.content.field != DC.description.value:
        raise Unsendable("correction")
    return _describing(said)


def _describing(said: Said) -> Draft:
    text = said.text
    body = form.description(text.value, text.language or "")
    return Draft("describing", body, form.target(said.item, said.picture))


def _region(said: Said) -> Draft:
    """The picture as a whole: the API takes no part of it."""
    if said.content.value(OA.bodyValue) is not None:
        raise Unsendable("comment")
    whole = _tagging(said)
    return Draft("tagging", whole.body, form.target(said.item, said.picture))


def _never(code: str) -> Callable[[Said], Draft]:
    def write(_said: Said) -> Draft:
        raise Unsendable(code)

    return write


_BY_KIND: dict[str, Callable[[Said], Draft]] = {
    CH.SemanticTag.value: _term,
    CH.ColourTag.value: _term,
    CH.TextSpan.value: _term,
    CH.FreeTag.value: _tag,
    CH.Place.value: _place,
    CH.Link.value: _link,
    CH.Region.value: _region,
    CH.Transcription.value: _text_of("transcribing"),
    CH.Translation.value: _translation,
    CH.Correction.value: _correction,
    CH.Comment.value: _never("comment"),
    CH.Comparison.value: _never("comparison"),
    CH.Question.value: _never("question"),
}
#: Kinds that an instance has of its own.
_BY_MOTIVATION: dict[str, Callable[[Said], Draft]] = {
    OA.tagging.value: _tagging,
    OA.linking.value: _link,
    OA.describing.value: _describing,
    CH.transcribing.value: _text_of("transcribing"),
    CH.translating.value: _text_of("translating"),
}

"""From an annotation that a program sends to the answer to a question, as a form would give it.

Which question it answers is named (`task`), or found: the one of the campaign whose kind, field and
motivation fit and whose form can say the same. What no form can say is refused, with the field.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from server.commit import Desk
from server.domain import annotation_forms, comparisons, kinds, sent_targets
from server.domain.annotation_contents import ANNOTATION, BODY, TARGET, Content, Part, Said
from server.domain.annotation_forms import Written
from server.domain.kinds import OF_CLAIM, Kind
from server.domain.sent_targets import Aim
from server.domain.widgets import Asked, Values
from server.domain.widgets.item_values import writes
from server.domain.widgets.translations import SEVERITIES
from server.errors import Invalid, Problem
from server.formats import annotations_jsonld
from server.formats.webanno_graphs import Part as SentPart
from server.formats.webanno_graphs import Sent, wrong
from server.i18n import _
from server.names import CH, OA, RDF

_TASK = re.compile(r".*#task-([0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class Answer:
    """The question, and the values of its form; what the form makes of them."""

    asked: Asked
    values: Values
    written: Written
    origin: tuple[Said, ...]


def answer(asked: Asked, sent: Sent, aim: Aim) -> Answer:
    """The one answer that says the same; `asked` with any question of the campaign.

    Raises Invalid, with the problems of the question that fits best.
    """
    fitting = [each for each in _questions(asked, sent) if _suits(each, sent)]
    if not fitting:
        words = _("The campaign asks for nothing of this kind, motivation and field.")
        raise wrong("kind", words)
    found: list[Answer] = []
    refusals: list[Invalid] = []
    for each in fitting:
        try:
            found.append(_answer(each, sent, aim))
        except Invalid as error:
            refusals.append(error)
    if len(found) > 1:
        numbers = ", ".join(str(each.asked.task.number) for each in found)
        words = _("Several questions of the campaign fit: name the task. They are {numbers}.",
                  numbers=numbers)  # fmt: skip
        raise wrong("task", words)
    if not found:
        raise min(refusals, key=lambda error: len(error.problems))
    return found[0]


def of_task(asked: Asked, sent: Sent, aim: Aim, standing: str) -> Answer:
    """As the answer to this question, in place of one's own (its `{id}`). Raises Invalid."""
    if not _suits(asked, sent):
        raise wrong("kind", _("The campaign asks for nothing of this kind, motivation and field."))
    return _answer(asked, sent, aim, {"replaces": [standing]})


def _questions(asked: Asked, sent: Sent) -> Iterator[Asked]:
    named = _TASK.fullmatch(sent.iri("", CH.task))
    if sent.all("", CH.task) and named is None:
        raise wrong("task", _("A task is named by its IRI, which ends in its number."))
    for task in asked.campaign.tasks:
        if named is None or task.number == int(named[1]):
            yield replace(asked, task=task, kind=kinds.get(asked.desk, task.kind))


def _suits(asked: Asked, sent: Sent) -> bool:
    kind, task = asked.kind, asked.task
    motivations = {each.value for each in sent.all("", OA.motivatedBy) if hasattr(each, "value")}
    field = sent.text("", CH.field)
    return (
        sent.text("", CH.kind) in ("", kind.iri)
        and (not motivations or motivations <= ({kind.motivation} if kind.motivation else _ANY))
        and (not field or field == task.field or writes(kind))
        and not (task.kind == CH.Region.value and not sent.all(TARGET, OA.hasSelector))
    )


_ANY = {OA.tagging.value, OA.commenting.value}


def _answer(asked: Asked, sent: Sent, aim: Aim, more: Values | None = None) -> Answer:
    content, claim = _content(asked.kind, sent, aim)
    values: Values = {**_values(asked, content, claim), **(more or {})}
    try:
        written = annotation_forms.compose(asked, values)
    except Invalid as error:
        raise named(asked.kind, error) from error
    _require_said(asked, content, written)
    return Answer(asked, values, written, _origin(asked.desk, sent))


# --- what was sent, as ours are written -----------------------------------------------------------


def _content(kind: Kind, sent: Sent, aim: Aim) -> tuple[Content, Content]:
    own = {entry.path[0] for entry in kind.entries if entry.of == "claim"} | {*SEVERITIES.values()}
    body: list[Said] = []
    claim: list[Said] = []
    for property_, values in sent.parts[""].items():
        if property_ in (OA.hasTarget, OA.hasBody):
            continue
        for value in values:
            if isinstance(value, SentPart):
                continue
            said = claim if property_ in own else body
            said.append((OF_CLAIM if said is claim else ANNOTATION, property_, value))
    body += _body(kind, sent)
    target: Said = (ANNOTATION, OA.hasTarget, Part(TARGET))
    return Content((*body, target, *sent_targets.said(sent, aim))), Content(tuple(claim))


def _body(kind: Kind, sent: Sent) -> Iterator[Said]:
    """A text as a node of its own, or as `bodyValue`, whichever the kind has."""
    paths = {entry.path for entry in kind.editable}
    plain, value = sent.one("", OA.bodyValue), sent.one(BODY, RDF.value)
    comments = OA.commenting in sent.all("", OA.motivatedBy)
    if isinstance(plain, Literal) and (OA.bodyValue,) not in paths:
        yield from ((ANNOTATION, OA.hasBody, Part(BODY)), (BODY, RDF.value, plain))
    elif isinstance(value, Literal) and (OA.bodyValue,) in paths and comments:
        yield ANNOTATION, OA.bodyValue, Literal(value.value)
    else:
        for each in sent.all("", OA.hasBody):
            is_part = isinstance(each, SentPart)
            yield ANNOTATION, OA.hasBody, Part(BODY) if is_part else each
        for property_, values in sent.parts.get(BODY, {}).items():
            yield from (
                (BODY, property_, each) for each in values if not isinstance(each, SentPart)
            )


def _origin(desk: Desk, sent: Sent) -> tuple[Said, ...]:
    """Where it is kept elsewhere (Web Annotation Protocol, 5.1): its canonical IRI, and the one
    that it came under."""
    canonical = sent.all("", OA.canonical)
    if len(canonical) > 1 or not all(isinstance(each, NamedNode) for each in canonical):
        raise wrong("canonical", _("An annotation has one canonical IRI."))
    via = [each for each in sent.all("", OA.via) if isinstance(each, NamedNode)]
    if sent.root and not sent.root.startswith(desk.names.base) and not sent.root.startswith("urn:"):
        via.append(NamedNode(sent.root))
    said = [(OA.canonical, each) for each in canonical] + [(OA.via, each) for each in via]
    return tuple((OF_CLAIM, property_, value) for property_, value in dict.fromkeys(said))


# --- as a form ------------------------------------------------------------------------------------


def _values(asked: Asked, content: Content, claim: Content) -> dict[str, list[str]]:
    """What a form says that says the same."""
    values = annotation_forms.filled(asked, content, claim)
    if content.value(OA.hasTarget, OA.hasSelector, OA.refinedBy, OA.start) is None:
        for entry in asked.kind.editable:  # the words alone are looked for
            values.pop(f"{entry.name}-start", None)
            values.pop(f"{entry.name}-end", None)
    for entry in asked.kind.editable:
        if entry.editor == CH.ComparisonEditor:
            values[entry.name] = [_side(asked, content)]
    return values


def _side(asked: Asked, content: Content) -> str:
    """Which of two pictures is better, as the person who is asked sees them."""
    if content.body == CH.NoDifference.value:
        return "none"
    images = tuple(sorted(each.value for each in content.values(CH.compares)))
    agent = asked.person.agent.value if asked.person else ""
    pairs = comparisons.pairs(
        asked.desk, asked.viewer, asked.campaign, asked.task, asked.item, agent
    )
    sides = (
        name
        for pair in pairs
        if pair.images == images
        for name in comparisons.SIDES
        if pair.side(name).iri == content.body
    )
    return next(sides, "")


def _require_said(asked: Asked, content: Content, written: Written) -> None:
    """Nothing that matters was lost on the way."""
    kind, got = asked.kind, written.content
    links = kind.has_editor(CH.LinkEditor)
    if content.body and got.body != content.body and not links:
        raise wrong("body", _("This kind of annotation has no such body."))
    if content.body_text and not (got.body_text or got.text(OA.bodyValue)):
        raise wrong("body.value", _("This kind of annotation has no text."))
    if content.text(OA.bodyValue) and not got.text(OA.bodyValue):
        raise wrong("bodyValue", _("This kind of annotation has no text."))
    if content.value(OA.hasTarget, OA.hasSelector) and not got.value(OA.hasTarget, OA.hasSelector):
        raise wrong("target.selector", _("This question is about the whole object."))
    source = content.text(OA.hasTarget, OA.hasSource)
    if source != content.item and got.text(OA.hasTarget, OA.hasSource) != source:
        raise wrong("target.source", _("This question is about the object, not a picture of it."))
    field = content.field
    if field and got.field != field:
        raise wrong("field", _("The question is for another field."))


def named(kind: Kind, error: Invalid) -> Invalid:
    """The same problems, with the keys of JSON-LD in place of the fields of the form."""
    paths = {entry.name: _path(entry.path) for entry in kind.entries if entry.name}
    problems = tuple(
        Problem(paths.get(each.field, each.field), each.message) for each in error.problems
    )
    return Invalid(str(error), problems)


def _path(path: tuple[NamedNode, ...]) -> str:
    return ".".join(annotations_jsonld.key_of(each.value) for each in path)

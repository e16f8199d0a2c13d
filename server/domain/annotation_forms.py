"""From a form to what an annotation says, and back: by the fields that its kind's shape names."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from server.domain import widgets
from server.domain.annotation_contents import ANNOTATION, TARGET, Content, Part, Said
from server.domain.kinds import Entry
from server.domain.widgets import Asked, Values
from server.domain.widgets.paths import along
from server.errors import Damaged, Invalid, Problem
from server.i18n import _
from server.names import CH, OA


@dataclass(frozen=True, slots=True)
class Written:
    """What a form says: of the item by the annotation, and of one's own on one's claim."""

    content: Content
    claim: Content

    def on_claim(self, more: tuple[Said, ...]) -> "Written":
        """With this said on one's claim as well."""
        claim = Content(_once([*self.claim.statements, *more]))
        return replace(self, claim=claim) if more else self


def compose(asked: Asked, values: Values) -> Written:
    """Raises Invalid with a problem for each field that says nothing or something wrong."""
    said: dict[str, list[Said]] = {"annotation": [], "claim": []}
    problems: list[Problem] = []
    for entry in asked.kind.editable:
        try:
            found = editor(entry).read(asked, entry, values)
            if entry.required and not found:
                raise _missing(entry)
            said[entry.of] += found
        except Invalid as error:
            problems += error.problems or [Problem(entry.name, str(error))]
    if problems:
        raise Invalid(_("Some of this is missing or wrong."), tuple(problems))
    own = _once([*_frame(asked, said["annotation"]), *said["annotation"]])
    return Written(Content((*own, *_constants(asked, own))), Content(_once(said["claim"])))


def editor(entry: Entry) -> widgets.Editor:
    assert entry.editor is not None
    found = widgets.EDITORS.get(entry.editor)
    if found is None:
        raise Damaged(_("There is no widget {iri}.", iri=entry.editor.value))
    return found


def _missing(entry: Entry) -> Invalid:
    message = _("Please fill this in.") if not entry.choices else _("Please choose one.")
    return Invalid(message, (Problem(entry.name, message),))


def _frame(asked: Asked, said: Iterable[Said]) -> list[Said]:
    """What no form says: the question and its field, and the item, where no widget says which
    part of the item is meant."""
    campaign = asked.desk.names.campaign(asked.campaign.slug)
    task = NamedNode(f"{campaign.value}#task-{asked.task.number}")
    found: list[Said] = [
        (ANNOTATION, CH.campaign, campaign),
        (ANNOTATION, CH.task, task),
        (ANNOTATION, OA.hasTarget, Part(TARGET)),
    ]
    known = {(part, property_) for part, property_, _value in said}
    if asked.task.field and (ANNOTATION, CH.field) not in known:
        found.append((ANNOTATION, CH.field, NamedNode(asked.task.field)))
    if (TARGET, OA.hasSource) not in known:
        found.append((TARGET, OA.hasSource, NamedNode(asked.item.iri)))
    return found


def _constants(asked: Asked, said: Iterable[Said]) -> list[Said]:
    """What the shape fixes (`sh:hasValue`), on the parts that there are."""
    parts = {part for part, _property, _value in said}
    found: list[Said] = []
    for entry in asked.kind.constants:
        if entry.of == "annotation" and (len(entry.path) == 1 or entry.part in parts):
            found += along(entry, entry.constant)
    return [each for each in _once(found) if each not in set(said)]


def _once(said: Iterable[Said]) -> tuple[Said, ...]:
    return tuple(dict.fromkeys(said))


def filled(asked: Asked, content: Content, claim: Content) -> dict[str, list[str]]:
    """The values of a form that says the same, for editing what stands."""
    found: dict[str, list[str]] = {}
    for entry in asked.kind.editable:
        found |= editor(entry).fill(asked, entry, claim if entry.of == "claim" else content)
    return found

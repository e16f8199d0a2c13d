"""One vote on an annotation, as a patch: what it replaces, what it says, what follows in public."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode, Quad

from server.commit import Desk
from server.domain import annotation_statements, publishing, shapes
from server.domain.accounts import Person
from server.domain.annotations import Annotation
from server.errors import Conflict, Invalid, Problem
from server.i18n import _
from server.names import CH
from server.patches import Patch, bound, on

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Said:
    """`verdict` None takes the vote back; `rating` is 0..100; `batch` an IRI or ""."""

    verdict: str | None
    reason: str = ""
    comment: str = ""
    rating: int | None = None
    batch: str = ""

    @property
    def is_plain(self) -> bool:
        return not (self.reason or self.comment or self.batch) and self.rating is None


def require_verdict(verdict: str | None) -> None:
    """Raises Invalid for what is neither a verdict nor None."""
    if verdict is not None and verdict not in annotation_statements.VERDICTS:
        raise Invalid(
            _("That is not an answer."), (Problem("verdict", _("Choose yes, no or not sure.")),)
        )


def require_words(said: Said, offered: Collection[str] = ()) -> None:
    """Raises Invalid for a reason that is none of those `offered`, where there are some, and for
    characters that cannot be shown."""
    if said.reason and offered and said.reason not in offered:
        words = _("Please choose one from the list.")
        raise Invalid(words, (Problem("reason", words),))
    for name, text in (("reason", said.reason), ("comment", said.comment)):
        if _CONTROL.search(text):
            words = _("There are characters in it that cannot be shown.")
            raise Invalid(words, (Problem(name, words),))


def require_votable(annotation: Annotation, person: Person) -> None:
    """Raises Conflict for what was withdrawn, and for what one proposed."""
    if not annotation.claims:
        raise Conflict(_("This proposal was withdrawn."))
    if annotation.claim_of(person.agent.value):
        raise Conflict(_("You proposed this yourself; others decide on it."))


def cast(
    desk: Desk, person: Person, standing: Annotation, said: Said, now: datetime
) -> tuple[Patch, Annotation]:
    """In a decision: this vote in place of an earlier one, and the annotation with it.

    The same once more changes nothing. Raises Conflict as `require_votable` does.
    """
    require_votable(standing, person)
    if standing.verdict_of(person.agent.value) == said.verdict and said.is_plain:
        return Patch(), standing
    before = standing.vote_of(person.agent.value)
    graph = desk.names.graph("annotations", standing.campaign)
    node = annotation_statements.part(standing.iri, "vote", person)
    removed = annotation_statements.standing_part(desk, node, graph) if before else []
    after = standing.with_vote(
        person, said.verdict, now, reason=said.reason, comment=said.comment, rating=said.rating
    )
    patch = on("work", remove=removed, add=_added(standing, person, said, graph, now))
    return patch + publishing.refreshed(desk, standing, after), after


def _added(
    standing: Annotation, person: Person, said: Said, graph: NamedNode, now: datetime
) -> tuple[Quad, ...]:
    if said.verdict is None:
        return ()
    statements = annotation_statements.vote_statements(
        standing.iri, person, said.verdict, said.reason, said.comment, now, said.rating
    )
    if said.batch:
        node = annotation_statements.part(standing.iri, "vote", person)
        statements.append((node, CH.batch, NamedNode(said.batch)))
    shapes.check("vote", statements)
    return bound(graph, *statements)

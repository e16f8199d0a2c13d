"""What software proposes where a vocabulary names the term that replaces another."""

from datetime import datetime

from pyoxigraph import NamedNode

from server import __version__
from server.commit import Desk
from server.domain import annotations, software_claims
from server.domain.annotation_contents import ANNOTATION, Content
from server.domain.annotations import Annotation
from server.domain.software import Software
from server.domain.software_claims import Saying
from server.index import items, queues
from server.names import OA
from server.patches import Patch


def proposal(
    desk: Desk, of: Annotation, term: str, vocabulary: str, load: NamedNode, now: datetime
) -> Patch:
    """The same claim with another term, made by software; nothing where somebody makes it."""
    content = _content(desk, of, term)
    iri = _identify(desk, of, content)
    standing = annotations.find(desk, iri)
    if standing and standing.claims:
        return Patch()
    said = Saying(_software(desk, vocabulary), 1.0, activity=load)
    return software_claims.patch(desk, of.campaign, of.kind, iri, content, said, now)


def _content(desk: Desk, of: Annotation, term: str) -> Content:
    """The same of the item as it is by now, with another term."""
    item = items.current_item(desk.index.write, of.item)
    return of.content.about(item).replacing(ANNOTATION, OA.hasBody, NamedNode(term))


def _identify(desk: Desk, of: Annotation, content: Content) -> str:
    """Where the claim stands under a former identifier of the item, that one."""
    every = (content.item, of.item, *items.former_items(desk.index.write, content.item))
    iris = [
        annotations.identify(desk.names, of.campaign, of.kind, content.about(each)).value
        for each in every
    ]
    standing = (iri for iri in iris if queues.find_annotation(desk.index.write, iri))
    return next(standing, iris[0])


def _software(desk: Desk, vocabulary: str) -> Software:
    """The program that carries a vocabulary's changes over to annotations."""
    agent = desk.names.agent(f"vocabulary-update-{vocabulary}").value
    return Software(f"vocabulary update of {vocabulary}", __version__, agent)

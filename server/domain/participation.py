"""Taking part in a campaign: that it is open, that one may, and that one agreed to its licence."""

from datetime import datetime
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import annotation_statements, campaigns, permissions
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.errors import Conflict, Forbidden
from server.i18n import _
from server.index import queues
from server.names import CH, DCTERMS, RDF, time_literal
from server.patches import Patch, bound, on

Statements = list[tuple[Any, NamedNode, Any]]


def agree(desk: Desk, person: Person, slug: str, *, now: datetime) -> None:
    """Keep that this person gives their contributions to the campaign under its licence."""

    def decide(desk: Desk) -> tuple[Patch, None]:
        campaign = open_campaign(desk, person, slug, now)
        if queues.agreed_licence(desk.index.read(), slug, person.agent.value) == campaign.licence:
            return Patch(), None
        me = desk.names.campaign(slug).value
        node = NamedNode(f"{me}#agreement-{person.id}")
        graph = desk.names.graph("annotations", slug)
        statements: Statements = [
            (node, RDF.type, CH.Agreement),
            (node, CH.campaign, desk.names.campaign(slug)),
            (node, CH.agent, person.agent),
            (node, DCTERMS.license, NamedNode(campaign.licence)),
            (node, DCTERMS.created, time_literal(now)),
        ]
        before = annotation_statements.standing_part(desk, node, graph)
        return on("work", remove=before, add=bound(graph, *statements)), None

    desk.commit(decide, by=person.agent.value, action="agree", now=now)


def agreed(desk: Desk, campaign: Campaign, person: Person | None) -> bool:
    """Whether this person agreed to the licence of contributions, as it stands now."""
    if person is None:
        return False
    agent = person.agent.value
    return queues.agreed_licence(desk.index.read(), campaign.slug, agent) == campaign.licence


def taking_part(desk: Desk, person: Person, slug: str, *, now: datetime) -> Campaign:
    """The open campaign, to which this person may contribute and has agreed to its licence.

    Raises NotFound, NotSignedIn, Forbidden, or Conflict where it is not open.
    """
    campaign = open_campaign(desk, person, slug, now)
    require_agreement(desk, campaign, person)
    return campaign


def open_campaign(desk: Desk, person: Person, slug: str, now: datetime) -> Campaign:
    campaign = visible_campaign(desk, person, slug)
    permissions.require(person, "contribute", campaign)
    if not campaign.is_open(now.date()):
        raise Conflict(_("This campaign is not open for contributions."))
    return campaign


def visible_campaign(desk: Desk, person: Person, slug: str) -> Campaign:
    """The index is level in a decision. Raises NotFound for a draft that this person cannot see."""
    return campaigns.get_campaign(desk, permissions.viewer(person), slug)


def require_agreement(desk: Desk, campaign: Campaign, person: Person) -> None:
    if not agreed(desk, campaign, person):
        raise Forbidden(_("Please agree to the licence of contributions first."))

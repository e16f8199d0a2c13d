"""What a person has done, as their own account page and their own export tell it."""

from dataclasses import asdict, dataclass
from typing import Any

from server.commit import Desk
from server.domain import batch_views, campaigns, permissions, texts
from server.domain.accounts import Person
from server.errors import NotFound
from server.i18n import language
from server.index import agents


@dataclass(frozen=True, slots=True)
class CampaignLine:
    slug: str
    title: str
    contributions: int


def taken_part(desk: Desk, person: Person | None) -> dict[str, Any]:
    """`figures` and `campaigns` of a person; `kept` counts what a guest keeps on signing up."""
    agent = person.agent.value if person else ""
    connection = desk.index.read()
    tallies = agents.tallies(connection, agent)
    return {
        "figures": agents.figures(connection, agent),
        "campaigns": [
            line for slug, count in tallies if (line := _line(desk, person, slug, count))
        ],
        "batches": batch_views.mine(desk, person) if person else [],
        "kept": sum(count for _slug, count in tallies),
    }


def contributions(desk: Desk, person: Person) -> list[dict[str, Any]]:
    """Each claim and vote of a person, oldest first, for the export of their data."""
    return [asdict(row) for row in agents.contributions(desk.index.read(), person.agent.value)]


def _line(desk: Desk, person: Person | None, slug: str, count: int) -> CampaignLine | None:
    try:
        campaign = campaigns.get_campaign(desk, permissions.viewer(person), slug)
    except NotFound:
        return None
    return CampaignLine(slug, texts.choose(campaign.title, language.get()), count)

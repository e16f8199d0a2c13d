"""The index rows of a campaign's rules for handing out items."""

from collections.abc import Callable, Iterator

from server.commit import Desk
from server.domain.campaigns import Campaign
from server.domain.routing_rules import Routing
from server.index import item_queues, proposal_queues
from server.index.item_queues import RoutingRow


def project(desk: Desk, campaign: Campaign, put_campaign: Callable[[], None]) -> None:
    """Write the rules before the campaign's queue, and each place anew where they changed."""
    connection, rules = desk.index.write, campaign.routing
    row = RoutingRow(
        campaign=campaign.slug,
        needed=rules.most_answers(disputed=False),
        most=rules.most_answers(disputed=True),
        votes_needed=rules.most_votes(contested=False),
        votes_most=rules.most_votes(contested=True),
        agreement=rules.agreement,
        disputed_first=rules.disputed_first and not campaign.blind,
        by_answers=not (campaign.random_order or campaign.blind),
        blind=campaign.blind,
    )
    changed = item_queues.put_routing(connection, row, _priorities(rules))
    put_campaign()
    if changed:
        item_queues.relevel(connection, campaign.slug)
        proposal_queues.relevel(connection, campaign.slug)


def _priorities(rules: Routing) -> Iterator[tuple[str, int]]:
    """Of what is named twice the last one counts."""
    for each in rules.priorities:
        yield from ((f"collection/{slug}", each.level) for slug in each.collections)
        yield from ((item, each.level) for item in each.items)

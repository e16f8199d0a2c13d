"""Which of a campaign's questions an annotation answers."""

from server.commit import Desk
from server.domain import term_scopes
from server.domain.campaigns import Campaign, Task
from server.index.contributions import AnnotationRow


def task_of(desk: Desk, campaign: Campaign, row: AnnotationRow) -> Task:
    """The question that an annotation answers; where the campaign's questions have changed since,
    one of the same kind and field that has its term, else the nearest that there is."""
    named = [each for each in campaign.tasks if each.number == row.task]
    fits = [each for each in named if each.kind == row.kind and each.field in ("", row.field)]
    if fits:
        return fits[0]
    same = [each for each in campaign.tasks if (each.kind, each.field) == (row.kind, row.field)]
    same = same or [each for each in campaign.tasks if each.field == row.field]
    same = same or list(campaign.tasks)
    return next((each for each in same if term_scopes.offers(desk, each, row.body)), same[0])

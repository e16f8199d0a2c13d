"""What somebody said of many things at once, as their own account page lists it."""

from dataclasses import dataclass
from datetime import datetime

from server.commit import Desk
from server.domain import batches, campaigns, permissions, term_views, texts
from server.domain.accounts import Person
from server.domain.campaign_views import Named
from server.errors import NotFound
from server.i18n import language, ngettext
from server.index.batches import BatchRow


@dataclass(frozen=True, slots=True)
class BatchLine:
    """`words` say what was said of how many."""

    id: str
    campaign: Named
    words: str
    when: datetime


def mine(desk: Desk, person: Person) -> list[BatchLine]:
    """The newest first; none of a campaign that is no longer to be seen."""
    found = (_line(desk, person, row) for row in batches.mine(desk, person))
    return [line for line in found if line]


def _line(desk: Desk, person: Person, row: BatchRow) -> BatchLine | None:
    viewer = permissions.viewer(person)
    try:
        campaign = campaigns.get_campaign(desk, viewer, row.campaign)
    except NotFound:
        return None
    term = term_views.short_views(desk, viewer, [row.term], language.get())[row.term].label
    title = texts.choose(campaign.title, language.get())
    return BatchLine(
        batches.identifier(row.iri), Named(row.campaign, title), _words(row, term),
        datetime.fromisoformat(row.at),
    )  # fmt: skip


def _words(row: BatchRow, term: str) -> str:
    if row.kind == "claim":
        return ngettext("An answer for {count} item", "An answer for {count} items", row.size)
    if row.verdict == "approve":
        return ngettext(
            "Yes to “{term}”, {count} time", "Yes to “{term}”, {count} times", row.size, term=term
        )
    if row.verdict == "reject":
        return ngettext(
            "No to “{term}”, {count} time", "No to “{term}”, {count} times", row.size, term=term
        )
    return ngettext(
        "Not sure about “{term}”, {count} time", "Not sure about “{term}”, {count} times",
        row.size, term=term,
    )  # fmt: skip

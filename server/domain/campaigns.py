"""Campaigns: what is asked of the public, about which collections, and when it counts as true."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from weakref import WeakKeyDictionary

from pyoxigraph import Quad

from server.commit import Desk
from server.domain import permissions, rejection_graphs
from server.domain.accounts import Person
from server.domain.campaign_statements import (
    CC0,
    LICENCES,
    STATES,
    Campaign,
    from_statements,
    quads,
)
from server.domain.campaign_tasks import Task, TermGroup
from server.errors import Conflict, Invalid, NotFound, Problem, Unavailable
from server.i18n import _
from server.index import items, queues
from server.names import Names, timestamp
from server.patches import Dataset, Patch, on
from server.viewers import Viewer

__all__ = [
    "CC0", "LICENCES", "STATES", "Campaign", "Task", "TermGroup", "create", "edit", "find_standing",
    "from_statements", "get_campaign", "quads", "sees", "set_state",
]  # fmt: skip

_ALL = Viewer(sees_work=True)


def get_campaign(desk: Desk, viewer: Viewer, slug: str) -> Campaign:
    """Raises NotFound, for a draft also when the viewer may not see it."""
    row = queues.find_campaign(viewer, desk.index.read(), slug)
    if row is None:
        raise NotFound(_("There is no such campaign."))
    seq = queues.last_entry(desk.index.read(), desk.names.campaign(slug).value)
    kept = _read_before.setdefault(desk, {})
    if slug in kept and kept[slug][0] == seq:
        return kept[slug][1]
    campaign = _read(desk, slug, "work" if row.dataset == "work" else "public")
    if campaign.title:  # else it is just going from one dataset to the other
        kept[slug] = seq, campaign
    return campaign


#: By slug what was read, and the last entry about it then: contributions need it all the time.
_read_before: WeakKeyDictionary[Desk, dict[str, tuple[int, Campaign]]] = WeakKeyDictionary()


def find_standing(desk: Desk, slug: str) -> Campaign | None:
    """As the stores hold it right now, whatever the index says; for decisions about it."""
    for dataset in ("public", "work"):
        if desk.ask("campaign_exists", dataset, campaign=desk.names.campaign(slug)):
            return _read(desk, slug, dataset)
    return None


def create(desk: Desk, organiser: Person, campaign: Campaign, *, now: datetime) -> Campaign:
    """Make a new campaign. Raises Conflict where the short name is taken."""
    permissions.require(organiser, "create campaign")
    made = replace(campaign, creator=organiser.agent.value, created=timestamp(now))

    def decide(desk: Desk) -> tuple[Patch, Campaign]:
        if find_standing(desk, campaign.slug):
            raise Conflict(_("There is a campaign of that short name already."))
        _require_public_items(desk, made)
        return on(made.dataset, add=quads(desk.names, made)), made

    return desk.commit(decide, by=organiser.agent.value, action="create campaign", now=now)


def edit(desk: Desk, organiser: Person, campaign: Campaign, *, now: datetime) -> Campaign:
    """Replace what a campaign says, its state included; opening it makes it public."""

    def decide(desk: Desk) -> tuple[Patch, Campaign]:
        before = find_standing(desk, campaign.slug)
        if before is None or not sees(organiser, before):
            raise NotFound(_("There is no such campaign."))
        permissions.require(organiser, "edit campaign", before)
        after = replace(campaign, creator=before.creator, created=before.created)
        _require_nothing_published(desk, before, after, now)
        _require_public_items(desk, after)
        patch = _difference(desk.names, before, after)
        if before.publish_rejections and not _shows_rejections(after, now):
            patch += rejection_graphs.taken_back(desk, after.slug)
        return patch, after

    return desk.commit(decide, by=organiser.agent.value, action="edit campaign", now=now)


def set_state(desk: Desk, organiser: Person, slug: str, state: str, *, now: datetime) -> Campaign:
    """Open, close, or take back to draft."""
    standing = find_standing(desk, slug)
    if standing is None:
        raise NotFound(_("There is no such campaign."))
    return edit(desk, organiser, replace(standing, state=state), now=now)


def sees(person: Person, campaign: Campaign) -> bool:
    """A draft is for organisers."""
    return campaign.dataset == "public" or permissions.may(person, "see work")


def _require_public_items(desk: Desk, campaign: Campaign) -> None:
    """People must see what they are asked about, and nothing private may be published with it."""
    if campaign.dataset == "work":
        return
    found = {slug: items.find_collection(_ALL, desk.index.read(), slug)
             for slug in campaign.collections}  # fmt: skip
    problems = tuple(
        Problem("collection", _("The collection “{slug}” is private: make it public before the "
                                "campaign opens.", slug=slug))
        for slug, row in found.items() if row is not None and row.dataset == "work"
    )  # fmt: skip
    if problems:
        raise Invalid(problems[0].message, problems)


def _require_nothing_published(
    desk: Desk, before: Campaign, after: Campaign, now: datetime
) -> None:
    """A draft is nobody's to see, and neither may be what was published from it; nor is anything
    of a campaign under embargo."""
    is_draft = (before.dataset, after.dataset) == ("public", "work")
    if not is_draft and not after.is_embargoed(now.date()):
        return
    if desk.names.graph("published", after.slug).value in desk.owed:
        raise Unavailable(_("This campaign is being published right now."))
    if not queues.progress(desk.index.read(), after.slug).by_status.get("published"):
        return
    if is_draft:
        raise Conflict(_("Take back what is published before the campaign becomes a draft."))
    raise Conflict(_("Take back what is published before the campaign is under embargo."))


def _shows_rejections(campaign: Campaign, now: datetime) -> bool:
    public = campaign.dataset == "public" and not campaign.is_embargoed(now.date())
    return campaign.publish_rejections and public


def _difference(names: Names, before: Campaign, after: Campaign) -> Patch:
    old, new = set(quads(names, before)), set(quads(names, after))
    if before.dataset == after.dataset:
        return on(after.dataset, remove=_sorted(old - new), add=_sorted(new - old))
    return on(before.dataset, remove=_sorted(old)) + on(after.dataset, add=_sorted(new))


def _sorted(quads_: Iterable[Quad]) -> list[Quad]:
    return sorted(quads_, key=str)


def _read(desk: Desk, slug: str, dataset: Dataset) -> Campaign:
    rows = desk.select("campaign_statements", dataset, graph=desk.names.graph("campaign", slug))
    return from_statements(desk.names, slug, [(row["s"], row["p"], row["o"]) for row in rows])

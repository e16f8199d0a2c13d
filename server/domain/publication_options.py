"""When a campaign's results become public: embargoes and a schedule, as campaign data."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

import pyoxigraph as ox
from pyoxigraph import NamedNode

from server.domain.campaign_nodes import About, Statements, value, values
from server.i18n import _
from server.names import CH, RDF, XSD, time_literal

Every = Literal["", "day", "week"]
_EVERY: dict[str, NamedNode] = {"day": CH.EveryDay, "week": CH.EveryWeek}
#: The IRIs of items, each with the first day on which what is said of it may be public.
Embargoes = tuple[tuple[str, date], ...]


def read(about: Mapping[str, About], campaign: About) -> dict[str, Any]:
    """The options as fields of a campaign, from what its shape has checked."""
    at = value(campaign, CH.publishAt)
    every = value(campaign, CH.publishEvery)
    return {
        "publish_at": _utc(datetime.fromisoformat(at)) if at else None,
        "publish_every": next((name for name, node in _EVERY.items() if node.value == every), ""),
        "embargo": _day(value(campaign, CH.embargoUntil)),
        "embargoes": _embargoes(about, campaign),
    }


def _embargoes(about: Mapping[str, About], campaign: About) -> Embargoes:
    found = {
        item.value: day
        for node in values(campaign, CH.embargo)
        if (day := _day(value(about[node.value], CH.embargoUntil)))
        for item in values(about[node.value], CH.item)
    }
    return tuple(sorted(found.items()))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def _utc(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


def statements(campaign: NamedNode, options: Any) -> Statements:
    """What stands in the campaign's graph for these; nothing for what is so anyway."""
    found: Statements = []
    if options.publish_at:
        found.append((campaign, CH.publishAt, time_literal(options.publish_at)))
    if options.publish_every:
        found.append((campaign, CH.publishEvery, _EVERY[options.publish_every]))
    if options.embargo:
        found.append((campaign, CH.embargoUntil, _date(options.embargo)))
    by_day: dict[date, list[str]] = defaultdict(list)
    for item, day in options.embargoes:
        by_day[day].append(item)
    for number, (day, items) in enumerate(sorted(by_day.items()), 1):
        node = NamedNode(f"{campaign.value}#embargo-{number}")
        found += [
            (campaign, CH.embargo, node),
            (node, RDF.type, CH.Embargo),
            (node, CH.embargoUntil, _date(day)),
            *((node, CH.item, NamedNode(item)) for item in items),
        ]
    return found


def _date(day: date) -> ox.Literal:
    return ox.Literal(day.isoformat(), datatype=XSD.date)


def sentence(every: str) -> str:
    """How often it is published, in words; "" where it is not done by itself."""
    words = {
        "day": _("What is accepted is published after each day, at midnight UTC."),
        "week": _("What is accepted is published after each week, at midnight UTC before Monday."),
    }
    return words.get(every, "")

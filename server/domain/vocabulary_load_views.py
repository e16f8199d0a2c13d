"""A load of a vocabulary as its page shows it: what becomes of which terms, and what that means."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from server.commit import Desk
from server.domain import (
    campaigns,
    reopening,
    texts,
    vocabulary_lists,
    vocabulary_loads,
)
from server.domain.acceptance import Status
from server.domain.accounts import Person
from server.domain.vocabulary_changes import KINDS, Change
from server.domain.vocabulary_reports import Report
from server.errors import NotFound
from server.formats.vocabularies import Fault
from server.i18n import _
from server.index import touched_annotations

PAGE = 50
_FAULTS = 20


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change; `annotations` counts those that name the term, by status."""

    change: Change
    annotations: dict[str, int]
    may_reopen: bool


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """The annotations of a campaign that name changed terms; `may` says who is asked may reopen."""

    slug: str
    title: str
    counts: dict[str, int]
    may: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the list: a kind, a search, those alone that annotations name, from where."""

    kind: str = ""
    query: str = ""
    used: bool = False
    at: int = 0


def page(
    desk: Desk, person: Person, slug: str, load: str, wanted: Wanted, language: str
) -> dict[str, Any]:
    """The context of a load's page. Raises NotFound."""
    report = get_report(desk, slug, load)
    kinds = [kind for kind in KINDS if report.kinds.get(kind)]
    kind = wanted.kind or (kinds[0] if kinds else "")
    if kind and kind not in KINDS:
        raise NotFound(_("There is no such change."))
    rows, before, after = _rows(desk, report, kind, wanted)
    last = next((one for one in vocabulary_loads.find_reports(desk, slug)), report)
    return {
        "report": report, "kind": kind, "kinds": [(each, report.kinds[each]) for each in kinds],
        "query": wanted.query, "used": wanted.used, "rows": rows,
        "previous": _address(kind, wanted, before) if before is not None else None,
        "next": _address(kind, wanted, after) if after is not None else None,
        "campaigns": _campaigns(desk, person, report, language),
        "reopenable": [
            (each, _count(report, each)) for each in reopening.KINDS if report.used.get(each)
        ],
        "can_undo": report.state == "applied" and last.id == report.id
        and vocabulary_loads.can_undo(desk, slug),
        "faults": faults(desk, report),
    }  # fmt: skip


def get_report(desk: Desk, slug: str, load: str) -> Report:
    """Raises NotFound."""
    found = (one for one in vocabulary_loads.find_reports(desk, slug) if one.id == load)
    report = next(found, None)
    if report is None:
        raise NotFound(_("There is no such load."))
    return report


def faults(desk: Desk, report: Report) -> list[Fault]:
    return vocabulary_lists.faults(desk.settings.data, report)[:_FAULTS]


def _count(report: Report, kind: str) -> int:
    """How many annotations could be reopened for this kind."""
    said = report.touched.get(kind, {}).values()
    return sum(counts.get(status, 0) for counts in said for status in reopening.STATUSES)


def _rows(
    desk: Desk, report: Report, kind: str, wanted: Wanted
) -> tuple[list[ChangeRow], int | None, int | None]:
    if not kind or report.is_first:
        return [], None, None
    found = vocabulary_lists.page(
        desk.settings.data, report, kind, at=wanted.at, limit=PAGE, query=wanted.query,
        used=wanted.used,
    )  # fmt: skip
    rows = [_row(desk, report, change) for change in found.changes]
    return rows, found.previous, found.next


def _row(desk: Desk, report: Report, change: Change) -> ChangeRow:
    connection = desk.index.read()
    found = touched_annotations.annotations_with(connection, [change.iri])
    counts: dict[str, int] = {}
    for by_status in found.values():
        for status, number in by_status.items():
            counts[status] = counts.get(status, 0) + number
    may = report.state == "applied" and bool(set(change.kinds) & set(reopening.KINDS))
    return ChangeRow(change, counts, may and any(each in counts for each in reopening.STATUSES))


def _campaigns(desk: Desk, person: Person, report: Report, language: str) -> list[CampaignRow]:
    summed: dict[str, dict[str, int]] = {}
    for kind in reopening.KINDS:
        for campaign, counts in report.touched.get(kind, {}).items():
            row = summed.setdefault(campaign, {})
            for status, number in counts.items():
                row[status] = row.get(status, 0) + number
    rows = []
    for slug, counts in sorted(summed.items()):
        standing = campaigns.find_standing(desk, slug)
        if standing is not None and campaigns.sees(person, standing):
            title = texts.choose(standing.title, language, slug)
            in_order = {each.value: counts[each] for each in Status if counts.get(each)}
            rows.append(
                CampaignRow(slug, title, in_order, reopening.may_reopen(desk, person, slug))
            )
    return rows


def _address(kind: str, wanted: Wanted, at: int) -> str:
    said = {"kind": kind, "q": wanted.query, "used": "1" if wanted.used else "", "at": str(at)}
    return "?" + urlencode({name: value for name, value in said.items() if value})


def wanted(kind: str, query: str, used: bool, at: str) -> Wanted:
    """As an address asks for it."""
    place = int(at) if at.isascii() and at.isdecimal() and len(at) < 16 else 0
    return Wanted(kind, query.strip()[:200], used, place)

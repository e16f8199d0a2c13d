"""What a load of a vocabulary changes, as lines on the terminal."""

import click

from server.commit import Desk
from server.domain import vocabulary_lists
from server.domain.vocabulary_changes import KINDS, Change
from server.domain.vocabulary_reports import Report

_LINES = 10  # of each kind of change that are shown
_FAULTS = 5


def show(desk: Desk, report: Report) -> None:
    rate = report.statements / max(report.seconds, 0.001)
    click.echo(
        f"{report.terms} terms read in {report.seconds:.1f} s, {report.statements} statements, "
        f"{rate:.0f} a second"
    )
    for reason, count in report.left_out.items():
        click.echo(f"left out: {count} {reason}", err=True)
    if report.faults:
        click.echo(f"faulty lines passed over: {report.faults}", err=True)
        for fault in vocabulary_lists.faults(desk.settings.data, report)[:_FAULTS]:
            click.echo(f"  {fault.file}:{fault.line}: {fault.reason}", err=True)
    if not report.is_first:
        show_changes(desk, report, KINDS)


def show_changes(desk: Desk, report: Report, kinds: tuple[str, ...]) -> None:
    for kind in kinds:
        count = report.kinds.get(kind, 0)
        if not count:
            continue
        named = sum(n for said in report.touched.get(kind, {}).values() for n in said.values())
        click.echo(f"{kind}: {count} terms, on {named} annotations")
        page = vocabulary_lists.page(desk.settings.data, report, kind, limit=_LINES)
        for change in page.changes:
            click.echo(f"  {line_of(change)}")
        if page.next is not None:
            click.echo(f"  … and {count - len(page.changes)} more")


def line_of(change: Change) -> str:
    """One change in a line: the term, its labels, where it moved, what stands for it now."""
    was, will = change.was[0] if change.was else "", change.will[0] if change.will else ""
    said = f"{was} → {will}" if was and will and was != will else was or will
    if "moved" in change.kinds:
        before, after = (
            ", ".join(text or iri for iri, text in labels) or "–"
            for labels in (change.broader_was, change.broader_will)
        )
        said += f" [{before} → {after}]"
    if change.replacement:
        said += f" = {change.replacement[1]} <{change.replacement[0]}>"
    return f"<{change.iri}> {said}{' *' if change.used else ''}"

"""`crowdheritage publish` and `withdraw`: what becomes public of a campaign, and what does not."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from server.commit import Desk
from server.console import fail_in_words, opened, progress, settings_of, system, with_data
from server.domain import (
    fields,
    kinds,
    publication_checks,
    publication_outcomes,
    publication_plans,
    publishing,
)
from server.domain.publication_selections import Deed, Selection
from server.errors import Invalid
from server.i18n import _


def _selected(command: Any) -> Any:
    """The options by which both commands choose."""
    for option in (
        click.option("--annotation", "annotations", multiple=True, metavar="ID",
                     help="Only this annotation: its identifier or IRI. May be repeated."),
        click.option("--kind", "kind_names", multiple=True, metavar="NAME",
                     help="Only contributions of this kind, such as semantic-tag."),
        click.option("--field", "field_names", multiple=True, metavar="NAME",
                     help="Only for this metadata field, such as dc:subject."),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
                     show_default=True),
        click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing."),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("slug", metavar="CAMPAIGN")
@click.option("--take-out", is_flag=True, help="Take back what is no longer accepted.")
@_selected
@with_data
@fail_in_words
def publish(slug: str, take_out: bool, data: Path | None, **said: Any) -> None:
    """Publish what was accepted in a campaign."""
    _carry_out("publish", slug, take_out, said)


@click.command()
@click.argument("slug", metavar="CAMPAIGN")
@_selected
@with_data
@fail_in_words
def withdraw(slug: str, data: Path | None, **said: Any) -> None:
    """Take back what a campaign has published; nothing of it is lost."""
    _carry_out("withdraw", slug, False, said)


def _carry_out(deed: Deed, slug: str, take_out: bool, said: dict[str, Any]) -> None:
    now, title = datetime.now(UTC), "Publishing" if deed == "publish" else "Taking back"
    with opened(settings_of()) as desk, progress(title) as told:
        chosen, person = _selection(desk, said), system(desk)
        if said["dry_run"]:
            order = publishing.order(desk, person, slug, deed, chosen, now=now, take_out=take_out)
            plan = publication_plans.make(desk, order, progress=lambda n: told("read", n, 0))
            _say_plan(plan, said["form"])
            return
        found = publishing.carry_out(
            desk, person, slug, deed, chosen, now=now, take_out=take_out, told=told
        )
        if said["form"] == "json":
            click.echo(orjson.dumps(asdict(found)))
        else:
            click.echo(publication_outcomes.sentence(deed, found))


def _selection(desk: Desk, said: dict[str, Any]) -> Selection:
    """Raises Invalid for a field or kind that there is not."""
    iris = [fields.iri(name) for name in said["field_names"]]
    known = {kind.name: kind.iri for kind in kinds.every(desk)}
    unknown = [n for n, iri in zip(said["field_names"], iris, strict=True) if iri is None]
    unknown += [name for name in said["kind_names"] if name not in known]
    if unknown:
        raise Invalid(_("There is no field or kind “{name}”.", name=unknown[0]))
    annotations = [
        each if "/" in each else desk.names.annotation(each).value for each in said["annotations"]
    ]
    return Selection(
        tuple(iri for iri in iris if iri), tuple(known[name] for name in said["kind_names"]),
        tuple(annotations),
    )  # fmt: skip


def _say_plan(plan: publication_plans.Plan, form: str) -> None:
    figures = plan.figures
    if form == "json":
        click.echo(orjson.dumps({"figures": asdict(figures), "refused": dict(plan.refused)}))
        return
    click.echo(
        f"{figures.added} new, {figures.changed} brought up to date, {figures.removed} taken back, "
        f"{figures.stays} stay, on {figures.items} objects"
    )
    for reason, number in plan.refused.most_common():
        click.echo(f"  {number} refused: {publication_checks.words(reason)}")
    if figures.left_out:
        click.echo(f"  {figures.left_out} left out by a rule")

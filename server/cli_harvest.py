"""`crowdheritage harvest`."""

from pathlib import Path

import click

from server.cli_imports import bring_in
from server.console import fail_in_words, opened, progress, settings_of, with_data
from server.domain import harvests, harvests_europeana
from server.domain.collections import Said
from server.domain.harvest_fetching import Asking
from server.domain.harvests import Wanted
from server.domain.remote_addresses import Listed


@click.command("harvest")
@click.argument("url", metavar="URL")
@click.option("--collection", "slug", required=True, help="Its short name.")
@click.option("--title", default="", help="Needed for a new collection.")
@click.option("--description", default="")
@click.option("--text-language", default="en", show_default=True, help="Of title, description.")
@click.option("--set", "set_", default="", help="One set; all records if not given.")
@click.option("--prefix", default="edm", show_default=True, help="A format that is EDM.")
@click.option("--from", "since", default="", help="What changed from then on: a day, a second.")
@click.option("--key", default="", help="For Europeana; CROWDHERITAGE_EUROPEANA_KEY if not given.")
@click.option("--private", is_flag=True, help="Seen by organisers only, until it is published.")
@click.option("--yes", is_flag=True, help="Apply the change without asking.")
@with_data
@fail_in_words
def harvest(
    url: str, slug: str, title: str, description: str, text_language: str, set_: str, prefix: str,
    since: str, key: str, private: bool, yes: bool, data: Path | None,
) -> None:  # fmt: skip
    """Bring a collection in from an OAI-PMH server, and again: only what changed since.

    URL is its base address; or europeana:QUERY for a search of Europeana, europeana:gallery/NUMBER
    for a gallery. What came is kept: a harvest that was stopped goes on where it was.
    """
    said = Said(slug, title, description, text_language, private)
    wanted = Wanted(url, slug, set_, prefix, since)
    settings = settings_of()
    with opened(settings) as desk:
        harvests.check(desk, wanted, said)
        europeana = url.startswith(harvests_europeana.SCHEME)
        asking = Asking(
            Listed.parse(settings.remote_hosts), desk.names.base,
            key=(key or settings.europeana_key) if europeana else "", stop=desk.stopping.is_set,
        )  # fmt: skip
        fetch = harvests_europeana.harvest if europeana else harvests.harvest
        with progress(slug) as told:
            pages = fetch(desk, wanted, asking, told)
        if not pages.state.fresh:
            click.echo(f"{slug}: nothing changes")
            return
        bring_in(desk, harvests.options(desk, wanted, said), yes)
        harvests.imported(desk, wanted)

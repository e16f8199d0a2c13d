"""Releases: the published result of a campaign as it was one day, to be cited. They never change.

`data/releases/{campaign}/{number}/` holds `crate.zip` (an RO-Crate) and `release.json` (this). A
DOI that a release got afterwards is noted beside it.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.commit import Desk
from server.domain import accounts, campaigns, dump_snapshots, permissions, texts
from server.domain.accounts import Person
from server.domain.campaigns import Campaign
from server.domain.release_files import Archive, Contents
from server.errors import Conflict, Invalid, NotFound, Problem, StorageFull
from server.formats import citations, ro_crate
from server.formats.citations import Citation, Creator
from server.formats.outputs import replacing
from server.i18n import _
from server.index import queues
from server.names import is_slug, new_id, timestamp
from server.viewers import PUBLIC

Progress = Callable[[str, int, int], None]
_LONGEST = {"title": 300, "version": 40, "description": 5_000}
_NAMED = 10_000  # people in a release


@dataclass(frozen=True, slots=True)
class Release:
    """`number` counts from 1; `sequence` is the entry that it is as of; size in bytes."""

    campaign: str
    number: int
    citation: Citation
    sequence: int
    annotations: int
    items: int
    sha256: str
    at: str

    @property
    def when(self) -> datetime:
        return datetime.fromisoformat(self.at)

    @property
    def line(self) -> str:
        return citations.line(self.citation)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the release is called; the version is its number where none is given."""

    title: str = ""
    description: str = ""
    version: str = ""


def make(
    desk: Desk, organiser: Person, slug: str, wish: Wish, *, now: datetime,
    progress: Progress = lambda *_: None, stop: Callable[[], bool] = lambda: False,
) -> Release:  # fmt: skip
    """Write the crate from a snapshot and keep it for good; it appears when it is whole.

    Raises NotFound, Forbidden, Invalid, Conflict where nothing is published, StorageFull;
    Unavailable when it is stopped, or in an update.
    """
    campaign = check(desk, organiser, slug, wish)
    if shutil.disk_usage(desk.settings.data).free < 2 * desk.settings.min_free:
        raise StorageFull(_("There is no room for the release on the disk."))
    place = _folder(desk, slug)
    part = place / f".{new_id()}"
    part.mkdir(parents=True)
    try:
        release = _write(desk, campaign, wish, part, now, progress, stop)
        _keep(part / "release.json", release)
        number = release.number
        part.rename(place / str(number))  # refused where another one came first
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return release


def check(desk: Desk, organiser: Person, slug: str, wish: Wish) -> Campaign:
    """The campaign that may be released. Raises as `make` does."""
    campaign = campaigns.get_campaign(desk, PUBLIC, slug)
    permissions.require(organiser, "publish", campaign)
    problems = tuple(
        Problem(name, _("At most {count} characters.", count=most))
        for name, most in _LONGEST.items()
        if len(getattr(wish, name)) > most
    )
    if problems:
        raise Invalid(problems[0].message, problems)
    if not queues.progress(desk.index.read(), slug).by_status.get("published"):
        raise Conflict(_("Nothing of this campaign is published yet."))
    return campaign


def find_all(desk: Desk, slug: str) -> list[Release]:
    """The releases of a campaign, newest first."""
    found = [_read(path) for path in _folder(desk, slug).glob("[0-9]*/release.json")]
    return sorted(found, key=lambda each: -each.number)


def get(desk: Desk, slug: str, number: int) -> tuple[Release, Path]:
    """A release and its file. They stay, whatever becomes of the campaign. Raises NotFound."""
    place = _folder(desk, slug) / str(number)
    if not (place / "release.json").is_file():
        raise NotFound(_("There is no such release."))
    return _read(place / "release.json"), place / "crate.zip"


def set_doi(desk: Desk, organiser: Person, slug: str, number: int, text: str) -> Release:
    """Note the DOI that a release got. Raises NotFound, Forbidden, Invalid."""
    permissions.require(organiser, "publish", campaigns.get_campaign(desk, PUBLIC, slug))
    release, path = get(desk, slug, number)
    doi = citations.read_doi(text)
    if doi is None:
        message = _("This is no DOI: it looks like 10.5281/zenodo.1234.")
        raise Invalid(message, (Problem("doi", message),))
    release = replace(release, citation=replace(release.citation, doi=doi))
    _keep(path.with_name("release.json"), release)
    return release


def _write(
    desk: Desk, campaign: Campaign, wish: Wish, part: Path, now: datetime, progress: Progress,
    stop: Callable[[], bool],
) -> Release:  # fmt: skip
    number = max((each.number for each in find_all(desk, campaign.slug)), default=0) + 1
    named, anonymous = _contributors(desk, campaign.slug)
    citation = _citation(desk, campaign, wish, number, named, now)
    with dump_snapshots.snapshot(desk) as state, replacing(part / "crate.zip") as stream:
        contents = Contents(state, campaign.slug, stop)
        progress(_("annotations"), 0, 0)
        archive = Archive(stream)
        contents.write(archive, named, anonymous)
        annotations = sum(1 for _annotation in contents.annotations())
        progress(_("annotations"), annotations, annotations)
        _describe(archive, desk, campaign, citation)
        archive.close()
        sequence = state.sequence
    path = part / "crate.zip"
    citation = replace(citation, size=path.stat().st_size)
    digest = _digest(path)
    return Release(
        campaign.slug, number, citation, sequence, annotations, len(contents.items), digest,
        timestamp(now),
    )  # fmt: skip


def _describe(archive: Archive, desk: Desk, campaign: Campaign, citation: Citation) -> None:
    """What the crate says of itself, once all that is in it is known."""
    archive.add_text("README.md", "text/markdown", "What this is.", _readme(citation))
    archive.add_text("CITATION.cff", "text/yaml", "How to cite it.", citations.cff(citation))
    archive.add_text(
        "datacite.json", "application/json", "Metadata to register a DOI with.",
        json.dumps(citations.datacite(citation), ensure_ascii=False, indent=2),
    )  # fmt: skip
    files = tuple(archive.files)
    based_on = [desk.names.collection(slug).value for slug in campaign.collections]
    crate = ro_crate.metadata(citation, files, based_on)
    text = json.dumps(crate, ensure_ascii=False, indent=2)
    archive.add_text("ro-crate-metadata.json", "application/ld+json", "This crate.", text)
    preview = ro_crate.preview(citation, files)
    archive.add_text("ro-crate-preview.html", "text/html", "This crate, for people.", preview)


def _readme(citation: Citation) -> str:
    return (
        f"# {citation.title}\n\n{citation.description}\n\nVersion {citation.version}, "
        f"{citation.date}. Licence: {citation.licence}\n\nPlease cite it as:\n\n"
        f"> {citations.line(citation)}\n"
    )


def _citation(
    desk: Desk, campaign: Campaign, wish: Wish, number: int, named: list[Creator], now: datetime
) -> Citation:
    title = texts.choose(campaign.title, "en", campaign.slug)
    of_all = Creator(f"Contributors to “{title}”", desk.names.campaign(campaign.slug).value, True)
    return Citation(
        title=wish.title.strip() or f"{title}: what people added",
        description=wish.description.strip() or texts.choose(campaign.description, "en") or title,
        version=wish.version.strip() or str(number),
        date=timestamp(now)[:10],
        url=desk.names.path(f"releases/{campaign.slug}/{number}").value,
        licence=campaign.licence,
        publisher=f"CrowdHeritage, {urlsplit(desk.names.base).netloc}",
        creators=(of_all,),
        contributors=tuple(named),
        keywords=("crowdsourcing", "cultural heritage", "linked data"),
    )


def _contributors(desk: Desk, slug: str) -> tuple[list[Creator], int]:
    """Those who let their name be shown, and how many others there are."""
    agents = queues.contributors(desk.index.read(), slug, _NAMED)
    ids = [name for agent in agents if (name := desk.names.local(agent, "agent"))]
    shown = accounts.shown_names(desk, ids)
    named = [Creator(name, desk.names.agent(each).value) for each, name in shown.items()]
    return sorted(named, key=lambda each: (each.name, each.iri)), len(agents) - len(named)


def _folder(desk: Desk, slug: str) -> Path:
    if not is_slug(slug):
        raise NotFound(_("There is no such campaign."))
    return desk.settings.data / "releases" / slug


def _keep(path: Path, release: Release) -> None:
    with replacing(path) as file:
        file.write(json.dumps(asdict(release), ensure_ascii=False).encode())


def _read(path: Path) -> Release:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    cited = said.pop("citation")
    people = {
        name: tuple(Creator(**each) for each in cited.pop(name))
        for name in ("creators", "contributors")
    }
    citation = Citation(**{**cited, **people, "keywords": tuple(cited["keywords"])})
    return Release(citation=citation, **said)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

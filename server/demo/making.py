"""Making the demo: people, vocabularies, collections, campaigns, and some work done in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from server.commit import Desk
from server.demo import answering, samples
from server.demo.answering import Cast
from server.demo.answers import ANSWERS, PREFERENCES, Answer, Preference
from server.demo.contributions import CONTRIBUTORS, PROPOSALS, Proposal
from server.demo.draw import write_images
from server.demo.samples import Sample
from server.demo.terms import TERMS
from server.domain import (
    accounts,
    campaign_files,
    campaigns,
    collections,
    imports,
    opening,
    participation,
    publishing,
    vocabularies,
)
from server.domain.accounts import Person, Role
from server.domain.campaigns import Campaign
from server.domain.collections import Said
from server.domain.imports import Options
from server.domain.item_files import EBUCORE
from server.errors import NotFound
from server.formats import geonames_package
from server.formats.images import collect, keep
from server.formats.sheet_mapping import Mapping
from server.formats.vocabularies import Reading
from server.names import EDM, RDF
from server.settings import Settings

PASSWORD = "look-and-tell"
_MADE = "demo_made"
_PROVIDER = "Demonstration collection"
#: How many days ago people began with each campaign.
_BEGUN = {
    "painted-vessels": 60, "colours-of-woven-cloth": 13, "posters-of-the-seaside": 7,
    "posters-up-close": 3, "labels-in-other-words": 2, "image-comparison": 1,
}  # fmt: skip
_PAUSES = (timedelta(hours=2), timedelta(minutes=30))  # after a proposal of a term; other answers
_OF_PICTURES = ("WebResource", "isShownBy", "hasView")
_LARGE_CITY = 200_000  # inhabitants: enough to look places up, quick to load
Progress = Callable[[str, int, int], None]
_Step = Proposal | Answer | Preference


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    email: str
    role: Role


ACCOUNTS = (
    Account("Ada Organiser", "organiser@example.org", "organiser"),
    Account("Max Admin", "admin@example.org", "admin"),
    *(Account(each.name, each.email, "contributor") for each in CONTRIBUTORS),
)


def is_made(settings: Settings) -> bool:
    """Whether the data directory holds a finished demo."""
    return (settings.data / _MADE).exists()


def make(settings: Settings, progress: Progress) -> None:
    """Fill an empty data directory; one whose making was cut short is gone on with."""
    if not opening.exists(settings):
        opening.create(settings)
    now = datetime.now(UTC)
    # In the order of the made-up times: the journal's own never run backwards.
    beginning = now - timedelta(days=90)
    with opening.opened(settings) as desk:
        people = _people(desk, beginning)
        organiser = people["organiser@example.org"]
        _vocabularies(desk, organiser, beginning, progress)
        _collections(desk, organiser, beginning, progress)
        cast = Cast(organiser, {each.key: people[each.email] for each in CONTRIBUTORS})
        for file in samples.CAMPAIGNS:
            _campaign(desk, cast, file, now, progress)
    (settings.data / _MADE).touch()


def _people(desk: Desk, now: datetime) -> dict[str, Person]:
    return {each.email: _person(desk, each, now) for each in ACCOUNTS}


def _person(desk: Desk, account: Account, now: datetime) -> Person:
    try:
        return accounts.get_by_email(desk, account.email)
    except NotFound:
        return accounts.create_user(
            desk, account.name, account.email, PASSWORD, account.role, now=now
        )


def _vocabularies(desk: Desk, organiser: Person, now: datetime, progress: Progress) -> None:
    for slug in vocabularies.STARTERS:
        progress(f"vocabulary {slug}", 0, 0)
        vocabularies.load(desk, organiser, slug, vocabularies.starter(slug, Reading()), now=now)
    progress("places", 0, 0)
    places = geonames_package.from_package(_LARGE_CITY, also=set(TERMS.values()))
    vocabularies.load(desk, organiser, "geonames", places, now=now, progress=progress)


def _collections(desk: Desk, organiser: Person, now: datetime, progress: Progress) -> None:
    with TemporaryDirectory() as folder_:
        images = Path(folder_)
        write_images(images)
        for sample in samples.SAMPLES:
            progress(f"collection {sample.slug}", 0, 0)
            _collection(desk, organiser, sample, images, now)


def _collection(desk: Desk, organiser: Person, sample: Sample, images: Path, now: datetime) -> None:
    said = Said(sample.slug, sample.title, sample.description)
    if collections.standing_in(desk, sample.slug):
        return
    if sample.file.suffix == ".csv":
        options = Options(said, (sample.file,), images, mapping=_mapping(desk, sample.file))
    else:
        file = images / sample.file.name
        file.write_bytes(_with_pictures(desk, sample, images))
        options = Options(said, (file,))
    prepared = imports.prepare(desk, organiser, options, now=now)
    imports.apply(desk, organiser, prepared, now=now)


def _mapping(desk: Desk, file: Path) -> Mapping:
    """As it is understood by itself, with what the file lacks."""
    guessed = imports.survey(desk, file).mapping
    known = guessed.defaults
    defaults = replace(
        known,
        data_provider=known.data_provider or _PROVIDER,
        provider=known.provider or _PROVIDER,
        rights=known.rights or campaigns.CC0.replace("https", "http"),
        language=known.language or "en",
        type=known.type or "IMAGE",
    )
    found: Mapping = replace(guessed, defaults=defaults)
    return found


def _with_pictures(desk: Desk, sample: Sample, images: Path) -> bytes:
    """The EDM file with its pictures kept here, and what is known of them."""
    document = etree.parse(sample.file)
    found = collect(images)
    for element in document.iter(*(f"{{{EDM}}}{name}" for name in _OF_PICTURES)):
        name = "about" if element.tag.endswith("WebResource") else "resource"
        address = element.get(f"{{{RDF}}}{name}", "")
        kept = keep(found[address.rpartition("/")[2]], desk.settings.data / "media" / sample.slug)
        own = f"{desk.names.base}media/{sample.slug}/{kept.file}"
        element.set(f"{{{RDF}}}{name}", own)
        if name == "about":
            for tag, value in ((f"{{{EBUCORE}}}width", str(kept.width)),
                               (f"{{{EBUCORE}}}height", str(kept.height)),
                               (f"{{{EDM}}}componentColor", kept.colour[1:].upper())):  # fmt: skip
                etree.SubElement(element, tag).text = value
    written: bytes = etree.tostring(document, encoding="utf-8", xml_declaration=True)
    return written


def _campaign(desk: Desk, cast: Cast, file: Path, now: datetime, progress: Progress) -> None:
    read = campaign_files.read(desk.names, file.read_text(encoding="utf-8"), now=now)
    if campaigns.find_standing(desk, read.slug):
        return
    closed = read.state == "closed"
    campaign = _dated(read, now)
    begin = now - timedelta(days=_BEGUN[campaign.slug])
    campaigns.create(desk, cast.organiser, replace(campaign, state="open"), now=begin)
    end = _contribute(desk, cast, campaign, begin, progress)
    if campaign.slug in samples.PUBLISHED:
        publishing.publish(desk, cast.organiser, campaign.slug, now=end)
    if closed:
        campaigns.set_state(desk, cast.organiser, campaign.slug, "closed", now=end)


def _dated(campaign: Campaign, now: datetime) -> Campaign:
    """With dates around today, so that the demo never runs out."""
    today = now.date()
    if campaign.state == "closed":
        return replace(campaign, starts=today - timedelta(days=75), ends=today - timedelta(days=20))
    return replace(campaign, starts=today - timedelta(days=14), ends=today + timedelta(days=51))


def _contribute(
    desk: Desk, cast: Cast, campaign: Campaign, begin: datetime, progress: Progress
) -> datetime:
    """Play the plan, one answer after the other; returns when it ends."""
    for person in cast.people.values():
        participation.agree(desk, person, campaign.slug, now=begin)
    every: tuple[_Step, ...] = (*PROPOSALS, *ANSWERS, *PREFERENCES)
    plan = [each for each in every if each.campaign == campaign.slug]
    when = begin
    for number, step in enumerate(plan, 1):
        progress(f"contributions to {campaign.slug}", number, len(plan))
        _play(desk, cast, step, when)
        when += _PAUSES[not isinstance(step, Proposal)]
    return when


def _play(desk: Desk, cast: Cast, step: _Step, when: datetime) -> None:
    if isinstance(step, Proposal):
        values = {"body": step.term}
        step = Answer(step.campaign, step.record, step.task, step.by, values, step.votes)
    if isinstance(step, Answer):
        answering.answer(desk, cast, step, when)
    else:
        answering.prefer(desk, cast, step, when)

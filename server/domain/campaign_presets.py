"""What a new campaign may start from: questions and options that fit together."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from server.commit import Desk
from server.domain import campaign_kinds, kinds, vocabularies
from server.domain.campaigns import Campaign, Task
from server.domain.kinds import Kind
from server.i18n import _
from server.index import palettes, places
from server.index.labels import Scope
from server.names import CH, DC, DCTERMS
from server.viewers import Viewer

_ALL = Viewer(sees_work=True)


def names() -> dict[str, str]:
    """What they are called, in the reader's language."""
    return {
        "basic": _("Terms and tags"),
        "places": _("Places on a map"),
        "colours": _("Colours"),
        "translation": _("Translations"),
        "comparison": _("Comparing images"),
        "checking": _("Checking what is there"),
    }


def start(name: str, language: str) -> Campaign:
    """A campaign without name and collections, its questions in that language. KeyError."""
    return _PRESETS[name](language)


def with_vocabularies(desk: Desk, campaign: Campaign, slugs: Sequence[str] = ()) -> Campaign:
    """Questions about terms that name no vocabulary take these, or all that fit them."""
    tasks = tuple(
        replace(task, vocabularies=tuple(slugs) or _fitting(desk, kinds.get(desk, task.kind)))
        if _lacks_terms(desk, task)
        else task
        for task in campaign.tasks
    )
    return replace(campaign, tasks=tasks)


def _lacks_terms(desk: Desk, task: Task) -> bool:
    return not task.every_vocabulary and "terms" in campaign_kinds.uses(kinds.get(desk, task.kind))


def _fitting(desk: Desk, kind: Kind) -> tuple[str, ...]:
    every = (each.slug for each in vocabularies.find_vocabularies(desk, _ALL))
    return tuple(slug for slug in every if _fits(desk, kind, slug))


def _fits(desk: Desk, kind: Kind, slug: str) -> bool:
    """Colours come from terms with a colour, places from terms with coordinates."""
    scope = [Scope(slug)]
    if kind.has_editor(CH.ColourEditor):
        return bool(palettes.of_scopes(_ALL, desk.index, scope, "en"))
    if kind.has_editor(CH.PlaceEditor):
        return bool(places.near(_ALL, desk.index, 0, 0, scope, "en", limit=1))
    return True


def _campaign(tasks: tuple[Task, ...], **options: object) -> Campaign:
    return Campaign("", {}, {}, (), tasks, 100, **options)  # type: ignore[arg-type]


def _basic(tag: str) -> Campaign:
    subject = DC.subject.value
    return _campaign((
        Task(1, subject, {tag: _("What is shown?")}),
        Task(2, subject, {tag: _("Which words of your own describe it?")}, kind=CH.FreeTag.value),
        Task(3, "", {tag: _("Is there more to say about it?")}, kind=CH.Comment.value),
    ))  # fmt: skip


def _places(tag: str) -> Campaign:
    question = {tag: _("Where is this?")}
    return _campaign((Task(1, DCTERMS.spatial.value, question, kind=CH.Place.value),))


def _colours(tag: str) -> Campaign:
    question = {tag: _("Which are its main colours?")}
    return _campaign((Task(1, DC.format.value, question, kind=CH.ColourTag.value),))


def _translation(tag: str) -> Campaign:
    task = Task(
        1, "", {tag: _("How good is this translation, and how would you put it?")},
        kind=CH.Translation.value, about=(DC.description.value, DC.title.value), languages=(tag,),
    )  # fmt: skip
    return _campaign((task,), layout="metadata", feedback="rating")


def _comparison(tag: str) -> Campaign:
    question = {tag: _("Which of the two looks better?")}
    task = Task(1, "", question, kind=CH.Comparison.value)
    return _campaign((task,), blind=True, random_order=True)


def _checking(tag: str) -> Campaign:
    about = (DC.subject.value, DC.type.value, DCTERMS.spatial.value)
    question = {tag: _("Is this right?")}
    task = Task(1, "", question, kind=CH.Question.value, about=about)
    return _campaign((task,), layout="metadata", purpose="both")


_PRESETS: dict[str, Callable[[str], Campaign]] = {
    "basic": _basic,
    "places": _places,
    "colours": _colours,
    "translation": _translation,
    "comparison": _comparison,
    "checking": _checking,
}

"""The answers that a question names; yes and no where it names none."""

from dataclasses import dataclass
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import campaigns, texts
from server.domain.annotation_contents import Content, Said
from server.domain.campaigns import Campaign, Task
from server.domain.kinds import Entry
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.i18n import _
from server.names import CH


@dataclass(frozen=True, slots=True)
class Answer:
    iri: str
    label: str


def answers(desk: Desk, campaign: Campaign, task: Task, language: str) -> list[Answer]:
    """In their order."""
    if not task.choices:
        return [Answer(CH.Yes.value, _("Yes")), Answer(CH.No.value, _("No"))]
    me = desk.names.campaign(campaign.slug)
    return [
        Answer(task.choice_iri(me, choice), texts.choose(choice.label, language))
        for choice in task.choices
    ]


def _read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    chosen = first(entry, values)
    if not chosen:
        return []
    known = answers(asked.desk, asked.campaign, asked.task, asked.language)
    if chosen not in {answer.iri for answer in known}:
        raise refuse(entry, _("Choose one of the answers."))
    return along(entry, NamedNode(chosen))


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    return {"answers": answers(asked.desk, asked.campaign, asked.task, asked.language)}


def _show(showing: Showing, entry: Entry, content: Content) -> Answer | None:
    iri = content.text(*entry.path)
    return Answer(iri, label(showing, iri)) if iri else None


def label(showing: Showing, iri: str) -> str:
    """The words of an answer; its IRI where the campaign names it no more."""
    known = {CH.Yes.value: _("Yes"), CH.No.value: _("No")}
    slug = showing.desk.names.local(iri.partition("#")[0], "campaign")
    if iri not in known and slug:
        campaign = campaigns.get_campaign(showing.desk, showing.viewer, slug)
        for task in campaign.tasks:
            found = answers(showing.desk, campaign, task, showing.language)
            known |= {answer.iri: answer.label for answer in found}
    return known.get(iri, iri)


def _words(value: Any) -> str:
    return str(value.label)


EDITORS = {CH.ChoiceEditor: Editor("choice", _read, _options)}
DISPLAYS = {CH.ChoiceViewer: Display("choice", _show, _words)}

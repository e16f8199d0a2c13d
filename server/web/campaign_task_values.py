"""The questions of the campaign form, and the groups of terms that answer them."""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from server.domain import campaign_kinds, fields, texts
from server.domain.campaign_tasks import Choice
from server.domain.campaigns import Campaign, Task, TermGroup
from server.domain.kinds import Kind
from server.domain.publication_rules import PublicationRule
from server.domain.texts import Texts
from server.i18n import _
from server.names import is_safe_iri
from server.web.campaign_numbers import number_in, share_in, wrong
from server.web.forms import Form

MOST_GROUPS = 12


@dataclass(frozen=True, slots=True)
class GroupForm:
    """Terms to choose from; `branches` are IRIs, `classes` IRIs in lines.

    `was` is the number of the group that it changes; `words` look a branch up.
    """

    label: str = ""
    vocabularies: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    classes: str = ""
    was: str = ""
    words: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.vocabularies or self.branches or self.classes)


@dataclass(frozen=True, slots=True)
class TaskForm:
    """`own` are the terms of a question without groups; `kind` is a short name, `field` may be "".

    `about` are qualified names of metadata fields, `choices` the answers in lines, `languages`
    their tags with blanks or commas between. The last four say which answers are published.
    """

    kind: str = "semantic-tag"
    field: str = "dc:subject"
    question: str = ""
    hint: str = ""
    own: GroupForm = dataclasses.field(default_factory=GroupForm)
    groups: tuple[GroupForm, ...] = ()
    about: tuple[str, ...] = ()
    choices: str = ""
    languages: str = ""
    most: str = ""
    least_share: str = ""
    beats_ties: str = ""
    ratings: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.question and all(each.is_empty for each in (self.own, *self.groups))

    def settled(self) -> "TaskForm":
        """A single group without a name is what the question itself has."""
        named = [each for each in self.groups if not each.is_empty]
        if len(named) != 1 or named[0].label:
            return self
        return replace(self, own=named[0], groups=())

    def with_group(self) -> "TaskForm":
        """With one more group; the first one takes over what the question had."""
        standing = self.groups or (self.own,)
        return replace(self, own=GroupForm(), groups=(*standing, GroupForm())[:MOST_GROUPS])

    def without_group(self, number: int) -> "TaskForm":
        """Without the group of that number; the question takes the last one's terms over."""
        left = tuple(each for place, each in enumerate(self.groups, 1) if place != number)
        own = self.own if left or not self.groups else replace(self.groups[0], label="", was="")
        return replace(self, own=own, groups=left)


def numbers(form: Form, prefix: str) -> list[int]:
    """The numbers that stand behind a prefix in the names of the fields."""
    pattern = re.compile(re.escape(prefix) + r"-([0-9]{1,3})-")
    return sorted({int(found[1]) for name, _v in form.fields if (found := pattern.match(name))})


def entered(form: Form, number: int) -> TaskForm:
    """What was sent of one question, as text."""
    me = f"task-{number}"
    groups = [f"{me}-group-{each}" for each in numbers(form, f"{me}-group")]
    return TaskForm(
        kind=form.get(f"{me}-kind") or "semantic-tag",
        field=form.get(f"{me}-field"),
        question=form.get(f"{me}-question").strip(),
        hint=form.get(f"{me}-hint").strip(),
        own=_group(form, me),
        groups=tuple(_group(form, name) for name in groups[:MOST_GROUPS]),
        about=tuple(form.all(f"{me}-about")),
        choices=form.get(f"{me}-choices").strip(),
        languages=form.get(f"{me}-languages").strip(),
        most=form.get(f"{me}-most").strip(),
        least_share=form.get(f"{me}-least_share").strip(),
        beats_ties=form.get(f"{me}-beats_ties").strip(),
        ratings=form.flag(f"{me}-ratings"),
    )


def _group(form: Form, me: str) -> GroupForm:
    pasted = form.get(f"{me}-pasted").split()
    return GroupForm(
        label=form.get(f"{me}-label").strip(),
        vocabularies=tuple(form.all(f"{me}-vocabularies")),
        branches=_once((*form.all(f"{me}-branches"), *pasted)),
        classes=form.get(f"{me}-classes").strip(),
        was=form.get(f"{me}-was"),
        words=form.get(f"{me}-words").strip(),
    )


def _once(iris: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iri for iri in iris if iri))


def meant(
    task: TaskForm, number: int, before: Campaign | None, tag: str, known: Mapping[str, Kind]
) -> Task:
    """The question that the values mean; texts in other languages stay as they were.

    What does not matter to its kind is left out. `known` are the kinds by their short names.
    """
    kept = next((t for t in before.tasks if t.number == number), None) if before else None
    kind = known.get(task.kind)
    parts = campaign_kinds.uses(kind) if kind else {"field", "terms"}
    groups = task.groups if "terms" in parts else ()
    named = [(n, each) for n, each in enumerate(groups, 1) if not each.is_empty]
    own = GroupForm() if named or "terms" not in parts else task.own
    return Task(
        number=number,
        kind=kind.iri if kind else task.kind,
        field=(fields.iri(task.field) or "") if "field" in parts else "",
        question=said(kept.question if kept else {}, tag, task.question),
        hint=said(kept.hint if kept else {}, tag, task.hint),
        vocabularies=own.vocabularies,
        branches=own.branches,
        classes=_once(own.classes.split()),
        groups=tuple(_meant(each, n, kept, tag) for n, each in named),
        about=_about(task) if "about" in parts else (),
        choices=_choices(task, kept, tag) if "choices" in parts else (),
        languages=_languages(task) if "languages" in parts else (),
        publication=_publication(task, f"task-{number}"),
    )


def _publication(task: TaskForm, me: str) -> PublicationRule:
    """Raises Invalid for what is no number, share or IRI."""
    if task.beats_ties and not is_safe_iri(task.beats_ties):
        raise wrong(f"{me}-beats_ties", _("Name the term by its IRI."))
    return PublicationRule(
        most=number_in(f"{me}-most", task.most, 0) if task.most else 0,
        least_share=share_in(f"{me}-least_share", task.least_share) if task.least_share else None,
        beats_ties=task.beats_ties,
        ratings=task.ratings,
    )


def _about(task: TaskForm) -> tuple[str, ...]:
    return tuple(sorted(iri for name in task.about if (iri := fields.iri(name))))


def _languages(task: TaskForm) -> tuple[str, ...]:
    return tuple(sorted(set(re.split(r"[\s,;]+", task.languages)) - {""}))


def _choices(task: TaskForm, kept: Task | None, tag: str) -> tuple[Choice, ...]:
    """One for each line; a line that stands keeps its IRI and its words in other languages."""
    lines = [line.strip() for line in task.choices.splitlines() if line.strip()]
    before = kept.choices if kept else ()
    known = {texts.choose(choice.label, tag): choice for choice in before}
    free = iter(n for n in count(1) if n not in {choice.number for choice in known.values()})
    return tuple(known.get(line) or Choice(next(free), {tag: line}) for line in lines)


def _meant(group: GroupForm, number: int, kept: Task | None, tag: str) -> TermGroup:
    labels = {str(each.number): each.label for each in kept.groups} if kept else {}
    return TermGroup(
        number=number,
        label=said(labels.get(group.was, {}), tag, group.label),
        vocabularies=group.vocabularies,
        branches=group.branches,
        classes=_once(group.classes.split()),
    )


def said(standing: Texts, tag: str, text: str) -> Texts:
    """The texts with this one in the language of the form; empty takes it away."""
    others = {code: each for code, each in standing.items() if code != tag}
    return {**others, tag: text} if text else others


def filled(task: Task, tag: str, known: Mapping[str, Kind]) -> TaskForm:
    """The values of a question that stands."""
    names = (name for name, kind in known.items() if kind.iri == task.kind)
    return TaskForm(
        kind=next(names, task.kind),
        field=fields.name(task.field) if task.field else "",
        question=texts.choose(task.question, tag),
        hint=texts.choose(task.hint, tag),
        own=GroupForm() if task.groups else _filled(task.term_groups[0], tag),
        groups=tuple(_filled(each, tag) for each in task.groups),
        about=tuple(fields.name(iri) for iri in task.about),
        choices="\n".join(texts.choose(choice.label, tag) for choice in task.choices),
        languages=" ".join(task.languages),
        most=str(task.publication.most or ""),
        least_share=_share(task.publication.least_share),
        beats_ties=task.publication.beats_ties,
        ratings=task.publication.ratings,
    )


def _filled(group: TermGroup, tag: str) -> GroupForm:
    return GroupForm(
        label=texts.choose(group.label, tag),
        vocabularies=group.vocabularies,
        branches=group.branches,
        classes="\n".join(group.classes),
        was=str(group.number),
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:g}"

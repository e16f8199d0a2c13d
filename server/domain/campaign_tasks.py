"""The tasks of a campaign: what is asked, and the groups of terms that answer it; also as RDF."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal, NamedNode

from server.domain import publication_rules, texts
from server.domain.campaign_nodes import About, Statements, integer, slugs, value, values
from server.domain.publication_rules import EVERYTHING, PublicationRule
from server.domain.texts import Texts
from server.errors import NotFound
from server.i18n import _
from server.names import CH, RDF, RDFS, SH, Names


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms that belong together, such as "Emotions": of which vocabularies (slugs).

    Branches (IRIs of terms, with all below them) and classes (IRIs) narrow each vocabulary of the
    group that has them. A task without groups has one of number 0, without label.
    """

    number: int
    label: Texts
    vocabularies: tuple[str, ...]
    branches: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers, error types or algorithms that a task names; `iri` where it has one."""

    number: int
    label: Texts
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """One question about each item: of which kind the answers are, and which field they fill ("").

    Terms come either from named groups, or from the task's own vocabularies (slugs), branches and
    classes. `about` are the properties (IRIs) whose values are asked about, `languages` the tags of
    those that a text may be in; `publication` says which accepted answers are published.
    """

    number: int
    field: str
    question: Texts
    vocabularies: tuple[str, ...] = ()
    hint: Texts = dataclasses.field(default_factory=dict)
    kind: str = CH.SemanticTag.value
    branches: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    groups: tuple[TermGroup, ...] = ()
    about: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    languages: tuple[str, ...] = ()
    publication: PublicationRule = EVERYTHING

    def choice_iri(self, campaign: NamedNode, choice: Choice) -> str:
        """What an answer is named by in annotations."""
        return choice.iri or f"{campaign.value}#task-{self.number}-choice-{choice.number}"

    @property
    def term_groups(self) -> tuple[TermGroup, ...]:
        """The named groups; without any, the one that the task itself is."""
        own = TermGroup(0, {}, self.vocabularies, self.branches, self.classes)
        return self.groups or (own,)

    @property
    def every_vocabulary(self) -> tuple[str, ...]:
        found = (slug for group in self.term_groups for slug in group.vocabularies)
        return tuple(dict.fromkeys(found))

    def group(self, number: int) -> TermGroup:
        for group in self.term_groups:
            if group.number == number:
                return group
        raise NotFound(_("This question has no such group of terms."))


def read(names: Names, about: Mapping[str, About], node: NamedNode) -> Task:
    """The task that a node is, from what its shape has checked."""
    me = about[node.value]
    return Task(
        number=int(value(me, SH.order, "1")),
        field=value(me, CH.field, "") or "",
        question=texts.collect(values(me, CH.question)),
        hint=texts.collect(values(me, RDFS.comment)),
        kind=value(me, CH.kind, CH.SemanticTag.value) or "",
        groups=_groups(names, about, values(me, CH.group)),
        about=_iris(values(me, CH.about)),
        choices=_choices(about, values(me, CH.choice)),
        languages=tuple(sorted(each.value for each in values(me, CH.language))),
        publication=publication_rules.read(about, me),
        **_scope(names, me),
    )


def _groups(
    names: Names, about: Mapping[str, About], nodes: Sequence[Any]
) -> tuple[TermGroup, ...]:
    """By their positions; numbered anew where two have the same or one has none."""
    found = [about[node.value] for node in sorted(nodes, key=lambda node: str(node.value))]
    ordered = sorted(found, key=lambda each: int(value(each, SH.order, "0")))
    numbers = [int(value(each, SH.order, "0")) for each in ordered]
    if len(set(numbers)) < len(numbers) or not all(number > 0 for number in numbers):
        numbers = list(range(1, len(ordered) + 1))
    return tuple(
        TermGroup(number, texts.collect(values(each, RDFS.label)), **_scope(names, each))
        for number, each in zip(numbers, ordered, strict=True)
    )


def _choices(about: Mapping[str, About], nodes: Sequence[Any]) -> tuple[Choice, ...]:
    found = [
        Choice(
            number=int(value(about[node.value], SH.order, "0")),
            label=texts.collect(values(about[node.value], RDFS.label)),
            iri=value(about[node.value], RDFS.seeAlso, "") or "",
        )
        for node in nodes
    ]
    return tuple(sorted(found, key=lambda choice: choice.number))


def _scope(names: Names, about: About) -> dict[str, Any]:
    return {
        "vocabularies": slugs(names, "vocabulary", values(about, CH.vocabulary)),
        "branches": _iris(values(about, CH.branch)),
        "classes": _iris(values(about, CH.termClass)),
    }


def _iris(nodes: Iterable[Any]) -> tuple[str, ...]:
    return tuple(sorted(node.value for node in nodes))


def statements(names: Names, campaign: NamedNode, task: Task) -> Statements:
    """The task as it stands in its campaign's graph."""
    node = NamedNode(f"{campaign.value}#task-{task.number}")
    found: Statements = [
        (campaign, CH.task, node),
        (node, RDF.type, CH.Task),
        (node, SH.order, integer(task.number)),
        (node, CH.kind, NamedNode(task.kind)),
        *([(node, CH.field, NamedNode(task.field))] if task.field else []),
        *((node, CH.question, text) for text in texts.literals(task.question)),
        *((node, RDFS.comment, text) for text in texts.literals(task.hint)),
        *((node, CH.about, NamedNode(iri)) for iri in task.about),
        *((node, CH.language, Literal(tag)) for tag in task.languages),
        *publication_rules.statements(node, task.publication),
    ]
    for choice in task.choices:
        found += _choice_statements(node, choice)
    for group in task.term_groups:
        found += _group_statements(names, node, group)
    return found


def _choice_statements(task: NamedNode, choice: Choice) -> Statements:
    node = NamedNode(f"{task.value}-choice-{choice.number}")
    return [
        (task, CH.choice, node),
        (node, RDF.type, CH.Choice),
        (node, SH.order, integer(choice.number)),
        *((node, RDFS.label, text) for text in texts.literals(choice.label)),
        *([(node, RDFS.seeAlso, NamedNode(choice.iri))] if choice.iri else []),
    ]


def _group_statements(names: Names, task: NamedNode, group: TermGroup) -> Statements:
    node = NamedNode(f"{task.value}-group-{group.number}") if group.number else task
    found: Statements = [
        *((node, RDFS.label, text) for text in texts.literals(group.label)),
        *((node, CH.vocabulary, names.vocabulary(slug)) for slug in group.vocabularies),
        *((node, CH.branch, NamedNode(iri)) for iri in group.branches),
        *((node, CH.termClass, NamedNode(iri)) for iri in group.classes),
    ]
    if group.number:
        found += [
            (task, CH.group, node),
            (node, RDF.type, CH.TermGroup),
            (node, SH.order, integer(group.number)),
        ]
    return found

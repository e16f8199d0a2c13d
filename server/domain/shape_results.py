"""What a check found wrong: SHACL validation results (section 3.6), and in words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from server.domain.shape_graphs import Term
from server.domain.shape_paths import Path, last_property, local_name, qualified_name
from server.errors import Problem
from server.i18n import _, language
from server.names import SH

LONGEST_QUOTE = 60  # characters of a wrong value that a message repeats


@dataclass(frozen=True, slots=True)
class Origin:
    """What the results of one shape have in common."""

    path: Path | None  # None for a node shape
    severity: NamedNode
    messages: Mapping[str, str]  # language tag -> text
    name: str
    shape: str = ""  # the local name of the shape's IRI, `body` of `:body`; of a blank node none

    def result(
        self, focus: Term, component: NamedNode, value: Term = None, path: Path | None = None
    ) -> Result:
        return Result(focus, path or self.path, component, value, self)


@dataclass(frozen=True, slots=True)
class Result:
    """One thing wrong with one focus node; `value` is None where no single value is to blame."""

    focus: Term
    path: Path | None
    component: NamedNode  # such as sh:MinCountConstraintComponent
    value: Term
    origin: Origin

    @property
    def severity(self) -> NamedNode:
        return self.origin.severity

    @property
    def is_violation(self) -> bool:
        return self.origin.severity == SH.Violation

    @property
    def field(self) -> str:
        """The local name of the path's last property; of a rule without path, the rule's name."""
        return local_name(last_property(self.path)) if self.path else self.origin.name

    @property
    def qualified_field(self) -> str:
        """The qualified name of that property (`dcterms:title`); empty for a rule without path."""
        return qualified_name(last_property(self.path)) if self.path else ""

    @property
    def message(self) -> str:
        """The shape's message in the current language, else translated from its English."""
        messages = self.origin.messages
        if language.get() in messages:
            return messages[language.get()]
        english = messages.get("en") or messages.get("")
        if english:
            return _(english)
        rule = local_name(self.component).removesuffix("ConstraintComponent")
        name = self.origin.name or self.qualified_field or self.field
        return _("{field} breaks the rule {rule}.", field=name, rule=rule)


def problem(result: Result) -> Problem:
    """The result for a person: the field, and what to do, with the value that is wrong."""
    value = result.value
    if not isinstance(value, Literal | NamedNode) or not value.value:
        return Problem(result.field, result.message)
    text = value.value
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "…"
    quoted = _("{problem} (It is “{value}”.)", problem=result.message, value=text)
    return Problem(result.field, quoted)


def problems(results: Iterable[Result]) -> tuple[Problem, ...]:
    """Each different problem once, in the order of the results."""
    return tuple(dict.fromkeys(problem(result) for result in results))

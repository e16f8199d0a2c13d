"""The kinds of annotation: each is a shape file, from which its form, check and page follow.

Ours stand in `shapes/annotation/`, an instance's own in the folder `kinds` of its data directory:
a new kind is a new file. See docs/design.md, "A kind".
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path as FilePath
from typing import Any, Literal, TypeAlias

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from server.commit import Desk
from server.domain import shapes, texts
from server.domain.annotation_contents import ANNOTATION
from server.domain.shape_declarations import Declaration
from server.domain.shape_graphs import ShapeGraph, Term
from server.domain.shape_paths import Predicate, Sequence, local_name
from server.domain.shapes import Shapes
from server.domain.texts import Texts
from server.errors import Damaged, Invalid, NotFound, Problem
from server.i18n import _, language
from server.names import CH, DASH, OA, RDFS, SH, is_slug
from server.resources import folder

OF_CLAIM = "by"
_TAGGED = {DASH.TextFieldWithLangEditor, DASH.TextAreaWithLangEditor}
Of: TypeAlias = Literal["annotation", "claim"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One property shape: a field of the form, or a constant.

    `path` leads from the annotation to the value, or from the claim; `part` is the name of the
    node that the value is said of. `labels` and `helps` are by language.
    """

    name: str
    path: tuple[NamedNode, ...]
    of: Of = "annotation"
    part: str = ANNOTATION
    labels: Texts = field(default_factory=dict)
    helps: Texts = field(default_factory=dict)
    order: float = float("inf")
    editor: NamedNode | None = None
    viewer: NamedNode | None = None
    required: bool = False
    many: bool = True
    datatype: NamedNode | None = None
    choices: tuple[Term, ...] = ()
    constant: Term | None = None
    default: Term | None = None
    longest: int | None = None
    least: str | None = None
    most: str | None = None
    pattern: str = ""

    @property
    def label(self) -> str:
        """In the reader's language."""
        return words(self.labels)

    @property
    def help(self) -> str:
        return words(self.helps)

    @property
    def language_tagged(self) -> bool:
        return self.editor in _TAGGED


@dataclass(frozen=True)
class Kind:
    """`joins`: two people who say the same make one claim. `name` is that of the file."""

    iri: str
    name: str
    labels: Texts
    comments: Texts
    entries: tuple[Entry, ...]
    joins: bool
    path: FilePath

    @property
    def label(self) -> str:
        return words(self.labels)

    @property
    def comment(self) -> str:
        return words(self.comments)

    @cached_property
    def editable(self) -> tuple[Entry, ...]:
        """The fields of the form, in their order."""
        return tuple(entry for entry in self.entries if entry.editor is not None)

    @cached_property
    def shown(self) -> tuple[Entry, ...]:
        """What is shown of an annotation, in its order."""
        return tuple(entry for entry in self.entries if entry.viewer is not None)

    @cached_property
    def constants(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries if entry.constant is not None)

    @cached_property
    def motivation(self) -> str:
        found = (each.constant for each in self.constants if each.path == (OA.motivatedBy,))
        return next((each.value for each in found if each), "")

    def has_editor(self, *editors: NamedNode) -> bool:
        return any(entry.editor in editors for entry in self.editable)

    @cached_property
    def _shapes(self) -> Shapes:
        return shapes.compile_shapes(self.path, *shapes.files("annotation", "claim"))

    def check(self, statements: Iterable[tuple[Any, Any, Any]]) -> None:
        """Raise Invalid with a problem per field of the form, named as the field is."""
        results = self._shapes.validate(Triple(*each) for each in statements)
        found = [
            Problem(result.origin.shape or result.field, shapes.problem(result).message)
            for result in results
            if result.is_violation
        ]
        if found:
            raise Invalid(_("Some of this is missing or wrong."), tuple(dict.fromkeys(found)))


def every(desk: Desk) -> tuple[Kind, ...]:
    """All kinds that this instance knows, ours first."""
    return tuple(_registry(desk.settings.data / "kinds").values())


def get(desk: Desk, iri: str) -> Kind:
    """Raises NotFound."""
    found = find(desk, iri)
    if found is None:
        raise NotFound(_("There is no such kind of contribution."))
    return found


def find(desk: Desk, iri: str) -> Kind | None:
    return _registry(desk.settings.data / "kinds").get(iri)


def by_name(desk: Desk, name: str) -> Kind:
    """By the name of its file, such as `free-tag`. Raises NotFound."""
    for kind in every(desk):
        if kind.name == name:
            return kind
    raise NotFound(_("There is no such kind of contribution."))


@cache
def _registry(own: FilePath) -> dict[str, Kind]:
    """By IRI; read once, so a new file is known after a restart. Raises Damaged."""
    found = dict(_ours())
    for path in sorted(own.glob("*.ttl")) if own.is_dir() else ():
        kind = read(path)
        if kind.iri in found:
            raise Damaged(_("There are two kinds {iri}: {file} is one.", iri=kind.iri, file=path))
        found[kind.iri] = kind
    return found


@cache
def _ours() -> dict[str, Kind]:
    paths = sorted((folder("shapes") / "annotation").glob("*.ttl"))
    return {kind.iri: kind for kind in map(read, paths)}


def read(path: FilePath) -> Kind:
    """The kind that a file declares. Raises Damaged for what is none, or cannot be compiled."""
    try:
        graph = ShapeGraph.of(parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True))
        kind = _read(graph, path)
    except (ValueError, SyntaxError, KeyError) as error:
        message = _("The kind {name} cannot be used: {error}", name=path.name, error=error)
        raise Damaged(message) from error
    kind.check([])  # compiled at start, so that a bad shape shows then
    return kind


def words(texts: Texts) -> str:
    """In the reader's language: as the file has it, else its English as the interface does."""
    if language.get() in texts:
        return texts[language.get()]
    english = texts.get("en") or texts.get("") or next(iter(texts.values()), "")
    return _(english) if english else ""


def _read(graph: ShapeGraph, path: FilePath) -> Kind:
    (me,) = graph.instances(CH.Kind)
    if not is_slug(path.stem):
        raise ValueError(_("The name of the file is the kind's: small letters, digits, hyphens."))
    joins = graph.objects(me, CH.joins)
    entries = [
        *_entries(graph, OA.Annotation, "annotation"),
        *_entries(graph, CH.Claim, "claim"),
    ]
    names = [entry.name for entry in entries if entry.editor]
    if len(set(names)) < len(names):
        raise ValueError(f"two fields of one name: {', '.join(sorted(names))}")
    return Kind(
        iri=me.value,
        name=path.stem,
        labels=texts.collect(graph.objects(me, RDFS.label)),
        comments=texts.collect(graph.objects(me, RDFS.comment)),
        entries=tuple(sorted(entries, key=lambda entry: entry.order)),
        joins=any(each.value == "true" for each in joins),
        path=path,
    )


def _entries(graph: ShapeGraph, of_class: NamedNode, of: Of) -> list[Entry]:
    """The property shapes of the node shapes that are about a class."""
    return [
        _entry(Declaration(graph, node), of)
        for shape in graph.subjects(SH.targetClass, of_class)
        for node in graph.objects(shape, SH.property)
        if _steps(Declaration(graph, node))
    ]


def _steps(shape: Declaration) -> tuple[NamedNode, ...]:
    """The predicates of a path that leads straight on; none for any other."""
    path = shape.path
    steps = path.steps if isinstance(path, Sequence) else (path,)
    straight = all(isinstance(step, Predicate) for step in steps)
    return tuple(step.node for step in steps if isinstance(step, Predicate)) if straight else ()


def _entry(shape: Declaration, of: Of) -> Entry:
    path = _steps(shape)
    part = _one(shape, CH.part)
    most = shape.integer(SH.maxCount) if shape.all(SH.maxCount) else None
    longest = shape.integer(SH.maxLength) if shape.all(SH.maxLength) else None
    return Entry(
        name=local_name(shape.node) if isinstance(shape.node, NamedNode) else "",
        path=path,
        of=of,
        part=part.value if part else _part(path, of),
        labels=texts.collect(shape.all(SH.name)),
        helps=texts.collect(shape.all(SH.description)),
        order=shape.order,
        editor=_one(shape, DASH.editor),
        viewer=_one(shape, DASH.viewer),
        required=bool(shape.all(SH.minCount)) and shape.integer(SH.minCount) > 0,
        many=most != 1,
        datatype=_one(shape, SH.datatype),
        choices=tuple(shape.members(SH["in"])) if shape.all(SH["in"]) else (),
        constant=_one(shape, SH.hasValue),
        default=_one(shape, SH.defaultValue),
        longest=longest,
        least=_lexical(shape, SH.minInclusive),
        most=_lexical(shape, SH.maxInclusive),
        pattern=_lexical(shape, SH.pattern) or "",
    )


def _part(path: tuple[NamedNode, ...], of: Of) -> str:
    """The node that the value is said of, named by the property that leads to it."""
    if len(path) < 2:
        return OF_CLAIM if of == "claim" else ANNOTATION
    return part_name(path[-2])


def part_name(leading: NamedNode) -> str:
    """The name of the part that a property leads to: `body` for oa:hasBody."""
    name = local_name(leading).removeprefix("has")
    return name[0].lower() + name[1:]


def _one(shape: Declaration, parameter: NamedNode) -> Term | None:
    found = shape.all(parameter)
    return found[0] if found else None


def _lexical(shape: Declaration, parameter: NamedNode) -> str | None:
    found = _one(shape, parameter)
    return found.value if found is not None else None

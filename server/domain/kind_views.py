"""The kinds of contribution for people and programs: what each shape says, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse, serialize

from server.commit import Desk
from server.domain import kind_examples, kinds
from server.domain.kinds import Entry, Kind
from server.domain.shape_graphs import Term
from server.domain.shape_paths import qualified_name
from server.i18n import _, ngettext
from server.names import PREFIXES
from server.resources import folder


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of the form: its name there, and what it takes, in words.

    `limits` are sentences, `choices` and `path` qualified names; `of` is annotation or claim.
    """

    name: str
    label: str
    help: str
    of: str
    required: bool
    many: bool
    path: str
    datatype: str
    limits: tuple[str, ...]
    choices: tuple[str, ...]
    pattern: str


@dataclass(frozen=True, slots=True)
class KindRow:
    """`own`: it is this instance's, not one that comes with the server."""

    name: str
    label: str
    comment: str
    iri: str
    motivation: str
    own: bool
    fields: int


@dataclass(frozen=True, slots=True)
class KindPage:
    """`constants` are (path, value) that stand in each; `example` is Turtle, `values` a form."""

    row: KindRow
    joins: bool
    fields: tuple[FieldRow, ...]
    constants: tuple[tuple[str, str], ...]
    example: str
    values: tuple[tuple[str, str], ...]


def listing(desk: Desk) -> list[KindRow]:
    return [_row(kind) for kind in kinds.every(desk)]


def get_page(desk: Desk, name: str) -> KindPage:
    """Raises NotFound."""
    kind = kinds.by_name(desk, name)
    example = kind_examples.find(desk, kind)
    return KindPage(
        row=_row(kind),
        joins=kind.joins,
        fields=tuple(map(_field, kind.editable)),
        constants=tuple((_path(entry), _text(entry.constant)) for entry in kind.constants),
        example=_turtle(example.triples) if example else "",
        values=tuple(
            (field, value)
            for field, values in (example.values if example else {}).items()
            for value in values
        ),
    )


def triples(desk: Desk, name: str) -> list[Triple]:
    """The shape itself, as its file has it. Raises NotFound."""
    path = kinds.by_name(desk, name).path
    return [quad.triple for quad in parse(path=path, format=RdfFormat.TURTLE)]


def _row(kind: Kind) -> KindRow:
    return KindRow(
        name=kind.name,
        label=kind.label,
        comment=kind.comment,
        iri=kind.iri,
        motivation=qualified_name(NamedNode(kind.motivation)) if kind.motivation else "",
        own=kind.path.parent != folder("shapes") / "annotation",
        fields=len(kind.editable),
    )


def _field(entry: Entry) -> FieldRow:
    return FieldRow(
        name=entry.name,
        label=entry.label,
        help=entry.help,
        of=entry.of,
        required=entry.required,
        many=entry.many,
        path=_path(entry),
        datatype=qualified_name(entry.datatype) if entry.datatype else "",
        limits=tuple(_limits(entry)),
        choices=tuple(map(_text, entry.choices)),
        pattern=entry.pattern,
    )


def _limits(entry: Entry) -> Iterable[str]:
    if entry.longest:
        yield ngettext("At most {count} character.", "At most {count} characters.", entry.longest)
    if entry.least is not None and entry.most is not None:
        yield _("From {least} to {most}.", least=entry.least, most=entry.most)
    elif entry.least is not None:
        yield _("At least {least}.", least=entry.least)
    elif entry.most is not None:
        yield _("At most {most}.", most=entry.most)
    if entry.language_tagged:
        yield _("With a language.")


def _path(entry: Entry) -> str:
    """As SPARQL writes it: `oa:hasBody / rdf:value`."""
    return " / ".join(map(qualified_name, entry.path))


def _text(value: Term) -> str:
    return value.value if isinstance(value, Literal) else qualified_name(value)


def _turtle(statements: Iterable[Triple]) -> str:
    """Node by node, with those prefixes alone that it uses."""
    ordered = sorted(statements, key=lambda triple: str(triple.subject).rstrip(">"))
    found = serialize(ordered, format=RdfFormat.N_TRIPLES) or b""
    used = {name: iri for name, iri in PREFIXES.items() if f"<{iri}".encode() in found}
    text = serialize(ordered, format=RdfFormat.TURTLE, prefixes=used) or b""
    return text.decode()

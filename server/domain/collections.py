"""Collections: what is said of one as a whole, where it stands, and making it public."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Quad

from server.commit import Desk
from server.domain import graph_states, permissions, shapes, statements
from server.domain.accounts import Person
from server.errors import Conflict, Damaged, Invalid, NotFound, Problem
from server.i18n import _
from server.index import items
from server.names import CH, DCTERMS, EDM, RDF, is_slug, time_literal
from server.patches import DATASETS, Bulk, Dataset, Patch, on
from server.viewers import Viewer

Progress = Callable[[str, int, int], None]
ALL = Viewer(sees_work=True)
_RESERVED = {"import", "imports"}  # parts of addresses


@dataclass(frozen=True, slots=True)
class Said:
    """What an organiser says of a collection; an empty title or description stays as it was."""

    slug: str
    title: str = ""
    description: str = ""
    language: str = "en"
    private: bool = False


def standing_in(desk: Desk, slug: str) -> Dataset | None:
    """The dataset in which a collection stands; None where there is no such collection."""
    node = desk.names.collection(slug)
    for dataset in DATASETS:
        if statements.pairs(desk, dataset, node):
            return dataset
    return None


def dataset_for(desk: Desk, said: Said) -> Dataset:
    """Where an import of it goes. Raises Invalid for a bad name, no title, or another dataset."""
    if not is_slug(said.slug) or said.slug in _RESERVED:
        message = _("A short name has small letters, digits and hyphens only.")
        raise Invalid(message, (Problem("slug", message),))
    standing = standing_in(desk, said.slug)
    if standing is None:
        if not said.title.strip():
            message = _("A new collection needs a title.")
            raise Invalid(message, (Problem("title", message),))
        return "work" if said.private else "public"
    if said.private and standing == "public":
        message = _("This collection is public already.")
        raise Invalid(message, (Problem("private", message),))
    return standing


def metadata_patch(
    desk: Desk, said: Said, dataset: Dataset, now: datetime, *, changed: bool
) -> Patch:
    """The statements about the collection itself, beside its bulk file. Raises Invalid.

    Empty where they say the same as before, and nothing else `changed`.
    """
    before = metadata(desk, said.slug, dataset)
    after = _metadata(desk, said, dataset, before, now)
    if not changed and all(quad.predicate == DCTERMS.modified for quad in after ^ before):
        return Patch()
    shapes.check("collection", ((q.subject, q.predicate, q.object) for q in after))
    return on(
        dataset,
        remove=sorted(before - after, key=str),
        add=sorted(after - before, key=str),
    )


def metadata(desk: Desk, slug: str, dataset: Dataset) -> set[Quad]:
    node, graph = desk.names.collection(slug), desk.names.graph("collection", slug)
    return {Quad(node, p, o, graph) for p, o in statements.pairs(desk, dataset, node)}


def _metadata(
    desk: Desk, said: Said, dataset: Dataset, before: set[Quad], now: datetime
) -> set[Quad]:
    node, graph = desk.names.collection(said.slug), desk.names.graph("collection", said.slug)
    texts = ((DCTERMS.title, said.title), (DCTERMS.description, said.description))
    new: dict[NamedNode, NamedNode | Literal] = {
        property_: Literal(text.strip(), language=said.language)
        for property_, text in texts
        if text.strip()
    }
    new[RDF.type] = EDM.Collection
    new[DCTERMS.modified] = time_literal(now)
    new[CH.state] = CH.Public if dataset == "public" else CH.Private
    if not any(quad.predicate == DCTERMS.created for quad in before):
        new[DCTERMS.created] = time_literal(now)
    kept = {quad for quad in before if not _replaces(new.get(quad.predicate), quad.object)}
    return kept | {Quad(node, property_, value, graph) for property_, value in new.items()}


def _replaces(new: NamedNode | Literal | None, old: object) -> bool:
    """A new text takes the place of the one in the same language only."""
    if new is None:
        return False
    if isinstance(new, Literal) and new.language and isinstance(old, Literal):
        return old.language == new.language
    return True


def publish_collection(
    desk: Desk, organiser: Person, slug: str, *, now: datetime,
    progress: Progress = lambda *_: None,
) -> None:  # fmt: skip
    """Make a private collection public: copied, counted, then taken out of the work dataset.

    Each step is an entry of its own, so that asking again goes on where it was interrupted.
    Raises NotFound, or Conflict where it is public already.
    """
    permissions.require(organiser, "import")
    graph = desk.names.graph("collection", slug)
    if items.find_collection(ALL, desk.index.read(), slug) is None:
        raise NotFound(_("There is no such collection."))
    _since, full = graph_states.standing(desk, "work", graph)
    if not metadata(desk, slug, "work"):
        raise Conflict(_("This collection is public already."))

    def copy(desk: Desk) -> tuple[Patch, None]:
        if metadata(desk, slug, "public"):
            return Patch(), None
        said = {quad for quad in metadata(desk, slug, "work") if quad.predicate != CH.state} | {
            Quad(desk.names.collection(slug), CH.state, CH.Public, graph)
        }
        bulk = (Bulk("public", graph.value, add=full, full=full),) if full else ()
        return on("public", add=sorted(said, key=str)) + Patch(bulk=bulk), None

    def remove(desk: Desk) -> tuple[Patch, None]:
        bulk = (Bulk("work", graph.value, remove=full),) if full else ()
        said = sorted(metadata(desk, slug, "work"), key=str)
        return on("work", remove=said) + Patch(bulk=bulk), None

    by = organiser.agent.value
    desk.commit(copy, by=by, action="publish collection", now=now)
    desk.run_bulk(progress)
    _require_complete(desk, graph, full.quads if full else 0)
    desk.commit(remove, by=by, action="publish collection", now=now)
    desk.run_bulk(progress)


def _require_complete(desk: Desk, graph: NamedNode, quads: int) -> None:
    """Raises Damaged where the public copy has fewer statements than its file."""
    slug = graph.value.rpartition("/")[2]
    expected = quads + len(metadata(desk, slug, "public"))
    found = int(desk.select("graph_size", "public", graph=graph)[0]["size"].value)
    if found != expected:
        message = _(
            "The public copy has {found} statements instead of {expected}; both copies stay.",
            found=found, expected=expected,
        )  # fmt: skip
        raise Damaged(message)

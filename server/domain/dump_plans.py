"""What one dump is to hold: as it goes to the process that writes it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain.dump_offers import ALL, COLLECTIONS, FORMS, PROVIDERS, Form, Scope
from server.domain.dump_records import CONTENTS, Content
from server.errors import Invalid
from server.i18n import _
from server.index import changes, items, providers
from server.index.changes import Among
from server.viewers import PUBLIC

_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """`names` are slugs of collections or of one campaign, or the key of one provider.

    `name` ends as the file does (.gz .zst .zip). `listed` is a file with the IRIs of the items,
    a line each, for scopes that the snapshot does not know by itself; `total` are its items.
    """

    form: Form
    content: Content = "enriched"
    kind: str = ALL
    names: tuple[str, ...] = ()
    name: str = "-"
    listed: str = ""
    total: int = 0

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(said: dict[str, Any]) -> "Plan":
        return Plan(**{**said, "names": tuple(said["names"])})

    @property
    def scopes(self) -> list[Scope]:
        return [Scope(self.kind, name) for name in self.names] or [Scope()]

    def items(self) -> Iterator[NamedNode]:
        """Those that are listed."""
        with open(self.listed, encoding="utf-8") as lines:
            yield from (NamedNode(line.rstrip("\n")) for line in lines)


def check(plan: Plan) -> None:
    """Raises Invalid for a format that there is not, or that a file of this name cannot hold."""
    if plan.form not in FORMS:
        raise Invalid(_("The format is one of {names}.", names=", ".join(FORMS)))
    if plan.content not in CONTENTS:
        raise Invalid(_("The content is one of {names}.", names=", ".join(CONTENTS)))
    if plan.name.endswith(".zip") and plan.form != "edm":
        raise Invalid(_("Only EDM comes as .zip: a file for each record. Use .gz or .zst."))


def listing(desk: Desk, plan: Plan, folder: Path) -> Plan:
    """With the list of its items where it needs one: those of a campaign, or of a provider whose
    items share their collections with others."""
    connection = desk.index.read()
    if plan.kind == PROVIDERS:
        over = providers.collections_of(PUBLIC, connection, plan.names[0])
        if over and all(over.values()):
            plan = replace(plan, kind=COLLECTIONS, names=tuple(sorted(over)))
    if plan.kind in (ALL, COLLECTIONS):
        return replace(plan, total=_total(desk, plan))
    (name,) = plan.names
    among = Among("item", **{"provider" if plan.kind == PROVIDERS else "campaign": name})  # type: ignore[arg-type]
    as_of, after, total = changes.last(connection), changes.START, 0
    path = folder / "items"
    with path.open("w", encoding="utf-8") as file:
        while page := changes.page(connection, among, as_of=as_of, limit=_PAGE, after=after):
            standing = [record.iri for record in page if not record.deleted]
            file.writelines(f"{iri}\n" for iri in standing)
            after, total = page[-1].cursor, total + len(standing)
    return replace(plan, listed=str(path), total=total)


def _total(desk: Desk, plan: Plan) -> int:
    """How many records to expect: what the index knows, which may be an entry ahead."""
    known = items.collections(PUBLIC, desk.index.read())
    return sum(row.items for row in known if row.slug in plan.names or not plan.names)

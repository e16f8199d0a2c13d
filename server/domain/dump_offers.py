"""What can be downloaded: of what scope, what of it, in which form; and when that changed last."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from server.commit import Desk
from server.domain import graph_states
from server.domain.dump_records import CONTENTS, Content
from server.errors import NotFound
from server.i18n import _
from server.index import changes, items, providers, queues
from server.names import is_slug
from server.viewers import PUBLIC

Form = Literal["nquads", "ntriples", "turtle", "jsonld", "edm"]
FORMS: tuple[Form, ...] = ("nquads", "ntriples", "turtle", "jsonld", "edm")
#: Ending of a name → form and media type. Dumps grow, so only packed ones are offered.
ENDINGS: dict[str, tuple[Form, str]] = {
    "edm.zip": ("edm", "application/zip"), "edm.xml.gz": ("edm", "application/gzip"),
    "edm.xml.zst": ("edm", "application/zstd"), "nq.gz": ("nquads", "application/gzip"),
    "nq.zst": ("nquads", "application/zstd"), "ttl.gz": ("turtle", "application/gzip"),
    "ttl.zst": ("turtle", "application/zstd"), "jsonld.gz": ("jsonld", "application/gzip"),
    "jsonld.zst": ("jsonld", "application/zstd"),
}  # fmt: skip
#: Names of before there were scopes, and what they are now.
FORMER = {
    "all.nq.gz": "enriched.nq.gz", "all.nq.zst": "enriched.nq.zst",
    "all.ttl.gz": "enriched.ttl.gz", "all.ttl.zst": "enriched.ttl.zst",
    "edm.zip": "enriched.edm.zip", "edm.xml.gz": "enriched.edm.xml.gz",
    "edm.xml.zst": "enriched.edm.xml.zst",
}  # fmt: skip
ALL, COLLECTIONS, CAMPAIGNS, PROVIDERS = "all", "collections", "campaigns", "providers"
#: The word of each in the log of changes.
_LOGGED = {COLLECTIONS: "collection", CAMPAIGNS: "campaign", PROVIDERS: "provider"}
_KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose data: all, or that of a collection, campaign (slugs) or provider (its key)."""

    kind: str = ALL
    name: str = ""

    @property
    def path(self) -> str:
        return f"{self.kind}/{self.name}" if self.name else self.kind

    @property
    def logged(self) -> str:
        return f"{_LOGGED[self.kind]}:{self.name}" if self.name else ""


@dataclass(frozen=True, slots=True)
class Offer:
    """One file that can be had."""

    scope: Scope
    content: Content
    ending: str

    @property
    def name(self) -> str:
        """`enriched.edm.zip`"""
        return f"{self.content}.{self.ending}"

    @property
    def path(self) -> str:
        """Below /dumps/: `collections/posters/enriched.edm.zip`"""
        return f"{self.scope.path}/{self.name}"

    @property
    def form(self) -> Form:
        return ENDINGS[self.ending][0]

    @property
    def media_type(self) -> str:
        return ENDINGS[self.ending][1]

    @property
    def download(self) -> str:
        """What a file of it is called on somebody's disk."""
        return "-".join(part for part in ("dump", self.scope.name, self.name) if part)


def of(scope: Scope) -> list[Offer]:
    return [Offer(scope, content, ending) for content in CONTENTS for ending in ENDINGS]


#: What there is of everything: path below /dumps/ → form and media type.
OFFERED: dict[str, tuple[Form, str]] = {
    offer.path: (offer.form, offer.media_type) for offer in of(Scope())
}


def find(scope: Scope, name: str) -> Offer:
    """Raises NotFound for a name that no dump has."""
    content, _dot, ending = name.partition(".")
    if content not in CONTENTS or ending not in ENDINGS:
        raise NotFound(_("There is no dump of this name."))
    return Offer(scope, content, ending)


def require(desk: Desk, kind: str, name: str) -> Scope:
    """Raises NotFound where there is no such scope that is public."""
    scope = Scope(kind, name)
    if title(desk, scope) is None:
        raise NotFound(_("There is nothing public named “{name}”.", name=name[:100]))
    return scope


def title(desk: Desk, scope: Scope) -> str | None:
    """Its name for people; None where it is not public."""
    connection = desk.index.read()
    if scope.kind == ALL:
        return None if scope.name else _("Everything")
    if _KEY.fullmatch(scope.name) is None:
        return None
    if scope.kind == PROVIDERS:
        provider = providers.find_provider(PUBLIC, connection, scope.name)
        return provider.label if provider else None
    if not is_slug(scope.name):
        return None
    if scope.kind == COLLECTIONS:
        collection = items.find_collection(PUBLIC, connection, scope.name)
        return collection.title if collection else None
    campaign = queues.find_campaign(PUBLIC, connection, scope.name)
    return campaign.title if campaign else None


def scopes(desk: Desk) -> Iterator[tuple[Scope, str]]:
    """(scope, title) of all that is public, everything first."""
    connection = desk.index.read()
    yield Scope(), _("Everything")
    for collection in items.collections(PUBLIC, connection):
        yield Scope(COLLECTIONS, collection.slug), collection.title
    for campaign in queues.campaigns(PUBLIC, connection):
        yield Scope(CAMPAIGNS, campaign.slug), campaign.title
    for provider in providers.providers(PUBLIC, connection):
        yield Scope(PROVIDERS, provider.key), provider.label


def sequence(desk: Desk, offer: Offer) -> int:
    """The entry of the last change of what it holds.

    All statements change with any public entry. Records change with their scope, and where they
    are enriched with the vocabularies that name their terms.
    """
    if offer.scope.kind == ALL and offer.content == "enriched" and offer.form != "edm":
        return desk.public_sequence()
    found = changes.scope_sequence(desk.index.read(), offer.scope.logged)
    return found if offer.content == "plain" else max(found, _vocabularies(desk))


def _vocabularies(desk: Desk) -> int:
    """The entry that last loaded one."""
    found = [
        graph_states.standing(desk, "public", desk.names.graph("vocabulary", slug))[0]
        for row in desk.select("dump_vocabularies")
        if (slug := desk.names.local(row["vocabulary"].value, "vocabulary"))
    ]
    return max(found, default=0)

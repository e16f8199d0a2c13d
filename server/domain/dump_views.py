"""The downloads as people and programs see them."""

from typing import Any

from server.commit import Desk
from server.domain import dump_kept, dump_offers
from server.domain.dump_files import DumpFiles
from server.domain.dump_offers import Offer, Scope
from server.i18n import _
from server.names import timestamp

#: What /data names: the others are one step further.
_FIRST = ("enriched.edm.zip", "enriched.nq.gz", "enriched.ttl.gz", "enriched.jsonld.gz")
_ADDRESS = "/dumps/"


def titles() -> dict[str, str]:
    """Of what a dump is of, by content."""
    return {
        "enriched": _("Records with what people added"),
        "plain": _("Records as their providers wrote them"),
        "enrichments": _("Only what people added"),
    }


def _forms() -> dict[str, tuple[str, str]]:
    """(title, description) of each form."""
    return {
        "nquads": ("N-Quads", _("All statements with the graphs that they are in.")),
        "turtle": (
            "Turtle", _("All statements without graphs, to be read by people too."),
        ),
        "jsonld": ("JSON-LD", _("All statements for programs that read JSON.")),
        "edm": ("EDM (RDF/XML)", _("The records as Europeana takes them.")),
    }  # fmt: skip


def first(desk: Desk) -> list[tuple[str, str, str, str]]:
    """(address, title, description, size in words) of the dumps that most people want."""
    offers = (dump_offers.find(Scope(), name) for name in _FIRST)
    return [(_href(offer), _title(offer), *_words(desk, offer)) for offer in offers]


def _href(offer: Offer) -> str:
    return _ADDRESS + offer.path


def _title(offer: Offer) -> str:
    return f"{_forms()[offer.form][0]}, .{offer.ending}"


def _words(desk: Desk, offer: Offer) -> tuple[str, str]:
    dump = dump_kept.newest(desk, offer)
    size = in_words(dump.size) if dump else _("made when you ask")
    return _forms()[offer.form][1], size


def in_words(size: int) -> str:
    if size < 1_000_000:
        return _("{size} kB", size=max(1, round(size / 1000)))
    return _("{size} MB", size=f"{size / 1e6:.1f}")


def scopes(desk: Desk) -> list[dict[str, str]]:
    """Of what there are dumps."""
    return [
        {"href": f"{_ADDRESS}{scope.path}/", "kind": scope.kind, "title": title}
        for scope, title in dump_offers.scopes(desk)
    ]


def files(desk: Desk, made: DumpFiles, scope: Scope) -> list[dict[str, Any]]:
    """Each dump of a scope; size, date and checksum only of one that has been made.

    `state` is ready, outdated (it will be made anew when it is asked for), making, or none.
    """
    return [_file(desk, made, offer) for offer in dump_offers.of(scope)]


def _file(desk: Desk, made: DumpFiles, offer: Offer) -> dict[str, Any]:
    dump = dump_kept.newest(desk, offer)
    said: dict[str, Any] = {
        "href": _href(offer),
        "title": _title(offer),
        "content": offer.content,
        "form": offer.form,
        "mediaType": offer.media_type,
        "state": "none",
    }
    if dump is not None:
        fresh = dump.sequence == dump_offers.sequence(desk, offer)
        said |= {
            "state": "ready" if fresh else "outdated",
            "size": dump.size,
            "modified": timestamp(dump.at),
            "sha256": dump.sha256,
            "sequence": dump.sequence,
        }
        if dump.records:
            said["records"] = dump.records
    if (told := made.progress(offer)) is not None:
        said |= {"state": "making", "done": told[0], "total": told[1]}
    return said

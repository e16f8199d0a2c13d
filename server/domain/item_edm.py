"""The EDM record of one item, at an address of its own."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import dump_records, dump_snapshots
from server.domain.dump_records import CONTENTS
from server.errors import Gone, Invalid, NotFound
from server.formats.edm_write import record_xml
from server.i18n import _
from server.index import changes, items
from server.viewers import PUBLIC


@dataclass(frozen=True, slots=True)
class EdmRecord:
    """The document, its checksum, and when the item changed last."""

    document: bytes
    digest: str
    modified: datetime | None


def get(desk: Desk, item_id: str, content: str) -> EdmRecord:
    """Valid by the schema that its source was valid by: external or internal EDM.

    Raises Invalid for a content that there is not, NotFound; Gone for an item that was removed.
    """
    if content not in CONTENTS:
        raise Invalid(_("The content is one of {names}.", names=", ".join(CONTENTS)))
    connection = desk.index.read()
    row = items.find_item(PUBLIC, connection, item_id)
    if row is None:
        raise NotFound(_("There is no such item."))
    if row.gone:
        raise Gone(_("Its collection no longer has this object."))
    source, item = dump_snapshots.live(desk), NamedNode(row.iri)
    ((iri, said),) = dump_records.statements(source, [item], content)
    if not said:
        raise NotFound(_("Nothing was published about this item."))
    document = record_xml(iri, said)
    change = changes.find(connection, "item", item_id)
    modified = datetime.fromisoformat(change.at) if change else None
    return EdmRecord(document, hashlib.sha256(document).hexdigest()[:32], modified)

"""Opening an instance with everything that the domain derives: its index and its accounts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from server import opening
from server.commit import Desk
from server.domain import (
    import_reports,
    publication_writing,
    vocabulary_loads,
    vocabulary_reports,
)
from server.domain.projection import Projection
from server.errors import Unavailable
from server.index import (
    batches,
    changes,
    comparisons,
    contributions,
    encounters,
    gold,
    item_identifiers,
    item_queues,
    items,
    labels,
    picking,
    proposal_queues,
    provider_gains,
    providers,
    published_annotations,
    usage,
    waiting_terms,
)
from server.settings import Settings

logger = logging.getLogger(__name__)
#: How long a load of a vocabulary waits to be applied.
_WAITING = timedelta(days=30)
SCHEMAS = (
    items.SCHEMA, item_identifiers.SCHEMA, providers.SCHEMA, changes.SCHEMA, contributions.SCHEMA,
    provider_gains.SCHEMA, published_annotations.SCHEMA, picking.SCHEMA,
    item_queues.SCHEMA, encounters.SCHEMA, proposal_queues.SCHEMA, gold.SCHEMA, comparisons.SCHEMA,
    labels.SCHEMA, usage.TRIGGERS, batches.SCHEMA, waiting_terms.SCHEMA,
)  # fmt: skip


@contextmanager
def opened(settings: Settings) -> Iterator[Desk]:
    """The desk of an existing data directory. Raises NotFound, Locked, Conflict or Damaged."""
    with opening.opened(settings, Projection(), SCHEMAS) as desk:
        import_reports.sweep(settings.data)
        vocabulary_reports.sweep(settings.data)
        vocabulary_loads.forget_waiting(desk, datetime.now(UTC) - _WAITING)
        _finish_publications(desk)
        yield desk


def _finish_publications(desk: Desk) -> None:
    """Those that were being written when the process ended; else the running server goes on."""
    try:
        publication_writing.finish(desk)
    except (Unavailable, OSError):
        logger.exception("publications lag behind")


def create(settings: Settings) -> None:
    """A new, empty data directory; nothing changes where it exists. Raises Conflict."""
    opening.create(settings)


def exists(settings: Settings) -> bool:
    return opening.exists(settings)


def without_index(settings: Settings) -> None:
    """Remove the index, so that opening makes it anew. Raises Locked while it is in use."""
    opening.forget(settings, ("index", "index.sqlite", "index.sqlite-wal", "index.sqlite-shm"))


def without_projections(settings: Settings) -> None:
    """Remove stores and index, which all follow from the journal. Raises Locked."""
    without_index(settings)
    opening.forget(settings, ("public", "work", "public.digests.json", "work.digests.json"))

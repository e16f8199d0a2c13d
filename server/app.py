"""The application: everything opened in the lifespan, one list of routes, middleware, errors."""

import asyncio
import contextlib
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from server.commit import Desk
from server.domain import europeana_jobs, opening, publishing_schedules, shapes
from server.errors import CrowdHeritageError
from server.settings import Settings
from server.store.pool import QueryPool
from server.store.snapshots import Snapshots
from server.web import maps, routes, templates
from server.web.languages import Languages
from server.web.limits import BodyLimit, WriteRate
from server.web.problems import Problems, exception_handlers
from server.web.security import SecurityHeaders
from server.web.sessions import Sessions

logger = logging.getLogger(__name__)
_HOUSEKEEPING_SECONDS = 5.0
#: What is nobody's: services that programs call by POST, and the language of pages.
_ANONYMOUS = ("/sparql", "/oai", "/q", "/language")
_ANONYMOUS_BELOW = "/reconcile/"
#: Where files come in, which may be large.
_UPLOADS = re.compile(r"/collections/import(/.*)?|/vocabularies/(load|[^/]+/terms/add)")
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def create_app(settings: Settings) -> Starlette:
    """The ASGI application of one data directory, which exists."""
    return Starlette(
        routes=[*routes.routes, routes.static(StaticFiles(directory=templates.STATIC))],
        middleware=[
            Middleware(
                SecurityHeaders, secure=settings.secure_cookies, images=maps.origin(settings)
            ),
            Middleware(Languages),
            Middleware(Problems),
            Middleware(BodyLimit, settings=settings, is_upload=_is_upload),
            Middleware(WriteRate, settings=settings, exempt=_ANONYMOUS),
            Middleware(Sessions, settings=settings, anonymous=(*_ANONYMOUS, _ANONYMOUS_BELOW)),
        ],
        exception_handlers=exception_handlers,
        lifespan=_lifespan(settings),
    )


def _is_upload(scope: Scope) -> bool:
    return _UPLOADS.fullmatch(scope["path"]) is not None


def _lifespan(settings: Settings) -> Lifespan:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        shapes.load_all()
        state: Any = app.state
        with _remembered(state), opening.opened(settings) as desk:
            state.settings, state.desk, state.engine = settings, desk, desk.accounts
            state.templates = templates
            snapshots = Snapshots(
                settings.data / "snapshots", desk.snapshot, desk.public_sequence,
                settings.snapshot_seconds,
            )  # fmt: skip
            async with QueryPool(settings, snapshots) as state.pool:
                housekeeping = asyncio.create_task(_keep_house(desk))
                try:
                    yield
                finally:
                    housekeeping.cancel()

    return lifespan


@contextlib.contextmanager
def _remembered(state: Any) -> Iterator[None]:
    """Keep why the data directory could not be opened, for whoever started the server."""
    try:
        yield
    except CrowdHeritageError as error:
        state.failure = error
        raise


async def _keep_house(desk: Desk) -> None:
    """What nobody shall wait for: the digests of the stores' files, by which damage shows at the
    next start, and the index's write-ahead log; what is published, and goes to Europeana, by
    itself."""

    def publish_by_themselves() -> None:
        publishing_schedules.keep(desk, datetime.now(UTC))

    def push_by_themselves() -> None:
        europeana_jobs.push_by_themselves(desk)

    while True:
        await asyncio.sleep(_HOUSEKEEPING_SECONDS)
        for work in (
            desk.record_digests, desk.index.checkpoint, publish_by_themselves, push_by_themselves,
        ):  # fmt: skip
            try:
                await asyncio.to_thread(work)
            except (OSError, sqlite3.Error, CrowdHeritageError):
                logger.exception("%s failed, and is tried again", work.__name__)

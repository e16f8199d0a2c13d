"""What else answers JSON: jobs, histories, pictures, whether the server is well."""

from dataclasses import dataclass
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from server.domain.jobs import Job
from server.web.api_contributions import EmptyBody
from server.web.api_operations import Operation, Query, answer
from server.web.api_schemas import Schema

_JOBS, _DATA, _SERVER = "Jobs", "Data", "The server"
_OBJECT: Schema = {"type": "object"}


@dataclass(frozen=True, slots=True)
class JobFacts:
    """Background work. `done` of `total` (0: unknown); once it is done, `result` is where to go on.
    `problems` say what was wrong, line by line."""

    id: str
    title: str
    state: Literal["waiting", "running", "done", "failed"]
    what: str
    done: int
    total: int
    seconds_left: int | None
    message: str
    problems: list[str]
    result: str | None
    may_stop: bool


@dataclass(frozen=True, slots=True)
class HistoryMaker:
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """`entry` is the number of the journal's entry; what else there is depends on the action."""

    entry: int
    at: str
    action: str
    by: HistoryMaker
    text: str


@dataclass(frozen=True, slots=True)
class History:
    """What happened to an annotation, newest first; `next` is the address of what was before."""

    annotation: str
    events: list[HistoryEvent]
    next: str | None


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """`src` is the picture through this server; `tiles` is where deep zoom begins, or null."""

    number: int
    iri: str
    width: int
    height: int
    colour: str | None
    src: str
    tiles: str | None
    vector: bool


@dataclass(frozen=True, slots=True)
class Ready:
    """`behind` names what lags behind the journal; `updating`: a collection is being changed."""

    behind: list[str]
    updating: bool
    set_aside: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ReconciliationService:
    name: str
    url: str


JOB = Operation("How far background work is", _JOBS, JobFacts, person=True, name="job")
STOP = Operation(
    "Ask background work to stop", _JOBS, JobFacts, body=EmptyBody, person=True, name="stop_job"
)
HISTORY = Operation(
    "What happened to an annotation", _DATA, History, name="history",
    query=(
        Query("before", "The number of the entry where it goes on; else it begins at the newest.",
              {}, checked=False),
    ),
    words="Reasons and comments are for those who take part.",
)  # fmt: skip
INFO = Operation(
    "What a picture is like", _DATA, ImageInfo, page=False, name="image_info",
    also={502: "Its museum does not give the picture.", 504: "Its museum takes too long."},
)  # fmt: skip
IIIF_INFO = Operation(
    "A picture as IIIF Image API 3", _DATA, _OBJECT, page=False, name="iiif_info",
    media_type='application/ld+json;profile="http://iiif.io/api/image/3/context.json"',
    also={502: "Its museum does not give the picture.", 504: "Its museum takes too long."},
)  # fmt: skip
DUMPS = Operation("The downloads of what is public", _DATA, _OBJECT, name="dumps")
DUMPS_OF = Operation(
    "The downloads of one collection, campaign or provider", _DATA, _OBJECT, name="dumps_of"
)
SERVICES = Operation(
    "The reconciliation services", _DATA, list[ReconciliationService], name="services",
    json_first=True,
    words="Each describes itself by the manifest at its `url` (Reconciliation Service API 0.2).",
)  # fmt: skip
READY = Operation(
    "Whether the server is level with its journal", _SERVER, Ready, page=False, name="ready",
    also={503: "Something lags behind."},
)  # fmt: skip
EXPORT = Operation(
    "All that is known of oneself", _SERVER, _OBJECT, page=False, person=True, name="export"
)


def job(request: Request, found: Job) -> Response:
    return answer(request, job_facts(found), headers={"Cache-Control": "no-store"})


def job_facts(found: Job) -> JobFacts:
    return JobFacts(
        id=found.id, title=found.title, state=found.state, what=found.what, done=found.done,
        total=found.total, seconds_left=found.seconds_left, message=found.message,
        problems=list(found.lines), result=found.href, may_stop=found.may_stop,
    )  # fmt: skip

"""Publishing for programs: what would change, publishing it, taking it back."""

import dataclasses
from dataclasses import dataclass
from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from server.domain.jobs import Job
from server.web.api_contributions import EmptyBody, Name
from server.web.api_operations import Operation, Query, answer
from server.web.api_schemas import Says, Schema
from server.web.api_services import JobFacts, job_facts

_TAG = "Publishing"
_IRIS: Schema = {"type": "array", "items": {"type": "string"}}
Iri = Annotated[str, Says(maxLength=2048)]
Iris = Annotated[list[Iri], Says(maxItems=500)]


@dataclass
class PublicationBody:
    """Everything that was accepted, or what fits all of these: `field` and `kind` are IRIs of the
    campaign's, `annotation` are `{id}`s. `take_out` takes out what is not accepted any more;
    `seen` is the `edition` of a preview, which must still hold."""

    field: Iris = dataclasses.field(default_factory=list)
    kind: Iris = dataclasses.field(default_factory=list)
    annotation: Annotated[list[Name], Says(maxItems=500)] = dataclasses.field(default_factory=list)
    take_out: bool = False
    seen: Annotated[str, Says(maxLength=200)] = ""


PREVIEW = Operation(
    "What would be published: figures, examples, what is refused and why", _TAG,
    {"type": "object"}, person=True, name="preview",
    query=(
        Query("field", "Fields of the campaign (IRIs).", _IRIS, checked=False),
        Query("kind", "Kinds of contribution (IRIs).", _IRIS, checked=False),
        Query("annotation", "The `{id}`s of annotations.", _IRIS, checked=False),
        Query("take_out", "1: with what would be taken out."),
    ),
    also={202: "It is being worked out: the job, after which one asks again."},
)  # fmt: skip
PUBLISH = Operation(
    "Publish what was accepted", _TAG, JobFacts, body=PublicationBody, person=True, name="publish",
    also={202: "It goes on in the background."},
)  # fmt: skip
WITHDRAW = Operation(
    "Take back what is published", _TAG, JobFacts, body=PublicationBody, person=True,
    name="withdraw_published", also={202: "It goes on in the background."},
)  # fmt: skip
STATE = Operation(
    "Open or close a campaign", _TAG, status=204, body=EmptyBody, person=True, name="set_state"
)


def begun(request: Request, job: Job) -> Response:
    """200 for what is done already; 202 with the job's address."""
    if job.state == "done":
        return answer(request, job_facts(job))
    headers = {"Location": f"/jobs/{job.id}", "Cache-Control": "no-store"}
    return answer(request, job_facts(job), status=202, headers=headers)

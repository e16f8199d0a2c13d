"""Proposing, voting and all that people do in a campaign, for programs: what they send and get."""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from starlette.requests import Request
from starlette.responses import Response

from server.domain import api_proposals, blindness, campaigns
from server.domain.api_proposals import Agreed, ProposalFacts, Said, Verdict
from server.domain.campaigns import Campaign
from server.domain.focus_views import QuestionView
from server.errors import Invalid, NotSignedIn, Problem
from server.i18n import _
from server.web.api_operations import Operation, Query, answer, nothing
from server.web.api_schemas import Says
from server.web.requests import context, desk, path, person, signed_in

_TAG = "Contributing"
_TEXT = {"type": "string", "maxLength": 20_000}
Short = Annotated[str, Says(maxLength=200)]
Key = Annotated[str, Says(maxLength=100)]
Name = Annotated[str, Says(pattern="^[0-9a-z-]{1,64}$")]
Rating = Annotated[int, Says(minimum=0, maximum=100)]


@dataclass
class ProposalBody:
    """An answer to the question `task` (its number). The other members are the fields of the form
    of its kind (`/kinds`, and `fields` of the task): for a term `body`, its IRI. `replaces` is the
    `{id}` of one's own answer that this one is better than."""

    task: Annotated[int, Says(minimum=1, maximum=999)]
    body: Annotated[str, Says(maxLength=2048)] = ""
    replaces: Name = ""
    key: Key = ""
    more: ClassVar[Any] = {
        "anyOf": [
            _TEXT, {"type": "number"}, {"type": "boolean"},
            {"type": "array", "items": _TEXT, "maxItems": 50},
        ]
    }  # fmt: skip


@dataclass
class VoteBody:
    """`verdict` `none` takes a vote back; `rating` is asked for in campaigns that rate. `reason` is
    one of the campaign's, where it has some."""

    verdict: Literal["approve", "reject", "unsure", "none"]
    rating: Rating | None = None
    reason: Short = ""
    comment: Annotated[str, Says(maxLength=2000)] = ""
    key: Key = ""


@dataclass
class DecisionBody:
    """An organiser's word over the votes; `none` takes it back."""

    verdict: Literal["accept", "reject", "none"]
    reason: Short = ""


@dataclass
class JudgementBody:
    """An answer in the focus view; `annotation` is an `{id}`, `reason` the number of one of the
    campaign's, from 1."""

    annotation: Name
    verdict: Literal["approve", "reject", "unsure", "later", "none"]
    rating: Rating | None = None
    reason: Annotated[int, Says(minimum=1, maximum=999)] | None = None
    key: Key = ""


@dataclass
class StartBody:
    """Nothing more needs to be said: who sends it agrees to the campaign's licence."""


@dataclass
class EmptyBody:
    """Nothing needs to be said."""


@dataclass(frozen=True, slots=True)
class QuestionItem:
    id: str
    iri: str
    title: str


@dataclass(frozen=True, slots=True)
class QuestionBody:
    label: str
    iri: str | None
    says: list[Said]


@dataclass(frozen=True, slots=True)
class QuestionMaker:
    software: bool
    name: str
    sure: str


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A proposal to judge; `present` are the values that the record has in the field."""

    id: str
    annotation: str
    kind: str
    question: str
    field: str
    my_verdict: Verdict | None
    item: QuestionItem
    body: QuestionBody
    present: list[str]


@dataclass(frozen=True, slots=True)
class RatedQuestion(QuestionFacts):
    """A proposal with who proposes it: not told in a blind campaign before one has answered."""

    proposed_by: list[QuestionMaker]


@dataclass(frozen=True, slots=True)
class QuestionList:
    proposals: list[RatedQuestion | QuestionFacts]


@dataclass(frozen=True, slots=True)
class Judged:
    """How many one has answered today, and how many wait."""

    annotation: str
    today: int
    waiting: int


START = Operation(
    "Agree to the licence of contributions", _TAG, Agreed, body=StartBody, person=True,
    name="agree",
)  # fmt: skip
PROPOSE = Operation(
    "Propose an answer to a question about an item", _TAG, ProposalFacts, status=201,
    body=ProposalBody, person=True, keyed=True, name="propose",
    also={200: "The same key was sent before: what it made."},
)  # fmt: skip
VOTE = Operation(
    "Vote on a proposal, or take the vote back", _TAG, ProposalFacts, body=VoteBody, person=True,
    keyed=True, name="vote",
)  # fmt: skip
WITHDRAW = Operation(
    "Take one's own proposal back", _TAG, status=204, body=EmptyBody, person=True, name="withdraw"
)
FINISH = Operation(
    "Done with this item", _TAG, status=204, body=EmptyBody, person=True, name="finish"
)
SKIP = Operation(
    "Not now: the item comes back last", _TAG, status=204, body=EmptyBody, person=True, name="skip"
)
DECIDE = Operation(
    "Decide on a proposal, whatever the votes", _TAG, ProposalFacts, body=DecisionBody,
    person=True, name="decide",
)  # fmt: skip
UNDO = Operation(
    "Take back what one's own entry of the journal did", _TAG, status=204, body=EmptyBody,
    person=True, name="undo",
    words="The number is the `entry` of an annotation's history, of the last twelve hours.",
)  # fmt: skip
QUESTIONS = Operation(
    "The next proposal to judge", _TAG, QuestionList, person=True, name="question",
    query=(Query("last", "The `{id}` of the one answered last, which is left out."),),
)  # fmt: skip
UPCOMING = Operation(
    "The next proposals to judge", _TAG, QuestionList, person=True, name="questions",
    query=(
        Query("limit", "How many at most.",
              {"type": "integer", "minimum": 1, "maximum": 20, "default": 3}),
        Query("known", "The `{id}`s of those that one has.",
              {"type": "array", "items": {"type": "string"}}),
    ),
)  # fmt: skip
JUDGE = Operation(
    "Answer a proposal, and see what is left", _TAG, Judged, body=JudgementBody, person=True,
    name="judge", keyed=True,
)  # fmt: skip


def require_term() -> None:
    """A program names a term; it is not asked which of several it means."""
    words = _("Name a term by its IRI: /terms/suggest finds those that fit.")
    raise Invalid(words, (Problem("body", words),))


def agreed(request: Request, campaign: Campaign) -> Response:
    return answer(request, Agreed(campaign.slug, campaign.licence))


def require_person(request: Request) -> None:
    """Guests are made for browsers, which keep a session."""
    if person(request) is None:
        raise NotSignedIn(_("Please send a token."))


def proposed(request: Request, iri: str) -> Response:
    """What was just proposed. In a blind campaign as if nobody else had said anything."""
    opened, viewer_, language = context(request)
    campaign = campaigns.get_campaign(opened, viewer_, path(request, "slug"))
    alone = blindness.binds(campaign, person(request))
    found = api_proposals.one(opened, viewer_, iri, person(request), language, alone=alone)
    return answer(request, found, status=201, headers={"Location": found.href})


def repeated(request: Request, seq: int) -> Response:
    """What the request with the same key made."""
    iri = api_proposals.proposed_in(desk(request), signed_in(request), seq)
    return shown(request, iri, alone=True)


def shown(request: Request, iri: str, *, alone: bool = False) -> Response:
    """A proposal as it stands after this request."""
    opened, viewer_, language = context(request)
    me = person(request)
    found = api_proposals.one(opened, viewer_, iri, me, language, alone=alone)
    return answer(request, found)


def done(_request: Request) -> Response:
    return nothing()


def questions(request: Request, found: list[QuestionView]) -> Response:
    listed = [_question(each) for each in found]
    return answer(request, QuestionList(listed), headers={"Cache-Control": "private, no-store"})


def _question(each: QuestionView) -> RatedQuestion | QuestionFacts:
    about = api_proposals.body(each.body)
    facts = {
        "id": each.id,
        "annotation": each.iri,
        "kind": each.kind,
        "question": each.question,
        "field": each.field,
        "my_verdict": each.my_verdict,
        "item": QuestionItem(each.item.id, each.item.iri, each.item.title),
        "body": QuestionBody(about.label, about.iri, about.says),
        "present": [value.text for value in each.present],
    }
    if each.blind:
        return QuestionFacts(**facts)  # type: ignore[arg-type]
    makers = [QuestionMaker(one.sign == "software", one.words, one.sure) for one in each.by]
    return RatedQuestion(**facts, proposed_by=makers)  # type: ignore[arg-type]

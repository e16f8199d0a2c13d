"""Annotations: claims about an item by people and software, with the votes and decisions on them.

The annotation is the claim: its IRI is a hash of what it says, so the same proposal by two people
is one annotation; each who makes it adds a part of their own. See `annotation_statements` for it as
RDF, `annotation_contents` for what it says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain import annotation_parts
from server.domain.acceptance import Counts
from server.domain.accounts import Person
from server.domain.annotation_contents import NOTHING_SAID, Content
from server.domain.annotation_parts import Claim, Decision, Reopening, Vote
from server.errors import NotFound
from server.i18n import _
from server.names import CH, DCTERMS, Names, short_hash, sortable, timestamp


@dataclass(frozen=True, slots=True)
class Annotation:
    """`campaign` is a slug, `kind` an IRI, `created` a UTC time.

    `votes` are all that stand; which of them count, and `decision`, depend on the reopening.
    """

    iri: str
    campaign: str
    kind: str
    content: Content
    created: str
    claims: tuple[Claim, ...] = ()
    votes: tuple[Vote, ...] = ()
    decision: Decision | None = None
    reopening: Reopening | None = None

    @property
    def item(self) -> str:
        """The IRI of the item as the annotation names it."""
        return self.content.item

    @property
    def field(self) -> str:
        """The metadata field (an IRI) that it fills, or ""."""
        return self.content.field

    @property
    def body(self) -> str:
        """The IRI of a term, an answer, a place; "" where the body is a text."""
        return self.content.body

    @property
    def counts(self) -> Counts:
        """A person's proposing is one approval; software's is none."""
        people = [
            claim for claim in self.claims if claim.confidence is None and self.is_after(claim)
        ]
        votes = [vote for vote in self.votes if self.is_after(vote)]
        said = [vote.verdict for vote in votes]
        signed = [voter for voter in votes if voter.verdict == "approve" and not voter.guest]
        return Counts(
            approvals=len(people) + said.count("approve"),
            rejections=said.count("reject"),
            unsure=said.count("unsure"),
            signed_in=len(signed) + sum(not claim.guest for claim in people),
        )

    def is_after(self, part: Claim | Vote | Decision) -> bool:
        """Whether it was said since the annotation was reopened, or it never was."""
        return self.reopening is None or part.created > self.reopening.created

    def verdict_of(self, agent: str) -> str | None:
        """How this agent voted, where that still counts."""
        vote = self.vote_of(agent)
        return vote.verdict if vote and self.is_after(vote) else None

    def claim_of(self, agent: str) -> Claim | None:
        return next((claim for claim in self.claims if claim.agent == agent), None)

    def vote_of(self, agent: str) -> Vote | None:
        return next((vote for vote in self.votes if vote.agent == agent), None)

    def with_claim(
        self, person: Person, now: datetime, own: Content = NOTHING_SAID
    ) -> "Annotation":
        claim = Claim(person.agent.value, timestamp(now), person.guest, content=own)
        voters = tuple(vote for vote in self.votes if vote.agent != claim.agent)
        return replace(self, claims=(*self.claims, claim), votes=voters)

    def without_claim(self, agent: str) -> "Annotation":
        return replace(self, claims=tuple(each for each in self.claims if each.agent != agent))

    def with_decision(self, verdict: str | None) -> "Annotation":
        """As an organiser would have it who says accept or reject now; None for no word."""
        said = Decision(verdict, "", "", "9") if verdict else None
        return replace(self, decision=said)

    def with_vote(
        self, person: Person, verdict: str | None, now: datetime, *, reason: str = "",
        comment: str = "", rating: int | None = None,
    ) -> "Annotation":  # fmt: skip
        """With this person's vote in place of their earlier one; None for no vote."""
        others = tuple(vote for vote in self.votes if vote.agent != person.agent.value)
        if verdict is None:
            return replace(self, votes=others)
        vote = Vote(
            person.agent.value, verdict, timestamp(now), person.guest, reason, comment, rating
        )
        return replace(self, votes=(*others, vote))


def identify(names: Names, campaign: str, kind: str, content: Content) -> NamedNode:
    """The IRI of the claim that says this, in this campaign (a slug): the same for all who do."""
    claim = [names.campaign(campaign).value, content.item, content.field]
    if kind == CH.SemanticTag.value:
        claim += [content.selector, content.body]
    else:
        claim += [kind, content.selector, content.key]
    return names.annotation(short_hash("\n".join(claim)))


def find(desk: Desk, iri: str) -> Annotation | None:
    """As it stands in the work dataset, votes included; None where nobody ever claimed it."""
    triples = annotation_parts.gather(desk, iri)
    return _read(desk.names, iri, triples) if triples else None


def find_all(desk: Desk, iris: Iterable[str]) -> dict[str, Annotation]:
    """Those that somebody ever claimed, by their IRI."""
    found = ((iri, find(desk, iri)) for iri in iris)
    return {iri: annotation for iri, annotation in found if annotation}


def get(desk: Desk, iri: str) -> Annotation:
    """Raises NotFound."""
    found = find(desk, iri)
    if found is None:
        raise NotFound(_("There is no such annotation."))
    return found


def _read(names: Names, iri: str, triples: annotation_parts.Triples) -> Annotation:
    me = {p: o.value for _s, p, o in triples[iri]}
    parts = annotation_parts.read(iri, triples)
    found = Annotation(
        iri=iri,
        campaign=names.local(me[CH.campaign], "campaign") or "",
        kind=me[CH.kind],
        content=annotation_parts.content(iri, triples),
        created=sortable(me[DCTERMS.created]),
        claims=parts.claims,
        votes=parts.votes,
        decision=parts.decision,
        reopening=parts.reopening,
    )
    outdated = found.decision is not None and not found.is_after(found.decision)
    return replace(found, decision=None) if outdated else found

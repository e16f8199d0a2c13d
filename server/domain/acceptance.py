"""The acceptance rule: what a campaign asks of the votes before it takes a proposal as true."""

from dataclasses import dataclass
from enum import StrEnum

from server.i18n import _, ngettext


class Status(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CONTESTED = "contested"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    ORPHANED = "orphaned"


@dataclass(frozen=True, slots=True)
class Counts:
    """Approvals (proposing is one), rejections, "not sure", and approvals by people signed in."""

    approvals: int = 0
    rejections: int = 0
    unsure: int = 0
    signed_in: int = 0

    @property
    def share(self) -> float:
        """Approvals among approvals and rejections, 0..1; 0 without any."""
        return self.approvals / (self.approvals + self.rejections) if self.approvals else 0.0


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Each limit holds; a share or score that is None is not asked for."""

    minimum_approvals: int = 2
    minimum_score: int | None = 1
    minimum_share: float | None = None
    signed_in_approvals: int = 1

    def accepts(self, counts: Counts) -> bool:
        return (
            counts.approvals >= self.minimum_approvals
            and counts.signed_in >= self.signed_in_approvals
            and (
                self.minimum_score is None
                or counts.approvals - counts.rejections >= self.minimum_score
            )
            and (self.minimum_share is None or counts.share >= self.minimum_share)
        )

    def status(self, counts: Counts) -> Status:
        """Pending until the rule is met; rejected or contested once as many have said no."""
        if self.accepts(counts):
            return Status.ACCEPTED
        if counts.rejections >= max(self.minimum_approvals, 1):
            return Status.CONTESTED if counts.approvals >= counts.rejections else Status.REJECTED
        if counts.approvals >= self.minimum_approvals and counts.rejections:
            return Status.CONTESTED
        return Status.PENDING

    def sentence(self) -> str:
        """The rule in words."""
        parts = [
            ngettext(
                "Accepted when one person approves",
                "Accepted when {count} people approve",
                self.minimum_approvals,
            )
        ]
        if self.signed_in_approvals:
            parts.append(
                ngettext(
                    "at least one of them signed in",
                    "at least {count} of them signed in",
                    self.signed_in_approvals,
                )
            )
        if self.minimum_score is not None and self.minimum_score > 0:
            parts.append(
                ngettext(
                    "more approve than reject",
                    "{count} more approve than reject",
                    self.minimum_score,
                )
            )
        if self.minimum_share is not None:
            share = round(self.minimum_share * 100)
            parts.append(_("at least {share}% of the votes say yes", share=share))
        return ", ".join(parts) + "."

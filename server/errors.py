"""The errors of the domain; `web.problems` alone turns them into HTTP statuses.

CrowdHeritageError
├── Malformed          the request or file cannot be read at all
├── Invalid            it can be read, but breaks a rule; carries a problem per field
├── NotSignedIn        nobody is signed in
├── Forbidden          the person may not do that
│   └── OutOfScope     the person may, but not by this token
├── NotFound           there is no such thing
│   └── Gone           there was, and it was withdrawn
├── Conflict           it contradicts what stands by now
├── TooLarge           body, file or result over its limit
├── TooMany            too many requests by one client
├── Locked             another process holds the data directory
├── Damaged            a file of ours does not hold what it should
└── Unavailable        a part is not ready, or a deadline passed
    └── StorageFull    the disk is (nearly) full, nothing was stored
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: the field (or SHACL path) it is about, and what to do, in words."""

    field: str
    message: str


class CrowdHeritageError(Exception):
    """The root: `str()` of each is one sentence for a person."""


class Malformed(CrowdHeritageError):
    pass


class Invalid(CrowdHeritageError):
    def __init__(self, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class NotSignedIn(CrowdHeritageError):
    pass


class Forbidden(CrowdHeritageError):
    pass


class OutOfScope(Forbidden):
    def __init__(self, message: str, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


class NotFound(CrowdHeritageError):
    pass


class Gone(NotFound):
    pass


class Conflict(CrowdHeritageError):
    pass


class TooLarge(CrowdHeritageError):
    pass


class TooMany(CrowdHeritageError):
    def __init__(self, message: str, retry_after: int = 1) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Locked(CrowdHeritageError):
    pass


class Damaged(CrowdHeritageError):
    pass


class Unavailable(CrowdHeritageError):
    pass


class StorageFull(Unavailable):
    pass

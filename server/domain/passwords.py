"""Passwords: what they must be, and how they are hashed (Argon2id) and compared."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.errors import Problem
from server.i18n import _

SHORTEST = 10
LONGEST = 200

#: OWASP's smallest recommended setting: 19 MiB, two passes, one lane; about 35 ms.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Hashing takes a core and 19 MiB each: a crowd at the door waits here instead of in memory.
_turns = threading.BoundedSemaphore(4)


def problems(password: str, email: str = "") -> list[Problem]:
    """What is wrong with a new password; empty when nothing is."""
    if len(password) < SHORTEST:
        message = _("Use at least {count} characters.", count=SHORTEST)
    elif len(password) > LONGEST:
        message = _("Use at most {count} characters.", count=LONGEST)
    elif len(set(password)) < 4 or password.casefold() == email.casefold():
        message = _("That password is too easy to guess.")
    else:
        return []
    return [Problem("password", message)]


def hashed(password: str) -> str:
    with _turns:
        return HASHER.hash(_normal(password))


def matches(stored: str | None, password: str) -> bool:
    """Compare with a stored hash; without one, do the same work and return False."""
    with _turns:
        try:
            same = HASHER.verify(stored or _nobodys(), _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return same and stored is not None


def outdated(stored: str) -> bool:
    """True when it was hashed with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return HASHER.hash("the hash that unknown people are compared with")


def _normal(password: str) -> str:
    # NIST SP 800-63B, 5.1.1.2: normalise, so that one keyboard's é is another's. Cut, so that
    # a megabyte typed at sign-in costs no more than a password.
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])

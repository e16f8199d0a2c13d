"""Resumption tokens: all that is needed to go on, signed, so that the server remembers nothing.

They hold after a restart, and as long as the journal does.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import astuple, dataclass, fields

_VERSION = 1
_SIGNATURE = 16  # bytes
_LONGEST = 2_000


class BadToken(Exception):
    """It was never given out by this server, or is of another version."""


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on.

    The records changed in the entries from `first` to `last` (0: no end), in their order at the
    entry `as_of`, after the cursor (`seq`, `after`); of ListSets, `after` is a setSpec.
    `size` is that of the whole list, `cursor` how many records went before.
    """

    verb: str
    prefix: str = ""
    set: str = ""
    first: int = 0
    last: int = 0
    as_of: int = 0
    seq: int = 0
    after: str = ""
    size: int = 0
    cursor: int = 0

    def written(self, secret: str) -> str:
        """Of letters, digits, `-` and `_`."""
        text = json.dumps([_VERSION, *astuple(self)], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(_signature(secret, text) + text).decode().rstrip("=")


def read(text: str, secret: str) -> Token:
    """Raises BadToken."""
    if not text.isascii() or not 0 < len(text) <= _LONGEST:
        raise BadToken
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadToken from error
    signature, body = data[:_SIGNATURE], data[_SIGNATURE:]
    if not hmac.compare_digest(signature, _signature(secret, body)):
        raise BadToken
    version, *values = json.loads(body)
    if version != _VERSION or len(values) != len(fields(Token)):
        raise BadToken
    return Token(*values)


def _signature(secret: str, text: bytes) -> bytes:
    return hmac.new(f"oai:{secret}".encode(), text, hashlib.sha256).digest()[:_SIGNATURE]

"""Times as OAI-PMH has them: UTC, to the second or to the day (section 3.3)."""

import re
from datetime import UTC, datetime

FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?")
GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
_DAY = len("YYYY-MM-DD")


def datestamp(time: str) -> str:
    """A time of ours, with its milliseconds, to the second."""
    return f"{time[:19]}Z"


def stamped(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_time(text: str) -> bool:
    """Whether it is a day or a second that there is."""
    if FORM.fullmatch(text) is None:
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def first_moment(text: str) -> str:
    """The beginning of a day or second, as times of ours are written."""
    return f"{text}T00:00:00.000Z" if len(text) == _DAY else f"{text[:-1]}.000Z"


def last_moment(text: str) -> str:
    return f"{text}T23:59:59.999Z" if len(text) == _DAY else f"{text[:-1]}.999Z"

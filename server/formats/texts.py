"""Texts put right: encoded twice, or with control characters in them."""

import re

#: What UTF-8 looks like when it was read as Latin-1 or Windows-1252.
DOUBLE_MARKS = ("Ã", "Â", "â€")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)")
_C1 = re.compile("[\x80-\x9f]")
_WINDOWS = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_TAIL = f"[\x80-\xbf{_WINDOWS}]"
_PAIRS = re.compile(f"[\xc2-\xdf]{_TAIL}|[\xe0-\xef]{_TAIL}{{2}}|[\xf0-\xf4]{_TAIL}{{3}}")


def decoded_once(text: str) -> str:
    """The text with UTF-8 that was read as Latin-1 or Windows-1252 put right, if all of it is.

    A sign that is left over from that range (as in “«IRMÃ»”) shows that the text is as meant.
    """
    if not any(mark in text for mark in DOUBLE_MARKS):
        return text
    try:
        mended = _PAIRS.sub(lambda found: _bytes(found[0]).decode(), text)
    except (UnicodeDecodeError, UnicodeEncodeError):
        return text
    return text if re.search("[\x80-\xbf]", _PAIRS.sub("", text)) else mended


def _bytes(text: str) -> bytes:
    return b"".join(
        bytes([ord(sign)]) if ord(sign) < 0x100 else sign.encode("cp1252") for sign in text
    )


def first_change(once: str, twice: str) -> str:
    """The first word that differs, as it is now."""
    for new, old in zip(once.split(), twice.split(), strict=False):
        if new != old:
            return new[:40]
    return once[:40]


def holds_nul(body: str) -> bool:
    """Whether the body of an N-Triples literal has a NUL, which is always escaped there."""
    return "\\u0000" in body and "u0000" in _ESCAPE.findall(body)


def without_control(body: str) -> str:
    """The body of an N-Triples literal without control characters other than tab and line ends.

    Those of C1 are nearly always Windows-1252, and become what was meant there.
    """
    if not body.isascii():
        body = _C1.sub(_from_windows, body)
    return _ESCAPE.sub(_sound_escape, body) if "\\" in body else body


def _from_windows(found: re.Match[str]) -> str:
    return bytes([ord(found[0])]).decode("cp1252", "ignore")


def _sound_escape(found: re.Match[str]) -> str:
    escape = found[1]
    control = escape in ("b", "f") or (
        len(escape) == 5 and (int(escape[1:], 16) < 0x20 or escape == "u007F")
    )
    return "" if control else found[0]

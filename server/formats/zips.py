"""Zip archives of any number of small files, written in one go and in constant memory.

`zipfile` keeps an entry of each file until the end. Here the directory waits in a file of its own.
Source: PKWARE APPNOTE 6.3.10, sections 4.3 to 4.5 (https://support.pkware.com/pkzip/appnote).
"""

import struct
import tempfile
import zlib
from typing import IO

_LOCAL, _CENTRAL = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")
_END, _END_64 = struct.Struct("<4s4H2IH"), struct.Struct("<4sQ2H2I4Q")
_LOCATOR_64, _OFFSET_64 = struct.Struct("<4sIQI"), struct.Struct("<2HQ")
_UTF8, _DEFLATED = 1 << 11, 8
_NEEDS, _NEEDS_64 = 20, 45
_DATE, _TIME = 0x21, 0  # 1980-01-01: the same data gives the same file
_MOST, _MOST_FILES = 0xFFFFFFFF, 0xFFFF
_READABLE = 0o100644 << 16
_UNIX = 3 << 8
_IN_MEMORY, _PIECE = 1 << 20, 1 << 18
_LEVEL = 6


class ZipWriter:
    """Writes to a stream that only goes forward. Use as a context, or call `close`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._directory = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed below)
        self._at = 0
        self._files = 0

    def __enter__(self) -> "ZipWriter":
        return self

    def __exit__(self, kind: object, *_error: object) -> None:
        """The end is written where all went well: what was broken off must not look whole."""
        if kind is None:
            self.close()
        self._directory.close()

    def add(self, name: str, data: bytes) -> None:
        """A file of less than 4 GB."""
        path = name.encode()
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        body = packer.compress(data) + packer.flush()
        told = (_TIME, _DATE, zlib.crc32(data), len(body), len(data), len(path))
        head = _LOCAL.pack(b"PK\3\4", _NEEDS, _UTF8, _DEFLATED, *told, 0)
        extra, at = b"", self._at
        if at >= _MOST:
            extra, at = _OFFSET_64.pack(1, 8, at), _MOST
        needs = _NEEDS_64 if extra else _NEEDS
        self._directory.write(_CENTRAL.pack(
            b"PK\1\2", _UNIX | needs, needs, _UTF8, _DEFLATED, *told, len(extra), 0, 0, 0,
            _READABLE, at,
        ))  # fmt: skip
        self._directory.write(path + extra)
        self._write(head + path + body)
        self._files += 1

    def close(self) -> None:
        start, size = self._at, self._directory.tell()
        self._directory.seek(0)
        while piece := self._directory.read(_PIECE):
            self._write(piece)
        if start >= _MOST or size >= _MOST or self._files >= _MOST_FILES:
            self._close_64(start, size)
        files, most = min(self._files, _MOST_FILES), _MOST
        self._write(_END.pack(b"PK\5\6", 0, 0, files, files, min(size, most), min(start, most), 0))

    def _close_64(self, start: int, size: int) -> None:
        at = self._at
        self._write(_END_64.pack(
            b"PK\6\6", _END_64.size - 12, _UNIX | _NEEDS_64, _NEEDS_64, 0, 0, self._files,
            self._files, size, start,
        ))  # fmt: skip
        self._write(_LOCATOR_64.pack(b"PK\6\7", 0, at, 1))

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._at += len(data)

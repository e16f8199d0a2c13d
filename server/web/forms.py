"""The one way that handlers read forms: strict UTF-8, a limited number of fields, no NUL.

A program may send an object of JSON in place of a form: its members are the fields, an array is a
field with several values. The same rules hold for both.
"""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from server.errors import Malformed
from server.i18n import _
from server.web import json_bodies

MOST_FIELDS = 1000
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and files of a form, in their order; `data` is the object that came as JSON."""

    fields: tuple[tuple[str, str], ...] = ()
    uploads: tuple[tuple[str, UploadFile], ...] = ()
    data: dict[str, Any] | None = None

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return next((value for field, value in self.fields if field == name), default)

    def all(self, name: str) -> list[str]:
        return [value for field, value in self.fields if field == name]

    @property
    def values(self) -> dict[str, list[str]]:
        """The values of each field."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def flag(self, name: str) -> bool:
        """True for a ticked box."""
        return self.get(name) not in ("", "0", "false", "no")

    def files(self, name: str) -> list[UploadFile]:
        """The chosen files; a file input that was left empty is none."""
        return [file for field, file in self.uploads if field == name and file.filename]

    def has_nul(self) -> bool:
        texts = [file.filename or "" for _name, file in self.uploads]
        return "\0" in "".join([*texts, *(text for pair in self.fields for text in pair)])

    async def close(self) -> None:
        for _name, file in self.uploads:
            await file.close()


Handler = Callable[[Request, Form], Response]


def posted(act: Handler) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    """The endpoint that reads the form and calls `act` in a thread: a commit waits for the disk."""

    @wraps(act)
    async def endpoint(request: Request) -> Response:
        form = await read_form(request)
        return await run_in_threadpool(act, request, form)

    return endpoint


async def read_form(request: Request) -> Form:
    """The form in the body of a request, read once. Raises Malformed, or TooLarge."""
    form = getattr(request.state, "form", None)
    if not isinstance(form, Form):
        form = request.state.form = await _parse(request)
    return form


def media_type(request: Request) -> str:
    """The type of a body without its parameters, in lower case; empty where none is given."""
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower()


async def _parse(request: Request) -> Form:
    kind = media_type(request)
    try:
        if kind == MULTIPART:
            form = await _multipart(request)
        elif kind == URLENCODED:
            form = _urlencoded(await request.body())
        elif kind == JSON:
            form = _object(await request.body())
        elif kind == "" and not await request.body():
            form = Form()
        else:
            raise Malformed(_("This address takes a form, or JSON."))
    except UnicodeDecodeError as error:
        raise Malformed(_("The form is not in UTF-8.")) from error
    if form.has_nul():
        await form.close()
        raise Malformed(_("The form contains a NUL character."))
    return form


def _urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except UnicodeDecodeError:
        raise
    except ValueError as error:
        raise Malformed(_("The form has too many fields.")) from error
    return Form(tuple(pairs))


def _object(body: bytes) -> Form:
    data = json_bodies.read(body)
    fields = json_bodies.fields(data)
    if len(fields) > MOST_FIELDS:
        raise Malformed(_("The form has too many fields."))
    return Form(fields, data=data)


async def _multipart(request: Request) -> Form:
    parser = _StrictParts(
        request.headers, request.stream(), max_files=MOST_FIELDS, max_fields=MOST_FIELDS
    )
    try:
        items = (await parser.parse()).multi_items()
    except MultiPartException as error:
        reason = _("The form could not be read: {reason}", reason=error.message)
        raise Malformed(reason) from error
    fields = tuple((name, value) for name, value in items if isinstance(value, str))
    form = Form(fields, tuple((name, v) for name, v in items if isinstance(v, UploadFile)))
    if not parser.ended:
        await form.close()
        raise Malformed(_("The form was cut off before its end."))
    return form


class _StrictParts(MultiPartParser):
    """Starlette's parser takes a body without its end, and falls back to Latin-1."""

    ended = False

    def on_end(self) -> None:
        self.ended = True

    def on_part_end(self) -> None:
        self._charset = "utf-8"
        self._current_part.data.decode()
        super().on_part_end()

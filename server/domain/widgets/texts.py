"""Texts in a language: the text, and beside it the tag of its language (BCP 47)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from pyoxigraph import Literal

from server.domain.annotation_contents import Content, Said
from server.domain.kinds import Entry
from server.domain.widgets.model import Asked, Display, Editor, Showing, Values, first, refuse
from server.domain.widgets.paths import along
from server.domain.widgets.plain import require_plain
from server.formats.statement_texts import language as stored_language
from server.i18n import _
from server.names import DASH

LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}")


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    lang: str


def read(asked: Asked, entry: Entry, values: Values) -> list[Said]:
    """Composed characters (NFC), so that the same word is the same text; without a language named,
    the interface's."""
    text = unicodedata.normalize("NFC", first(entry, values)).replace("\r\n", "\n")
    if not text:
        return []
    require_plain(entry, text)
    return along(entry, Literal(text, language=_language(asked, entry, values)))


def _language(asked: Asked, entry: Entry, values: Values) -> str:
    tag = first(entry, values, "-lang") or asked.language
    # `en-a` looks like a tag, but lacks what its `a` announces: no literal can have it.
    found = stored_language(tag) if LANGUAGE.fullmatch(tag) else None
    if found is None:
        raise refuse(entry, _("Please name the language by its code, such as en or pt-BR."))
    return found


def _options(asked: Asked, _entry: Entry) -> dict[str, Any]:
    """The language that is guessed, and those that are offered first."""
    offered = asked.task.languages or ("en", "fr", "de", "es", "it", "nl", "pl", "el")
    guessed = asked.language if asked.language in offered else offered[0]
    return {"language": guessed, "languages": list(offered)}


def _fill(_asked: Asked, entry: Entry, content: Content) -> dict[str, list[str]]:
    found = content.value(*entry.path)
    if not isinstance(found, Literal):
        return {}
    return {entry.name: [found.value], f"{entry.name}-lang": [found.language or ""]}


def _show(_showing: Showing, entry: Entry, content: Content) -> Text | None:
    found = content.value(*entry.path)
    return Text(found.value, found.language or "") if isinstance(found, Literal) else None


def _words(value: Any) -> str:
    return str(value.text)


EDITORS = {
    DASH.TextFieldWithLangEditor: Editor("textfieldwithlang", read, _options, _fill),
    DASH.TextAreaWithLangEditor: Editor("textareawithlang", read, _options, _fill),
}
DISPLAYS = {DASH.LangStringViewer: Display("text", _show, _words)}

"""gettext for every string that a person reads, in the language of the request."""

from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"
LANGUAGES = ("en", "it", "fr", "es", "pl", "el", "de", "nl")
language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalogue(code: str) -> NullTranslations:
    return translation("crowdheritage", LOCALES, [code], fallback=True)


def _(message: str, **values: object) -> str:
    """The message in the current language, `{names}` filled in."""
    text = _catalogue(language.get()).gettext(message)
    return text.format(**values) if values else text


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The singular or plural form for `count`, which is also available as `{count}`."""
    text = _catalogue(language.get()).ngettext(one, many, count)
    return text.format(count=count, **values)

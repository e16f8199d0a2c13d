"""gettext for every string that a person reads, in the language of the request."""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).parent / "locale"
LANGUAGES = ("en", "it", "fr", "es", "pl", "el", "de", "nl")
language: ContextVar[str] = ContextVar("language", default="en")


@cache
def _catalogue(code: str) -> NullTranslations:
    """The translations of a language, read from its .po file; what is missing stays English."""
    path = LOCALES / f"{code}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=code)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _(message: str, **values: object) -> str:
    """The message in the current language, `{names}` filled in."""
    text = _catalogue(language.get()).gettext(message)
    return text.format(**values) if values else text


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """The singular or plural form for `count`, which is also available as `{count}`."""
    text = _catalogue(language.get()).ngettext(one, many, count)
    return text.format(count=count, **values)

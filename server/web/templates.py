"""The Jinja environment of the pages: escaping, gettext, numbers and dates, static addresses."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup, escape

from server import i18n

SERVER = Path(__file__).parents[1]
STATIC = SERVER / "static"
TEMPLATES = SERVER / "templates"


@dataclass(frozen=True, slots=True)
class Account:
    """The signed-in person, or the guest, as the top bar shows them."""

    name: str
    initials: str
    organiser: bool = False
    guest: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One line above the page: `kind` is done, note or problem.

    `undo` is the number of the entry that a button takes back, 0 for none, and then leads `back`.
    """

    kind: str
    text: str
    undo: int = 0
    back: str = "/"


@dataclass(frozen=True, slots=True)
class Here:
    """What every page needs to know of its request."""

    path: str
    csrf: str
    person: Account | None = None
    messages: Iterable[Message] = ()


class _Template(Template):
    """An imported template is made once: all have the same globals, so there is no need to compare
    them at each import, which took a fifth of the time of a fragment (measured)."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def render(name: str, here: Here, **context: Any) -> str:
    """A page or a fragment as HTML."""
    return environment().get_template(name).render(here=here, **context)


@cache
def environment() -> Environment:
    """The one environment of the process."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        cache_size=-1,  # all of them: keeping an order of use costs more
    )
    made.template_class = _Template
    made.globals.update(
        _=_translate,
        gettext=_translate,
        ngettext=_translate_count,
        language=lambda: i18n.language.get(),
        languages=_languages(),
        static=static,
        percent_of=percent_of,
    )
    made.filters.update(
        number=number, percent=percent, date=day, datetime=moment, language_name=language_name
    )
    return made


def static(path: str) -> str:
    """The address of a static file; it changes with its content, so it may be cached for ever."""
    changed = os.stat(f"{STATIC}/{path}").st_mtime_ns
    return f"/static/{path}?v={_hash(path, changed)}"


@cache
def _hash(path: str, _changed: int) -> str:
    return sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def number(value: int | float) -> str:
    """1284 as “1,284” in English, “1.284” in German."""
    return str(format_decimal(value, locale=_locale()))


def percent(share: float) -> str:
    """0.918 as “92%”."""
    return str(format_percent(share, locale=_locale()))


def percent_of(part: int, whole: int) -> str:
    """A part of a whole in per cent, rounded down, so that 100 % means done."""
    return percent(int(100 * part / whole) / 100 if whole else 0)


def day(value: date) -> str:
    """“12 January 2027” in the current language."""
    return str(format_date(value, format="long", locale=_locale()))


def moment(value: datetime) -> str:
    """“22 Nov 2026, 10:00” in the current language."""
    locale = _locale()
    shown = format_date(value, format="medium", locale=locale)
    return f"{shown}, {format_time(value, format='short', locale=locale)}"


def language_name(code: str) -> str:
    """The name of a language in the current one: “el” is “Greek”; an unknown code is itself."""
    try:
        return Locale.parse(code, sep="-").get_display_name(_locale()) or code
    except (ValueError, UnknownLocaleError):
        return code


def _locale() -> Locale:
    code = i18n.language.get()
    return Locale("en", "GB") if code == "en" else Locale.parse(code)


def _languages() -> tuple[tuple[str, str], ...]:
    """The codes of the interface's languages with the names they have for themselves."""
    return tuple(
        (code, (Locale.parse(code).get_display_name() or code).capitalize())
        for code in i18n.LANGUAGES
    )


class _Count(int):
    """A number that writes itself with the language's separators."""

    def __format__(self, spec: str) -> str:
        return number(int(self))


def _translate(message: str, **values: object) -> Markup:
    """The escaped message; so are its values, except for markup."""
    return escape(i18n._(message)).format(**_counted(values))


def _translate_count(one: str, many: str, count: int, **values: object) -> Markup:
    kept = {name: f"{{{name}}}" for name in values}
    return escape(i18n.ngettext(one, many, _Count(count), **kept)).format(**_counted(values))


def _counted(values: dict[str, object]) -> dict[str, object]:
    return {name: _Count(value) if type(value) is int else value for name, value in values.items()}

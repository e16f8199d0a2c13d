"""The translations: well-formed, complete in what they fill in, and answering in their language."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from server import i18n

FILES = sorted(i18n.LOCALES.glob("*.po"))
each_language = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source, locale=path.stem, abort_invalid=True)


def forms(path: Path) -> Iterator[tuple[str, str]]:
    """Each English text with each of its translations; the plurals are held to the English one."""
    for message in catalogue(path):
        if not message.id or not message.string:
            continue
        if isinstance(message.id, str):
            yield message.id, message.string
            continue
        one, many = message.id
        first, *others = message.string
        yield one, first
        yield from ((many, text) for text in others)


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{[^{}]*\}", text))


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"<[^<>]*>|&#?\w+;", text))


def edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@each_language
def test_a_translation_file_is_of_its_language_and_not_fuzzy(path: Path) -> None:
    found = catalogue(path)
    assert path.stem in i18n.LANGUAGES
    assert str(found.locale) == path.stem and not found.fuzzy
    assert [message.id for message in found if message.fuzzy and message.id] == []


@each_language
def test_a_plural_has_as_many_forms_as_its_language(path: Path) -> None:
    found = catalogue(path)
    plurals = [message for message in found if message.pluralizable and any(message.string)]
    assert plurals
    for message in plurals:
        assert len(message.string) == found.num_plurals and all(message.string), message.id


@each_language
def test_placeholders_are_those_of_the_message(path: Path) -> None:
    pairs = list(forms(path))
    assert pairs
    assert [pair for pair in pairs if placeholders(pair[0]) != placeholders(pair[1])] == []


@each_language
def test_whitespace_at_the_edges_is_that_of_the_message(path: Path) -> None:
    assert [pair for pair in forms(path) if edges(pair[0]) != edges(pair[1])] == []


@each_language
def test_a_translation_brings_no_markup_of_its_own(path: Path) -> None:
    assert [pair for pair in forms(path) if tags(pair[1]) - tags(pair[0])] == []


@each_language
def test_the_interface_answers_in_the_language(path: Path) -> None:
    expected = catalogue(path)["Say what you see"]
    token = i18n.language.set(path.stem)
    try:
        said = i18n._("Say what you see")
    finally:
        i18n.language.reset(token)
    assert expected is not None and said == expected.string
    assert said not in ("", "Say what you see")


def test_there_are_translations() -> None:
    assert {"de", "nl"} <= {path.stem for path in FILES}

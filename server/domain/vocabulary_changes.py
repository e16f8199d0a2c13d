"""What becomes of one term from one state of its vocabulary to the next."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from server.domain.vocabulary_files import Finder
from server.names import DCTERMS, GVP, OWL, SKOS

#: In the order in which they are shown.
KINDS = ("merged", "deprecated", "gone", "relabelled", "moved", "added", "changed")
_BROADER = (GVP.broaderPreferred, SKOS.broader)
_TRUE = ("true", "1")
_HOPS = 10  # of replacements that were replaced themselves
_CACHED = 50_000
_SHOWN = 5  # broader terms of one
Statements = dict[NamedNode, list[NamedNode | Literal]]
Label = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one term. Labels are (text, language); `was` before, `will` after.

    `broader_*` are (IRI, text) of its broader terms, `replacement` (IRI, text) of the term that
    stands for it from now on. `used` says whether an annotation names it.
    """

    iri: str
    kinds: tuple[str, ...]
    was: Label | None = None
    will: Label | None = None
    broader_was: tuple[Label, ...] = ()
    broader_will: tuple[Label, ...] = ()
    replacement: Label | None = None
    used: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"

    @staticmethod
    def from_json(text: str | bytes) -> "Change":
        values: dict[str, Any] = json.loads(text)
        for name in ("was", "will", "replacement"):
            values[name] = tuple(values[name]) if values[name] else None
        for name in ("broader_was", "broader_will"):
            values[name] = tuple(tuple(each) for each in values[name])
        return Change(**{**values, "kinds": tuple(values["kinds"])})


def change_of(
    subject: bytes, before: list[bytes], after: list[bytes], states: tuple["State", "State"],
    retired: Mapping[str, str | None], used: bool,
) -> Change:  # fmt: skip
    """What becomes of `<iri>` whose lines differ; `states` are the old one and the new one."""
    iri, (old, new) = subject[1:-1].decode(), states
    was, will = parsed(before), parsed(after)
    replacement = _replacement(iri, was, will, new, retired) if was else None
    kinds = _kinds(iri, was, will, retired, replacement)
    labels = _labels(was, will, new.language)
    return Change(iri, kinds, *labels, old.broader(was), new.broader(will), replacement, used)


def _kinds(
    iri: str, was: Statements, will: Statements, retired: Mapping[str, str | None],
    replacement: Label | None,
) -> tuple[str, ...]:  # fmt: skip
    if not was:
        return ("added",)
    if not will:
        if replacement:
            return ("merged",)
        return ("deprecated",) if iri in retired else ("gone",)
    found = []
    if _is_deprecated(will) and not _is_deprecated(was):
        found.append("merged" if replacement else "deprecated")
    if set(was.get(SKOS.prefLabel, ())) != set(will.get(SKOS.prefLabel, ())):
        found.append("relabelled")
    if _up(was) != _up(will):
        found.append("moved")
    return tuple(found) or ("changed",)


def _replacement(
    iri: str, was: Statements, will: Statements, new: "State", retired: Mapping[str, str | None]
) -> Label | None:
    """The term that stands for one that is gone or deprecated, where anything says which."""
    if will and not _is_deprecated(will):
        return None
    said = chain.from_iterable(
        state.get(property_, ())
        for property_ in (DCTERMS.isReplacedBy, SKOS.exactMatch)
        for state in (will, was)
    )
    for candidate in (retired.get(iri), *(node.value for node in said)):
        found = _followed(candidate, retired)
        if found and found != iri and (lines := new.find(found)):
            return found, label_of(parsed(list(lines)), new.language)[0]
    return None


def _followed(iri: str | None, retired: Mapping[str, str | None]) -> str | None:
    """The last of a chain of replacements."""
    for _hop in range(_HOPS):
        if iri is None or iri not in retired:
            return iri
        iri = retired[iri]
    return None


# --- what a term's statements say ----------------------------------------------------------------


def parsed(lines: list[bytes]) -> Statements:
    """The values by property of one term's lines."""
    said: Statements = {}
    for quad in parse(b"".join(lines), RdfFormat.N_QUADS, lenient=True) if lines else ():
        said.setdefault(quad.predicate, []).append(quad.object)
    return said


def label_of(said: Statements, language: str) -> Label:
    """Its preferred label in this language, else in English or in any; empty where it has none."""
    labels = _preferred(said)
    return labels[_best(labels, language)] if labels else ("", "")


def _preferred(said: Statements) -> dict[str, Label]:
    """The first preferred label by language."""
    found: dict[str, Label] = {}
    for value in said.get(SKOS.prefLabel, ()):
        if isinstance(value, Literal):
            found.setdefault(value.language or "", (value.value, value.language or ""))
    return found


def _best(languages: Mapping[str, Any] | set[str], language: str) -> str:
    return min(languages, key=lambda tag: (tag != language, tag != "en", tag != "", tag))


def _labels(was: Statements, will: Statements, language: str) -> tuple[Label | None, Label | None]:
    """The labels to show, in a language in which they differ where there is one."""
    before, after = _preferred(was), _preferred(will)
    differing = {
        tag for tag in {*before, *after} if before.get(tag) != after.get(tag)
    } if was and will else set()  # fmt: skip
    tag = _best(differing, language) if differing else ""
    shown: list[Label | None] = []
    for said, labels in ((was, before), (will, after)):
        shown.append(labels.get(tag) or (label_of(said, language) if said else None))
    return shown[0], shown[1]


def _is_deprecated(said: Statements) -> bool:
    return any(value.value in _TRUE for value in said.get(OWL.deprecated, ()))


def _up(said: Statements) -> set[NamedNode | Literal]:
    return {value for property_ in _BROADER for value in said.get(property_, ())}


class State:
    """A state as a sorted file, for looking other terms up."""

    def __init__(self, path: Path, language: str) -> None:
        self.language = language
        self._finder = Finder(path)
        self._text = lru_cache(maxsize=_CACHED)(self._label)

    def find(self, iri: str) -> tuple[bytes, ...]:
        return self._finder.find(f"<{iri}>".encode())

    def broader(self, said: Statements) -> tuple[Label, ...]:
        """(IRI, label) of its broader terms, the preferred one first."""
        up = dict.fromkeys(
            value.value for property_ in _BROADER for value in said.get(property_, ())
        )
        return tuple((iri, self._text(iri)) for iri in list(up)[:_SHOWN])

    def _label(self, iri: str) -> str:
        return label_of(parsed(list(self.find(iri))), self.language)[0]

    def close(self) -> None:
        self._finder.close()

"""The subjects of a Getty vocabulary as plain SKOS: links and labels checked, the rest as it is."""

from collections.abc import Iterator
from itertools import groupby

from server.formats import hierarchies
from server.formats.aat_subjects import (
    ALT,
    BEST_MARK,
    BROADER,
    LINK,
    PREF,
    PREFERRED,
    RELATED,
    Collected,
)
from server.i18n import _


def in_plain_skos(collected: Collected) -> Iterator[str]:
    """The statements about all subjects that are not obsolete, sorted."""
    for lines in collected.texts.rest():
        collected.lines.add_texts(lines)
    known = set(collected.subjects) - collected.obsolete
    if collected.obsolete:
        collected.reading.leave_out(_("obsolete terms"), len(collected.obsolete))
    links = _Links(collected, known, hierarchies.closing(collected.links))
    for subject, said in groupby(collected.lines, _subject_of):
        if (number := collected.number(subject)) in known:
            yield from _in_order(subject, number, list(said), links)


def _subject_of(line: str) -> str:
    return line[: line.index(" ")]


def _in_order(subject: str, number: int, said: list[str], links: "_Links") -> list[str]:
    """The statements about a subject: links and labels checked, all others as they are."""
    marked = len(subject) + 1
    plain = [line for line in said if line[marked] == "<"]
    best = [line[marked + 2 :] for line in said if line[marked] == BEST_MARK]
    for line in said:
        if line[marked] == LINK:
            kind, other = line[marked + 1], int(line[marked + 2 :])
            plain += [f"{subject} {each}" for each in links.checked(number, kind, other)]
    start = f"{subject} {PREF} "
    preferred = [line for line in plain if line.startswith(start)]
    languages = {line[line.rindex('"') :] for line in preferred}
    if len(languages) < len(preferred) or any(f"{start}{text}" not in preferred for text in best):
        plain = list(_with_one_in_a_language(subject, plain, best))
    return sorted(set(plain))


def _with_one_in_a_language(subject: str, plain: list[str], best: list[str]) -> Iterator[str]:
    """One preferred label in a language, Getty's own if there are several; others alternative."""
    start, alternative = f"{subject} {PREF} ", f"{subject} {ALT} "
    texts = best + [line[len(start) :] for line in plain if line.startswith(start)]
    preferred: dict[str, str] = {}
    for text in texts:
        preferred.setdefault(text[text.rindex('"') :], text)
    for text in texts:
        is_first = preferred[text[text.rindex('"') :]] == text
        yield f"{start if is_first else alternative}{text}"
    chosen = {f"{alternative}{text}" for text in preferred.values()}
    yield from (line for line in plain if not line.startswith(start) and line not in chosen)


class _Links:
    """Which links to other subjects stay."""

    def __init__(
        self, collected: Collected, known: set[int], closing: set[hierarchies.Link]
    ) -> None:
        self._scheme, self._reading = collected.scheme, collected.reading
        self._known, self._closing = known, closing

    def checked(self, number: int, kind: str, other: int) -> list[str]:
        if other not in self._known:
            return []
        node = f"<{self._scheme}{other}>"
        if kind == "R":
            return [f"{RELATED} {node}"]
        if (number, other) in self._closing:
            self._reading.leave_out(_("links to a broader term that lead back to the term"))
            return []
        broader = f"{BROADER} {node}"
        return [broader, f"{PREFERRED} {node}"] if kind == "P" else [broader]

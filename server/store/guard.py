"""Look at a stranger's query before the native parser does.

No SERVICE, no update, no nesting that overflows the parser's stack. That parser (a PEG) knows no
word boundaries and backtracks: it reads `SERVICE:x`, `1SERVICE<x>` or an unfinished long string in
ways that SPARQL's tokens (SPARQL 1.1, section 19.8) do not have. Wherever the two readings could
differ, the query is refused: nobody writes such queries by accident.
"""

import re
from dataclasses import dataclass

from server.errors import Malformed
from server.i18n import _

MAX_BYTES = 16_000
MAX_DEPTH = 32
MAX_OPERATORS = 256
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"]
#: Each makes the engine's algebra one level deeper, as an operator does.
_DEEPENING = frozenset(
    ["UNION", "OPTIONAL", "MINUS", "EXISTS", "SELECT", "FILTER", "BIND", "VALUES"]
    + ["LATERAL", "AS", "IN"]
)

# PN_CHARS_U and PN_CHARS, without what an IRI cannot hold: a prefixed name must always expand.
_START = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
_START += "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
_MORE = _START + "0-9\u00b7\u0300-\u036f\u203f\u2040"
_ESCAPE = r"""\\(?:[tbnrf"'\\]|u(?![dD][89a-fA-F])[0-9a-fA-F]{4}"""
_ESCAPE += r"|U(?:0000(?![dD][89a-fA-F])|000[1-9a-fA-F]|0010)[0-9a-fA-F]{4})"
_LOCAL = rf"(?:[{_MORE}:\-]|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_NAME = rf"(?:[{_START}](?:[{_MORE}\-]|\.++(?=[{_MORE}\-:]))*+)"
# Possessive repeats throughout: each character is looked at a bounded number of times.
_TOKEN = re.compile(
    rf'''(?P<string>
          """(?:[^"\\]|"(?!"")|{_ESCAPE})*+"""
        | \'\'\'(?:[^'\\]|'(?!'')|{_ESCAPE})*+\'\'\'
        | "(?!"")(?:[^"\\\n\r]|{_ESCAPE})*+" | '(?!'')(?:[^'\\\n\r]|{_ESCAPE})*+')
      | (?P<iri> <(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9a-fA-F]{{4}}|\\U[0-9a-fA-F]{{8}})*+> )
      | (?P<comment> \#[^\n\r]*+ )
      | (?P<skip> [\x20\t\r\n]++ | [?$][{_MORE}]++ | @[A-Za-z]++(?:-+[A-Za-z0-9]++)*+ | \^\^ )
      | (?P<prefixed> {_NAME}?+ : (?:{_LOCAL}++(?:\.++{_LOCAL}++)*+)?+ )
      | (?P<word> {_NAME} )
      | (?P<operator> \|\| | && | [/|^!+\-*] )
      | (?P<open> [{{(\[] | <(?=<) )
      | (?P<close> [}})\]] | >> )
      | (?P<other> [0-9.,;<>?$=~] )''',
    re.VERBOSE,
)
_CODEPOINT = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
_STRUCTURAL = frozenset("\"'\\<>{}|^`#")
_WITH_AUTHORITY = re.compile(r"<[A-Za-z][A-Za-z0-9+.\-]*://")
_HARMLESS = re.compile(r"<[\w.:/~%?=&;,@+$\\\-]*>")
_OPEN_AUTHORITY = re.compile(r"//[^/?#]*>\Z")


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of an accepted query: its form (one of FORMS), whether it has FROM clauses."""

    form: str
    names_dataset: bool


def check(query: str) -> Checked:
    """Refuse (Malformed, in words) what must not reach the engine; linear in the query's length."""
    if len(query) > MAX_BYTES or len(query.encode("utf-8", "replace")) > MAX_BYTES:
        raise Malformed(_("The query is longer than {limit} bytes.", limit=MAX_BYTES))
    if "\x00" in query:
        raise Malformed(_("The query contains a NUL character."))
    _check_codepoints(query)
    return _Scan(query).run()


def _check_codepoints(query: str) -> None:
    """SPARQL decodes `\\u` before tokens are read, the engine after: they must agree on tokens."""
    for match in _CODEPOINT.finditer(query):
        code = int(match[1] or match[2], 16)
        if code <= 0x20 or code > 0x10FFFF or chr(code) in _STRUCTURAL:
            raise Malformed(_("Write the character itself for {escape}.", escape=match[0]))


class _Scan:
    def __init__(self, query: str) -> None:
        self.query = query
        self.depth = self.operators = 0
        self.form = ""
        self.names_dataset = False
        self.before = ""  # what stands before a token, spaces and comments aside

    def run(self) -> Checked:
        position = 0
        while position < len(self.query):
            match = _TOKEN.match(self.query, position)
            if match is None:
                raise self._unreadable(position)
            position = match.end()
            self._see(match)
        if not self.form:
            raise Malformed(_("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."))
        return Checked(self.form, self.names_dataset)

    def _see(self, match: re.Match[str]) -> None:
        kind, text = match.lastgroup, match[0]
        if kind == "prefixed":
            self._refuse_service(text.partition(":")[0])
        elif kind == "word":
            for word in re.split(r"[.\-]", text.upper()):
                self._word(word)
        elif kind == "iri":
            self._iri(text)
        elif kind == "open":
            self._count(depth=1, operators=int(text == "{"))
        elif kind == "close":
            self._count(depth=-1)
        elif kind == "operator":
            self._count(operators=1)
        if kind != "comment" and not text.isspace():
            self.before = text

    def _refuse_service(self, name: str) -> None:
        if "SERVICE" in name.upper():
            raise Malformed(_("SERVICE is not allowed here, nor a prefix that contains it."))

    def _word(self, word: str) -> None:
        self._refuse_service(word)
        if not self.form and word not in ("BASE", "PREFIX", "VERSION"):
            self._begin(word)
        self.names_dataset = self.names_dataset or word == "FROM"
        self._count(operators=int(word in _DEEPENING))

    def _begin(self, word: str) -> None:
        if word in _UPDATES:
            raise Malformed(_("{word} is an update; this address only answers queries.", word=word))
        if word not in FORMS:
            raise Malformed(_("A query begins with SELECT, ASK, CONSTRUCT or DESCRIBE."))
        self.form = word

    def _iri(self, text: str) -> None:
        """`?a <b> ?c` may also be two comparisons: then nothing may hide between the brackets."""
        if not self.form:
            # Then each prefixed name expands to an IRI, so the engine cannot split `a:1SERVICE`.
            if _OPEN_AUTHORITY.search(text) or "\\" in text:
                raise Malformed(_("End the prefix {iri} with a slash.", iri=text))
        elif not _WITH_AUTHORITY.match(text) and self._may_compare():
            if not _HARMLESS.fullmatch(text):
                raise Malformed(_("Write the IRI {iri} in full.", iri=text))
            self._count(operators=sum(map(text.count, "+-*/=&")))

    def _may_compare(self) -> bool:
        before = self.before.upper()
        if before in ("TRUE", "FALSE"):
            return True
        return before not in ("{", "(", ";", ",") and not before.isalpha()

    def _count(self, *, depth: int = 0, operators: int = 0) -> None:
        self.depth += depth
        self.operators += operators
        if self.depth > MAX_DEPTH:
            raise Malformed(_("The query nests deeper than {limit} levels.", limit=MAX_DEPTH))
        if self.operators > MAX_OPERATORS:
            raise Malformed(_("The query has more than {limit} operators.", limit=MAX_OPERATORS))

    def _unreadable(self, position: int) -> Malformed:
        line = self.query.count("\n", 0, position) + 1
        column = position - self.query.rfind("\n", 0, position)
        place = {"line": line, "column": column}
        if self.query[position] in "\"'":
            return Malformed(_("Line {line}, column {column}: this string has no end.", **place))
        return Malformed(
            _("Line {line}, column {column}: this is not a character of a query.", **place)
        )

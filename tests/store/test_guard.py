"""What the guard lets through to the native parser, and what it refuses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from server.errors import Malformed
from server.store import guard

AT = "<http://127.0.0.1:9/>"
# Each of these makes pyoxigraph 0.5.13 parse a SERVICE clause, or would under SPARQL's own tokens.
SERVICES = [
    f"SELECT * {{ SERVICE {AT} {{?s ?p ?o}} }}",
    f"select * where{{service silent{AT}{{}}}}",
    f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SeRvIcE{AT}{{?s ?p ?o}} }} }}",
    f"SELECT * {{ SERVICESILENT{AT} {{?s ?p ?o}} }}",
    "SELECT * { SERVICE ?where {?s ?p ?o} }",
    "PREFIX : <http://127.0.0.1:9/> SELECT * { SERVICE:x {?s ?p ?o} }",
    "PREFIX e: <http://127.0.0.1:9/> SELECT * { SERVICEe:x {?s ?p ?o} }",
    f"SELECT * {{ ?s ?p trueSERVICE{AT} {{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p 1SERVICE{AT} {{?s ?p ?o}} }}",
    f"SELECT * {{ ?s ?p ?o.SERVICE {AT} {{?s ?p ?o}} }}",
    f"SELECT * {{ FILTER(1<2)SERVICE {AT} {{?s ?p ?o}} }}",
    f'SELECT * {{ ?s ?p "a"^^<http://x>SERVICE {AT} {{?s ?p ?o}} }}',
    f'SELECT * {{ ?s ?p """a"b""" SERVICE {AT} {{}} }}',
    f'SELECT * {{ ?s ?p "a\\"" SERVICE {AT} {{}} }}',
    f"SELECT * {{ ?s ?p ?o #x\nSERVICE {AT} {{}} }}",
    f"SELECT * {{ ?s <a#b> ?o SERVICE {AT} {{}} }}",
    # The parser tries a short string where a long one has no end, or a bad escape in it.
    f'SELECT * {{ VALUES (?a ?b) {{(""" ")}} SERVICE {AT} {{?s ?p ?o}} }}',
    f'SELECT * {{ VALUES (?a ?b) {{("""a")}} SERVICE {AT} {{?s ?p ?o}} }} # \\q """',
    f'SELECT * {{ VALUES (?a ?b) {{("""a")}} SERVICE {AT} {{?s ?p ?o}} }} # \\uD800 """',
    # It splits a prefixed name that does not expand to an IRI.
    f"PREFIX a: <http://h:80> SELECT * {{ ?s ?p a:SERVICE {AT} {{?s ?p ?o}} }}",
    f"PREFIX a: <http://[::1]> SELECT * {{ ?s ?p a:SERVICE {AT} {{?s ?p ?o}} }}",
    f"PREFIX a: <http://h/> SELECT * {{ ?s ?p a:.SERVICE {AT} {{?s ?p ?o}} }}",
    # An escaped hash or quote in a local name begins neither a comment nor a string.
    f"PREFIX a: <http://h/> SELECT * {{ ?s a:x\\# ?o . SERVICE {AT} {{?s ?p ?o}} }}",
    f"PREFIX a: <http://h/> SELECT * {{ ?s a:x\\' ?o . SERVICE {AT} {{?s ?p ?o}} }} #'",
    # Less-than is not the beginning of an IRI.
    f"SELECT * {{ ?s ?p ?a FILTER(?a<'b>') SERVICE {AT} {{}} }} #'",
    f"SELECT * {{ ?s ?p ?a FILTER(?a<1#> '''\n) SERVICE {AT} {{}} }} #'''",
    f"SELECT * {{ ?s ?p ?a FILTER(?a<<http://x#y>) SERVICE {AT} {{}} }}",
    # Codepoint escapes, before or after tokens are read.
    f"SELECT * {{ \\u0053ERVICE {AT} {{?s ?p ?o}} }}",
    f"SELECT * {{ \\U00000053\\u0045RVICE {AT} {{?s ?p ?o}} }}",
    f'SELECT * {{ ?s ?p "\\u0022 . SERVICE {AT} {{?s ?p ?o}} }} #"',
    f"SELECT * {{ ?s ?p ?o #\\u000A SERVICE {AT} {{?s ?p ?o}} \n}}",
]
TOO_DEEP = [
    "SELECT * WHERE " + "{" * 2200 + "}" * 2200,
    "ASK { FILTER(" + "!" * 9000 + "true) }",
    "SELECT * { ?s ?p ?o FILTER(" + "(" * 33 + "1" + ")" * 33 + ") }",
    "SELECT * { ?s ?p ?o FILTER(?a<" + "(" * 500 + "1" + ")" * 500 + "&&?b>2) }",
    "SELECT * { " + " UNION ".join(["{?s ?p ?o}"] * 400) + " }",
    "SELECT * { ?s ?p ?o FILTER(" + "||".join(["?o=1"] * 2000) + ") }",
    "SELECT * { ?s ?p ?o FILTER(1" + "+1" * 300 + ") }",
    "SELECT * { ?s " + "/".join([":p"] * 300) + " ?o }",
    "SELECT * { ?s ?p " + "[ :p " * 40 + "1" + "]" * 40 + " }",
    "SELECT * {" + "{}" * 5000 + "}",
    "SELECT * { " + "<<" * 40 + " }",
]
FINE = [
    'SELECT * { ?s ?p "SERVICE", \'SERVICE {\', """ "" SERVICE """ }',
    "SELECT * {?s ?p ?o} # SERVICE {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{",
    "SELECT * { ?s <http://SERVICE/((((> ?SERVICE, $service }",
    "SELECT * { ?s dcat:accessService ?o ; a dcat:DataService, bd:serviceParam }",
    "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
    "SELECT * { ?s a <http://dbpedia.org/resource/O'Neill_(poet)#me> }",
    'PREFIX : <#> BASE <http://x/> ASK { ?s :p "x"@en-GB, "1"^^xsd:int ; :q <../a> }',
    "# a comment\nPREFIX dc: <http://purl.org/dc/elements/1.1/>\nDESCRIBE ?s { ?s dc:title ?t }",
    'CONSTRUCT { ?s ?p "Malm\\u00F6" } WHERE { ?s ?p "\\t\\"\\\\" , <http://x/\\u00E9> }',
    "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?s ^:p/:q*|!(:r|^:s) ?x } GROUP BY ?s HAVING(?n > 1)",
]


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused_in_any_spelling(query: str) -> None:
    with pytest.raises(Malformed):
        guard.check(query)


@pytest.mark.parametrize("query", TOO_DEEP)
def test_deep_nesting_and_long_chains_are_refused(query: str) -> None:
    with pytest.raises(Malformed, match=r"nests deeper|operators|in full"):
        guard.check(query)


@pytest.mark.parametrize("query", FINE)
def test_ordinary_queries_pass(query: str) -> None:
    guard.check(query)


def test_the_size_limit_is_16_kB_of_utf8() -> None:
    frame = 'SELECT * { ?s ?p "" }'
    guard.check(frame.replace('""', '"' + "é" * ((16_000 - len(frame)) // 2) + '"'))
    with pytest.raises(Malformed, match="longer"):
        guard.check(frame.replace('""', '"' + "é" * 8_000 + '"'))


def test_nul_is_refused() -> None:
    with pytest.raises(Malformed, match="NUL"):
        guard.check('SELECT * { ?s ?p "a\x00" }')


@pytest.mark.parametrize(
    "update",
    ["INSERT DATA { <a:a> <a:a> 1 }", "DELETE WHERE { ?s ?p ?o }", "LOAD <http://x>", "clear all"]
    + ["DROP ALL", "CREATE GRAPH <a:a>", "COPY <a:a> TO <a:b>", "MOVE <a:a> TO <a:b>"]
    + ["ADD <a:a> TO <a:b>", "PREFIX : <http://x/> WITH :g DELETE { ?s ?p ?o } WHERE {}"],
)
def test_updates_are_refused_by_name(update: str) -> None:
    with pytest.raises(Malformed, match="is an update"):
        guard.check(update)


@pytest.mark.parametrize("text", ["", "   ", "# SELECT", "hello", "PREFIX a: <http://x/>"])
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match="begins with"):
        guard.check(text)


@pytest.mark.parametrize("form", guard.FORMS)
def test_the_form_and_the_dataset_clause_are_found(form: str) -> None:
    plain = guard.check(f"PREFIX select: <http://x/> {form.lower()} * {{ ?from a :FROM }} # FROM")
    assert plain == guard.Checked(form, names_dataset=False)
    assert guard.check(f"{form} * FROM NAMED <http://x/g> {{}}").names_dataset


LITERALS = st.text(st.characters(exclude_characters="\\\"'\r\n\x00", codec="utf-8"), max_size=40)
GAPS = st.sampled_from([" ", "\n", "\t", "#'\n", '# """\n', "# SERVICE\n", " . ", "\r\n"])
HARMLESS_PARTS = st.one_of(
    LITERALS.map(lambda text: f'"{text}"'),
    LITERALS.map(lambda text: f"'''{text}'''"),
    st.sampled_from(["?service", "<http://x/service>", '"\\"SERVICE"', "'''it''s SERVICE'''", "1"]),
    st.sampled_from(["dc:title", "dcat:accessService", "_:service", '"x"@service']),
)


@given(st.lists(st.tuples(HARMLESS_PARTS, GAPS), max_size=20))
def test_nothing_inside_of_strings_iris_or_comments_counts(parts: list[tuple[str, str]]) -> None:
    guard.check("SELECT * { " + "".join(part + gap for part, gap in parts) + "}")


@given(st.lists(st.tuples(HARMLESS_PARTS, GAPS), max_size=20), st.integers(0, 20))
def test_service_between_any_tokens_is_found(parts: list[tuple[str, str]], place: int) -> None:
    texts = [part + gap for part, gap in parts]
    texts.insert(place, " SERVICE <http://x> {} ")
    with pytest.raises(Malformed, match="SERVICE"):
        guard.check("SELECT * { " + "".join(texts) + "}")


@given(st.text(st.sampled_from("\"'\\#<>{}()!|&:?$@ \nSERVICEaZé0.-/uU"), max_size=300))
def test_any_text_is_judged_without_another_error(text: str) -> None:
    try:
        guard.check("SELECT " + text)
    except Malformed as error:
        assert str(error)


_ODDITIES = r"""
  " "" \""" ' ''' \ \" \' \q \u0041 \uD800 # < > <a <http://x/> <http://x <#> <1#> <' << >> >= =
  ?a ?s . ; , a: a:b : :x \# ( ) [ ] { } 1 1. true && || ^^ @en _:b % - + * / a
  service SERVICE xSERVICE :SERVICE FILTER(?a FILTER( VALUES(?a){( )}
"""
ODDITIES = _ODDITIES.replace(r'\"""', '"""').split()
PREFIXED = ["", "PREFIX : <http://x/> PREFIX a: <http://h/> ", "PREFIX a: <http://h:8> "]
CLAUSES = ["SERVICE <http://127.0.0.1:9/> {}", "SERVICE:x{}", "SERVICE ?a {}"]


def parses(query: str) -> bool:
    try:
        Store().query(query)  # a SELECT is evaluated when it is iterated: nothing is asked yet
    except SyntaxError:
        return False
    return True


@settings(max_examples=300)
@given(
    st.sampled_from(PREFIXED),
    st.lists(st.sampled_from([*ODDITIES, " ", "\n"]), max_size=8).map("".join),
    st.sampled_from(CLAUSES),
    st.lists(st.sampled_from([*ODDITIES, " ", "\n"]), max_size=6).map("".join),
)
def test_no_text_that_passes_is_a_service_clause_to_the_engine(
    prefix: str, before: str, clause: str, after: str
) -> None:
    """Where the engine reads the keyword, a misspelt one is a syntax error; elsewhere it is not."""
    query = f"{prefix}SELECT * {{ {before}{clause}{after} }} #\"'"
    try:
        guard.check(query)
    except Malformed:
        return
    if parses(query):
        assert parses(query.replace("SERVICE", "SERVIXE"))

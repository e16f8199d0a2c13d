"""The folder of queries: each parses, says what it takes and gives, and is used exactly once."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

from server.resources import folder
from server.store import queries
from server.store.queries import NamedQuery

QUERIES = queries.load(folder("queries"))
SERVER = Path(__file__).parents[1] / "server"
THING = NamedNode("http://example.org/thing")


def used_names() -> Counter[str]:
    """How often each string literal that names a query stands in the code."""
    found: Counter[str] = Counter()
    for path in SERVER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and node.value in QUERIES:
                found[str(node.value)] += 1
    return found


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_a_query_agrees_with_its_header(query: NamedQuery) -> None:
    assert query.dataset in ("public", "work", "either")
    inputs = list(dict.fromkeys(re.findall(r"\$(\w+)", query.text)))
    assert sorted(inputs) == sorted(query.inputs)
    first = (folder("queries") / f"{query.name}.rq").read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"# [A-Z].*", first), "it begins with a sentence about it"
    found = Store().query(query.bind({name: THING for name in query.inputs}, None, 0))
    if isinstance(found, QuerySolutions):
        assert tuple(variable.value for variable in found.variables) == query.outputs
    else:
        assert query.outputs == ()


@pytest.mark.parametrize("query", QUERIES.values(), ids=lambda query: query.name)
def test_a_query_takes_a_limit(query: NamedQuery) -> None:
    values = {name: THING for name in query.inputs}
    if not query.text.lstrip().startswith("ASK") and "\nASK" not in query.text:
        Store().query(query.bind(values, 5, 10))


def test_each_query_is_used_exactly_once() -> None:
    used = used_names()
    assert {name: used[name] for name in QUERIES if used[name] != 1} == {}


def test_values_are_bound_by_name_alone() -> None:
    query = QUERIES["describe_item"]
    with pytest.raises(TypeError):
        query.bind({}, None, 0)
    with pytest.raises(TypeError):
        query.bind({"item": THING, "other": THING}, None, 0)

"""Patterns of shapes on texts that are made to take long: each reads a text once, or nearly."""

import json
import subprocess
import sys

import pytest
from pyoxigraph import RdfFormat, parse

from server.domain.shape_strings import _strict
from server.names import SH
from server.resources import folder

PATTERNS = sorted({
    triple.object.value
    for path in folder("shapes").rglob("*.ttl")
    for triple in parse(path=path, format=RdfFormat.TURTLE)
    if triple.predicate == SH.pattern
})  # fmt: skip
MANY = 200_000
#: What a pattern may begin to fit at every place, or end with at none.
BEGINNINGS = (
    "a", " ", "\n", "a ", "a-", "-", "1", "0,", ".1", "/", "www", "://", "http://", "urn:", "<svg ",
    "/campaign/a", "/vocabulary/", "xywh=pixel:1", '<svg ><polygon points="1', "#a", "\u00a0",
    "x\n",
)  # fmt: skip
ENDS = ("", "\n", "\nb", " ", "!", ">", "/", "<", "\x00")
SEARCH = """
import json, re, sys
for text in json.load(sys.stdin):
    for beginning in {beginnings!r}:
        for end in {ends!r}:
            re.search(text, beginning * ({many} // len(beginning)) + end)
"""


def test_there_are_patterns() -> None:
    assert len(PATTERNS) > 10


@pytest.mark.parametrize("pattern", PATTERNS)
def test_no_text_makes_a_pattern_run_for_ages(pattern: str) -> None:
    """A search that tries each end for each beginning needs hours for this."""
    program = SEARCH.format(beginnings=BEGINNINGS, ends=ENDS, many=MANY)
    subprocess.run(
        [sys.executable, "-c", program], input=json.dumps([_strict(pattern)]), text=True,
        timeout=120, check=True,
    )  # fmt: skip

"""The rules of a Schematron stylesheet, checked by Saxon in a process of its own.

Within a process that serves, Saxon would put the handler of SIGCHLD aside, by which servers notice
that their children ended.
"""

import json
import subprocess
import sys
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

_FAILED = "{http://purl.oclc.org/dsdl/svrl}failed-assert"


class Schematron(AbstractContextManager["Schematron"]):
    """Checks documents one after the other until it is left."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.schematron"]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __exit__(self, *_error: object) -> None:
        self._process.communicate()

    def faults(self, stylesheet: Path, document: str) -> list[str]:
        """The messages of the rules that a document fails."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps([str(stylesheet), document]) + "\n")
        self._process.stdin.flush()
        found = etree.fromstring(json.loads(self._process.stdout.readline()).encode())
        return [" ".join("".join(each.itertext()).split()) for each in found.iter(_FAILED)]


def _answer() -> None:
    """For each line on the standard input, a stylesheet and a document, the report as one line."""
    import saxonche

    saxon = saxonche.PySaxonProcessor(license=False)
    xslt = saxon.new_xslt30_processor()

    @cache
    def compiled(path: str) -> Any:
        return xslt.compile_stylesheet(stylesheet_file=path)

    for line in sys.stdin:
        stylesheet, document = json.loads(line)
        node = saxon.parse_xml(xml_text=document)
        report = compiled(stylesheet).transform_to_string(xdm_node=node)
        print(json.dumps(report), flush=True)


if __name__ == "__main__":
    _answer()

"""Records a second that OAI-PMH's ListRecords gives out, through HTTP.

    python -m bench.oai [RECORDS] [PREFIX]...      100,000 records of 24 triples, edm

A client that does no more than look for the next token harvests everything from a real server
process on loopback. Memory is that of the server before and after.
"""

import argparse
import gzip
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bench.clients import Client, load
from bench.imports import temporary, write
from server.domain import accounts, imports, opening
from server.domain.collections import Said
from server.domain.imports import Options
from server.domain.oai_records import FORMATS
from server.settings import Settings
from tests.sites import serving_process

_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")


@dataclass(frozen=True, slots=True)
class Harvest:
    records: int
    seconds: float
    sent: int  # bytes, packed

    def __str__(self) -> str:
        rate, size = self.records / self.seconds, self.sent / self.records
        return f"{self.records} records, {rate:6.0f} records/s, {size:4.0f} bytes each on the way"


def furnish(data: Path, folder: Path, records: int) -> None:
    settings, now = Settings(data=data), datetime.now(UTC)
    opening.create(settings)
    parts, _whole = write(folder, records)
    with opening.opened(settings) as desk:
        person = accounts.create_user(
            desk, "Ada", "ada@example.org", "correct horse battery", "organiser", now=now
        )
        options = Options(Said("drawings", "Drawings"), (parts,))
        prepared = imports.prepare(desk, person, options, now=now)
        imports.apply(desk, person, prepared, now=now)


def harvest(address: str, prefix: str, packed: bool) -> Harvest:
    client = Client(address, **({"Accept-Encoding": "gzip"} if packed else {}))
    asked, records, sent = f"metadataPrefix={prefix}", 0, 0
    began = time.perf_counter()
    while asked:
        answer = client.get(f"/oai?verb=ListRecords&{asked}")
        sent += len(answer)
        document = gzip.decompress(answer) if packed else answer
        records += document.count(b"<record>")
        found = _TOKEN.search(document[-1_000:])
        asked = f"resumptionToken={quote(found[1].decode())}" if found else ""
    seconds = time.perf_counter() - began
    client.close()
    return Harvest(records, seconds, sent)


def memory(pid: int) -> float:
    """Megabytes that a process has in memory."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", text)[0]) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", nargs="?", type=int, default=100_000)
    parser.add_argument("prefixes", nargs="*", metavar="PREFIX", default=["edm"])
    arguments = parser.parse_args()
    if unknown := set(arguments.prefixes) - set(FORMATS):
        parser.error(f"there is no prefix {', '.join(unknown)}")
    with temporary() as folder:
        furnish(folder / "data", folder, arguments.records)
        with serving_process(folder / "data") as (address, process):
            for prefix in arguments.prefixes:
                for packed in (True, False):
                    before = memory(process.pid)
                    found = harvest(address, prefix, packed)
                    print(
                        f"{prefix:13} {'gzip ' if packed else 'plain'} {found}, memory "
                        f"{before:.0f} → {memory(process.pid):.0f} MB, {load()}"
                    )


if __name__ == "__main__":
    main()

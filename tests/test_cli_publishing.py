"""`crowdheritage publish` and `withdraw`, as somebody types them."""

import json
from pathlib import Path

from server.domain import opening
from server.settings import Settings
from tests import worlds
from tests.sites import command


def test_publish_says_what_it_would_do_does_it_and_takes_it_back(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with opening.opened(worlds.create(data)) as desk:
        world = worlds.furnish(desk)
        for number in range(2):
            iris = {
                world.propose(each, worlds.item(number), worlds.term(number))
                for each in world.people
            }
        name = iris.pop().rpartition("/")[2]
        before = desk.journal.last()
    told = command(data, "publish", "subjects", "--dry-run", "--format", "json")
    assert json.loads(told.stdout)["figures"]["added"] == 2
    told = command(data, "publish", "subjects", "--annotation", name, "--field", "dc:subject")
    assert told.stdout.strip() == "1 statement on 1 object published."
    told = command(data, "publish", "subjects", "--kind", "semantic-tag")
    assert told.stdout.strip() == "1 statement on 1 object published."
    told = command(data, "withdraw", "subjects", "--format", "json")
    assert json.loads(told.stdout)["removed"] == 2
    told = command(data, "publish", "subjects", "--kind", "nothing", check=False)
    assert told.returncode == 1
    assert "nothing" in told.stderr
    assert command(data, "publish", "nowhere", check=False).returncode == 1
    with opening.opened(Settings(data=data, min_free=0)) as desk:
        assert desk.journal.last() == before + 3

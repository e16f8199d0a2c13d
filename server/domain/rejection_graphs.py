"""Taking back at once all that is public of what people rejected in a campaign."""

from pyoxigraph import Quad

from server.commit import Desk
from server.journal import bulk_files
from server.patches import Bulk, Patch, on

_AT_ONCE = 2_500  # quads of a patch


def taken_back(desk: Desk, slug: str) -> Patch:
    """In a decision: as files where it is much, which are worked in when there is time
    (`publishing_schedules.keep`)."""
    graph = desk.names.graph("rejections", slug)
    if graph.value in desk.owed:
        return Patch()
    rows = desk.select("rejections_of_campaign", graph=graph)
    quads = [Quad(row["s"], row["p"], row["o"], graph) for row in rows]
    if len(quads) <= _AT_ONCE:
        return on("public", remove=sorted(quads, key=str))
    file = bulk_files.write(desk.bulk_folder, sorted(f"{quad} .\n" for quad in quads))
    return Patch(bulk=(Bulk("public", graph.value, remove=file, since=desk.journal.last()),))

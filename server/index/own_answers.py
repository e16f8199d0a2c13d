"""What one person has answered about an item."""

import sqlite3

from server.index.contributions import AnnotationRow


def annotations(
    connection: sqlite3.Connection, campaign: str, agent: str, item: str
) -> list[AnnotationRow]:
    """The annotations of an item (an IRI) that an agent claims or voted on."""
    found = connection.execute(
        "SELECT DISTINCT annotation.* FROM contribution JOIN annotation ON iri = annotation"
        " WHERE contribution.campaign = ? AND contribution.item = ? AND agent = ?",
        (campaign, item, agent),
    )
    return [AnnotationRow(*row) for row in found]

"""The index row of an annotation that compares two images."""

from pyoxigraph import NamedNode

from server.commit import Desk
from server.domain.annotation_contents import Content
from server.domain.annotations import Annotation
from server.index import comparisons
from server.index.comparisons import ComparisonRow
from server.names import CH


def project(desk: Desk, annotation: Annotation, item: str, task: int) -> None:
    """Write it; annotations that compare nothing have none."""
    content = annotation.content
    images, makers = _values(content, CH.compares), _values(content, CH.comparesMaker)
    if len(images) != 2 or len(makers) != 2:
        return
    row = ComparisonRow(
        annotation=annotation.iri,
        campaign=annotation.campaign,
        task=task,
        item=item,
        images=(images[0], images[1]),
        first=makers[0],
        second=makers[1],
        preferred=content.text(CH.preferredMaker),
    )
    comparisons.put(desk.index.write, row)


def _values(content: Content, property_: NamedNode) -> list[str]:
    return sorted(each.value for each in content.values(property_) if hasattr(each, "value"))

"""Both validators say the same of annotations of every kind, good and bad: 1,500 of them.

`python -m bench.shapes` compares 10,000.
"""

import pytest

from server.domain import shapes
from tests import generated_annotations, shacl_reference
from tests.generated_annotations import Triples
from tests.test_shapes import reference_shapes

KINDS = generated_annotations.all_kinds()
EACH = 1_500 // len(KINDS) + 1
IN_ONE_GRAPH = 100  # pySHACL's start is dear


def generated(name: str) -> list[Triples]:
    return list(generated_annotations.generate(KINDS[name], EACH))


@pytest.mark.parametrize("name", KINDS)
def test_both_say_the_same_of_generated_annotations(name: str) -> None:
    file, annotations = f"annotation/{name}", generated(name)
    for start in range(0, EACH, IN_ONE_GRAPH):
        triples = [t for each in annotations[start : start + IN_ONE_GRAPH] for t in each]
        found = shacl_reference.compiled_rows(shapes.load(file).validate(triples))
        data = shacl_reference.graph(triples)
        assert found == shacl_reference.reference_rows(reference_shapes(file), data)


@pytest.mark.parametrize("name", KINDS)
def test_some_of_them_are_good_and_some_bad(name: str) -> None:
    verdicts = [not shapes.load(f"annotation/{name}").validate(each) for each in generated(name)]
    assert 0.1 < sum(verdicts) / EACH < 0.6


@pytest.mark.parametrize("name", KINDS)
def test_every_property_shape_of_a_kind_refuses_some_of_them(name: str) -> None:
    wrong = {
        result.origin.shape
        for each in generated(name)
        for result in shapes.load(f"annotation/{name}").validate(each)
    }
    assert {place.entry.name for place in generated_annotations.places(name)} <= wrong

"""The sides of a polygon: whether they cross or touch each other, and what they go round; pure."""

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
_Grid = tuple[int, int]
_Side = tuple[_Grid, _Grid]


def flat(points: Sequence[Point]) -> bool:
    """Whether all points lie on one line, so that nothing is inside."""
    first, *others = _grid(points)
    return all(_bend(first, one, other) == 0 for one, other in pairwise(others))


def cross(points: Sequence[Point]) -> bool:
    """Whether two sides have a point in common that is not the corner between them.

    From the left to the right: only sides whose boxes overlap are looked at.
    """
    grid = _grid(points)
    sides = list(pairwise([*grid, grid[0]]))
    order = sorted(range(len(sides)), key=lambda i: min(sides[i])[0])
    for place, i in enumerate(order):
        right = max(sides[i])[0]
        for j in order[place + 1 :]:
            if min(sides[j])[0] > right:
                break
            if _overlap(sides[i], sides[j]) and _touch(sides, min(i, j), max(i, j)):
                return True
    return False


def _overlap(one: _Side, other: _Side) -> bool:
    """From the top to the bottom."""
    (_a, b), (_c, d), (_e, f), (_g, h) = *one, *other
    return max(b, d) >= min(f, h) and max(f, h) >= min(b, d)


def _touch(sides: list[_Side], i: int, j: int) -> bool:
    if j == i + 1:
        return _turns_back(sides[i], sides[j])
    if (i, j) == (0, len(sides) - 1):
        return _turns_back(sides[j], sides[i])
    return _meet(sides[i], sides[j])


def _grid(points: Sequence[Point]) -> list[_Grid]:
    """In thousandths, as whole numbers, so that no figure below is rounded."""
    return [(round(x * 1000), round(y * 1000)) for x, y in points]


def _turns_back(side: _Side, after: _Side) -> bool:
    """Whether of two sides with a common corner one lies on the other, or is none."""
    start, corner, end = side[0], side[1], after[1]
    if corner in (start, end):
        return True
    ahead = (corner[0] - start[0]) * (end[0] - corner[0])
    ahead += (corner[1] - start[1]) * (end[1] - corner[1])
    return _bend(start, corner, end) == 0 and ahead < 0


def _meet(one: _Side, other: _Side) -> bool:
    (a, b), (c, d) = one, other
    if _bend(a, b, c) * _bend(a, b, d) < 0 and _bend(c, d, a) * _bend(c, d, b) < 0:
        return True
    return any(
        _bend(*side, point) == 0 and _between(side, point)
        for side, point in ((one, c), (one, d), (other, a), (other, b))
    )


def _bend(a: _Grid, b: _Grid, c: _Grid) -> int:
    """1 where c is on one side of the line from a to b, -1 on the other, 0 upon it."""
    found = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return (found > 0) - (found < 0)


def _between(side: _Side, point: _Grid) -> bool:
    (ax, ay), (bx, by) = side
    x, y = point
    return min(ax, bx) <= x <= max(ax, bx) and min(ay, by) <= y <= max(ay, by)

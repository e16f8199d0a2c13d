"""How strong each of some rivals is, from who was preferred to whom: Bradley and Terry; pure.

The odds that one is preferred to another are the ratio of their strengths. Strengths of the
greatest likelihood come by minorisation-maximisation: Hunter (2004), MM algorithms for generalized
Bradley-Terry models, Annals of Statistics 32 (1), equation 3. A tie is half a win for both.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = 10_000
_CLOSE = 1e-12
#: Wins and losses against one who is equally strong as all: what little is assumed where the data
#: alone have no greatest likelihood.
_ASSUMED = 0.5
_NORMAL = 1.959964  # 95 % of a normal distribution lie within so many standard errors

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Strengths:
    """`shares` add up to 1; `chances` are to be preferred to an average one, with the interval.

    `certain`: the data decide. Otherwise some have never met, not even by way of others, or have
    only won or only lost, and the figures lean on an assumption (`_ASSUMED`).
    """

    shares: list[float]
    chances: list[tuple[float, float, float]]
    certain: bool


def estimate(wins: Matrix) -> Strengths:
    """Of `wins[i][j]`, how often i was preferred to j; halves are ties."""
    if not wins:
        return Strengths([], [], True)
    certain = _all_reach_all(wins)
    shares = _maximise(wins, 0.0 if certain else _ASSUMED)
    logs = [math.log(share / _average(shares)) for share in shares]
    errors = [math.sqrt(row[i]) for i, row in enumerate(covariance(wins, shares, certain=certain))]
    chances = [
        (_logistic(log - _NORMAL * error), _logistic(log), _logistic(log + _NORMAL * error))
        for log, error in zip(logs, errors, strict=True)
    ]
    return Strengths(shares, chances, certain)


def covariance(wins: Matrix, shares: Sequence[float], *, certain: bool = True) -> list[list[float]]:
    """Of the strengths' logarithms, which add up to 0: the inverse of Fisher's information."""
    met, average, even = _met(wins), _average(shares), 1 / len(shares)
    information = [[even] * len(shares) for _share in shares]
    for i, mine in enumerate(shares):
        if not certain:
            information[i][i] += 2 * _ASSUMED * mine * average / (mine + average) ** 2
        for j, other in enumerate(shares):
            weight = met[i][j] * mine * other / (mine + other) ** 2
            information[i][j] -= weight
            information[i][i] += weight
    inverse = _inverted(information)
    return [[each - even * certain for each in row] for row in inverse]


def apart(wins: Matrix) -> list[list[int]]:
    """Those who have met, directly or by way of others, in groups; one group where all have."""
    groups: list[list[int]] = []
    for i in range(len(wins)):
        if not any(i in group for group in groups):
            groups.append(sorted(_reached(_met(wins), i)))
    return groups


def _met(wins: Matrix) -> list[list[float]]:
    """How often each met each; nobody meets themselves."""
    size = range(len(wins))
    return [[wins[i][j] + wins[j][i] if i != j else 0.0 for j in size] for i in size]


def _maximise(wins: Matrix, assumed: float) -> list[float]:
    met, size = _met(wins), len(wins)
    won = [sum(row) - row[i] + assumed for i, row in enumerate(wins)]
    shares = [1 / size] * size
    for _step in range(_STEPS if size > 1 else 0):
        average = _average(shares)
        pulls = [
            sum(times / (mine + other) for times, other in zip(row, shares, strict=True))
            + 2 * assumed / (mine + average)
            for row, mine in zip(met, shares, strict=True)
        ]
        after = [wins_ / pull for wins_, pull in zip(won, pulls, strict=True)]
        after = [each / sum(after) for each in after]
        if all(abs(a - b) <= _CLOSE * a for a, b in zip(after, shares, strict=True)):
            return after
        shares = after
    return shares


def _average(shares: Sequence[float]) -> float:
    """The geometric mean: the strength of one against whom the others are on the whole even."""
    return math.exp(sum(map(math.log, shares)) / len(shares))


def _all_reach_all(wins: Matrix) -> bool:
    """Whether a way of wins leads from each to each (Ford 1957): then one maximum exists."""
    return all(len(_reached(wins, i)) == len(wins) for i in range(len(wins)))


def _reached(wins: Matrix, start: int) -> set[int]:
    seen, todo = {start}, [start]
    while todo:
        i = todo.pop()
        new = {j for j, times in enumerate(wins[i]) if times > 0} - seen
        seen |= new
        todo.extend(new)
    return seen


def _logistic(log: float) -> float:
    return 1 / (1 + math.exp(-log))


def _inverted(matrix: list[list[float]]) -> list[list[float]]:
    """By Gauss and Jordan, with the largest pivot: a handful of rivals at most."""
    size = len(matrix)
    rows = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda i: abs(rows[i][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = rows[column][column]
        rows[column] = [each / scale for each in rows[column]]
        for i in range(size):
            if i != column and rows[i][column]:
                by = rows[i][column]
                rows[i] = [
                    each - by * above for each, above in zip(rows[i], rows[column], strict=True)
                ]
    return [row[size:] for row in rows]

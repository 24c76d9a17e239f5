"""Names beside marks without overlap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from lsb_nb.figures.theme import FULL, INK3, SIZE, text_width

Box = tuple[float, float, float, float]
MARK = 0.055
"""Inches kept free around the middle of a mark."""

NAME = 2.1
"""Inches in which a name of 16 characters stands whole: cut shorter, the names of a field could read alike."""
DRAWN = 1.6
"""Inches left for the marks, at least, where a figure may be made wider for long names."""


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Push places apart until none is closer than `gap`, moving each as little as possible.

    Parameters
    ----------
    places : sequence of float
        In any order.
    gap : float
        Least distance.

    Returns
    -------
    list of float
        In the order of `places`.
    """
    order = sorted(range(len(places)), key=lambda i: (places[i], i))
    heaps: list[tuple[float, int]] = []
    for i in order:
        heaps.append((places[i], 1))
        # Two heaps that touch become one around their common middle.
        while len(heaps) > 1 and heaps[-1][0] - heaps[-2][0] < gap * (heaps[-1][1] + heaps[-2][1]) / 2:
            (b, m), (a, n) = heaps.pop(), heaps.pop()
            heaps.append(((a * n + b * m) / (n + m), n + m))
    spots = [centre + gap * (k - (count - 1) / 2) for centre, count in heaps for k in range(count)]
    result = [0.0] * len(places)
    for i, spot in zip(order, spots, strict=True):
        result[i] = spot
    return result


def fit_width(least: float, *words: float) -> tuple[float, float]:
    """Widen a figure, to 7 inches at most, until marks have room beside their names.

    Parameters
    ----------
    least : float
        Width of the figure with short names, inches.
    *words : float
        Widths of the names left and right of the marks.

    Returns
    -------
    tuple of float
        Width of the figure, and the inches left for the marks.
    """
    taken = sum(words) + 0.25
    width = min(max(least, taken + DRAWN), FULL)
    return width, max(width - taken, 0.8)


def name_points(
    ax: Axes, points: Sequence[tuple[float, float]], names: Sequence[str], *, avoid: Sequence[tuple[float, float]] = ()
) -> list[Box]:
    """Write names near points, each where it meets no other name and fewest marks; one further away gets a thin line.

    Limits of the axes must be set before.

    Parameters
    ----------
    ax : matplotlib Axes
        Where to write.
    points : sequence of tuple of float
        Marks that are named.
    names : sequence of str
        In the order of `points`.
    avoid : sequence of tuple of float
        Other marks, and lines as points along them (see `along`).

    Returns
    -------
    list of tuple of float
        The boxes that the names take: left, low, right, high.
    """
    taken: list[Box] = []
    marks = [*avoid, *points]
    for point, name in zip(points, names, strict=True):
        box, leader = _place(ax, [point], name, marks, taken, _AROUND)
        taken.append(box)
        marks += leader
    return taken


def name_line(
    ax: Axes, line: Sequence[tuple[float, float]], name: str, *, avoid: Sequence[tuple[float, float]] = (),
    taken: Sequence[Box] = (),
) -> Box:  # fmt: skip
    """Write the name of a line above or below it, wherever along it there is room; `taken` are boxes of other names."""
    return _place(ax, line, name, [*avoid, *line], taken, _BESIDE)[0]


def along(start: tuple[float, float], end: tuple[float, float], *, parts: int = 40) -> list[tuple[float, float]]:
    """Give points along a straight line, close enough together that no name slips between them."""
    (a, b), (c, d) = start, end
    return [(a + (c - a) * k / parts, b + (d - b) * k / parts) for k in range(parts + 1)]


_AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
_BESIDE = ((0, 1), (0, -1), (1, 1), (-1, -1), (-1, 1), (1, -1))
_FAR = (0.09, 0.2, 0.35, 0.55, 0.8, 1.1)
"""Distances at which a name is tried, inches; beyond the second a line leads to it."""


def _place(
    ax: Axes, points: Sequence[tuple[float, float]], name: str, avoid: Sequence[tuple[float, float]],
    taken: Sequence[Box], sides: Sequence[tuple[int, int]],
) -> tuple[Box, list[tuple[float, float]]]:  # fmt: skip
    """Write a name near one of some points, at the nearest free spot; give its box, and the line that leads to it."""
    width, height = ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    per = np.array([abs(x1 - x0) / (width - 0.7), abs(y1 - y0) / (height - 0.6)])
    half = np.array([text_width(name) / 2, SIZE / 72 * 0.625])
    # all in inches from here on
    edge = (min(x0, x1) / per[0], min(y0, y1) / per[1], max(x0, x1) / per[0], max(y0, y1) / per[1])
    marks, boxes = np.array(avoid) / per, [np.array(box) / np.tile(per, 2) for box in taken]
    best: tuple[int, int] | None = None
    tries = ((far, point, side) for far in range(len(_FAR)) for point in range(len(points)) for side in sides)
    for number, (far, point, side) in enumerate(tries):
        anchor, away = np.array(points[point]) / per, np.array(side)
        middle = anchor + away * (_FAR[far] + half)
        low, high = middle - half, middle + half
        box = (*low, *high)
        near = (marks > low - MARK).all(axis=1) & (marks < high + MARK).all(axis=1)
        hits = int(near.sum()) + 20 * sum(_meet(box, other) for other in boxes)
        hits += 40 * (low[0] < edge[0] or low[1] < edge[1] or high[0] > edge[2] or high[1] > edge[3])
        leader = along(tuple(anchor), tuple(np.clip(anchor, low, high))) if far > 1 else []
        hits += 5 * any(_meet((*spot, *spot), other) for spot in leader for other in boxes)
        if best is None or (hits, number) < best:
            best, chosen, lead = (hits, number), middle, leader
        if not hits:
            break
    if lead:
        (a, b), (c, d) = lead[0] * per, lead[-1] * per
        ax.plot([a, c], [b, d], color=INK3, lw=0.5, zorder=1)
    ax.text(chosen[0] * per[0], chosen[1] * per[1], name, ha="center", va="center", fontsize=SIZE)
    left, low_, right, high_ = np.concatenate([chosen - half, chosen + half]) * np.tile(per, 2)
    return (float(left), float(low_), float(right), float(high_)), [(x * per[0], y * per[1]) for x, y in lead]


def _meet(a: Sequence[float], b: Sequence[float]) -> bool:
    return bool(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()


def fold(words: str, inches: float, *, size: float = SIZE, lines: int = 5) -> str:
    """Break a name into lines of a width; what does not fit in `lines` ends with an ellipsis.

    Latin words part at spaces, or with a hyphen between two of their letters where one is wider than a line.
    """
    made: list[str] = []
    line = ""
    for letter in words:
        if line and text_width(line + letter, size) > inches:
            head, _space, tail = line.rpartition(" ")
            in_word = len(made) < lines - 1 and _is_latin(letter) and _is_latin(line[-1])
            if in_word and head:
                made.append(head)
                line = tail
            elif in_word and len(line) > 1:
                made.append(line[:-1] + ("-" if _is_latin(line[-2]) else ""))
                line = line[-1]
            else:
                made.append(line)
                line = ""
        line += letter if line or letter != " " else ""
    made.append(line)
    if len(made) > lines:
        made = [*made[: lines - 1], made[lines - 1][:-1] + "…"]
    return "\n".join(map(str.rstrip, made))

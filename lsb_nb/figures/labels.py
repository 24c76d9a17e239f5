"""Names beside marks without overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes

from lsb_nb.figures.theme import FULL, SIZE, text_width

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
) -> None:
    """Write names beside points, right, left, above or below, wherever they meet no other name and fewest marks.

    Limits of the axes must be set before.
    """
    width, height = ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
    (x0, x1), (y0, y1) = ax.get_xlim(), ax.get_ylim()
    per_x, per_y = abs(x1 - x0) / (width - 0.7), abs(y1 - y0) / (height - 0.6)
    high = SIZE / 72 * 1.25 * per_y
    taken: list[tuple[float, float, float, float]] = []
    for (x, y), name in zip(points, names, strict=True):
        wide = text_width(name) * per_x
        near_x, near_y = 0.09 * per_x, 0.08 * per_y + high / 2
        spots: list[tuple[float, float, Any]] = [
            (x + near_x, y, "left"), (x - near_x, y, "right"), (x, y + near_y, "center"), (x, y - near_y, "center"),
            (x + near_x, y + near_y, "left"), (x + near_x, y - near_y, "left"), (x - near_x, y + near_y, "right"),
            (x - near_x, y - near_y, "right"),
        ]  # fmt: skip
        best: tuple[int, int] | None = None
        for rank, (at_x, at_y, side) in enumerate(spots):
            left = {"left": at_x, "right": at_x - wide, "center": at_x - wide / 2}[side]
            box = (left, at_y - high / 2, left + wide, at_y + high / 2)
            hits = 10 * sum(_meet(box, other) for other in taken)
            hits += sum(box[0] <= a <= box[2] and box[1] <= b <= box[3] for a, b in (*avoid, *points))
            hits += 10 * (box[0] < min(x0, x1) or box[2] > max(x0, x1) or box[1] < min(y0, y1) or box[3] > max(y0, y1))
            if best is None or (hits, rank) < best:
                best, chosen, spot = (hits, rank), box, (at_x, at_y, side)
        taken.append(chosen)
        ax.text(spot[0], spot[1], name, ha=spot[2], va="center", fontsize=SIZE)


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def fold(words: str, inches: float, *, size: float = SIZE, lines: int = 5) -> str:
    """Break a name into lines of a width; what does not fit in `lines` ends with an ellipsis."""
    made, line = [], ""
    for letter in words:
        if line and text_width(line + letter, size) > inches:
            made.append(line)
            line = ""
        line += letter
    made.append(line)
    if len(made) > lines:
        made = [*made[: lines - 1], made[lines - 1][:-1] + "…"]
    return "\n".join(made)

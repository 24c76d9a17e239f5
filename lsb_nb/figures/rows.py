"""Figures of one row per unit or criterion: which rows are drawn, and how they are named."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.ticker import Formatter

from lsb_nb.figures.theme import INK3, SIZE
from lsb_nb.i18n import _
from lsb_nb.numbers import signed

MOST_ROWS = 60
ENDS = 20
"""Of more than 60 rows the first and the last 20 are drawn; the table has all."""


def cut_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep the first and the last rows where there are more than a page holds."""
    return frame if len(frame) <= MOST_ROWS else pd.concat([frame.head(ENDS), frame.tail(ENDS)])


def tell_cut(ax: Axes, total: int, *, at: float = ENDS - 0.5) -> None:
    """Where rows are left out, draw a dashed line and say below how many; `at` is the place of the line."""
    if total > MOST_ROWS:
        ax.hlines(at, 0, 1, transform=ax.get_yaxis_transform(), color=INK3, lw=0.8, ls=(0, (4, 3)), zorder=1)
        words = _("虚线处略去中间 {n} 个").format(n=total - 2 * ENDS)
        ax.xaxis.set_label_position("bottom")
        ax.set_xlabel("\n".join(filter(None, [ax.get_xlabel(), words])), linespacing=1.4)


def name_rows(
    ax: Axes, names: Iterable[Any], *, xlim: tuple[float, float], words: str = "", at: Any = None, grid: bool = False
) -> None:
    """Name the rows, the first on top, and set the limits and the words of the axis below them.

    Parameters
    ----------
    ax : matplotlib Axes
        Rows are one apart.
    names : iterable of str
        One for each row.
    xlim : tuple of float
        Limits of the axis below.
    words : str
        What the axis below shows.
    at : array_like of float, optional
        Where the rows lie, from 0 down. Default: 0, 1, 2 and so on.
    grid : bool
        Whether values are read along lines.
    """
    labels = list(names)
    places = np.arange(len(labels)) if at is None else np.asarray(at)
    ax.set_yticks(places, labels)
    ax.set(xlim=xlim, ylim=(places[-1] + 0.6, -0.6), xlabel=words, ylabel="")
    if grid:
        ax.grid(axis="x")


def beside(ax: Axes, words: str, x: Any, y: Any, *, size: float = SIZE, left: bool = False, **style: Any) -> None:
    """Write words right of a mark, or left of it, clear of it whatever the scale."""
    away = -6 if left else 6
    ax.annotate(
        words, (x, y), xytext=(away, 0), textcoords="offset points", va="center", ha="right" if left else "left",
        fontsize=size, **style,
    )  # fmt: skip


def key_row(ax: Axes, *, apart: float = 0.5) -> None:
    """Write the keys of everything labelled in one row above the marks; `apart` is the room after a mark, in em.

    A key shows the mark itself, so that it is found again in a print without colour.
    """
    ax.legend(
        loc="lower left", bbox_to_anchor=(0, 1), ncols=len(ax.get_legend_handles_labels()[1]), handletextpad=apart,
        columnspacing=1.2, borderpad=0, handlelength=1.0 if apart > 0.2 else None,
    )  # fmt: skip


class SignedTicks(Formatter):
    """Numbers along an axis of changes: signed, and all with the same decimals."""

    def __call__(self, value: float, pos: int | None = None) -> str:
        """Print one of them."""
        assert isinstance(self.axis, Axis)
        places = self.axis.get_majorticklocs()
        whole = all(abs(place - round(place)) < 1e-9 for place in places)
        tenths = all(abs(place * 10 - round(place * 10)) < 1e-9 for place in places)
        return signed(value, 0 if whole else 1 if tenths else 2) if abs(value) > 1e-9 else "0"


def mark_places(n: int) -> list[int]:
    """Give the places to print on an axis: the first, the last, and round ones in between, never too close."""
    steps: list[int] = [base * int(10**power) for power in range(8) for base in (1, 2, 5)]
    step = next(step for step in steps if n <= 9 * step)
    between = [place for place in range(step, n, step) if place - 1 >= step * 0.7 and n - place >= step * 0.7]
    return sorted({1, *between, n})

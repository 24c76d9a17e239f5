"""A frame as a table, column by column: which, under what heading, in what form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing, percent, signed
from lsb_nb.tables.layout import Head, cell_text, grid, paragraph, row, titled
from lsb_nb.text import capital


class Shown(NamedTuple):
    """One column: its name in the frame, its heading, its form, and the CSS class of its cells."""

    name: str
    label: str
    form: Callable[[Any], str] = cell_text
    css: str = ""


def points(value: Any) -> str:
    """Print two decimals."""
    return fixed(value)


def points_signed(value: Any) -> str:
    """Print two decimals and a sign."""
    return signed(value)


def tenths(value: Any) -> str:
    """Print one decimal."""
    return fixed(value, 1)


def tenths_signed(value: Any) -> str:
    """Print one decimal and a sign."""
    return signed(value, 1)


def whole(value: Any) -> str:
    """Print a whole number; a dash where there is none."""
    return DASH if is_missing(value) else f"{int(value)}"


def share(value: Any) -> str:
    """Print a share without decimals."""
    return percent(value)


def worded(words: Mapping[Any, str], other: str = "") -> Callable[[Any], str]:
    """Make a form that prints the word for a value, and `other` for a value without one."""
    return lambda value: text(words.get(value, other))


def moved(value: Any) -> str:
    """Print places risen or fallen, with an arrow and never by colour alone."""
    if is_missing(value):
        return DASH
    return "0" if int(value) == 0 else f"{'▲' if value > 0 else '▼'}{abs(int(value))}"


def list_rows(
    frame: pd.DataFrame,
    columns: Sequence[Shown],
    *,
    limit: int | None = None,
    title: str = "",
    subtitle: str = "",
    note: str = "",
    empty: str = "",
    scroll: bool = False,
) -> Markup:
    """Make a table of a frame; its index is reached by the name ``index``.

    Parameters
    ----------
    frame : pandas.DataFrame
        What to list, in its order.
    columns : sequence of Shown
        From left to right.
    limit : int, optional
        Rows shown; a note counts the rest.
    title, subtitle, note : str
        Plain texts above and below.
    empty : str
        What to say instead of a table without rows.
    scroll : bool
        Whether a wide table scrolls inside its box.
    """
    if frame.empty:
        return titled("", title=title, subtitle=subtitle) + paragraph(empty or _("没有可列的内容（0 项）。"))
    heads = [Head(capital(column.label), column.css) for column in columns]
    shown = frame if limit is None else frame.head(limit)
    cells = [list(shown.index) if column.name == "index" else list(shown[column.name]) for column in columns]
    lines = [
        row(heads, [column.form(value) for column, value in zip(columns, values, strict=True)])
        for values in zip(*cells, strict=True)
    ]
    rest = len(frame) - len(shown)
    words = [note, _("另有 {n} 项未列。").format(n=rest) if rest else ""]
    return titled(grid(heads, lines, scroll=scroll), title=title, subtitle=subtitle, note="".join(filter(None, words)))

"""Checks of the rows of one sheet, those left out for another cell included, so that everything is told at once."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.records.context import Context
from lsb_nb.records.ledger import cell_name
from lsb_nb.records.limits import points_text, range_words
from lsb_nb.records.sheets import MAIN, Unread
from lsb_nb.schema import SHEETS
from lsb_nb.text import key

Frames = dict[str, pd.DataFrame]


def all_rows(name: str, columns: list[str], frames: Frames, context: Context) -> list[tuple[int, tuple[Any, ...]]]:
    """Give the rows of a sheet in its order: index of the row, and the values of `columns`.

    Parameters
    ----------
    name : str
        A key of `lsb_nb.schema.SHEETS`.
    columns : list of str
        Columns of its frame.

    Returns
    -------
    list of (int, tuple)
        A row stands here only where each of these cells could be read, whatever its other cells hold.
    """
    own = context.rows.get(name, ())
    # raters whose list names none are those of the marks, and stand in no row of it
    kept = frames[name][columns].itertuples(index=False, name=None) if own else ()
    rows = list(zip(own, kept, strict=True))
    for row, read in context.left_out.get(name, ()):
        values = tuple(read.get(column) for column in columns)
        if Unread not in values:
            rows.append((row, values))
    return sorted(rows, key=lambda each: each[0])


def check_words(name: str, column: str, allowed: tuple[str, ...], frames: Frames, context: Context) -> None:
    """Fold the words of a column with a closed list; note those that are not on it."""
    for row, (word,) in all_rows(name, [column], frames, context):
        if key(word) not in allowed:
            title = next(each.header for each in SHEETS[name].columns if each.name == column)
            reason = _("{header}“{word}”无法识别").format(header=title, word=word)
            hint = _("只能填：{allowed}").format(allowed="、".join(allowed))
            context.note_at(name, row, column, "error", reason, hint)
    frame = frames[name]
    folded = [key(word) for word in frame[column]]
    if folded != frame[column].tolist():
        frame[column] = pd.Series(folded, dtype=object)


def check_marks(name: str, column: str, frames: Frames, context: Context) -> None:
    """Note marks of 直接录入 or 更正 outside [0, full marks]."""
    for row, (criterion, state, value) in all_rows(name, ["criterion", "state", column], frames, context):
        full = context.full[context.criteria.keys[key(criterion)]] if context.full else None
        most, micro = -1 if full is None else full, int(value) if state == "mark" else 0
        if micro < 0 or 0 <= most < micro:
            words = range_words(points_text(micro), micro, most, of_rater=False)
            context.note_at(name, row, column, "error", *words)


def check_methods(name: str, column: str, method: str, frames: Frames, context: Context) -> None:
    """Note, once each, criteria that have another 计分方式 than the sheet serves."""
    seen = set()
    for row, (criterion,) in all_rows(name, ["criterion"], frames, context):
        at = context.criteria.keys[key(criterion)]
        own = context.methods[at] if at < len(context.methods) else method
        if own not in (method, "") and criterion not in seen:
            seen.add(criterion)
            reason = _("“{name}”的计分方式是“{own}”，不应出现在“{sheet}”表").format(
                name=criterion, own=own, sheet=SHEETS[name].title
            )
            context.note_at(name, row, column, "error", reason, _("删去这些行，或改正“指标”表的计分方式"))


def check_repeats(name: str, columns: list[str], at: str, frames: Frames, context: Context) -> None:
    """Note rows whose values of `columns` stood together before."""
    seen: dict[tuple[Any, ...], int] = {}
    for row, values in all_rows(name, columns, frames, context):
        first = seen.setdefault(values, row)
        if first != row:
            _sheet, header = context.tables[name]
            main = MAIN.get(name, SHEETS[name].columns[0].name)
            cell = cell_name(first, header.columns.get(main, min(header.columns.values())))
            reason = _("“{what}”重复（另见 {cell}）").format(what=" ".join(values), cell=cell)
            context.note_at(name, row, at, "error", reason, _("只保留一行"))

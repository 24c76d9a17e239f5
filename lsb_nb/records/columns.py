"""Match the headed columns of a sheet of marks to criteria or raters; refuse those that are neither."""

from __future__ import annotations

import functools
from collections.abc import Callable

from lsb_nb.i18n import _
from lsb_nb.records import clean
from lsb_nb.records.context import Context
from lsb_nb.records.headers import REMARKS, Header, Sheet, is_total, strip_note
from lsb_nb.records.limits import points_text
from lsb_nb.records.misplaced import hint_of_column
from lsb_nb.records.names import Roll, find_name
from lsb_nb.text import key


def names_in(roll: Roll) -> Callable[[str], bool]:
    """Make a test whether a header names someone or something on the roll, with or without a full-marks note."""

    def known(text: str) -> bool:
        folded = key(text)
        return folded in roll.keys or strip_note(folded)[0] in roll.keys

    return known


def match_columns(sheet: Sheet, header: Header, rows: list[int], roll: Roll, context: Context) -> list[tuple[int, int]]:
    """Match the headed columns to a roll, noting unknown columns and full-marks notes that contradict 指标.

    Parameters
    ----------
    sheet : Sheet
    header : Header
    rows : list of int
        The rows that are data.
    roll : Roll
        Criteria or raters.
    context : Context

    Returns
    -------
    list of (int, int)
        Column of the sheet, index in the roll.
    """
    found = []
    for column, text in header.others.items():
        folded = key(text)
        base, note = strip_note(folded)
        if folded in roll.keys:
            index: int | tuple[str, str] = roll.keys[folded]
        elif base in roll.keys:
            index = roll.keys[base]
            if roll is context.criteria and note is not None:
                check_note(sheet, header.last, column, note, roll.keys[base], context)
        elif folded in REMARKS:
            continue
        else:
            index = find_name(roll, clean.as_name(text))
        if isinstance(index, int):
            found.append((column, index))
            continue
        reason = _("不认识这一列：{why}").format(why=index[0])
        hint = hint_of_column(text, context.units, index[1])
        context.note_cell("error", sheet, header.last, column, reason, hint)
    _refuse_headless(sheet, header, rows, context)
    return found


def _refuse_headless(sheet: Sheet, header: Header, rows: list[int], context: Context) -> None:
    """Note columns without a header that hold something in a row of data: marks could be lost there."""
    for column, text in enumerate(header.texts):
        above = clean.as_text(sheet.rows[header.last][column])
        if text or key(above) in REMARKS or is_total(above):
            continue
        for row in rows:
            if sheet.rows[row][column] != "" and (row, column) not in sheet.anchors:
                context.note_cell(
                    "error", sheet, row, column, _("这一列有内容，但没有表头"), _("补上表头，或删去这一列")
                )
                break


@functools.lru_cache(maxsize=1024)
def _points(note: str) -> int:
    return clean.read_number(note)


def check_note(sheet: Sheet, row: int, column: int, note: str, index: int, context: Context) -> None:
    """Note full marks beside a criterion's name that are not those of 指标; -1 where the name is the sheet's own."""
    full = context.full[index] if index < len(context.full) else None
    if full is None or note == "." or _points(note) == full:
        return
    reason = _("表头注明满分 {note}，“指标”表中为 {full}").format(note=note, full=points_text(full))
    context.note_cell("error", sheet, row, column, reason, _("改正表头的满分或“指标”表的满分，使两处一致"))

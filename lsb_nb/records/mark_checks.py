"""What is wrong with the marks of one sheet: unreadable, out of range, merged, of a criterion not for raters."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from lsb_nb.i18n import _
from lsb_nb.records.context import Context
from lsb_nb.records.ledger import Found, cell_name, problem
from lsb_nb.records.limits import range_words
from lsb_nb.records.marks import BAD, BLANK, Block, Ints, Memo
from lsb_nb.records.workbook import Cell
from lsb_nb.schema import METHODS


@lru_cache(maxsize=8)
def _limits(full: tuple[int | None, ...], methods: tuple[str, ...]) -> tuple[Ints, np.ndarray]:
    """Give the full marks (-1 where there are none) and whether raters mark it, by criterion; one more for unknown."""
    n = max(len(full), len(methods))
    most = [-1 if value is None else value for value in full]
    rated = [method in (METHODS[0], "") for method in methods]
    return (
        np.array(most + [-1] * (n + 1 - len(most)), dtype=np.int64),
        np.array(rated + [True] * (n + 1 - len(rated)), dtype=bool),
    )


def check_block(block: Block, context: Context, memo: Memo) -> list[tuple[int, Found]]:
    """Find marks that cannot be read or lie outside [0, full marks], and criteria that are not 评委打分.

    Returns
    -------
    list of (int, Found)
        The position in the block, -1 for what a correction cannot settle, and the problem.
    """
    found: list[tuple[int, Found]] = []
    place = block.sheet.place

    def note(index: int, reason: str, hint: str, settles: bool = True) -> None:
        row, column = int(block.row[index]), int(block.column[index])
        row, column = block.sheet.anchors.get((row, column), (row, column))
        value = block.sheet.rows[row][column]
        found.append(
            (index if settles else -1, problem("error", place, reason, hint, row=row, column=column, value=value))
        )

    for index in np.flatnonzero(block.state == BAD):
        why = memo.why[cell_of(block, int(index))]
        note(int(index), why.reason, why.hint)
    full, rated = _limits(tuple(context.full), tuple(context.methods))
    # a criterion that is not known, before the first or after the last, takes the last place of both
    at = np.minimum(block.criterion, len(full) - 1)
    most = full[at]
    for index in np.flatnonzero((block.state == 0) & ((block.micro < 0) | ((most >= 0) & (block.micro > most)))):
        note(int(index), *range_words(cell_of(block, int(index)), int(block.micro[index]), int(most[index])))
    strange = np.flatnonzero((block.state != BLANK) & ~rated[at])
    if len(strange):
        strange = strange[np.unique(block.criterion[strange], return_index=True)[1]]
    for index in strange:
        criterion = int(block.criterion[index])
        reason = _("“{name}”的计分方式是“{method}”，不应有评委打分").format(
            name=context.criteria.names[criterion], method=context.methods[criterion]
        )
        note(int(index), reason, _("删去这些分数，或改正“指标”表的计分方式"), settles=False)
    found += ((-1, each) for each in _merged_marks(block))
    return found


def _merged_marks(block: Block) -> Iterator[Found]:
    """Tell of each number merged over several cells of marks, since it counts in all of them."""
    anchors = block.sheet.anchors
    if not anchors:
        return
    columns = set(block.column.tolist())
    if not any(column in columns for _row, column in anchors):
        return
    spread: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for row, column, state in zip(block.row.tolist(), block.column.tolist(), block.state.tolist(), strict=True):
        if state == 0 and (anchor := anchors.get((row, column))) is not None:
            spread.setdefault(anchor, [anchor]).append((row, column))
    for (row, column), cells in spread.items():
        area = f"{cell_name(*min(cells))}:{cell_name(*max(cells))}"
        reason = _("{area} 是合并单元格，这个分数在每一格各计一次").format(area=area)
        hint = _("如果不是每格都得这个分，取消合并，逐格填写")
        value = block.sheet.rows[row][column]
        yield problem("warning", block.sheet.place, reason, hint, row=row, column=column, value=value)


def cell_of(block: Block, index: int) -> Cell:
    """Give the cell a mark was read from."""
    return block.sheet.rows[int(block.row[index])][int(block.column[index])]

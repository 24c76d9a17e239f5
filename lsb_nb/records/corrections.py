"""Join the blocks of marks: apply 更正, settle repeats, and make the frame `ratings`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.records.context import Context
from lsb_nb.records.ledger import MOST_ALIKE, Found, cell_name, column_letters, problem
from lsb_nb.records.limits import points_text
from lsb_nb.records.marks import BAD, BLANK, Block, Ints
from lsb_nb.schema import STATES, frame_columns
from lsb_nb.text import key

MARK, MISSING, NOT_APPLICABLE = (STATES.index(name) for name in ("mark", "missing", "not_applicable"))
Triple = tuple[int, int, int]


class Pool:
    """All marks of a quarter in one row of arrays; `block` is the index of the sheet each came from."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        def join(name: str) -> Ints:
            return np.concatenate([getattr(block, name) for block in blocks] or [np.zeros(0, dtype=np.int64)])

        self.blocks = blocks
        self.block = np.repeat(np.arange(len(blocks)), [len(block.row) for block in blocks])
        self.rater, self.unit, self.criterion = join("rater"), join("unit"), join("criterion")
        self.row, self.column, self.micro, self.state = join("row"), join("column"), join("micro"), join("state")

    def keep(self, mask: np.ndarray) -> None:
        """Leave out the marks where `mask` is False."""
        for name in ("block", "rater", "unit", "criterion", "row", "column", "micro", "state"):
            setattr(self, name, getattr(self, name)[mask])

    def codes(self, context: Context) -> Ints:
        """Give one number to each triple of rater, unit and criterion; -1 where one of them is unknown."""
        units, criteria = len(context.units.names), len(context.criteria.names)
        codes = (self.rater * units + self.unit) * criteria + self.criterion
        known = (self.rater >= 0) & (self.unit >= 0) & (self.criterion >= 0)
        return np.where(known, codes, -1)


def settle_errors(
    blocks: Sequence[Block], found: Sequence[Sequence[tuple[int, Found]]], settled: set[Triple], context: Context
) -> list[Found]:
    """List the errors of mark cells that no correction settles, each with the mark that one could settle."""
    left = []
    for block, problems in zip(blocks, found, strict=True):
        for index, each in problems:
            triple = (int(block.rater[index]), int(block.unit[index]), int(block.criterion[index]))
            if index < 0:
                left.append(each)
            elif triple not in settled:
                left.append(each._replace(mark=_names(triple, context)))
    return left


def _names(triple: Triple, context: Context) -> tuple[str, str, str] | None:
    """Name a mark; None where its rater, unit or criterion is unknown: such a cell must be set right itself."""
    rolls = (context.raters, context.units, context.criteria)
    if any(index < 0 for index in triple):
        return None
    rater, unit, criterion = (roll.names[index] for roll, index in zip(rolls, triple, strict=True))
    return rater, unit, criterion


def corrected(frame: pd.DataFrame, context: Context) -> dict[Triple, int]:
    """Give the triple of each row of 更正 -> its position; a triple that stands twice is an error, the first counts."""
    seen: dict[Triple, int] = {}
    for index, row in enumerate(frame.to_dict("records") if len(frame) else ()):
        triple = (
            context.raters.keys[key(row["rater"])],
            context.units.keys[key(row["unit"])],
            context.criteria.keys[key(row["criterion"])],
        )
        if triple in seen:
            context.note_row(
                "corrections", index, "becomes", "error",
                _("同一评委、单位、指标的更正出现两次（另见 {cell}）").format(cell=frame["cell"].iloc[seen[triple]]),
                _("只保留一行更正"),
            )  # fmt: skip
        else:
            seen[triple] = index
    return seen


def make_ratings(
    blocks: Sequence[Block], corrections: pd.DataFrame, settled: dict[Triple, int], context: Context
) -> pd.DataFrame:
    """Make the frame of ratings, each rater, unit and criterion once, corrections applied.

    Parameters
    ----------
    blocks : sequence of Block
        In workbook order, then the rater sheets by file name.
    corrections : pandas.DataFrame
        The frame of 更正.
    settled : dict
        Triple of roll indexes -> position in `corrections`.
    context : Context
        Receives the problems of repeats.

    Returns
    -------
    pandas.DataFrame
        `lsb_nb.schema.frame_columns` of ``ratings``; ``rater``, ``unit``, ``criterion``, ``state``, ``file`` and
        ``sheet`` are categorical, names in the order of their sheets.
    """
    pool = Pool(blocks)
    codes = pool.codes(context)
    rated = np.array([method in ("评委打分", "") for method in context.methods] or [True])
    usable = (codes >= 0) & (pool.state != BAD)
    usable &= np.where(pool.criterion < len(rated), rated[np.clip(pool.criterion, 0, len(rated) - 1)], True)
    units, criteria = len(context.units.names), len(context.criteria.names)
    if settled:
        usable &= ~np.isin(codes, [(r * units + u) * criteria + c for r, u, c in settled])
    pool.keep(usable)
    pool.keep(_once(pool, codes[usable], context))
    return _frame(pool, corrections, settled, context)


def _once(pool: Pool, codes: Ints, context: Context) -> np.ndarray:
    """Choose one mark of each triple: marks beat missing ones, equal ones count once, different ones are an error."""
    keep = np.ones(len(codes), dtype=bool)
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    fresh = np.ones(len(ordered), dtype=bool)
    fresh[1:] = ordered[1:] != ordered[:-1]
    if fresh.all():
        return keep
    starts = np.flatnonzero(fresh)
    sizes = np.diff([*starts, len(ordered)])
    warnings: dict[tuple[int, str], list[Found]] = {}
    for start, size in zip(starts[sizes > 1], sizes[sizes > 1], strict=True):
        group = order[start : start + size]
        keep[group] = False
        keep[_winner(pool, group, context, warnings)] = True
    for alike in warnings.values():
        whole = len(alike) <= MOST_ALIKE + 1
        context.found += alike if whole else alike[:MOST_ALIKE]
        if not whole:
            last = alike[MOST_ALIKE]
            reason = _("{reason}（这张表还有 {n} 处同样的情况，不再逐一列出）").format(
                reason=last.reason, n=len(alike) - MOST_ALIKE - 1
            )
            context.found.append(last._replace(reason=reason))
    return keep


def _winner(pool: Pool, group: Ints, context: Context, warnings: dict[tuple[int, str], list[Found]]) -> int:
    state = pool.state[group]
    marks = group[state == MARK]
    if len(marks):
        winner = int(marks[0])
    else:
        # Two source cells of one rater that do not both say 不适用 do not make the criterion not applicable.
        ranked = {MISSING: 0, NOT_APPLICABLE: 1, BLANK: 2}
        winner = int(min(group, key=lambda index: ranked[int(pool.state[index])]))
    for index in map(int, group):
        if index == winner or (not len(marks) and pool.state[index] in (BLANK, MISSING)):
            continue
        first, kind = _where(pool, winner, context), ""
        if pool.state[index] != MARK and len(marks):
            kind, reason = "beaten", _("同一评委、单位、指标另有分数，以 {cell} 的分数为准").format(cell=first)
        elif pool.state[index] == MARK and pool.micro[index] != pool.micro[winner]:
            context.found.append(
                _note(
                    "error", pool, index,
                    _("同一评委、单位、指标有两个不同的分数：{a} 和 {b}（{cell}）").format(
                        a=points_text(int(pool.micro[index])), b=points_text(int(pool.micro[winner])), cell=first
                    ),
                    _("改正或删去其中一处，或在“更正”表写明应为多少"),
                )._replace(
                    mark=_names((int(pool.rater[index]), int(pool.unit[index]), int(pool.criterion[index])), context)
                )
            )  # fmt: skip
            continue
        elif pool.state[index] == MARK:
            kind, reason = "equal", _("与 {cell} 重复，分数相同，只计一次").format(cell=first)
        else:
            kind, reason = "same", _("与 {cell} 重复，只计一次").format(cell=first)
        warnings.setdefault((int(pool.block[index]), kind), []).append(
            _note("warning", pool, index, reason, _("删去其中一处"))
        )
    return winner


def _where(pool: Pool, index: int, context: Context) -> str:
    place = pool.blocks[int(pool.block[index])].sheet.place
    name = cell_name(int(pool.row[index]), int(pool.column[index]))
    return " ".join(part for part in (place.file, place.sheet, name) if part)


def _note(severity: str, pool: Pool, index: int, reason: str, hint: str) -> Found:
    sheet = pool.blocks[int(pool.block[index])].sheet
    row, column = int(pool.row[index]), int(pool.column[index])
    value = sheet.rows[row][column]
    return problem(severity, sheet.place, reason, hint, row=row, column=column, value=value)


def _frame(pool: Pool, corrections: pd.DataFrame, settled: dict[Triple, int], context: Context) -> pd.DataFrame:
    places = [block.sheet.place for block in pool.blocks]
    rows = corrections.iloc[list(settled.values())]
    triples = np.array(list(settled), dtype=np.int64).reshape(-1, 3)
    letters = [column_letters(column) for column in range(int(pool.column.max(initial=0)) + 1)]
    # sheets of raters are alike, and so are the addresses on them
    at, distinct = pd.factorize(pool.row * len(letters) + pool.column)
    down, across = np.divmod(distinct, len(letters))
    addresses = [letters[c] + str(r) for c, r in zip(across.tolist(), (down + 1).tolist(), strict=True)]
    cells = np.array(addresses, dtype=object)[at]
    state = np.concatenate([pool.state, [STATES.index(name) for name in rows["state"]]]).astype(np.int64)
    micro = np.concatenate([pool.micro, rows["becomes"].fillna(0).to_numpy(dtype=np.int64)])
    files = list(dict.fromkeys([*(place.file for place in places), *rows["file"]]))
    sheets = list(dict.fromkeys([*(place.sheet or "" for place in places), *rows["sheet"]]))
    file_codes = np.array([files.index(place.file) for place in places] or [0])[pool.block]
    sheet_codes = np.array([sheets.index(place.sheet or "") for place in places] or [0])[pool.block]

    def names(codes: Ints, more: Ints, categories: list[str]) -> Any:
        return _categorical(np.concatenate([codes, more]), categories)

    columns = {
        "quarter": _categorical(np.zeros(len(state), dtype=np.int64), [context.quarter]),
        "rater": names(pool.rater, triples[:, 0], context.raters.names),
        "unit": names(pool.unit, triples[:, 1], context.units.names),
        "criterion": names(pool.criterion, triples[:, 2], context.criteria.names),
        "mark": pd.arrays.IntegerArray(np.where(state == MARK, micro, 0), state != MARK),
        "state": _categorical(state, list(STATES)),
        "file": names(file_codes, np.array([files.index(file) for file in rows["file"]], dtype=np.int64), files),
        "sheet": names(sheet_codes, np.array([sheets.index(sheet) for sheet in rows["sheet"]], dtype=np.int64), sheets),
        "cell": pd.Series(np.concatenate([cells, rows["cell"].to_numpy(dtype=object)]), dtype=object),
    }
    return pd.DataFrame({name: columns[name] for name in frame_columns("ratings")})


def _categorical(codes: Ints, categories: list[str]) -> Any:
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(pd.Index(categories, dtype=object)))

"""Where things stand in the arrays: units, criteria, raters and groups of one quarter as whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.schema import STATES, WHERE
from lsb_nb.scheme import Scheme, check_weights
from lsb_nb.text import key

Problem = dict[str, object]
MARK, ABSENT, BLANK, NOT_APPLICABLE = map(STATES.index, ("mark", "missing", "blank", "not_applicable"))


class Layout(NamedTuple):
    """The names of one quarter in the order of its sheets, and what the sheets and the scheme say of each.

    ``recused`` holds the cells of 回避单位, a tuple of units or nothing, rater by rater.
    """

    quarter: str
    units: list[str]
    criteria: list[str]
    raters: list[str]
    groups: list[str]
    rater_group: np.ndarray
    recused: list[Any]
    full_marks: np.ndarray
    methods: list[str]

    @property
    def shape(self) -> tuple[int, int]:
        """Units × criteria."""
        return len(self.units), len(self.criteria)


def lay_out(records: Records, scheme: Scheme) -> Layout:
    """Give the units, criteria, raters and rater groups of one quarter their places."""
    raters, of_raters, recused = lists(records.frames["raters"], "rater", "group", "recused")
    ballots = records.frames["ballots"]
    groups = list(dict.fromkeys([*of_raters, *(ballots["group"].tolist() if len(ballots) else ())]))
    place = {group: i for i, group in enumerate(groups)}
    return Layout(
        records.quarters[0],
        lists(records.frames["units"], "unit")[0],
        [criterion.name for criterion in scheme.criteria],
        raters,
        groups,
        np.array([place[group] for group in of_raters], dtype=np.int64),
        recused,
        np.array([criterion.full_marks for criterion in scheme.criteria], dtype=np.int64),
        [criterion.method for criterion in scheme.criteria],
    )


def lists(frame: pd.DataFrame, *columns: str) -> list[list[Any]]:
    """Give columns of a small frame as lists: taking the frame as a whole costs less than asking for each column."""
    cells, known = frame.to_numpy(dtype=object), frame.columns.tolist()
    return [cells[:, known.index(name)].tolist() for name in columns]


def places(values: Sequence[Any], names: Sequence[str]) -> np.ndarray:
    """Give each value's place in `names`; -1 for a value that is not there."""
    place = {name: i for i, name in enumerate(names)}
    return np.array([place.get(value, -1) for value in values], dtype=np.int64)


def codes(column: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Give each value's place in `names` as `places` does, in the least type that will do: cast before computing."""
    values = column.array
    if not isinstance(values, pd.Categorical):
        return places(column.tolist(), names)
    known = values.categories.tolist()
    if known == list(names[: len(known)]):
        return np.asarray(values.codes)
    # The last entry answers for code -1, a missing value.
    return np.array([*places(known, names).tolist(), -1], dtype=np.int64).take(values.codes)


def problem(
    severity: str,
    quarter: str,
    reason: str,
    hint: str,
    *,
    row: Mapping[Any, Any] | None = None,
    value: object = None,
    reading: bool = False,
) -> Problem:
    """Make one problem, located at the row of a frame where there is one.

    `reading` marks an error that reading a workbook finds too; it is left out where reading has reported errors.
    """
    where = {name: row.get(name) for name in WHERE} if row is not None else {}
    text = None if value is None else str(value)
    said = {"severity": severity, "quarter": quarter, "value": text, "reason": reason, "hint": hint}
    return said | where | {"reading": reading}


def locate(row: Problem, records: Records) -> Problem:
    """Say where the unit or the criterion that a problem is about is listed, else in which workbook."""
    if row.get("file"):
        return row
    for name, column in (("units", "unit"), ("criteria", "criterion"), ("criteria", "method")):
        frame = records.frames[name]
        frame = frame[frame["quarter"] == row["quarter"]]
        there = frame[frame[column] == row["value"]]
        if len(there):
            return row | {where: there[where].iloc[0] for where in ("file", "sheet", "cell")}
        if len(frame):
            row = row | {"file": frame["file"].iloc[0]}
    return row


def rule_row(records: Records, rule: str) -> Mapping[Any, Any] | None:
    """Find the row of 规则 that sets a rule."""
    rules = records.frames["rules"]
    rows = [i for i, name in enumerate(rules["rule"].tolist()) if key(name) == rule]
    return rules.iloc[rows[0]].to_dict() if rows else None


def group_weights(
    records: Records, scheme: Scheme, layout: Layout, in_use: Sequence[int], problems: list[Problem]
) -> list[Fraction]:
    """Give each rater group its weight, in the order of `layout.groups`; equal weights unless the scheme gives them.

    Given weights that do not name every group in use and no other are an error, added to `problems`. As long as no mark
    is there, the groups of the sheet 评委 are those in use.
    """
    given = scheme.rule("评委组权重")
    if given is None:
        return [Fraction(1)] * len(layout.groups)
    names = [layout.groups[i] for i in in_use] or list(layout.groups)
    if None in names:
        # a rater's group could not be read: it may be any of those that have a weight
        names = [*(name for name in names if name is not None), *(name for name in given if name not in names)]
    found, wrong = check_weights(given, names, _("评委组"))
    if wrong:
        row = rule_row(records, "评委组权重")
        hint = _("评委组权重要列出全部有票的评委组，不列其他")
        problems.append(problem("error", layout.quarter, wrong, hint, row=row, value=row["value"] if row else None))
        return [Fraction(1)] * len(layout.groups)
    return [found.get(group, Fraction(0)) for group in layout.groups]

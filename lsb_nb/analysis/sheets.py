"""Audit the raters' sheets as such: missing, identical, all alike, or copied from an earlier one."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from lsb_nb.analysis.panel import sheet_orders
from lsb_nb.bundles import Records, Scores

COLUMNS = (
    "group", "rater", "marks", "expected", "missing", "absent", "straight", "straight_criteria", "identical_to",
    "copy_of", "copy_share",
)  # fmt: skip
COPY_SHARE = 0.9
"""Least share of equal marks at which a sheet counts as a copy."""

COPY_EXCESS = 0.75
"""Least share of equal marks beyond what is usual between two raters of the group, of what is left beyond it."""

COPY_MARKS = 10
"""Least number of marks two sheets must have in common to be compared."""


def audit_sheets(records: Records, scores: Scores, marks: pd.DataFrame, codes: Mapping[str, str]) -> pd.DataFrame:
    """Look at each rater's sheet.

    Parameters
    ----------
    records : Records
        One quarter or several; gives the raters, and the order in which sheets stand.
    scores : Scores
        Scores of the quarter; void sheets count here as they were handed in.
    marks : pandas.DataFrame
        As `lsb_nb.analysis.panel.read_marks` gives them.
    codes : mapping of rater to code

    Returns
    -------
    pandas.DataFrame
        One row per rater in the order of the rater sheet: ``group, rater``, ``marks, expected, missing`` (numbers of
        cells; expected are the units not recused × the criteria the group judges, without what is 不适用), ``absent``
        (no mark at all),
        ``straight`` (all marks the same share of full marks, at least 2 units), ``straight_criteria`` (number of
        criteria on which at least 3 units have the same mark throughout), ``identical_to`` (codes of raters of the
        group whose sheet is the same cell by cell), ``copy_of`` (code of the earlier sheet of which it is a near copy),
        ``copy_share`` (share of equal marks with that sheet).

    Notes
    -----
    A copy shares at least `COPY_SHARE` of its marks with the earlier sheet, and `COPY_EXCESS` beyond the median pair of
    the group; sheets that are all alike are not called copies of each other. “Earlier” is the order in the workbook,
    then by file name. Equal sheets can also come from raters who sat and agreed together: ask before judging.
    """
    now = records.at(scores.quarter)
    void = _void_marks(now, scores)
    whole = pd.concat([marks, void], ignore_index=True) if len(void) else marks
    units, groups = sheet_orders(records, scores)
    recused = {
        (str(rater), str(unit))
        for rater, unit, why in scores.dropped[["rater", "unit", "why"]].itertuples(index=False)
        if why == "recused"
    } | _recused_cells(now, scores)
    spared = _not_applicable(now, whole)
    order = {rater: place for place, rater in enumerate(dict.fromkeys(now.ratings["rater"].astype(str)))}
    rows = []
    for group, raters in groups.items():
        part = whole[whole["group"] == group]
        criteria = list(dict.fromkeys(part["criterion"]))
        cells = pd.MultiIndex.from_product([units, criteria], names=["unit", "criterion"])
        wide = part.set_index(["unit", "criterion", "rater"])["share"].unstack()  # noqa: PD010 - one mark a cell
        wide = wide.reindex(index=cells, columns=raters)
        values = wide.to_numpy(dtype=float)
        copies = _find_copies(values, raters, order)
        for at, rater in enumerate(raters):
            here = ~np.isnan(values[:, at])
            recusal = np.array([(rater, unit) in recused for unit in units for _criterion in criteria], dtype=bool)
            exempt = np.array([cell in spared[""] or cell in spared.get(rater, ()) for cell in cells], dtype=bool)
            expected = int((here | ~(recusal | exempt)).sum())
            earlier, share = copies.get(at, (None, np.nan))
            rows.append(
                {
                    "group": group,
                    "rater": codes[rater],
                    "marks": int(here.sum()),
                    "expected": expected,
                    "missing": max(expected - int(here.sum()), 0),
                    "absent": not here.any(),
                    "straight": _is_straight(wide[rater]),
                    "straight_criteria": _count_straight(wide[rater]),
                    "identical_to": "、".join(codes[raters[other]] for other in _identical(values, at)),
                    "copy_of": None if earlier is None else codes[raters[earlier]],
                    "copy_share": share,
                }
            )
    return pd.DataFrame(rows, columns=None if rows else list(COLUMNS))


def _not_applicable(now: Records, marks: pd.DataFrame) -> dict[str, set[tuple[str, str]]]:
    """Give the cells that each rater calls 不适用, and under the empty name those that nobody could have marked."""
    said = now.ratings.loc[now.ratings["state"] == "not_applicable", ["rater", "unit", "criterion"]].astype(str)
    cells: dict[str, set[tuple[str, str]]] = {"": set()}
    for rater, unit, criterion in said.itertuples(index=False):
        cells.setdefault(rater, set()).add((unit, criterion))
        cells[""].add((unit, criterion))
    cells[""] -= set(zip(marks["unit"], marks["criterion"], strict=True))
    return cells


def _void_marks(now: Records, scores: Scores) -> pd.DataFrame:
    """Give the marks of void sheets: left out of the scores, but sheets all the same."""
    gone = scores.dropped.loc[scores.dropped["why"] == "void", ["rater", "unit", "criterion"]].astype(str)
    keys = ["rater", "unit", "criterion"]
    frame = now.ratings.loc[now.ratings["state"] == "mark", [*keys, "mark"]].astype(dict.fromkeys(keys, str))
    frame = frame.merge(gone, on=keys)
    group = dict(zip(now.raters["rater"].astype(str), now.raters["group"].astype(str), strict=True))
    points = frame["mark"].to_numpy(dtype=float) / 1e6
    full = frame["criterion"].map(scores.structure["full_marks"]).to_numpy(dtype=float)
    return frame.drop(columns="mark").assign(group=frame["rater"].map(group), points=points, share=points / full)


def _recused_cells(now: Records, scores: Scores) -> set[tuple[str, str]]:
    scheme = scores.scheme
    if scheme is None or not scheme.rule("回避"):  # type: ignore[attr-defined]
        return set()
    pairs = zip(now.raters["rater"].astype(str), now.raters["recused"], strict=True)
    return {(rater, str(unit)) for rater, units in pairs if isinstance(units, tuple) for unit in units}


def _is_straight(marks: pd.Series) -> bool:
    marks = marks.dropna()
    several = marks.index.get_level_values("unit").nunique() >= 2
    return bool(several and marks.max() - marks.min() < 1e-9)


def _count_straight(marks: pd.Series) -> int:
    spread = marks.dropna().groupby("criterion").agg(["min", "max", "size"])
    return int(((spread["max"] - spread["min"] < 1e-9) & (spread["size"] >= 3)).sum())


def _identical(values: np.ndarray, at: int) -> list[int]:
    own = values[:, at]
    if np.isnan(own).all():
        return []
    same = (np.abs(values - own[:, None]) < 1e-9) | (np.isnan(values) & np.isnan(own)[:, None])
    return [other for other in np.flatnonzero(same.all(axis=0)).tolist() if other != at]


def _find_copies(values: np.ndarray, raters: list[str], order: Mapping[str, int]) -> dict[int, tuple[int, float]]:
    """Give each near copy the earlier sheet it is most like, and the share of equal marks."""
    here = ~np.isnan(values)
    size = len(raters)
    shares = np.full((size, size), np.nan)
    for at in range(size):
        both = here & here[:, [at]]
        number = both.sum(axis=0)
        equal = (both & (np.abs(values - values[:, [at]]) < 1e-9)).sum(axis=0)
        enough = number >= COPY_MARKS
        shares[at, enough] = equal[enough] / number[enough]
    np.fill_diagonal(shares, np.nan)
    known = shares[~np.isnan(shares)]
    usual = float(np.median(known)) if len(known) else 1.0
    alike = [
        bool(here[:, at].any() and np.nanmax(values[:, at]) - np.nanmin(values[:, at]) < 1e-9) for at in range(size)
    ]
    copies: dict[int, tuple[int, float]] = {}
    for at in range(size):
        earlier = [o for o in range(size) if order.get(raters[o], -1) < order.get(raters[at], -1) and not alike[o]]
        scored = [(float(shares[at, other]), other) for other in earlier if not np.isnan(shares[at, other])]
        if alike[at] or not scored:
            continue
        share, other = max(scored, key=lambda pair: (pair[0], -pair[1]))
        # With two raters there is no usual pair to compare with.
        excess = (share - usual) / (1 - usual) if usual < 1 and len(known) > 2 else 1.0
        if share >= COPY_SHARE and excess >= COPY_EXCESS:
            copies[at] = (other, share)
    return copies

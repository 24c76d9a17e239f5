"""Audit the raters: severity, consistency, spread, halo, favour for the own unit, and the sheets themselves."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.agreement import icc, kendall_w, krippendorff_alpha, measure_halo
from lsb_nb.analysis.design import check_level, connected_parts
from lsb_nb.analysis.favour import measure_favour, own_units, permute_own_units
from lsb_nb.analysis.panel import code_raters, rater_tables, read_marks, sheet_orders, table_marks
from lsb_nb.analysis.severity import SeverityFit, fit_severity
from lsb_nb.analysis.sheets import audit_sheets
from lsb_nb.bundles import Records, Scores
from lsb_nb.scoring.composite import score

TOTAL = "合计"
"""Stands in the column ``criterion`` of rows about the points of the total."""

_KEYS = ("group", "criterion")
_EFFECT = ("severity", "se", "low", "high")
_OWN = ("own_points", "own_t", "own_p")
_AGREEMENT = ("order", "order_low", "order_high", "level", "single", "W", "W_p", "alpha")
_MEASURES = ("marks", "mean", *_EFFECT, "sure", "inconsistency", "spread", "order", "own_units", *_OWN, "halo")
_GROUPS = (*_KEYS, "raters", "units", *_AGREEMENT, "halo", "own_pairs", *_OWN)


@dataclasses.dataclass(frozen=True)
class RaterAudit:
    """What an audit of the raters found; raters stand by their codes.

    Attributes
    ----------
    raters : pandas.DataFrame
        One row per group, criterion (合计: the total) and rater: ``group, criterion, rater, marks`` (number), ``mean``
        (points), ``severity, se, low, high`` (points given above the group's mean; negative is strict), ``sure`` (True
        where it differs from 0 with all raters of the group compared at once),
        ``inconsistency`` (SD of residuals ÷ pooled SD), ``spread`` (SD of marks ÷ median SD of the group; small is a
        restricted range), ``order`` (rank correlation with the mean of the
        others' marks), ``halo`` (in the row of the total: mean correlation between criteria after removing what the
        group thinks of each unit and criterion), ``own_units`` (number scored), ``own_points`` (points above what the
        others' marks lead to expect), ``own_t`` (mean studentised residual), ``own_p`` (share of equally many other
        units that the rater favours as much).
    sheets : pandas.DataFrame
        One row per rater, see `lsb_nb.analysis.sheets.audit_sheets`.
    groups : pandas.DataFrame
        One row per group and criterion: ``group, criterion, raters, units``, the columns of `measure_agreement`,
        ``halo`` (mean), ``own_pairs, own_points, own_t, own_p`` (permutation test over all raters of the group).
    """

    raters: pd.DataFrame
    sheets: pd.DataFrame
    groups: pd.DataFrame


def audit_raters(
    records: Records,
    quarter: str | None = None,
    *,
    scores: Scores | None = None,
    names: bool = False,
    level: float = 0.95,
    permutations: int = 2_000,
    seed: int = 0,
) -> RaterAudit:
    """Audit every rater of a quarter, per rater group and criterion.

    Parameters
    ----------
    records : Records
        One quarter or several.
    quarter : str, optional
        Code such as ``2021Q4``; the latest when left out.
    scores : Scores, optional
        Scores of the quarter; scored here when left out.
    names : bool
        Add the column ``person`` (姓名, else the identifier) to ``raters`` and ``sheets``. Such frames must not be
        exported.
    level : float
        Level of the intervals.
    permutations : int
        Draws of the permutation test of favour for the own unit.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    RaterAudit
        Frames ``raters``, ``sheets`` and ``groups``. Where a group's marks fall into unlinked parts, or fewer than two
        units or raters have marks, the columns that need a fit are NaN.

    Notes
    -----
    The own units of a rater are those whose 包联领导 is the rater (by identifier or 姓名), and its 回避单位; recused
    marks do not count, so with recusal there is nothing to test. The test relabels units at random, the same way for
    all raters. Halo cannot be told from criteria that truly go together.
    """
    check_level(level)
    quarter = quarter or (scores.quarter if scores is not None else records.quarters[-1])
    scores = score(records, quarter, on_error="keep") if scores is None else scores
    codes = code_raters(records)
    owned = own_units(records, quarter)
    marks = read_marks(records, scores)
    halo = _halo_of_raters(records, scores, marks, codes)
    judged = set(marks["criterion"])
    criteria = [str(name) for name in scores.structure.index if name in judged]
    rows: list[dict[Any, Any]] = []
    groups: list[dict[Any, Any]] = []
    for criterion in [TOTAL, *criteria]:
        chosen = None if criterion == TOTAL else criterion
        for group, table in rater_tables(records, scores, criterion=chosen, marks=marks).items():
            key_columns = {"group": group, "criterion": criterion}
            fit = _try_fit(table, level)
            found = _audit_table(table, fit, owned)
            for rater in table.columns:
                rows.append(key_columns | {"rater": rater} | found[rater] | {"halo": math.nan})
                if criterion == TOTAL:
                    rows[-1]["halo"] = halo.get(rater, math.nan)
            own = permute_own_units(fit, owned, permutations=permutations, seed=seed)
            line = key_columns | {"raters": table.shape[1], "units": int(table.notna().any(axis=1).sum())}
            shared = [halo[rater] for rater in table.columns if not math.isnan(halo.get(rater, math.nan))]
            mean_halo = float(np.mean(shared)) if shared and criterion == TOTAL else math.nan
            groups.append(line | measure_agreement(table).to_dict() | {"halo": mean_halo} | own)
    sheets = audit_sheets(records, scores, marks, codes)
    raters = pd.DataFrame(rows, columns=None if rows else [*_KEYS, "rater", *_MEASURES])
    if names:
        person = _persons(records, quarter, codes)
        raters, sheets = (frame.assign(person=frame["rater"].map(person)) for frame in (raters, sheets))
    return RaterAudit(
        raters=raters, sheets=sheets, groups=pd.DataFrame(groups, columns=None if groups else list(_GROUPS))
    )


def _persons(records: Records, quarter: str, codes: Mapping[str, str]) -> dict[str, str]:
    now = records.at(quarter).raters
    pairs = zip(now["rater"].astype(str), now["person"], strict=True)
    return {codes[rater]: rater if pd.isna(person) or not person else str(person) for rater, person in pairs}


def _try_fit(table: pd.DataFrame, level: float) -> SeverityFit | None:
    kept = table.dropna(axis=0, how="all")
    if min(kept.shape) < 2 or max(parts.max() for parts in connected_parts(kept)) > 0:
        return None
    return fit_severity(kept, level=level)


def _audit_table(
    table: pd.DataFrame, fit: SeverityFit | None, owned: Mapping[str, tuple[str, ...]]
) -> dict[str, dict[str, Any]]:
    spread = table.std(ddof=1)
    median = spread.median()
    noise = None if fit is None else fit.residuals.std(ddof=1)
    # Rounding alone must not make a perfect fit look inconsistent.
    pooled = 0.0 if noise is None else math.sqrt(float((noise**2).mean()))
    usual = pooled if pooled > 1e-9 else math.nan
    effects: dict[Any, Any] = {} if fit is None else fit.raters.to_dict("index")
    found = {}
    for rater in table.columns:
        effect = effects.get(rater, {})
        found[rater] = {
            "marks": int(table[rater].notna().sum()),
            "mean": float(table[rater].mean()),
            **{name: float(effect.get(name, math.nan)) for name in _EFFECT},
            "sure": bool(effect.get("sure", False)),
            "inconsistency": math.nan if noise is None else float(noise[rater]) / usual,
            "spread": float(spread[rater] / median) if median > 0 else math.nan,
            "order": _order(table, rater),
            **measure_favour(rater, fit, owned.get(rater, ())),
        }
    return found


def _order(table: pd.DataFrame, rater: str) -> float:
    others = table.drop(columns=rater)
    # Severities are taken out first, so that who else scored a unit does not matter.
    pair = pd.DataFrame({"own": table[rater], "others": (others - others.mean()).mean(axis=1)}).dropna()
    if len(pair) < 3 or pair["own"].max() == pair["own"].min() or pair["others"].max() == pair["others"].min():
        return math.nan
    return float(pair["own"].corr(pair["others"], method="spearman"))


def _halo_of_raters(
    records: Records, scores: Scores, marks: pd.DataFrame, codes: Mapping[str, str]
) -> dict[str, float]:
    units, groups = sheet_orders(records, scores)
    halo: dict[str, float] = {}
    for group, raters in groups.items():
        part = marks[marks["group"] == group]
        criteria = list(dict.fromkeys(part["criterion"]))
        judging = set(part["rater"])
        present = [rater for rater in raters if rater in judging]
        if len(criteria) < 2 or len(present) < 2:
            continue
        cube = np.stack(
            [table_marks(part[part["criterion"] == name], "share", units, present).to_numpy() for name in criteria],
            axis=2,
        )
        marked = ~np.isnan(cube)
        number = marked.sum(axis=1, keepdims=True)
        mean = np.where(marked, cube, 0.0).sum(axis=1, keepdims=True) / np.maximum(number, 1)
        rest = cube - mean
        for at, rater in enumerate(present):
            halo[codes[rater]] = float(measure_halo(rest[:, at, :])["mean_r"])
    return halo


def measure_agreement(table: pd.DataFrame) -> pd.Series:
    """Sum up how far the raters of one group agree.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.

    Returns
    -------
    pandas.Series
        ``order, order_low, order_high`` (ICC3k with interval), ``level`` (ICC2k), ``single`` (ICC3), ``W, W_p``,
        ``alpha`` (Krippendorff, interval). NaN where the design is too small or not connected.
    """
    names = list(_AGREEMENT)
    kept = table.dropna(axis=0, how="all").dropna(axis=1, how="all")
    if min(kept.shape, default=0) < 2 or max(parts.max() for parts in connected_parts(kept)) > 0:
        return pd.Series(math.nan, index=names)
    forms, w = icc(kept), kendall_w(kept)
    order = forms.loc["ICC3k"]
    values = [order["value"], order["low"], order["high"], forms.loc["ICC2k", "value"], forms.loc["ICC3", "value"]]
    return pd.Series([*values, w["W"], w["p"], krippendorff_alpha(kept)], index=names, dtype=float)

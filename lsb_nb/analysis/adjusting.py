"""The ranking had every rater scored every unit, beside the published one."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.design import require_connected
from lsb_nb.analysis.panel import read_marks, sheet_orders, table_marks
from lsb_nb.analysis.severity import compare_rankings, fit_severity
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.schema import MICRO
from lsb_nb.scoring.composite import score


def adjusted_ranking(records: Records, scores: Scores, *, on_error: str = "raise") -> pd.DataFrame:
    """Put the ranking after adjusting for severity beside the published one.

    Parameters
    ----------
    records : Records
        One quarter or several.
    scores : Scores
        Published scores of the quarter.
    on_error : {'raise', 'keep'}
        What to do where raters and units are not linked: raise, or give no rows.

    Returns
    -------
    pandas.DataFrame
        Indexed by unit, ranked units in published order: ``raw`` and ``adjusted`` (published scores), ``raw_rank,
        adjusted_rank, move`` (places won by adjusting), ``bias`` (raw − adjusted, points). No rows without
        marks of single raters.

    Raises
    ------
    ValueError
        If on some criterion the raters and units of a group fall into unlinked parts (the message names them), or for
        another `on_error`.

    Notes
    -----
    Per rater group and criterion the severities of `fit_severity` are taken from the marks; then the quarter is scored
    again by all its rules, so that extremes are trimmed after adjusting, never before. Recused and void marks stay out.
    """
    if on_error not in ("raise", "keep"):
        raise ValueError(f"`on_error` must be one of 'raise', 'keep'; not {on_error!r}.")
    marks = read_marks(records, scores)
    if marks.empty:
        return compare_rankings(pd.DataFrame(columns=["raw", "adjusted"], dtype=float))
    units, _groups = sheet_orders(records, scores)
    shifts: dict[tuple[str, str], float] = {}
    for (group, criterion), part in marks.groupby(["group", "criterion"], sort=False):
        raters = list(dict.fromkeys(part["rater"]))
        table = table_marks(part, "points", units, raters).dropna(axis=0, how="all")
        if min(table.shape) < 2:
            continue
        try:
            require_connected(table)
        except ValueError as error:
            if on_error == "keep":
                return compare_rankings(pd.DataFrame(columns=["raw", "adjusted"], dtype=float))
            raise ValueError(
                _("评委组“{group}”、指标“{criterion}”：{why}").format(group=group, criterion=criterion, why=error)
            ) from None
        severity = fit_severity(table).raters["severity"]
        shifts |= {(rater, str(criterion)): float(severity[rater]) for rater in raters}
    now = records.at(scores.quarter)
    ratings = now.ratings.astype({"rater": str, "unit": str, "criterion": str})
    kept = pd.MultiIndex.from_frame(marks[["rater", "unit", "criterion"]])
    counts = pd.MultiIndex.from_frame(ratings[["rater", "unit", "criterion"]]).isin(kept)
    ratings = ratings[counts | (ratings["state"] != "mark").to_numpy()]
    keys = zip(ratings["rater"], ratings["criterion"], strict=True)
    shift = np.array([round(shifts.get(pair, 0.0) * MICRO) for pair in keys], dtype=np.int64)
    adjusted = ratings.assign(mark=ratings["mark"] - pd.array(shift, dtype="Int64"))
    quarters = dict(records.frames)
    others = records.ratings[records.ratings["quarter"] != scores.quarter]
    quarters["ratings"] = pd.concat([others.astype(ratings.dtypes.to_dict()), adjusted], ignore_index=True)
    scheme: Any = scores.scheme
    again = score(dataclasses.replace(records, frames=quarters), scores.quarter, scheme=scheme, on_error="keep")
    ranked = scores.ranked
    points = pd.DataFrame({"raw": scores.units.loc[ranked, "score"], "adjusted": again.units.loc[ranked, "score"]})
    return compare_rankings(points.astype(float))

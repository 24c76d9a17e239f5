"""Rank again with one rater left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lsb_nb.analysis.design import place, split_groups
from lsb_nb.analysis.separation import estimate_points


def leave_one_rater(
    table: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    groups: Mapping[Any, Any] | None = None,
    group_weights: Mapping[str, Any] | None = None,
    trim_from: int | None = None,
    fixed: pd.Series | None = None,
) -> pd.DataFrame:
    """Rank again without each rater in turn.

    Parameters
    ----------
    table, groups, group_weights, trim_from, fixed
        As in `separate_units`.

    Returns
    -------
    pandas.DataFrame
        One row per rater, none for a rater alone: ``group, rater``, ``first`` (units in first place without the rater,
        a tuple), ``changed``
        (True if first place changes), ``moved`` (number of units whose place changes).
    """
    tables = split_groups(table, groups)

    def rank(now: dict[str, pd.DataFrame]) -> pd.Series:
        points = estimate_points(now, group_weights=group_weights, trim_from=trim_from)
        points = points if fixed is None else points.reindex(fixed.index) + fixed
        return pd.Series(place(points.round(6).to_numpy()), index=points.index)

    before = rank(tables)
    winners = set(before.index[before == 1])
    rows = []
    for group, part in tables.items():
        for rater in part.columns if sum(table.shape[1] for table in tables.values()) > 1 else ():
            after = rank({**tables, group: part.drop(columns=rater)})
            first = tuple(after.index[after == 1])
            rows.append(
                {"group": group, "rater": rater, "first": first, "changed": set(first) != winners}
                | {"moved": int((after != before).sum())}
            )
    return pd.DataFrame(rows, columns=["group", "rater", "first", "changed", "moved"])

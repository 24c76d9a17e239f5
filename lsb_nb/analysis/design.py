"""Tables of marks, units × raters: what a table must be, and whether its design hangs together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lsb_nb.i18n import _

Floats = NDArray[np.float64]


def check_level(level: float) -> float:
    """Give back a level of confidence.

    Raises
    ------
    ValueError
        If it does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"`level` must lie between 0 and 1, such as 0.95; not {level!r}.")
    return level


def match_errors(estimates: pd.Series, standard_errors: Any) -> Floats:
    """Give standard errors in the order of the estimates.

    Series that share a label are matched by label (NaN for an estimate that has none), all else by place.

    Raises
    ------
    ValueError
        If their numbers differ.
    """
    if isinstance(standard_errors, pd.Series) and len(estimates.index.intersection(standard_errors.index)):
        if not standard_errors.index.is_unique:
            raise ValueError("`standard_errors` must name every unit once.")
        standard_errors = standard_errors.reindex(estimates.index)
    errors = np.asarray(standard_errors, dtype=float)
    if errors.shape != (len(estimates),):
        raise ValueError(f"`standard_errors` must have one number for each of {len(estimates)} estimates.")
    return errors


def check_table(table: Any) -> pd.DataFrame:
    """Read a table of marks as floats.

    Parameters
    ----------
    table : pandas.DataFrame or array_like, shape (units, raters)
        One rater's points for one unit in each cell; NaN where the rater did not score the unit.

    Returns
    -------
    pandas.DataFrame
        The same table as floats; raters without any mark are left out.

    Raises
    ------
    ValueError
        If fewer than two units or raters have a mark, a name stands twice, or a mark is infinite.
    """
    frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(np.asarray(table, dtype=float))
    frame = frame.astype(float)
    if not frame.index.is_unique or not frame.columns.is_unique:
        raise ValueError(_("评分表中单位或评委的名称有重复"))
    if np.isinf(frame.to_numpy()).any():
        raise ValueError(_("评分表中有无穷大，应为数或空缺"))
    frame = frame.loc[frame.notna().any(axis=1), frame.notna().any(axis=0)]
    if min(frame.shape) < 2:
        raise ValueError(
            _("至少要有两个单位、两名评委的评分，现有 {n} 个单位、{k} 名评委").format(
                n=frame.shape[0], k=frame.shape[1]
            )
        )
    return frame


def connected_parts(table: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Give a number to the parts of the rater–unit graph; marks of different parts cannot be compared.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters)
        NaN where the rater did not score the unit.

    Returns
    -------
    units, raters : pandas.Series
        The part of each unit and of each rater, from 0 in order of first appearance.

    Notes
    -----
    Connected components of the bipartite graph (`scipy.sparse.csgraph`).
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    present = table.notna().to_numpy()
    n, k = present.shape
    rows, columns = np.nonzero(present)
    graph = csr_array((np.ones(len(rows)), (rows, columns + n)), shape=(n + k, n + k))
    labels = pd.factorize(connected_components(graph, directed=False)[1])[0]
    return pd.Series(labels[:n], index=table.index, name="part"), pd.Series(
        labels[n:], index=table.columns, name="part"
    )


def require_connected(table: pd.DataFrame) -> None:
    """Refuse a table whose raters and units fall into parts without a link, naming the parts.

    Raises
    ------
    ValueError
        With the units and raters of each part.
    """
    units, raters = connected_parts(table)
    if units.max() == 0 and raters.max() == 0:
        return
    parts = []
    for part in range(int(max(units.max(), raters.max())) + 1):
        named = [list(map(str, side.index[side == part])) for side in (units, raters)]
        parts.append(
            _("单位 {units}；评委 {raters}").format(units="、".join(named[0]) or "—", raters="、".join(named[1]) or "—")
        )
    raise ValueError(
        _("评委与单位分成互不相连的 {n} 部分，部分之间无法比较：").format(n=len(parts))
        + "".join(_("（{i}）{part}").format(i=i + 1, part=part) for i, part in enumerate(parts))
    )


def split_groups(
    table: pd.DataFrame | Mapping[str, pd.DataFrame], groups: Mapping[Any, Any] | None = None
) -> dict[str, pd.DataFrame]:
    """Split a table of marks into one table per rater group, all with the same units.

    Parameters
    ----------
    table : pandas.DataFrame, shape (units, raters), or mapping of group to such a table
        A mapping is taken as it is.
    groups : mapping of rater to group, optional
        Not given: all raters are one group.

    Returns
    -------
    dict of str to pandas.DataFrame
        In order of first appearance; units in the order of the first table.

    Raises
    ------
    ValueError
        If `groups` leaves a rater out.
    """
    if isinstance(table, Mapping):
        units = pd.Index(dict.fromkeys(unit for part in table.values() for unit in part.index))
        return {str(name): part.astype(float).reindex(units) for name, part in table.items()}
    frame = check_table(table)
    if groups is None:
        return {"": frame}
    lookup = dict(groups.items())
    if unknown := [str(rater) for rater in frame.columns if rater not in lookup]:
        raise ValueError(_("`groups` 没有说明这些评委属于哪一组：{raters}").format(raters="、".join(unknown)))
    members: dict[str, list[Any]] = {}
    for rater in frame.columns:
        members.setdefault(str(lookup[rater]), []).append(rater)
    return {name: frame[raters] for name, raters in members.items()}


def share_of_groups(names: list[str], group_weights: Mapping[str, Any] | None) -> Floats:
    """Give the weights of rater groups, summing to 1; not given: equal weights.

    Raises
    ------
    ValueError
        If there is no group, a group has no weight, or no weight is positive.
    """
    if not names:
        raise ValueError(_("没有评委打分"))
    if group_weights is None:
        return np.full(len(names), 1 / len(names))
    if missing := [name for name in names if name not in group_weights]:
        raise ValueError(_("`group_weights` 缺少评委组：{names}").format(names="、".join(missing)))
    weights = np.array([float(group_weights[name]) for name in names])
    if (weights < 0).any() or weights.sum() <= 0:
        raise ValueError(_("评委组权重不能为负，也不能全为 0"))
    shares: Floats = weights / weights.sum()
    return shares


def place(values: Floats) -> NDArray[np.int64]:
    """Rank along the last axis, highest first; values equal to 9 decimals share a place and the next is skipped.

    Parameters
    ----------
    values : numpy.ndarray, shape (..., units)
        NaN ranks last.
    """
    n = values.shape[-1]
    order, places = order_places(values.reshape(math.prod(values.shape[:-1]), n))
    ranks = np.empty(order.size, dtype=np.int64)
    ranks[(order + n * np.arange(len(order))[:, None]).ravel()] = places.ravel()
    return ranks.reshape(values.shape)


def order_places(values: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give each row's columns in order, highest first, and their places; ties and NaN as in `place`.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows, units)

    Returns
    -------
    order, places : numpy.ndarray, shape (rows, units)
    """
    falling = -np.round(np.nan_to_num(values, nan=-np.inf), 9)
    order = np.argsort(falling, axis=-1)
    ordered = np.sort(falling, axis=-1)
    places = np.broadcast_to(np.arange(1, values.shape[-1] + 1), values.shape)
    tied = ordered[:, 1:] == ordered[:, :-1]
    if tied.any():
        places = places.copy()
        places[:, 1:][tied] = 0
        places = np.maximum.accumulate(places, axis=-1)
    return order, places

"""From records to tables of marks: per rater group, in points of the total, with codes in place of names."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.design import share_of_groups
from lsb_nb.analysis.separation import estimate_points
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.schema import METHODS, MICRO

_CODE = re.compile(r"(?=.*\d)[0-9A-Za-z._-]{1,8}")


def code_raters(records: Records) -> dict[str, str]:
    """Give every rater the code that may leave this machine.

    Parameters
    ----------
    records : Records
        One quarter or several.

    Returns
    -------
    dict of str to str
        Rater -> code. An identifier that is itself a code (a few letters and digits, such as B07) is kept; others,
        which may be names, become 评委 and a running number in the order of the rater sheet.
    """
    raters = list(dict.fromkeys(map(str, records.raters["rater"])))
    kept = {rater for rater in raters if _CODE.fullmatch(rater)}
    codes, number = {}, 0
    for rater in raters:
        if rater in kept:
            codes[rater] = rater
            continue
        number += 1
        codes[rater] = _("评委{n:02d}").format(n=number)
    return codes


def read_marks(records: Records, scores: Scores) -> pd.DataFrame:
    """List the marks that count, before trimming.

    Parameters
    ----------
    records : Records
        One quarter or several.
    scores : Scores
        Scores of the quarter; says which marks were recused or void.

    Returns
    -------
    pandas.DataFrame
        ``rater, unit, criterion, group, points`` and ``share`` (of full marks, in [0, 1]), in the order of the sheets.
    """
    now = records.at(scores.quarter)
    frame = now.ratings.loc[now.ratings["state"] == "mark", ["rater", "unit", "criterion", "mark"]]
    frame = frame.astype({"rater": str, "unit": str, "criterion": str})
    left_out = scores.dropped.loc[scores.dropped["why"] != "trimmed", ["rater", "unit", "criterion"]].astype(str)
    if len(left_out):
        gone = pd.MultiIndex.from_frame(left_out)
        frame = frame[~pd.MultiIndex.from_frame(frame[["rater", "unit", "criterion"]]).isin(gone)]
    group = dict(zip(now.raters["rater"].astype(str), now.raters["group"].astype(str), strict=True))
    full = scores.structure["full_marks"]
    judged = full.index[scores.structure["method"] == METHODS[0]]
    frame = frame[frame["criterion"].isin(judged)]
    points = frame["mark"].to_numpy(dtype=float) / MICRO
    return (
        frame.drop(columns="mark")
        .assign(
            group=frame["rater"].map(group),
            points=points,
            share=points / frame["criterion"].map(full).to_numpy(dtype=float),
        )
        .reset_index(drop=True)
    )


def sheet_orders(records: Records, scores: Scores) -> tuple[list[str], dict[str, list[str]]]:
    """Units in the order of their sheet, and the raters of each group in the order of theirs."""
    now = records.at(scores.quarter)
    groups: dict[str, list[str]] = {}
    for rater, group in zip(now.raters["rater"].astype(str), now.raters["group"].astype(str), strict=True):
        groups.setdefault(group, []).append(rater)
    return list(map(str, now.units["unit"])), groups


def table_marks(marks: pd.DataFrame, value: str, units: list[str], raters: list[str]) -> pd.DataFrame:
    """Lay marks out as units × raters; NaN where there is none."""
    table = marks.set_index(["unit", "rater"])[value].unstack()  # noqa: PD010 - one mark a cell, nothing to aggregate
    return table.reindex(index=units, columns=raters).astype(float)


def rater_tables(
    records: Records,
    scores: Scores,
    *,
    criterion: str | None = None,
    names: bool = False,
    marks: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Give one table of marks per rater group.

    Parameters
    ----------
    records : Records
        One quarter or several.
    scores : Scores
        Scores of the quarter.
    criterion : str, optional
        Points of this criterion. Not given: points of the total over all criteria that raters judge.
    names : bool
        Keep the raters' identifiers even where they may be names. Default: codes (`code_raters`).
    marks : pandas.DataFrame, optional
        What `read_marks` gave, to save reading them again.

    Returns
    -------
    dict of str to pandas.DataFrame
        Group -> units × raters, both in the order of their sheets; NaN where recused, void, absent or missing. Groups
        and raters without a mark are left out. In totals a rater who left out some of the group's criteria for a unit
        counts by the share of full marks over the others.

    Raises
    ------
    ValueError
        If raters do not judge that criterion.
    """
    marks = read_marks(records, scores) if marks is None else marks
    units, groups = sheet_orders(records, scores)
    known = list(dict.fromkeys(marks["criterion"]))
    if criterion is not None and criterion not in known:
        raise ValueError(_("“{name}”不是评委打分的指标，现有：{known}").format(name=criterion, known="、".join(known)))
    codes = code_raters(records)
    factors = _factors(marks, scores) if len(marks) else {}
    tables = {}
    for group, raters in groups.items():
        part = marks[marks["group"] == group]
        judging = set(part["rater"])
        present = [rater for rater in raters if rater in judging]
        if criterion is not None:
            table = table_marks(part[part["criterion"] == criterion], "points", units, present).dropna(
                axis=1, how="all"
            )
        elif present:
            factor = part["criterion"].map(factors[group]).to_numpy(dtype=float)
            part = part.assign(weighed=part["share"] * factor, factor=factor)
            sums = part.groupby(["unit", "rater"], as_index=False, sort=False)[["weighed", "factor"]].sum()
            sums["total"] = sums["weighed"] / sums["factor"].where(sums["factor"] > 0) * factors[group].sum()
            table = table_marks(sums, "total", units, present)
        else:
            continue
        if table.shape[1]:
            table = table if names else table.rename(columns=codes)
            tables[group] = table.rename_axis(index="unit", columns="rater")
    return tables


def _factors(marks: pd.DataFrame, scores: Scores) -> dict[str, pd.Series]:
    """Points of the total that a group's full marks on each of its criteria stand for."""
    used = marks.groupby(["group", "criterion"], sort=False).size().unstack().notna()  # noqa: PD010
    weights = group_shares(scores, list(used.index))
    share = pd.Series(weights).reindex(used.index)
    whole = used.mul(share, axis=0).sum(axis=0)
    full = 100 * scores.structure["weight"].reindex(used.columns)
    # Where only some groups judge a criterion, they carry its whole weight.
    return {group: (full / whole.where(whole > 0, 1.0))[used.loc[group]] for group in used.index}


def _rule(scores: Scores, name: str) -> Any:
    scheme: Any = scores.scheme
    return scheme.rule(name)


def group_shares(scores: Scores, groups: list[str]) -> dict[str, float]:
    """Give the weights of rater groups under the scheme in force, summing to 1 over `groups`."""
    return dict(zip(groups, share_of_groups(groups, _rule(scores, "评委组权重")), strict=True))


def panel_totals(records: Records, scores: Scores, *, names: bool = False) -> dict[str, Any]:
    """Gather what `rank_sets` and `separate_units` need to judge the published ranking.

    Parameters
    ----------
    records, scores, names
        As in `rater_tables`.

    Returns
    -------
    dict
        ``table`` (group -> units × raters), ``group_weights``, ``trim_from``, ``fixed``: what is published beyond the
        raters' mean (other sources, adjustments, rounding), so that estimates are the published scores of the ranked
        units. Use: ``rank_sets(**panel_totals(records, scores))``.

    Raises
    ------
    ValueError
        If no criterion is judged by raters.
    """
    tables = rater_tables(records, scores, names=names)
    if not tables:
        raise ValueError(_("没有评委打分，无法判断名次有多确定"))
    weights = group_shares(scores, list(tables))
    trim = int(_rule(scores, "去极值最少评委数"))
    trim_from = trim if any(table.shape[1] >= trim for table in tables.values()) else None
    published = scores.units.loc[scores.units["rank"].notna(), "score"]
    estimate = estimate_points(tables, group_weights=weights, trim_from=trim_from)
    fixed = (published - estimate.reindex(published.index).fillna(0.0)).astype(float)
    return {"table": tables, "group_weights": weights, "trim_from": trim_from, "fixed": fixed}


def panel_marks(records: Records, scores: Scores) -> dict[str, Any]:
    """Gather what `draw_totals` needs to total the quarter again with other raters and other weights.

    Parameters
    ----------
    records, scores
        As in `rater_tables`.

    Returns
    -------
    dict
        ``marks`` (criterion -> units × raters on the scale 0 to 100; criteria from other sources are the same for every
        rater), ``groups``, ``group_weights``, ``trim_from``, ``levels`` (of whole sheets, None unless 去极值口径 is
        整张), ``weights`` (official), ``pillars``, ``fixed`` (adjustments) of the ranked units. Use:
        ``draw_totals(**panel_marks(records, scores))``.
    """
    marks = read_marks(records, scores)
    codes = code_raters(records)
    _units, groups = sheet_orders(records, scores)
    ranked = scores.ranked
    judging = set(marks["rater"])
    raters = [rater for members in groups.values() for rater in members if rater in judging]
    group_of = {codes[rater]: group for group, members in groups.items() for rater in members if rater in judging}
    tables: dict[str, pd.DataFrame] = {}
    for name in scores.structure.index:
        part = marks[marks["criterion"] == name]
        if len(part):
            table = table_marks(part, "share", list(ranked), raters) * 100
        else:
            values = scores.full.loc[ranked, name].to_numpy(dtype=float)
            table = pd.DataFrame(np.tile(values[:, None], (1, len(raters))), index=ranked, columns=raters)
        tables[str(name)] = table.rename(columns=codes)
    levels = None
    if _rule(scores, "去极值口径") == "整张":
        full = marks["criterion"].map(scores.structure["full_marks"]).astype(float)
        sums = marks.assign(full=full).groupby(["unit", "rater"], as_index=False)[["points", "full"]].sum()
        # Rounded as the rule compares them, so that equal sheets are ties.
        sums["level"] = (sums["points"] / sums["full"]).round(9)
        levels = table_marks(sums, "level", list(ranked), raters).rename(columns=codes)
    return {
        "marks": tables,
        "groups": group_of,
        "group_weights": group_shares(scores, list(dict.fromkeys(group_of.values()))),
        "trim_from": int(_rule(scores, "去极值最少评委数")),
        "levels": levels,
        "weights": scores.structure["weight"],
        "pillars": scores.structure["pillar"].astype(str).to_dict(),
        "fixed": scores.units.loc[ranked, "adjustment"].astype(float),
    }

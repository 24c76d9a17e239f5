"""Raters and the certainty of ranks in plain sentences; every word of degree has its condition."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from lsb_nb.analysis.audit import TOTAL, RaterAudit
from lsb_nb.analysis.components import raters_needed, variance_components
from lsb_nb.analysis.words import join_names, run_on
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, percent, span

ORDER_AGREES, ORDER_DIFFERS = 0.7, 0.3
"""Rank correlation with the others from which an order agrees, and below which it does not."""

ERRATIC, NARROW, HALO, PROVEN = 1.5, 0.5, 0.5, 0.05
"""Inconsistency, spread and halo at which a rater is named; p at which favour counts as proven."""

AGREEMENT = ((0.9, "很高"), (0.75, "较高"), (0.5, "一般"), (-math.inf, "偏低"))
"""Lower ends of reliability and their words: Koo & Li (2016), Journal of Chiropractic Medicine 15."""


def _total(audit: RaterAudit, frame: str = "raters") -> pd.DataFrame:
    table: pd.DataFrame = getattr(audit, frame)
    return table[table["criterion"] == TOTAL] if len(table) else table


def say_severity(audit: RaterAudit, rater: str) -> str:
    """Say how much a rater gives compared with the group, and whether the order agrees.

    Parameters
    ----------
    audit : RaterAudit
        From `audit_raters`.
    rater : str
        The rater's code.
    """
    rows = _total(audit)
    row = rows[rows["rater"] == rater].iloc[0]
    if math.isnan(row["severity"]):
        return _("{rater}的评分不足以与同组比较。").format(rater=rater)
    words = {"rater": rater, "by": fixed(abs(row["severity"]), 1)}
    if not row["sure"]:
        opening = _("{rater}给分与同组平均没有可断定的差别").format(**words)
    elif row["severity"] < 0:
        opening = _("{rater}给分比同组平均低 {by} 分").format(**words)
    else:
        opening = _("{rater}给分比同组平均高 {by} 分").format(**words)
    order = row["order"]
    if math.isnan(order) or ORDER_DIFFERS <= order < ORDER_AGREES:
        return opening + _("。")
    return opening + (_("，名次次序基本一致。") if order >= ORDER_AGREES else _("，名次次序与同组不一致。"))


def say_severities(audit: RaterAudit, group: str | None = None) -> str:
    """Say how many raters give surely more or less than their group, and who differs most.

    Parameters
    ----------
    audit : RaterAudit
        From `audit_raters`.
    group : str, optional
        Only this group. Not given: all raters, each compared with the own group; empty if there are none.
    """
    rows = _total(audit)
    rows = rows[rows["severity"].notna() & (True if group is None else rows["group"] == group)]
    if rows.empty:
        return "" if group is None else _("{group}的评分不足以比较宽严。").format(group=group)
    if group is None:
        groups = list(dict.fromkeys(rows["group"]))
        group = str(groups[0]) if len(groups) == 1 else _("各组共")
    sure = rows["sure"].astype(bool)
    strict, mild = rows[sure & (rows["severity"] < 0)], rows[sure & (rows["severity"] > 0)]
    words: dict[str, Any] = {"group": group, "n": len(rows), "strict": len(strict), "mild": len(mild)}
    if strict.empty and mild.empty:
        return _("{group} {n} 名评委宽严没有可断定的差别。").format(**words)
    sentence = _("{group} {n} 名评委中，{strict} 名偏严、{mild} 名偏宽").format(**words)
    distance = rows["severity"].abs().round(1)
    top = rows[distance == distance.max()]
    if len(top) > 1 or not top["sure"].iloc[0]:
        return sentence + _("。")
    row = top.iloc[0]
    closing = (
        _("；相差最大的是 {rater}，低 {by} 分。") if row["severity"] < 0 else _("；相差最大的是 {rater}，高 {by} 分。")
    )
    return sentence + closing.format(rater=row["rater"], by=fixed(abs(row["severity"]), 1))


def say_odd_raters(audit: RaterAudit) -> list[str]:
    """Name the raters whose marks are erratic, narrow or move together on all criteria; one sentence each."""
    sentences = []
    for row in _total(audit).to_dict("records"):
        words = {"rater": row["rater"]}
        if row["inconsistency"] >= ERRATIC:
            sentences.append(
                _("{rater}给分起伏为同组的 {times} 倍。").format(**words, times=fixed(row["inconsistency"], 1))
            )
        if row["spread"] <= NARROW:
            sentences.append(
                _("{rater}给分拉不开差距，幅度为同组中位的 {share}。").format(**words, share=percent(row["spread"]))
            )
        if row["halo"] >= HALO:
            sentences.append(
                _("{rater}各项给分同高同低（相关 {r}），可能是总体印象，也可能各项确实相关。").format(
                    **words, r=fixed(row["halo"])
                )
            )
    return sentences


def say_sheets(audit: RaterAudit) -> list[str]:
    """Say what is wrong with the sheets as such: missing, all alike, identical, copied; one sentence each."""
    sheets = audit.sheets
    sentences = []
    absent = list(sheets.loc[sheets["absent"], "rater"])
    if absent:
        sentences.append(_("{n} 名评委没有评分：{raters}。").format(n=len(absent), raters=join_names(absent)))
    some = sheets[~sheets["absent"] & (sheets["missing"] > 0)]
    if len(some):
        sentences.append(_("{n} 名评委有缺评，共 {cells} 处。").format(n=len(some), cells=int(some["missing"].sum())))
    straight = list(sheets.loc[sheets["straight"], "rater"])
    if straight:
        sentences.append(_("全部给分占满分的比例相同：{raters}。").format(raters=join_names(straight)))
    seen: set[str] = set()
    for row in sheets[~sheets["straight"] & (sheets["identical_to"] != "")].to_dict("records"):
        if row["rater"] not in seen:
            same = [row["rater"], *row["identical_to"].split("、")]
            seen |= set(same)
            sentences.append(_("评分表完全相同：{raters}。").format(raters=join_names(same)))
    for row in sheets[sheets["copy_of"].notna()].to_dict("records"):
        if row["rater"] not in seen:
            sentences.append(
                _("{rater}与在前的 {other} 有 {share} 的给分相同，宜了解原因。").format(
                    rater=row["rater"], other=row["copy_of"], share=percent(row["copy_share"])
                )
            )
    return sentences


def say_own_units(audit: RaterAudit, group: str) -> str:
    """Say whether the raters of a group favour the units assigned to them; empty where there is nothing to test."""
    rows = _total(audit, "groups")
    rows = rows[rows["group"] == group]
    if rows.empty or not rows["own_pairs"].iloc[0]:
        return ""
    row = rows.iloc[0]
    if row["own_p"] > PROVEN or row["own_points"] <= 0:
        return _("{group}给本人联系的单位打分，没有可证实的偏高。").format(group=group)
    return _("{group}给本人联系的单位平均高 {by} 分，随机分派时出现的机会为 {p}。").format(
        group=group, by=fixed(row["own_points"], 1), p=_share(max(row["own_p"], 1e-4))
    )


def say_agreement(row: Mapping[str, Any] | pd.Series) -> str:
    """Say how far the order of one group can be relied on.

    Parameters
    ----------
    row : mapping
        A row of `RaterAudit.groups`: ``group, raters, order, order_low, order_high``.
    """
    words: dict[str, Any] = {"group": row["group"], "n": int(row["raters"])}
    if math.isnan(row["order"]):
        return _("{group}的评分不足以判断是否一致。").format(**words)
    # A word of degree only where the whole interval bears it out.
    grade = next(word for low, word in AGREEMENT if row["order_low"] >= low)
    words |= {"value": fixed(row["order"]), "low": fixed(max(row["order_low"], 0)), "high": fixed(row["order_high"])}
    sentences = {
        "很高": _("{group} {n} 名评委合起来的次序一致程度很高：信度 {value}（{low} 至 {high}）。"),
        "较高": _("{group} {n} 名评委合起来的次序一致程度较高：信度 {value}（{low} 至 {high}）。"),
        "一般": _("{group} {n} 名评委合起来的次序一致程度一般：信度 {value}（{low} 至 {high}）。"),
        "偏低": _("{group} {n} 名评委合起来的次序一致程度偏低：信度 {value}（{low} 至 {high}）。"),
    }
    return sentences[grade].format(**words)


def say_raters_needed(components: Mapping[str, float] | pd.Series, *, today: int, reliability: float = 0.8) -> str:
    """Say how many raters a reliability of the order takes, against today's number."""
    if math.isnan(components["unit"]) or math.isnan(components["residual"]):
        return _("评分太少，不能推算要多少名评委。")
    needed = raters_needed(components, reliability)
    words: dict[str, Any] = {"aim": fixed(reliability), "n": needed, "today": today}
    if needed is None:
        return _("各单位得分没有可分辨的差别，增加评委也排不出先后。")
    if needed <= today:
        return _("次序信度要达到 {aim}，需 {n} 名评委，现有 {today} 名，已经够用。").format(**words)
    return _("次序信度要达到 {aim}，需 {n} 名评委，现有 {today} 名，还差 {more} 名。").format(
        **words, more=needed - today
    )


def say_panels(tables: Mapping[str, pd.DataFrame], *, reliability: float = 0.8) -> str:
    """Say of every rater group how many raters a reliability of the order takes, against today's number.

    Parameters
    ----------
    tables : mapping of group to pandas.DataFrame
        units × raters, as `rater_tables` gives them. Groups too small or without a link are left out.
    reliability : float
        Wanted coefficient.
    """
    sentences = []
    for group, table in tables.items():
        try:
            components = variance_components(table)
        except ValueError:
            continue
        words = say_raters_needed(components, today=table.shape[1], reliability=reliability)
        sentences.append(_("{group}：{words}").format(group=group, words=words))
    return run_on(sentences)


def say_adjusted(ranking: pd.DataFrame) -> str:
    """Say what would change had every rater scored every unit (`adjusted_ranking`, `adjust_tables`)."""
    if ranking.empty:
        return _("没有可比的名次。")
    moved = ranking[ranking["move"] != 0]
    before, after = (list(ranking.index[ranking[name] == 1]) for name in ("raw_rank", "adjusted_rank"))
    if moved.empty:
        return _("若每名评委都给每个单位打分，名次不变。")
    words: dict[str, Any] = {"n": len(moved), "most": int(moved["move"].abs().max())}
    if set(before) == set(after):
        return _("若每名评委都给每个单位打分，第一名不变，{n} 个单位名次有变化，最大变动 {most} 位。").format(**words)
    return _(
        "若每名评委都给每个单位打分，第一名由{before}变为{after}，{n} 个单位名次有变化，最大变动 {most} 位。"
    ).format(**words, before=join_names(before, limit=3), after=join_names(after, limit=3))


def _share(value: float) -> str:
    """Print a share; what is not quite all or nothing is not printed as such."""
    if 0 < value < 0.005:
        return _("不到 1%")
    return _("99% 以上") if 0.995 <= value < 1 else percent(value)


def say_acceptability(shares: pd.DataFrame, unit: Any, *, raters: bool = False) -> str:
    """Say how often a unit is first under other weights (`rank_acceptability`), and its usual places.

    Parameters
    ----------
    shares : pandas.DataFrame
        units × places.
    unit : str
        One of them.
    raters : bool
        Whether raters were drawn again as well.
    """
    row = shares.loc[unit]
    usual = row[row >= 0.05]
    opening = _("换一批同类评委、权重略有变动时") if raters else _("权重在公布值附近变动时")
    middle = _("，{unit}有 {share} 的情形列第一").format(unit=unit, share=_share(row.iloc[0]))
    if usual.empty or usual.index.max() == 1:
        return opening + middle + _("。")
    places = span(usual.index.min(), usual.index.max())
    return opening + middle + _("，常在第 {places} 名。").format(places=places)


def say_prob_above(chances: pd.DataFrame, unit: Any, other: Any) -> str:
    """Say how often one unit is above another when raters are drawn again (`prob_above`)."""
    return _("换一批同类评委，{unit}有 {share} 的情形排在{other}之前。").format(
        unit=unit, other=other, share=_share(chances.loc[unit, other])
    )


def say_missing_range(ranges: pd.DataFrame, unit: Any) -> str:
    """Say the places a unit would have with its missing scores in full and at nothing (`missing_rank_range`)."""
    row = ranges.loc[unit]
    return _("{unit}缺“{criteria}”：按满分、零分计，名次分别为第 {best}、第 {worst} 名。").format(
        unit=unit, criteria=row["missing"], best=int(row["best"]), worst=int(row["worst"])
    )


def say_missing_ranges(ranges: pd.DataFrame) -> str:
    """Run on `say_missing_range` of every unit; one sentence if no unit lacks a score."""
    found = run_on([say_missing_range(ranges, unit) for unit in ranges.index])
    return found or _("各单位没有缺分的指标。")


def say_leave_one_rater(frame: pd.DataFrame) -> str:
    """Say in how many cases first place changes when one rater is left out (`leave_one_rater`)."""
    if frame.empty:
        return ""
    words: dict[str, Any] = {"n": len(frame), "cases": int(frame["changed"].sum())}
    if not words["cases"]:
        return _("{n} 名评委中任缺一位，第一名都不变。").format(**words)
    return _("{n} 名评委中任缺一位，有 {cases} 种情形第一名改变。").format(**words)


def say_audit(audit: RaterAudit) -> str:
    """Run on what the audit found about single raters and sheets; one sentence if nothing."""
    if audit.sheets.empty or audit.sheets["absent"].all():
        return _("本季没有逐名评委的评分，不分析评委。")
    found = [*say_odd_raters(audit), *say_sheets(audit)]
    return run_on(found) if found else _("各评委的评分表没有发现异常。")

"""How certain the ranks are, in plain sentences."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.ranks import find_blocks
from lsb_nb.analysis.separation import Separation
from lsb_nb.analysis.words import join_names, run_on
from lsb_nb.bundles import Scores
from lsb_nb.i18n import _
from lsb_nb.numbers import difference, fixed, span
from lsb_nb.schema import METHODS


def say_first(found: Separation) -> str:
    """Say whether first place is certain, with the lead and the limit, or who shares the doubt.

    Parameters
    ----------
    found : Separation
        From `separate_units`.

    Returns
    -------
    str
        Empty where nothing was judged; `say_rank_certainty` then says why.
    """
    if found.reason:
        return ""
    estimates = found.estimates.round(9).sort_values(ascending=False, kind="stable")
    if len(estimates) < 2:
        return _("参与排名的单位不足两个，不判断名次。")
    names: list[Any] = list(estimates.index)
    first, second, others = names[0], names[1], names[1:]
    limits = found.limits.loc[first, others].to_numpy()
    above = dict(zip(others, found.above.loc[first, others].to_numpy().tolist(), strict=True))
    if all(above.values()):
        return _("第一名可以断定：领先第二名 {lead} 分，超出 {limit} 分的判别界限。").format(
            lead=fixed(difference(estimates[first], estimates[second])), limit=fixed(limits[0])
        )
    tied = [unit for unit in others if not above[unit]]
    lead = difference(estimates[first], estimates[second])
    if lead == 0:
        same = [unit for unit in estimates.index if difference(estimates[first], estimates[unit]) == 0]
        return _("{names}得分相同，并列第一。").format(names=join_names(same, limit=3))
    words: dict[str, Any] = {"n": len(tied), "second": second, "lead": fixed(lead)}
    opening = (
        _("第一名不能断定：{n} 个单位与第一名分不出先后").format(**words) if len(tied) > 1 else _("第一名不能断定")
    )
    limit = float(limits[0])
    if second not in tied:
        return opening + _("。")
    # “Only” where no pair so close could be told apart.
    if lead < found.limit:
        return opening + _("，{second}仅差 {lead} 分。").format(**words)
    if not math.isfinite(limit):
        return opening + _("，{second}相差 {lead} 分。").format(**words)
    return opening + _("，{second}相差 {lead} 分，没有超出 {limit} 分的判别界限。").format(**words, limit=fixed(limit))


def say_blocks(found: Separation) -> str:
    """Say which run of places is the longest that cannot be told apart; empty where every place is certain."""
    if found.reason:
        return ""
    blocks = find_blocks(found)
    if blocks.empty:
        return ""
    longest = blocks.iloc[int(blocks["size"].to_numpy().argmax())]
    # Nothing surely above anything, anywhere.
    if longest["size"] == len(found.estimates):
        return _("{n} 个单位都分不出先后。").format(n=int(longest["size"]))
    if longest["first"] == longest["last"]:
        return ""
    return _("第 {places} 名分不出先后。").format(places=span(int(longest["first"]), int(longest["last"])))


def say_rank_certainty(found: Separation) -> str:
    """Say how certain the ranking is: first place, the longest run without order, and what is approximate.

    Where nothing was judged it says why.
    """
    if found.reason:
        return found.reason
    opening = say_first(found)
    blocks = say_blocks(found)
    if not blocks and len(found.estimates) > 1:
        blocks = _("各名次先后都可以断定。")
    return run_on([opening, blocks, say_approximate(found)])


def say_limit(found: Separation, kind: str = "") -> str:
    """Say the difference below which no order can be claimed.

    Parameters
    ----------
    found : Separation
        From `separate_units`.
    kind : str
        村 or 社区; another word gives 单位.

    Returns
    -------
    str
        Empty where nothing was judged, raters do not differ at all, or no two units share a rater.
    """
    if found.reason or found.limit < 0.005:
        return ""
    limits = found.limits.to_numpy()[np.triu_indices(len(found.limits), 1)]
    limits = limits[np.isfinite(limits)]
    if math.isfinite(found.limit) and not limits.size:
        # No pair shares a rater; `say_approximate` says so.
        return ""
    spread = float(found.estimates.max() - found.estimates.min())
    if not limits.size or found.limit < spread < limits.min():
        return _("评委太少，任何相差都不能断定谁高谁低。")
    pair = {"村": _("两村"), "社区": _("两个社区")}.get(kind, _("两个单位"))
    least, widest = float(limits.min()), float(limits.max())
    words = _("{pair}相差不到 {limit} 分时，不能断定谁高谁低。").format(pair=pair, limit=fixed(least))
    if fixed(widest) == fixed(least):
        return words
    return run_on([words, _("评委看法分歧较大的，界限更宽，最宽 {limit} 分。").format(limit=fixed(widest))])


def say_approximate(found: Separation) -> str:
    """Say why ranges are approximate, and what is not compared; empty where neither is so."""
    if found.trimmed and found.incomplete:
        why = _("已去掉一个最高分和一个最低分，且有评分缺失，范围为近似值。")
    elif found.trimmed:
        why = _("已去掉一个最高分和一个最低分，范围为近似值。")
    else:
        why = _("有评分缺失，范围为近似值。") if found.incomplete else ""
    apart = _("有的单位没有共同的评委，相互之间不判断先后。") if found.unlinked else ""
    return run_on([why, apart])


def say_unjudged(scores: Scores) -> str:
    """Name the criteria with weight whose scores no single rater gave, and which count as certain; usually none."""
    structure = scores.structure
    names = list(structure.index[(structure["method"] != METHODS[0]) & (structure["weight"] > 0)])
    if not names or len(names) == int((structure["weight"] > 0).sum()):
        return ""
    return _("{names}没有逐名评委的评分，不计误差。").format(names=join_names([f"“{name}”" for name in names], limit=3))


def say_tiers(sets: pd.DataFrame) -> str:
    """Say how many tiers there are and what they are for (`rank_sets`)."""
    if sets.empty:
        return ""
    number = int(sets["tier"].max())
    if number < 2:
        return _("各单位同在一档，不宜按名次表扬、约谈。")
    first = int((sets["tier"] == 1).sum())
    words: dict[str, Any] = {"n": number, "first": first}
    return _("分为 {n} 档，第一档 {first} 个单位；表扬、约谈宜按档次，不宜按一两位名次。").format(**words)


def say_rank_set(sets: pd.DataFrame, unit: Any) -> str:
    """Say the published place of one unit and the places it may hold."""
    row = sets.loc[unit]
    words: dict[str, Any] = {"unit": unit, "rank": int(row["rank"])}
    if row["low"] == row["high"]:
        return _("{unit}列第 {rank} 名，可以断定。").format(**words)
    return _("{unit}列第 {rank} 名，计入评委误差在第 {places} 名之间。").format(
        **words, places=span(int(row["low"]), int(row["high"]))
    )


def say_how(figure: str) -> str:
    """Say how to read a figure, to stand below it.

    Parameters
    ----------
    figure : {'rank_sets', 'acceptability', 'severity', 'agreement', 'adjusted', 'panel_curve'}
        The figure, named as its ``plot_`` function; or a table: 'raters', 'sheets', and 'orders' for agreement.

    Raises
    ------
    ValueError
        For another figure.
    """
    how = {
        "rank_sets": _("点是公布名次，横条是计入评委误差后可能的名次；隔档着色，档界两侧的相邻单位也可能分不出先后。"),
        "acceptability": _("每行一个单位，数字是换评委、换权重后列在该名次的百分比，不到 10% 的只着色。"),
        "severity": _("点在 0 右边偏宽，左边偏严；横线是 95% 区间；空心点在全组一起比较时没有可断定的差别。"),
        "agreement": _("点是这一组评委合起来的次序信度，1 为完全可靠；横线是 95% 区间。"),
        "raters": _(
            "宽严为正偏宽、为负偏严；起伏是偏离同组的程度，一般为 1 倍；幅度是给分拉开的程度，同组中位为 100%；"
            "次序相关越近 1，排序越与同组一致；各项相关高，可能是总体印象，也可能各项确实相关。"
        ),
        "sheets": _("只列需要核实的评分表；相同也可能是一起商量过，先问清楚再下结论。"),
        "orders": _(
            "次序信度看整组排的先后，高低信度看整组给的分数，都以 1 为完全可靠；单个评委一栏只有一人时的信度。"
        ),
        "adjusted": _("右边是每名评委都给每个单位打分时的名次；只供研判，不改变公布结果。"),
        "panel_curve": _("横向找评委人数，纵向看合起来的次序有多可靠；大点是现有人数，曲线变平，再增加评委作用不大。"),
    }
    if figure not in how:
        raise ValueError(f"`figure` must be one of {', '.join(map(repr, how))}; not {figure!r}.")
    return _("怎么看：{words}").format(words=how[figure])

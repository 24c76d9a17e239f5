"""Frames into plain sentences: official register, a number in each, no word that its condition does not bear out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from lsb_nb.analysis.privacy import name_hider
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _, language
from lsb_nb.numbers import difference, fixed, percent, quarter_words, span
from lsb_nb.schema import SHEETS
from lsb_nb.scheme import Scheme
from lsb_nb.text import capital

NAMED = 4
"""More names than this in one sentence are cut to the first ones and a count."""


def join_names(names: Sequence[Any], *, limit: int | None = None) -> str:
    """Join names as the language does; beyond `limit` the rest is counted."""
    shown = [str(name) for name in names[: limit or len(names)]]
    joined = _("、").join(shown)
    return joined if len(shown) == len(names) else _("{names}等 {n} 个").format(names=joined, n=len(names))


def run_on(sentences: Sequence[str]) -> str:
    """Put sentences one after the other: without a space in Chinese, with one in English."""
    return ("" if language() == "zh" else " ").join(sentence for sentence in sentences if sentence)


def count_units(n: int, kind: str) -> str:
    """Count units in the noun of the activity: 35 个村."""
    if n == 1:
        # English has another form of one
        return {"村": _("1 个村"), "社区": _("1 个社区")}.get(kind, _("1 个单位"))
    words = {"村": _("{n} 个村"), "社区": _("{n} 个社区")}
    return words.get(kind, _("{n} 个单位")).format(n=n)


def each_unit(kind: str) -> str:
    """Name all units in the noun of the activity: 各村."""
    return {"村": _("各村"), "社区": _("各社区")}.get(kind, _("各单位"))


def per_unit(kind: str) -> str:
    """Name the mean unit: 村均."""
    return {"村": _("村均"), "社区": _("社区平均")}.get(kind, _("单位平均"))


def say_missing(name: str) -> str:
    """Say that a sheet is missing and its section is left out.

    Parameters
    ----------
    name : str
        A key of `lsb_nb.schema.SHEETS`.
    """
    return _("本季未提供“{sheet}”，本节从略。").format(sheet=SHEETS[name].title)


def say_mean(facts: pd.Series) -> str:
    """Say the mean, and its change where there is a quarter before (`measure_overview`)."""
    if facts["mean"] is None:
        return _("本季没有参与排名的单位。")
    words = {"who": each_unit(facts["kind"]), "mean": fixed(facts["mean"])}
    change = facts["mean_change"]
    if change is None:
        return _("{who}平均 {mean} 分。").format(**words)
    if change == 0:
        return _("{who}平均 {mean} 分，与上季度持平。").format(**words)
    sentence = (
        _("{who}平均 {mean} 分，比上季度高 {by} 分。") if change > 0 else _("{who}平均 {mean} 分，比上季度低 {by} 分。")
    )
    return sentence.format(**words, by=fixed(abs(change)))


def say_places(facts: pd.Series) -> str:
    """Say who is first, who is last and how far apart they are; the last only where the scheme publishes it."""
    if not facts["first"]:
        return ""
    first, last = facts["first"], facts["last"]
    if facts["distance"] == 0 and len(first) > 1:
        return _("{names}同为 {score} 分，不分先后。").format(
            names=join_names(first, limit=NAMED), score=fixed(facts["first_score"])
        )
    opening = _("{names}同为 {score} 分，并列第一") if len(first) > 1 else _("{names} {score} 分列第一")
    sentence = opening.format(names=join_names(first, limit=NAMED), score=fixed(facts["first_score"]))
    if not facts["show_last"] or facts["ranked"] < 2 or set(first) == set(last):
        return sentence + _("。")
    closing = (
        _("，{names}同为 {score} 分，并列末位，相差 {by} 分。")
        if len(last) > 1
        else _("，{names} {score} 分列末位，相差 {by} 分。")
    )
    return sentence + closing.format(
        names=join_names(last, limit=NAMED), score=fixed(facts["last_score"]), by=fixed(facts["distance"])
    )


def say_bands(bands: pd.DataFrame) -> str:
    """Say how many units are in each band (`measure_bands`); the empty ones last."""
    filled = [_("{band} {n} 个").format(band=_(str(band)), n=n) for band, n in bands["count"].items() if n]
    empty = [_(str(band)) for band, n in bands["count"].items() if not n]
    if not filled:
        return ""
    tail = _("，无{bands}").format(bands=join_names(empty)) if empty else ""
    return capital(_("、").join(filled)) + tail + _("。")


def say_spread(ranking: pd.DataFrame, kind: str = "单位") -> str:
    """Title the distribution of scores: the narrowest whole-point range that holds more than half of the units."""
    scores = np.sort(ranking.loc[ranking["status"] == "ranked", "score"].to_numpy(dtype=float))
    if not len(scores):
        return _("没有参与排名的单位")
    n, best = len(scores), (0, 0, 0)
    for width in range(1, 102):
        lows = np.arange(int(scores[0]) - width, int(scores[-1]) + 1)
        counts = np.searchsorted(scores, lows + width, "right") - np.searchsorted(scores, lows, "left")
        fullest = int(counts.argmax())
        if counts[fullest] * 2 > n:
            best = (int(counts[fullest]), int(lows[fullest]), int(lows[fullest]) + width)
            break
    whole = _("{who}全部在 {range} 分之间") if best[0] == n else _("{who}中有 {n} 个集中在 {range} 分之间")
    return whole.format(who=count_units(n, kind), range=span(best[1], best[2]), n=best[0])


def say_ties(ranking: pd.DataFrame, scores: Scores | None = None) -> str:
    """Say which units share a score and a place, or what told them apart (`measure_ranking`)."""
    ranked = ranking[ranking["status"] == "ranked"]
    scheme = scores.scheme if scores is not None else None
    chain = scheme.rule("并列处理") if isinstance(scheme, Scheme) else ()
    sentences = []
    for value, group in ranked.groupby("score", sort=False):
        if len(group) < 2:
            continue
        words = {"names": join_names(list(group.index), limit=NAMED), "score": fixed(value)}
        if group["rank"].min() < group["rank"].max():
            sentences.append(
                _("{names}同为 {score} 分，依次按{chain}得分排列。").format(**words, chain=join_names(chain))
            )
            continue
        place = int(group["rank"].iloc[0])
        following = ranked["rank"][ranked["rank"] > place]
        sentence = (
            _("{names}同为 {score} 分，并列第 {place} 名，其后为第 {next} 名。")
            if len(following)
            else _("{names}同为 {score} 分，并列第 {place} 名。")
        )
        sentences.append(sentence.format(**words, place=place, next=int(following.min()) if len(following) else 0))
    return run_on(sentences)


def say_left_out(facts: pd.Series) -> str:
    """Say which units have no place, and why (`measure_overview`)."""
    vetoed = [unit for unit in facts["vetoed"] if unit not in facts["unrated"]]
    sentences = []
    if vetoed:
        names = join_names(vetoed, limit=NAMED)
        sentences.append(_("{unit}一票否决，保留得分，不参与排名。").format(unit=names))
    if facts["unrated"]:
        names = join_names(facts["unrated"], limit=NAMED)
        sentences.append(_("{names}没有有效评分，未评。").format(names=names))
    if not facts["show_last"]:
        sentences.append(_("按规则“公布末位=否”，不单列末位。"))
    return run_on(sentences)


def say_pillars(parts: pd.DataFrame) -> str:
    """Title the profile: the part whose points lie furthest apart between ranked units (`measure_parts`)."""
    ranked = parts[parts["status"] == "ranked"].dropna(subset=["points"])
    if ranked.empty:
        return _("没有可比的板块得分")
    spread = ranked.groupby("part", sort=False)["points"].agg(
        lambda values: float(difference(values.max(), values.min()))
    )
    widest = spread[spread == spread.max()]
    if len(spread) == 1 or len(widest) > 1:
        return _("{parts}高低相差 {by} 分").format(parts=join_names(list(widest.index)), by=fixed(widest.iloc[0]))
    return _("{part}拉开的差距最大，高低相差 {by} 分").format(part=widest.index[0], by=fixed(widest.iloc[0]))


def say_parts(parts: pd.DataFrame) -> str:
    """Title the table of points by segment: where most is lost in proportion (`measure_parts`)."""
    ranked = parts[parts["status"] == "ranked"].dropna(subset=["points"])
    if ranked.empty:
        return _("没有可比的环节得分")
    means = ranked.groupby("part", sort=False)[["points", "own_full"]].mean().set_axis(["points", "full_marks"], axis=1)
    printed = {part: percent(1 - row["points"] / row["full_marks"]) for part, row in means.iterrows()}
    lost = 1 - means["points"] / means["full_marks"]
    worst = [part for part in means.index if printed[part] == printed[lost.idxmax()]]
    share = printed[lost.idxmax()]
    if len(means) == 1 or len(worst) > 1:
        return _("{parts}平均失分占满分 {share}").format(parts=join_names(worst), share=share)
    return _("{part}失分比例最高，平均失 {share}").format(part=worst[0], share=share)


def say_scenario(scores: Scores, official: Scores, records: Records | None = None, before: Scores | None = None) -> str:
    """Say that a scenario is in force, why, and what it moves against the published scheme; empty without one.

    With `records`, the reason names no rater and no person of theirs. `before` is the quarter before under the same
    scenario, or None where it is not compared with.
    """
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    assert isinstance(official.scheme, Scheme)
    if scheme.name == official.scheme.name and scheme.digest() == official.scheme.digest():
        return ""
    reason = scheme.reason.rstrip("。.")
    reason = reason if records is None else name_hider(records)(reason)
    parts = [
        _("本报告按情景“{name}”计分，不是公布结果。").format(name=scheme.name),
        _("理由：{reason}。").format(reason=reason) if reason else _("未写明理由。"),
        _("情景保存之后，本季工作簿已有改动，须核对权重和规则是否仍然合用。") if scheme.outdated else "",
        _("与公布方案相比：{effect}。").format(effect=say_effect(scores, official)),
        _("与上季度的比较，两季都按这一情景计算；历次名次和同起点进步按公布方案。")
        if before is not None
        else _("不与上季度比较。"),
        _("情景只供研判，不改变已公布结果。"),
    ]
    return run_on(parts)


def say_effect(scores: Scores, official: Scores) -> str:
    """Say in half a sentence what other weights or rules move: the first place, how many units, how far."""
    new, old = scores.units["rank"], official.units["rank"].reindex(scores.units.index)
    moved = (new - old).abs().fillna(0).astype(int)
    first = [set(frame.units.index[frame.units["rank"] == 1]) for frame in (scores, official)]
    top = _("第一名不变") if first[0] == first[1] else _("第一名变为{names}").format(names=join_names(sorted(first[0])))
    n = int((moved > 0).sum())
    change = _("{n} 个单位名次有变化，最大变动 {by} 位").format(n=n, by=int(moved.max())) if n else _("名次没有变化")
    return _("{top}，{change}").format(top=top, change=change)


def say_strip(facts: pd.Series, ranking: pd.DataFrame) -> str:
    """Describe the score strip for those who do not see it."""
    if not facts["first"]:
        return _("没有参与排名的单位")
    return _("点图：{units}的总分分布，从 {low} 到 {high}，平均 {mean}。{spread}。").format(
        units=count_units(int((ranking["status"] == "ranked").sum()), facts["kind"]),
        low=fixed(facts["last_score"]),
        high=fixed(facts["first_score"]),
        mean=fixed(facts["mean"]),
        spread=say_spread(ranking, facts["kind"]),
    )


def say_profile(parts: pd.DataFrame) -> str:
    """Describe the profile figure for those who do not see it."""
    return _("棒棒糖图：各单位按名次由上到下，各板块得分与中位之差。{finding}。").format(finding=say_pillars(parts))


def say_subtitle(name: str, facts: pd.Series) -> str:
    """Say measure, unit, scope and quarter below the title of a figure or table.

    Parameters
    ----------
    name : {'strip', 'ranking', 'profile', 'segments', 'common', 'single', 'commitments'}
        Which one.
    facts : pandas.Series
        From `measure_overview`.

    Raises
    ------
    ValueError
        For another `name`.
    """
    words = {
        "strip": _("总分（分），{quarter}，每点为{one}；底色为等次"),
        "ranking": _("{quarter}，按公布总分排列；板块为得分，条内竖线为参与排名单位的中位")
        if not facts.get("scenario")
        else _("{quarter}，按情景总分排列；板块为得分，条内竖线为参与排名单位的中位"),
        "profile": _("板块得分与中位之差（分），{quarter}，按名次由上到下；圆点高于中位，方块低于中位"),
        "segments": _("各环节得分（分），{quarter}，按名次由上到下；颜色按失分占满分的比例"),
        "common": _("参与排名单位的平均失分（分），{quarter}，按占满分比例排列"),
        "single": _("低于中位且超出通常波动（分），{quarter}，按差距排列"),
        "commitments": _("时限在{quarter}末日及以前的承诺（项），兑现率低的在前"),
    }
    if name not in words:
        raise ValueError(f"`name` must be one of {', '.join(map(repr, words))}; not {name!r}.")
    one = {"村": _("一个村"), "社区": _("一个社区")}.get(facts["kind"], _("一个单位"))
    return words[name].format(quarter=quarter_words(facts["quarter"]), one=one)


def say_glyphs(letters: str) -> str:
    """Say which characters the figures could not draw; empty where there are none."""
    return _("图中字体缺字：{letters}。").format(letters=" ".join(letters)) if letters else ""

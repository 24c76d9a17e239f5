"""Gaps in plain sentences."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from lsb_nb.analysis.parts import published
from lsb_nb.analysis.words import count_units, each_unit, join_names
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, percent
from lsb_nb.text import capital

NAMED = 3


def reference_name(label: str) -> str:
    """Name what gaps are measured to."""
    full = _("满分")
    names = {"median": _("中位水平"), "full": full[:1].lower() + full[1:], "target": _("目标"), "best": _("最高分")}
    return names.get(label, label)


def headline(sentence: str, *, clause: int = 0) -> str:
    """Give a clause of a sentence, the first unless told, without full stop, to stand above a figure or a table."""
    clauses = [part for part in re.split("；|。|; |[.] |[.]$", sentence) if part] or [""]
    words = clauses[clause if clause < 0 else min(clause, len(clauses) - 1)]
    return capital(words)


def say_explained(official: bool) -> str:
    """Say, under other methods than 满分 and arithmetic means, what the numbers explain; else nothing."""
    return "" if official else _("本节解释的是满分制算术合成的总分，与公布总分口径不同。")


def say_gap(gaps: pd.DataFrame, unit: str) -> str:
    """Say how far one unit lies behind the reference and which criteria make it up (`measure_gaps`)."""
    own = gaps[gaps["unit"] == unit]
    if own.empty:
        return _("{unit}没有得分，不计算差距。").format(unit=unit)
    total, label = float(own["total"].iloc[0]), str(own["reference"].iloc[0])
    name = reference_name(label)
    if unit == label:
        return _("{unit}就是对照单位，差距为 0 分。").format(unit=unit)
    parts = own[own["shown"].notna() & (own["shown"] > 0) & (own["kind"] == "criterion")]
    parts = parts.sort_values("shown", ascending=False, kind="stable").head(NAMED)
    if total == 0:
        return _("{unit}与{name}得分相同，相差 0 分。").format(unit=unit, name=name)
    if total < 0:
        words = _("{unit}比{name}多 {points} 分").format(unit=unit, name=name, points=fixed(-total))
        if parts.empty:
            return words + _("，没有一项低于对照。")
        return words + _("，仅{criteria}低于对照，最多低 {most} 分。").format(
            criteria=join_names(list(parts["criterion"]), limit=NAMED), most=fixed(parts["shown"].iloc[0])
        )
    words = _("{unit}比{name}少 {points} 分").format(unit=unit, name=name, points=fixed(total))
    if parts.empty:
        return words + _("，由加减分或权重差异造成。")
    share = float(parts["shown"].sum())
    names = join_names(list(parts["criterion"]))
    if len(parts) == 1 and share * 2 <= total:
        return words + _("，其中{criteria}差 {lost} 分。").format(criteria=names, lost=fixed(share))
    if len(parts) == 1:
        return words + _("，主要差在{criteria}（{lost} 分）。").format(criteria=names, lost=fixed(share))
    if (own["shown"].fillna(0) >= 0).all():
        return words + _("，{n} 项占 {share}：{criteria}。").format(
            n=len(parts), share=percent(share, total), criteria=names
        )
    return words + _("，差得最多的 {n} 项合计 {lost} 分：{criteria}。").format(
        n=len(parts), lost=fixed(share), criteria=names
    )


def say_gaps(gaps: pd.DataFrame) -> str:
    """Say where the whole field loses most, from gaps to full marks or any other reference."""
    rows: Any = gaps[(gaps["kind"] == "criterion") & gaps["rank"].notna()]
    # Means of the exact points: printed ones may have one decimal only.
    means = rows.groupby("criterion", sort=False)["points"].mean().dropna()
    # Over all ranked units, also those to which a criterion does not apply, so that shares make up the whole.
    lost = rows.groupby("criterion", sort=False)["points"].sum() / max(rows["unit"].nunique(), 1)
    means = means[means.round(9) > 0].sort_values(ascending=False, kind="stable")
    if not gaps["rank"].notna().any():
        return _("没有参与排名的单位，不比较差距。")
    top, label = means.head(NAMED), str(gaps["reference"].iloc[0])
    name = reference_name(label)
    behind = published(float(gaps[gaps["rank"].notna()].groupby("unit")["total"].first().mean()))
    if label == "full":
        if means.empty:
            return _("各项均为满分，平均失 0 分。")
        if len(means) == len(top):
            return _("平均每个单位失 {total} 分，全部失在{criteria}。").format(
                total=fixed(lost.sum()), criteria=join_names(list(top.index))
            )
        return _("平均每个单位失 {total} 分，{criteria}占 {share}。").format(
            total=fixed(lost.sum()), criteria=join_names(list(top.index)),
            share=percent(lost[list(top.index)].sum(), lost.sum()),
        )  # fmt: skip
    words = _("平均比{name}少 {points} 分") if behind > 0 else _("平均比{name}多 {points} 分")
    words = (
        words.format(name=name, points=fixed(abs(behind))) if behind else _("平均与{name}相差 0 分").format(name=name)
    )
    if means.empty:
        return words + _("，没有一项平均低于对照。")
    if len(top) == 1:
        return words + _("；差得最多的是{criterion}，平均差 {most} 分。").format(
            criterion=top.index[0], most=fixed(top.iloc[0])
        )
    return words + _("；差得最多的是{criteria}，{first}平均差 {most} 分。").format(
        criteria=join_names(list(top.index)), first=top.index[0], most=fixed(top.iloc[0])
    )


def say_top_gaps(top: pd.DataFrame, kind: str = "单位") -> str:
    """Say how many of the largest gaps of the field are shared by most units (`measure_top_gaps`)."""
    if top.empty:
        return _("没有可比较的指标，共 0 项。")
    common = int(top["common"].sum())
    first = top.iloc[0]
    tied = list(top.loc[top["loss"] == first["loss"], "criterion"])
    words = (
        _("{criterion}平均失 {loss} 分，为各项最多") if len(tied) == 1 else _("{criterion}各平均失 {loss} 分，并列最多")
    )
    words = words.format(criterion=join_names(tied, limit=NAMED), loss=fixed(first["loss"]))
    if len(top) == 1:
        return words + (
            _("；属共性问题，过半数失分超过两成。") if common else _("；属个性问题，失分超过两成的不过半数。")
        )
    if common == 0:
        return words + _("；失分最多的 {n} 项都属个性问题，失分超过两成的不过半数。").format(n=len(top))
    if common == len(top):
        return words + _("；失分最多的 {n} 项都属共性问题，过半数失分超过两成。").format(n=len(top))
    names = join_names(list(top.loc[top["common"], "criterion"]), limit=NAMED)
    most = int(top.loc[top["common"], "sharing"].max())
    return words + _("；前 {n} 项中 {common} 项属共性问题（{names}），最多涉及 {units}。").format(
        n=len(top), common=common, names=names, units=count_units(most, kind)
    )


def say_fix_first(fixes: pd.DataFrame, unit: str) -> str:
    """Say what one unit should fix first and what that brings (`fix_first`)."""
    own = fixes[fixes["unit"] == unit]
    kept = own[own["kept"]].head(2)
    if own.empty and not fixes.attrs.get("compared", True):
        return _("没有可比的单位（0 个），不算{unit}先补哪一项。").format(unit=unit)
    if own.empty and unit in fixes.attrs.get("unrated", ()):
        return _("{unit}没有得分，不算先补哪一项（0 项）。").format(unit=unit)
    if own.empty:
        return _("{unit}各项都已达到前两成水平，可补 0 分。").format(unit=unit)
    if kept.empty:
        return _("{unit}低于前两成水平的 {n} 项都在误差之内，不分先后。").format(unit=unit, n=len(own))
    return _("{unit}把{criteria}补到前两成水平，可多得 {points} 分。").format(
        unit=unit, criteria=join_names(list(kept["criterion"])), points=fixed(kept["attainable"].sum())
    )


def say_fixes(fixes: pd.DataFrame, kind: str = "单位") -> str:
    """Say which criterion most units should fix first."""
    first: Any = fixes[fixes["kept"]].groupby("unit", sort=False).head(1)
    if first.empty:
        return _("{units}没有超出误差的短板，共 0 项。").format(units=each_unit(kind))
    counts = first["criterion"].value_counts(sort=True)
    tied = [name for name in counts.index if counts[name] == counts.iloc[0]]
    points = fixed(first.loc[first["criterion"].isin(tied), "attainable"].mean())
    if len(tied) > 1:
        return _("{criteria}各有 {units}最该先补，平均可多得 {points} 分。").format(
            criteria=join_names(tied, limit=NAMED), units=count_units(int(counts.iloc[0]), kind), points=points
        )
    return _("{units}最该先补{criteria}，平均可多得 {points} 分。").format(
        units=count_units(int(counts.iloc[0]), kind),
        criteria=tied[0],
        points=points,
    )


def say_teachers(teachers: pd.DataFrame, unit: str) -> str:
    """Say whom one unit may learn from, criterion by criterion (`find_teachers`)."""
    own = teachers[teachers["unit"] == unit]
    if own.empty:
        return _("{unit}没有需要取长补短的指标，共 0 项。").format(unit=unit)
    parts = []
    for criterion, rows in list(own.groupby("criterion", sort=False))[:2]:
        low, high = fixed(rows["ahead"].min()), fixed(rows["ahead"].max())
        text = (
            _("{criterion}可学{teachers}（高 {high} 分）")
            if low == high
            else _("{criterion}可学{teachers}（高 {low} 至 {high} 分）")
        )
        names = join_names(list(rows["teacher"]))
        parts.append(text.format(criterion=criterion, teachers=names, low=low, high=high))
    return _("{unit}取长补短：{parts}。").format(unit=unit, parts=_("；").join(parts))


def say_strengths(strengths: pd.DataFrame, unit: str) -> str:
    """Say one unit's best and worst criterion with their places (`measure_strengths`)."""
    own = strengths[strengths["unit"] == unit]
    if own.empty:
        return _("{unit}不参与排名，不列强弱项，共 0 项。").format(unit=unit)
    if (own["kind"] == "strength").all():
        only = own.iloc[0]
        return _("{unit}只有一项得分：{criterion}列第 {rank} 名（共 {of} 名），不分强弱。").format(
            unit=unit, criterion=only["criterion"], rank=only["rank"], of=only["of"]
        )
    strong, weak = own[own["kind"] == "strength"].iloc[0], own[own["kind"] == "weakness"].iloc[0]
    if strong["rank"] == weak["rank"]:
        return _("{unit}各项都列第 {rank} 名（共 {of} 名），分不出强项和弱项。").format(
            unit=unit, rank=strong["rank"], of=weak["of"]
        )
    return _("{unit}强项是{strong}（第 {best} 名），弱项是{weak}（第 {worst} 名，共 {of} 名）。").format(
        unit=unit, strong=strong["criterion"], best=strong["rank"], weak=weak["criterion"], worst=weak["rank"],
        of=weak["of"],
    )  # fmt: skip

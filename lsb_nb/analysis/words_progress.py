"""Ledgers, photos and tasks in plain sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.analysis.commitments import summarise_promises
from lsb_nb.analysis.words import count_units, join_names, run_on
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, percent
from lsb_nb.schema import STAGES

NAMED = 3


def say_promises(promises: pd.DataFrame) -> str:
    """Say how many commitments are due, kept and late, and which kind is latest (`measure_promises`)."""
    if promises.empty:
        return _("没有承诺事项，共 0 项。")
    due = promises[promises["is_due"]]
    late = due[~due["kept"]]
    if due.empty:
        return _("承诺 {n} 项都未到期，到期 0 项。").format(n=len(promises))
    kept = int(due["kept"].sum())
    words = _("到期承诺 {due} 项，兑现 {kept} 项，兑现率 {rate}").format(
        due=len(due), kept=kept, rate=percent(kept, len(due))
    )
    if late.empty:
        return words + _("，全部兑现。")
    kinds = summarise_promises(promises, by="category")
    most = kinds[kinds["late"] == kinds["late"].max()]
    words += _("；未兑现 {late} 项，最长逾期 {days} 天").format(late=len(late), days=int(late["days_late"].max()))
    if len(most) == 1 and len(kinds) > 1:
        words += _("，“{category}”最多（{n} 项）").format(
            category=most["category"].iloc[0], n=int(most["late"].iloc[0])
        )
    return words + _("。")


def say_findings(findings: pd.DataFrame, kind: str = "单位") -> str:
    """Say what was found, closed and is overdue (`measure_findings`)."""
    if findings.empty:
        return _("问题台账没有记录，共 0 项。")
    late, still = findings[findings["overdue"]], int(findings["is_open"].sum())
    opened, carried, closed, back = (int(findings[n].sum()) for n in ("opened", "carried", "closed_now", "reopened"))
    # What came in and what became of it add up as printed; those that came back within the quarter are counted once.
    words = _("本季新增 {n} 项、结转 {carried} 项").format(n=opened, carried=carried)
    words += _("、往季销号本季复发 {n} 项").format(n=back) if back else ""
    words += _("，销号 {closed} 项，未销号 {open} 项").format(closed=closed, open=still)
    if still == 0:
        return words + _("，全部清零。")
    if late.empty:
        return words + _("，没有逾期。")
    return words + _("；逾期 {n} 项，最长 {days} 天，涉及 {units}。").format(
        n=len(late), days=int(late["days_overdue"].max()), units=count_units(late["unit"].nunique(), kind)
    )


def say_repeats(findings: pd.DataFrame) -> str:
    """Say what came back and what was found again at the same place in several quarters (`measure_findings`)."""
    back, again = int(findings["recurring"].sum()), findings[findings["repeats"] > 0]
    if not back and again.empty:
        return _("没有复发，也没有同一点位跨季度重复的问题（0 项）。")
    words = _("复发 {n} 项").format(n=back) if back else _("没有复发")
    if again.empty:
        return words + _("，没有同一点位跨季度重复的问题。")
    counts: Any = again.groupby("unit", sort=False).size()
    most = counts[counts == counts.max()]
    words += _("，同一单位同一点位（指标）跨季度重复 {n} 项").format(n=len(again))
    if len(most) == 1 and len(counts) > 1:
        words += _("，{unit}最多（{n} 项）").format(unit=most.index[0], n=int(most.iloc[0]))
    return words + _("。")


def say_days_to_close(findings: pd.DataFrame) -> str:
    """Say how long closing takes (`measure_findings`)."""
    days = findings["days_to_close"].dropna().astype(int)
    if days.empty:
        undated = (~findings["is_open"]).any()
        return _("还没有写明日期的销号，共 0 项。") if undated else _("本季没有销号，共 0 项。")
    words = {"n": len(days), "longest": int(days.max())}
    # the least number of days within which three quarters were closed: a day of the ledger, not one between two
    most = int(days.quantile(0.75, interpolation="higher"))
    if most == words["longest"]:
        return _("已销号 {n} 项，从发现到销号最长 {longest} 天。").format(**words)
    return _("已销号 {n} 项，从发现到销号多为 {days} 天以内，最长 {longest} 天。").format(**words, days=most)


def say_countdown(countdown: pd.DataFrame) -> str:
    """Say which of the categories have reached zero and how many are left in the others (`measure_countdown`)."""
    if countdown.empty:
        return _("没有可清零的问题类别，共 0 类。")
    last: Any = countdown[countdown["day"] == countdown["day"].max()]
    done, left = last[last["open"] == 0], last[last["open"] > 0]
    rest = _("、").join(_("“{label}”还有 {n} 项").format(label=r.label, n=r.open) for r in left.itertuples())
    gone = int(last["gone"].sum())
    note = _("其中 {n} 项未销号而本季台账未列，需核对。").format(n=gone) if gone else ""
    if left.empty:
        return _("{n} 类问题全部清零：{labels}。").format(n=len(done), labels=join_names(list(done["label"])))
    if done.empty:
        return run_on([_("{n} 类问题均未清零：{rest}。").format(n=len(left), rest=rest), note])
    labels = join_names([f"“{x}”" for x in done["label"]])
    return run_on([_("{labels}已清零；{rest}未销号。").format(labels=labels, rest=rest), note])


def say_carry_over(carried: pd.DataFrame) -> str:
    """Say what became of the findings left open by the quarter before (`measure_carry_over`)."""
    if carried.empty:
        return _("上季度没有结转的问题（0 项）。")
    counts = carried["now"].value_counts()
    words = _("上季度结转 {n} 项，本季销号 {closed} 项，仍未销号 {open} 项").format(
        n=len(carried), closed=int(counts.get("closed", 0)), open=int(counts.get("open", 0))
    )
    gone = int(counts.get("missing", 0))
    return words + (_("；另有 {n} 项未转入本季台账，需核对。").format(n=gone) if gone else _("。"))


def say_months(months: pd.DataFrame) -> str:
    """Say whose quarterly place differs most from its monthly places (`compare_months`)."""
    known = months["apart"].dropna()
    if known.empty:
        return _("没有可对照的月排名（0 个月）。")
    ranked = months[months["rank"].notna()].drop(columns=["rank", "apart"])
    short = int(ranked.isna().any().sum())
    caution = _("有 {n} 个月只排了部分单位，名次不宜直接相比。").format(n=short) if short else ""
    size = known.abs()
    most = list(size.index[size.round(9) == size.max().round(9)])
    if not size.max():
        return run_on([_("月排名与季度名次一致，相差 0 位。"), caution])
    if size.max() < 1:
        text = _("月均名次与季度名次相差都不到一位，最多 {n} 位。")
        return run_on([text.format(n=fixed(size.max(), 1)), caution])
    text = (
        _("{unit}季度名次与月均名次相差最大，高 {n} 位。")
        if known[most[0]] > 0
        else _("{unit}季度名次与月均名次相差最大，低 {n} 位。")
    )
    if len(most) > 1:
        text = _("{unit}季度名次与月均名次相差最大，均为 {n} 位。")
    return run_on([text.format(unit=join_names(most, limit=NAMED), n=fixed(size.max(), 1)), caution])


def say_photos(photos: pd.DataFrame) -> str:
    """Say how many triplets are complete and which pictures cannot be used (`measure_photos`)."""
    if photos.empty:
        return _("没有照片，共 0 组。")
    groups: Any = photos.groupby(["unit", "place"], sort=False)["status"]
    good: Any = photos[photos["status"].eq("ok") & photos["stage"].isin(STAGES)]
    whole = int((good.groupby(["unit", "place"])["stage"].nunique() == len(STAGES)).sum())
    counts = photos["status"].value_counts()
    words = _("照片 {n} 组，三个阶段齐全 {whole} 组").format(n=groups.ngroups, whole=whole)
    texts = {
        "absent": _("未提供 {n} 张"), "missing": _("找不到文件 {n} 张"), "outside": _("不在活动文件夹内 {n} 张"),
        "oversized": _("过大未打开 {n} 张"), "broken": _("损坏 {n} 张"),
    }  # fmt: skip
    faults = [text.format(n=int(counts[state])) for state, text in texts.items() if counts.get(state, 0)]
    return words + (_("；{faults}。").format(faults=_("、").join(faults)) if faults else _("。"))


def say_tasks(tasks: pd.DataFrame, kind: str = "单位") -> str:
    """Say how many tasks are drafted and from what (`draft_tasks`)."""
    if tasks.empty:
        return _("没有需要列入下季度的任务（0 项）。")
    counts = tasks["source"].value_counts()
    texts = {"finding": _("未销号问题 {n} 项"), "promise": _("到期承诺 {n} 项"), "gap": _("补短板 {n} 项")}
    parts = [text.format(n=int(counts[name])) for name, text in texts.items() if counts.get(name, 0)]
    return _("为 {units}拟定任务 {n} 项：{parts}。").format(
        units=count_units(tasks["unit"].nunique(), kind), n=len(tasks), parts=_("、").join(parts)
    )

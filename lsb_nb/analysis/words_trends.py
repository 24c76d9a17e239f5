"""History, change and 同起点进步 in plain sentences; what the data cannot say is said too."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.analysis.change import ADJUSTMENT
from lsb_nb.analysis.trends import HISTORY
from lsb_nb.analysis.words import count_units, each_unit, join_names, run_on
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed, quarter_words, signed
from lsb_nb.quarters import parse_quarter

NAMED = 3
BOTTOM = 6


def say_history(history: pd.DataFrame) -> str:
    """Say what the quarters at hand can show: how many, which are missing, who joined late (`measure_history`)."""
    quarters = list(dict.fromkeys(history["quarter"]))
    if len(quarters) == 1:
        return _("仅有一个季度的数据可用，不计算变化；满四个季度后比较进步。")
    steps = sorted(set(history["step"]))
    gone = steps[-1] + 1 - len(steps)
    words = _("{first}至{last}共 {n} 个季度").format(
        first=quarter_words(quarters[0]), last=quarter_words(quarters[-1]), n=len(quarters)
    )
    words += _("，中间缺 {n} 个季度").format(n=gone) if gone else ""
    if len(quarters) < HISTORY[0]:
        words += _("，能看变化，不能评进步（需 {n} 个季度）").format(n=HISTORY[0])
    latest = history[history["quarter"] == quarters[-1]]
    late = list(latest.loc[latest["joined"], "unit"])
    words += _("；{units}中途加入，此前无可比").format(units=join_names(late, limit=NAMED)) if late else ""
    left = list(history.attrs.get("left_out", ()))
    shared = len(history.attrs.get("shared", ()))
    if left:
        words += _("；按 {n} 项共有指标比较，{criteria}不可比").format(n=shared, criteria=join_names(left, limit=NAMED))
    return words + _("。")


def say_paths(history: pd.DataFrame) -> str:
    """Say how places moved from each unit's first to its last quarter, and who rose most (`measure_history`).

    A unit that has a place in one quarter only did not move and did not stay either; it is not counted.
    """
    often = history.dropna(subset=["rank"]).groupby("unit", sort=False)["quarter"].nunique()
    risen = history.drop_duplicates("unit").set_index("unit")["risen"].reindex(often.index[often > 1]).astype(int)
    if risen.empty:
        return ""
    words = _("{up} 个单位名次上升、{down} 个下降、{same} 个不变").format(
        up=int((risen > 0).sum()), down=int((risen < 0).sum()), same=int((risen == 0).sum())
    )
    most = risen[risen == risen.max()]
    if len(most) == 1 and most.iloc[0] > 0:
        words += _("，{unit}升幅最大（{n} 位）").format(unit=most.index[0], n=int(most.iloc[0]))
    return words + _("。")


def say_unused(records: Records, history: Mapping[str, Scores]) -> str:
    """Say which earlier quarters are there and cannot be compared, because their data have errors; empty if none."""
    latest = max(history)
    told = {Path(file).stem for file in records.problems["file"].dropna() if "/" not in str(file)}
    known = {code for code in map(_code, told) if code and code < latest}
    unused = sorted((known | {quarter for quarter in records.quarters if quarter < latest}) - set(history))
    if not unused:
        return ""
    return _("{quarters}的数据有错误，{n} 个季度没有用来比较，请用 lsb check 查看并改正。").format(
        quarters=join_names([quarter_words(quarter) for quarter in unused], limit=NAMED), n=len(unused)
    )


def _code(stem: str) -> str | None:
    try:
        return parse_quarter(stem)
    except ValueError:
        return None


def say_change(change: pd.DataFrame, kind: str = "单位") -> str:
    """Say how the field changed between two quarters, and what the scheme did to it (`measure_change`)."""
    if change.attrs["quarters"][0] is None:
        return _("没有上一季度的数据，不计算变化（可比 0 个季度）。")
    both = change[change["present"] == "both"]
    since = quarter_words(change.attrs["quarters"][0])
    if both.empty:
        return _("与 {since}没有可比的单位，共 0 个。").format(since=since)
    mean = float(both["change"].mean())
    up, down = int((both["change"] > 0).sum()), int((both["change"] < 0).sum())
    words = _("与 {since}相比，{units}平均变化 {change} 分，{up} 个提高、{down} 个下降").format(
        since=since, units=count_units(len(both), kind), change=signed(mean), up=up, down=down
    )
    if round(float(both["scheme"].mean()), 2):
        words += _("，其中方案变动占 {scheme} 分").format(scheme=signed(both["scheme"].mean()))
    if round(float(both["adjustment"].mean()), 2):
        words += _("，加减分占 {points} 分").format(points=signed(both["adjustment"].mean()))
    came, left = int((change["present"] == "after").sum()), int((change["present"] == "before").sum())
    words += _("；{units}新加入，没有可比").format(units=count_units(came, kind)) if came else ""
    words += _("；{units}本季未参加").format(units=count_units(left, kind)) if left else ""
    added, dropped = change.attrs["added"], change.attrs["dropped"]
    words += _("；新增{names}").format(names=join_names(added, limit=NAMED)) if added else ""
    words += _("；取消{names}").format(names=join_names(dropped, limit=NAMED)) if dropped else ""
    return words + _("。")


def say_unit_change(change: pd.DataFrame, unit: str) -> str:
    """Say how one unit changed and split it (`measure_change`)."""
    if unit not in change.index or change["present"][unit] != "both":
        return _("{unit}在相比的两个季度中缺一个的得分，不计算变化（可比 0 项）。").format(unit=unit)
    row = change.loc[unit]
    words = _("{unit}由 {before} 分到 {after} 分，变化 {change} 分：工作 {performance}，方案 {scheme}").format(
        unit=unit, before=fixed(row["score0"]), after=fixed(row["score1"]), change=signed(row["change"]),
        performance=signed(row["performance"]), scheme=signed(row["scheme"]),
    )  # fmt: skip
    return (
        words + (_("，加减分 {points}").format(points=signed(row["adjustment"])) if row["adjustment"] else "") + _("。")
    )


def say_movers(movers: pd.DataFrame) -> str:
    """Say who rose and who fell most and which criterion did it (`measure_movers`)."""
    if not movers.attrs.get("compared", True):
        return _("没有上一季度的数据，不计算变化（可比 0 个季度）。")
    if movers.empty and not movers.attrs.get("ranked", 1):
        return _("没有两个季度都参与排名的单位（0 个），不比较名次。")
    if movers.empty:
        return _("名次没有变化，变动 0 个单位。")
    sentences = []
    for up, sign in ((True, 1), (False, -1)):
        rows = movers[(movers["risen"] * sign) > 0]
        if rows.empty:
            sentences.append(_("没有单位名次上升。") if up else _("没有单位名次下降。"))
            continue
        most = int((rows["risen"] * sign).max())
        tied = rows[rows["risen"] * sign == most]
        row = tied.iloc[0]
        if len(tied) > 1:
            text = _("{units}各上升 {n} 位，升幅最大。") if up else _("{units}各下降 {n} 位，降幅最大。")
            sentences.append(text.format(units=join_names(list(tied["unit"]), limit=NAMED), n=most))
            continue
        text = _("{unit}由第 {before} 名升至第 {after} 名") if up else _("{unit}由第 {before} 名降至第 {after} 名")
        words = text.format(unit=row["unit"], before=row["rank0"], after=row["rank1"])
        if isinstance(row["criterion"], str):
            words += _("，主要是{criterion}（{points} 分）").format(
                criterion=_("加减分") if row["criterion"] == ADJUSTMENT else row["criterion"],
                points=signed(row["points"]),
            )
        sentences.append(words + _("。"))
    return run_on(sentences)


def say_progress(progress: pd.DataFrame, kind: str = "单位") -> str:
    """Say who improved beyond the units with the same start, or that nothing is proven (`measure_progress`)."""
    state, quarters = progress.attrs["state"], len(progress.attrs["quarters"])
    if state == "too few quarters":
        return _("连续数据只有 {have} 个季度，满 {need} 个季度后比较进步。").format(have=quarters, need=HISTORY[0])
    known = progress[progress["drive"].notna()]
    if state == "too few units":
        complete = int(progress["start"].notna().sum() if known.empty else len(known))
        return _("各季度齐全的只有 {units}，不足以比较进步。").format(units=count_units(complete, kind))
    if state == "no spread":
        return _("{units}起点没有差别，相差 0 分，无法按同起点比较。").format(units=each_unit(kind))
    proven = progress[progress["proven"]]
    if proven.empty:
        return _("{units}进步没有可证实的差别，{n} 个季度内不排先后，本季不发进步榜。").format(
            units=each_unit(kind), n=quarters
        )
    up, down = proven[proven["shrunk"] > 0], proven[proven["shrunk"] < 0]
    sentences = []
    if len(up):
        row: Any = up.iloc[0]
        sentences.append(
            _("{units}的进步超出同起点单位，{first}最多，多 {drive} 分（区间 {lower} 至 {upper}）。").format(
                units=count_units(len(up), kind), first=up.index[0], drive=fixed(row["shrunk"], 1),
                lower=fixed(row["lower"], 1), upper=fixed(row["upper"], 1),
            ) if len(up) > 1 else say_progress_unit(progress, str(up.index[0]))
        )  # fmt: skip
    if len(down):
        few = len(down) <= NAMED
        units = join_names(list(down.index)) if few else count_units(len(down), kind)
        points = fixed(-down["shrunk"].iloc[-1], 1)
        text = (
            _("{units}的进步少于同起点单位，少 {points} 分。")
            if len(down) == 1
            else _("{units}的进步少于同起点单位，最多少 {points} 分。")
        )
        sentences.append(text.format(units=units, points=points))
    rest = len(known) - len(proven)
    if rest:
        sentences.append(
            _("其余 {units}与同起点单位没有可证实的差别，不排先后。").format(units=count_units(rest, kind))
        )
    return run_on(sentences)


def say_progress_unit(progress: pd.DataFrame, unit: str) -> str:
    """Say one unit's raw change, what its start lets expect, and the shrunk difference with its interval."""
    if unit in progress.index and progress["drive"].isna().all():
        return say_progress(progress)
    if unit not in progress.index or pd.isna(progress["drive"][unit]):
        return _("{unit}缺少季度数据，不评进步（可比 0 次）。").format(unit=unit)
    row: Any = progress.loc[unit]
    words = _("{unit}变化 {change} 分，同起点单位平均 {expected} 分").format(
        unit=unit, change=signed(row["change"], 1), expected=signed(row["expected"], 1)
    )
    if pd.isna(row["shrunk"]):
        return words + _("；季度不足，不作判断。")
    interval = {"lower": fixed(row["lower"], 1), "upper": fixed(row["upper"], 1)}
    if not row["proven"]:
        return words + _("；差别未能证实（区间 {lower} 至 {upper}）。").format(**interval)
    drive = float(row["shrunk"])
    text = (
        _("；比同起点单位多提高 {drive} 分（区间 {lower} 至 {upper}）。")
        if drive > 0
        else _("；比同起点单位少提高 {drive} 分（区间 {lower} 至 {upper}），宜由包联领导了解原因。")
    )
    return words + text.format(drive=fixed(abs(drive), 1), **interval)


def say_regression(progress: pd.DataFrame) -> str:
    """Say how much the lowest starts would rise by chance alone: stands beside every list of the most improved."""
    known = progress[progress["chance"].notna()].sort_values("start", kind="stable")
    if known.empty:
        return _("起点低的本就容易回升，只看提高会高估；数据不足，未能估出幅度（已有 {n} 个季度）。").format(
            n=len(progress.attrs["quarters"])
        )
    low = known.head(min(BOTTOM, max(1, len(known) // 3)))
    points = max(float(low["chance"].mean()), 0.0)
    if points < 0.005:
        return _("起点低的本就容易回升；按现有数据，起点最低的 {n} 个估计只会因此平均提高 0.00 分。").format(n=len(low))
    return _(
        "起点低的本就容易回升：即使都没有变化，起点最低的 {n} 个也会平均“提高” {points} 分，只看提高会高估。"
    ).format(n=len(low), points=fixed(points))

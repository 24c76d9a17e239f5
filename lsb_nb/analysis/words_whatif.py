"""What would change the picture, in plain sentences."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.analysis.words import count_units, join_names, run_on
from lsb_nb.i18n import _
from lsb_nb.numbers import fixed

NAMED = 3


def _turns(tipping: pd.DataFrame) -> Any:
    """Find the changes of weight that give another first place, smallest first."""
    if tipping.empty:
        return tipping
    leader = tipping["better"].iloc[0]
    rows = tipping[(tipping["better"] == leader) & tipping["printed"].notna() & (tipping["first"] == tipping["worse"])]
    size = (rows["printed"] - rows["weight"]).abs()
    return rows.assign(size=size, exact=rows["change"].abs()).sort_values(["exact", "size"], kind="stable")


def say_tipping(tipping: pd.DataFrame, *, most: int = 1) -> str:
    """Say the smallest single change of a weight that gives another first place (`measure_tipping`).

    Parameters
    ----------
    tipping : pandas.DataFrame
        From `lsb_nb.analysis.tipping.measure_tipping`.
    most : int
        At most so many sentences, each about another criterion or pillar.
    """
    if tipping.empty:
        return _("参与排名的不足 2 个单位，没有可比的名次。")
    leaders = list(tipping.attrs.get("leaders") or [tipping["better"].iloc[0]])
    leader = join_names(leaders, limit=NAMED)
    rows: Any = _turns(tipping).drop_duplicates("criterion").head(most)
    if rows.empty:
        count = tipping["criterion"].nunique()
        return _("单独调整 {n} 个权重中的任何一个，第一名都仍是{leader}。").format(n=count, leader=leader)
    leader = leader if len(leaders) == 1 else _("{names}（并列）").format(names=leader)
    sentences = []
    for row in rows.itertuples():
        text = (
            _("{name}的权重由 {now} 升到 {then}，第一名由{leader}变为{next}。")
            if row.printed > row.weight
            else _("{name}的权重由 {now} 降到 {then}，第一名由{leader}变为{next}。")
        )
        sentences.append(
            text.format(name=row.criterion, now=fixed(row.weight, 1), then=fixed(row.printed, 1), leader=leader,
                        next=row.first)
        )  # fmt: skip
    return run_on(sentences)


def say_tight(tipping: pd.DataFrame) -> str:
    """Say which neighbours in rank swap at the smallest change of a weight."""
    rows = tipping[tipping["printed"].notna()] if len(tipping) else tipping
    if rows.empty:
        return _("相邻名次在任何单项权重下都不互换，可换 0 对。")
    pairs = rows.assign(size=(rows["printed"] - rows["weight"]).abs()).sort_values("size", kind="stable")
    row = pairs.iloc[0]
    close = pairs[pairs["size"] <= 1].drop_duplicates(["better", "worse"])
    words = _("{worse}与{better}最容易互换：{name}的权重由 {now} 改为 {then} 即可").format(
        worse=row["worse"], better=row["better"], name=row["criterion"], now=fixed(row["weight"], 1),
        then=fixed(row["printed"], 1),
    )  # fmt: skip
    return words + (_("；权重相差 1 分以内就互换的有 {n} 对。").format(n=len(close)) if len(close) else _("。"))


def say_leave_one_out(table: pd.DataFrame, kind: str = "单位") -> str:
    """Say which criterion matters most to the order (`measure_leave_one_out`)."""
    if table.empty:
        return _("没有可去掉的指标，共 0 项。")
    top, changes = table.iloc[0], table[table["first_changes"]]
    if top["moved"] == 0:
        return _("去掉 {n} 项指标中的任何一项，名次都不变。").format(n=len(table))
    words = _("去掉{criterion}，{units}名次变动，最多 {largest} 位").format(
        criterion=top["criterion"], units=count_units(int(top["moved"]), kind), largest=top["largest"]
    )
    # by the mean move, which orders the table; the most only where it stands alone
    alone = (table["mean"].round(9) == round(float(top["mean"]), 9)).sum() == 1
    if alone and len(table) > 1:
        words += _("，平均 {mean} 位为各项最大").format(mean=fixed(top["mean"]))
    if changes.empty:
        return words + _("；去掉任何一项，第一名都不变。")
    text = _("；去掉{criteria}，第一名改变。") if len(changes) == 1 else _("；单独去掉{criteria}，第一名都改变。")
    names = list(changes["criterion"])
    shown = names[0] if len(names) == 1 else _("或").join(names)
    return words + text.format(criteria=shown if len(names) <= NAMED else join_names(names, limit=NAMED))


def say_methods(table: pd.DataFrame, kind: str = "单位") -> str:
    """Say how much the order hangs on normalisation and aggregation (`compare_methods`)."""
    if table.shape[1] < 2:
        return _("没有其他可用的方法可比，共 {n} 种。").format(n=table.shape[1])
    official = table.iloc[:, 0].astype(float)
    firsts = {name: table.index[(table[name] == 1).fillna(False).to_numpy(bool)] for name in table.columns}
    same = sum(set(firsts[name]) == set(firsts[table.columns[0]]) for name in table.columns[1:])
    moved = table.iloc[:, 1:].astype(float).sub(official, axis=0).abs().max(axis=1)
    others = table.shape[1] - 1
    words = _("换用其他 {n} 种标准化和合成方法，").format(n=others)
    words += _("第一名都不变，") if same == others else _("{n} 种改变第一名，").format(n=others - same)
    stable = int((moved == 0).sum())
    words += _("{units}名次始终不变，").format(units=count_units(stable, kind)) if stable else ""
    most = moved.max()
    if not most > 0:
        return words + _("最多变动 0 位。")
    return words + _("变动最大的是{unit}，与公布名次相差 {n} 位。").format(
        unit=join_names(list(moved.index[moved == most]), limit=2), n=int(most)
    )

"""Tipping weights, criteria left out and other methods as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.i18n import _, language
from lsb_nb.markup import Markup
from lsb_nb.tables.columns import Shown, list_rows, moved, points, tenths, tenths_signed, whole, worded


def table_tipping(
    tipping: pd.DataFrame, *, limit: int = 20, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """List the smallest changes of a weight that swap two units.

    Parameters
    ----------
    tipping : pandas.DataFrame
        From `measure_tipping`.
    limit : int
        Rows shown, smallest change first.
    title, subtitle, note : str
        Plain texts above and below.
    """
    table = tipping[tipping["printed"].notna()]
    table = table.assign(move=table["printed"] - table["weight"])
    table = table.iloc[table["move"].abs().argsort(kind="stable")]
    kind = worded({"pillar": _("板块")}, _("指标"))
    columns = [
        Shown("better", _("在前"), css="nw"), Shown("worse", _("在后"), css="nw"), Shown("gap", _("相差"), points, "n"),
        Shown("criterion", _("权重")), Shown("kind", _("类别"), kind), Shown("weight", _("现值"), tenths, "n"),
        Shown("printed", _("互换时"), tenths, "n"), Shown("move", _("变动"), tenths_signed, "n"),
    ]  # fmt: skip
    empty = _("没有一项单独的权重能使名次互换（0 项）。")
    return list_rows(table, columns, limit=limit, title=title, subtitle=subtitle, note=note, empty=empty)


def table_leave_one_out(table: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List how much moves when each criterion is left out.

    Parameters
    ----------
    table : pandas.DataFrame
        From `measure_leave_one_out`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown("criterion", _("去掉的指标")), Shown("pillar", _("板块")), Shown("moved", _("变动单位"), whole, "n"),
        Shown("largest", _("最大变动"), whole, "n"), Shown("mean", _("平均变动"), points, "n"),
        Shown("first_changes", _("第一名"), worded({True: _("改变")}, _("不变"))),
        Shown("first", _("届时第一"), css="nw"),
    ]  # fmt: skip
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note)


def table_methods(table: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List every unit's place under each method, the one in force first.

    Parameters
    ----------
    table : pandas.DataFrame
        From `compare_methods`.
    title, subtitle, note : str
        Plain texts above and below; a method that cannot be used is named with its reason.
    """
    columns = [Shown("index", _("单位"), css="nw"), *(Shown(name, _method(name), whole, "n") for name in table.columns)]
    refused = table.attrs.get("refused", {})
    between = "" if language() == "zh" else " "
    words = [_("{method}不可用：{why}。").format(method=_method(name), why=why) for name, why in refused.items()]
    return list_rows(
        table, columns, title=title, subtitle=subtitle, note=between.join(filter(None, [note, *words])), scroll=True
    )


def _method(name: Any) -> str:
    return str(name) if language() == "zh" else " · ".join(map(_, str(name).split("·")))


def table_effect(ranks: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the units whose place other weights change, the present place first.

    Parameters
    ----------
    ranks : pandas.DataFrame
        By unit: ``rank, score, official, change``, as `Explorer.ranks` gives.
    title, subtitle, note : str
        Plain texts above and below.
    """
    table = ranks[ranks["change"].fillna(0) != 0].reset_index()
    columns = [
        Shown("rank", _("现名次"), whole, "n"), Shown("unit", _("单位"), css="nw"),
        Shown("official", _("公布名次"), whole, "n"), Shown("change", _("升降"), moved, "n"),
        Shown("score", _("总分"), points, "n"),
    ]  # fmt: skip
    empty = _("没有单位的名次变化（0 个）。")
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note, empty=empty)


def table_scenarios(scenarios: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List saved scenarios with who decided and why, and what each moves.

    Parameters
    ----------
    scenarios : pandas.DataFrame
        From `measure_scenarios`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown("name", _("情景")), Shown("reason", _("由谁决定、为什么")), Shown("effect", _("与公布方案相比")),
        Shown("created", _("保存时间"), css="nw"), Shown("file", _("文件")),
    ]  # fmt: skip
    empty = _("这一季还没有保存情景（0 个）。")
    return list_rows(scenarios, columns, title=title, subtitle=subtitle, note=note, empty=empty)

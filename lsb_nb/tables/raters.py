"""Raters as tables: each rater, each rater's sheet, and how far a group agrees. Raters stand by their codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing, signed
from lsb_nb.tables.columns import Shown, list_rows, points, share, tenths, whole
from lsb_nb.tables.layout import paragraph

FEW = 0.05
"""Share of its marks up to which a sheet with missing marks is nothing to look into."""


def table_raters(raters: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List every rater of the audit on one criterion, group by group, the mildest first.

    Parameters
    ----------
    raters : pandas.DataFrame
        Rows of one criterion from `audit_raters` (``raters``); a column ``person`` is not shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    groups = {name: place for place, name in enumerate(dict.fromkeys(raters["group"]))}
    order = pd.DataFrame({"group": raters["group"].map(groups), "mild": -raters["severity"]})
    table = raters.loc[order.sort_values(["group", "mild"], kind="stable").index]
    table = table.assign(between=[_between(*pair) for pair in zip(table["low"], table["high"], strict=True)])
    columns = [
        Shown("group", _("评委组"), css="nw"), Shown("rater", _("评委"), css="nw"),
        Shown("mean", _("平均给分"), points, "n"),
        Shown("severity", _("宽严"), _gap, "n"), Shown("between", _("95% 区间"), text, "n"),
        Shown("inconsistency", _("起伏（倍）"), tenths, "n"), Shown("spread", _("幅度"), share, "n"),
        Shown("order", _("次序相关"), points, "n"), Shown("halo", _("各项相关"), points, "n"),
    ]  # fmt: skip
    empty = _("没有逐名评委的评分（0 份）。")
    title = title or _("各评委的给分")
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note, empty=empty, scroll=True)


def table_people(raters: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List whose code is whose, for the analyst alone; without the column ``person`` say how to have the names.

    Parameters
    ----------
    raters : pandas.DataFrame
        From `audit_raters` (``raters``), called with `names` for the names.
    title, subtitle, note : str
        Plain texts above and below.
    """
    if "person" not in raters:
        return paragraph(_("评委只出现代号；把参数 names 改为 True 可列出姓名。"))
    columns = [Shown("group", _("评委组"), css="nw"), Shown("rater", _("评委"), css="nw"), Shown("person", _("姓名"))]
    table = raters.drop_duplicates("rater")
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note)


def table_sheets(sheets: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the raters' sheets with anything to look into: many missing marks, all alike, identical, or near a copy.

    Parameters
    ----------
    sheets : pandas.DataFrame
        From `audit_raters` (``sheets``); a column ``person`` is not shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    odd = sheets["missing"].gt(FEW * sheets["expected"]) | sheets["straight_criteria"].gt(0) | sheets["copy_of"].notna()
    odd |= sheets["straight"].astype(bool) | sheets["identical_to"].ne("")
    columns = [
        Shown("group", _("评委组"), css="nw"), Shown("rater", _("评委"), css="nw"),
        Shown("marks", _("已评"), whole, "n"),
        Shown("missing", _("缺评"), whole, "n"), Shown("straight", _("全部同分"), _yes),
        Shown("straight_criteria", _("同分的指标"), whole, "n"), Shown("identical_to", _("完全相同")),
        Shown("copy_of", _("与在前者相近")), Shown("copy_share", _("相同比例"), share, "n"),
    ]  # fmt: skip
    empty = _("没有需要核实的评分表（0 份）。")
    title = title or _("需要核实的评分表")
    return list_rows(sheets[odd], columns, title=title, subtitle=subtitle, note=note, empty=empty, scroll=True)


def table_agreement(groups: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List how far each group agrees, on the total and on every criterion.

    Parameters
    ----------
    groups : pandas.DataFrame
        From `audit_raters` (``groups``).
    title, subtitle, note : str
        Plain texts above and below.
    """
    bounds = zip(groups["order_low"].clip(lower=0), groups["order_high"], strict=True)
    table = groups.assign(between=[_between(*pair, digits=2) for pair in bounds])
    table["criterion"] = [_("合计") if name == "合计" else name for name in table["criterion"]]
    columns = [
        Shown("group", _("评委组"), css="nw"), Shown("criterion", _("指标")),
        Shown("raters", _("评委人数"), whole, "n"),
        Shown("order", _("次序信度"), points, "n"), Shown("between", _("95% 区间"), text, "n"),
        Shown("level", _("高低信度"), points, "n"), Shown("single", _("单个评委"), points, "n"),
        Shown("W", _("肯德尔 W"), points, "n"), Shown("alpha", _("克里彭多夫 α"), points, "n"),
    ]  # fmt: skip
    title = title or _("各组的一致程度")
    empty = _("没有逐名评委的评分（0 份）。")
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note, empty=empty, scroll=True)


def table_icc(forms: Mapping[str, pd.DataFrame], *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the six intraclass correlations with what each is for.

    Parameters
    ----------
    forms : mapping of rater group to pandas.DataFrame
        From `icc`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    uses = {
        "ICC1": _("单个评委；各单位由不同的人评"),
        "ICC2": _("单个评委；看分数高低"),
        "ICC3": _("单个评委；看名次次序"),
        "ICC1k": _("整组平均；各单位由不同的人评"),
        "ICC2k": _("整组平均；看分数高低"),
        "ICC3k": _("整组平均；看名次次序"),
    }
    rows = [
        {"group": group, "form": name, "use": use, "value": table.loc[name, "value"]}
        | {"between": _between(table.loc[name, "low"], table.loc[name, "high"], digits=2)}
        for group, table in forms.items()
        for name, use in uses.items()
    ]
    columns = [
        Shown("group", _("评委组"), css="nw"), Shown("form", _("形式"), css="nw"), Shown("use", _("用于")),
        Shown("value", _("数值"), points, "n"), Shown("between", _("95% 区间"), text, "n"),
    ]  # fmt: skip
    empty = _("没有逐名评委的评分（0 份）。")
    title = title or _("六种组内相关系数")
    return list_rows(pd.DataFrame(rows), columns, title=title, subtitle=subtitle, note=note, empty=empty)


def _between(low: Any, high: Any, *, digits: int = 1) -> str:
    if is_missing(low) or is_missing(high):
        return DASH
    return _("{low} 至 {high}").format(low=fixed(low, digits), high=fixed(high, digits))


def _gap(value: Any) -> str:
    return signed(value, 1)


def _yes(value: Any) -> str:
    return text(_("是")) if value else ""

"""History, change, movers and 进步榜 as tables."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing
from lsb_nb.tables.columns import Shown, list_rows, moved, points, points_signed, tenths, tenths_signed, whole, worded
from lsb_nb.tables.layout import cell_text, titled


def table_history(history: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List places and scores, one column per quarter.

    Parameters
    ----------
    history : pandas.DataFrame
        From `measure_history`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    quarters = sorted(history["quarter"].unique())
    at = history.set_index(["unit", "quarter"])
    latest = history.loc[history["quarter"] == quarters[-1], "unit"]
    rows = []
    for unit in dict.fromkeys([*latest, *history["unit"]]):
        line: dict[str, Any] = {"unit": unit}
        for quarter in quarters:
            here = at.loc[(unit, quarter)] if (unit, quarter) in at.index else None
            place = DASH if here is None or is_missing(here["rank"]) else str(here["rank"])
            line[quarter] = None if here is None else f"{place}（{fixed(here['score'])}）"
        rows.append(line)
    columns = [Shown("unit", _("单位"), css="nw"), *(Shown(quarter, quarter, css="n nw") for quarter in quarters)]
    return list_rows(pd.DataFrame(rows), columns, title=title, subtitle=subtitle, note=note, scroll=True)


def table_change(change: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List each unit's change; performance, scheme and adjustments add up to it.

    Parameters
    ----------
    change : pandas.DataFrame
        From `measure_change`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    if change.attrs.get("quarters", ("",))[0] is None:
        return titled(f"<p>{text(_('没有上一季度的数据，不计算变化（可比 0 个季度）。'))}</p>", title=title, note=note)
    present = worded({"after": _("本季新加入"), "before": _("本季未参加")})
    columns = [
        Shown("index", _("单位"), css="nw"),
        Shown("rank0", _("原名次"), whole, "n"), Shown("rank1", _("现名次"), whole, "n"),
        Shown("risen", _("升降"), moved, "n"), Shown("score0", _("原得分"), points, "n"),
        Shown("score1", _("现得分"), points, "n"), Shown("change", _("变化"), points_signed, "n"),
        Shown("performance", _("工作"), points_signed, "n"), Shown("scheme", _("方案"), points_signed, "n"),
        Shown("adjustment", _("加减分"), points_signed, "n"), Shown("present", _("说明"), present),
    ]  # fmt: skip
    return list_rows(change, columns, title=title, subtitle=subtitle, note=note, scroll=True)


def table_movers(movers: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List who rose and fell most, with the criterion that did it.

    Parameters
    ----------
    movers : pandas.DataFrame
        From `measure_movers`.
    title, subtitle, note : str
        Plain texts above and below.
    """

    def cause(value: Any) -> str:
        return cell_text(_("加减分") if value == "加减分" else value)

    columns = [
        Shown("unit", _("单位"), css="nw"),
        Shown("rank0", _("原名次"), whole, "n"), Shown("rank1", _("现名次"), whole, "n"),
        Shown("risen", _("升降"), moved, "n"), Shown("change", _("变化"), points_signed, "n"),
        Shown("criterion", _("主要原因"), cause), Shown("points", _("该项变化"), points_signed, "n"),
    ]  # fmt: skip
    still = _("名次没有变化，变动 0 个单位。")
    unknown = _("没有上一季度的数据，不计算变化（可比 0 个季度）。")
    nobody = _("没有两个季度都参与排名的单位（0 个），不比较名次。")
    still = still if movers.attrs.get("ranked", 1) else nobody
    empty = still if movers.attrs.get("compared", True) else unknown
    return list_rows(movers, columns, title=title, subtitle=subtitle, note=note, empty=empty)


def table_progress(progress: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List 同起点进步值 with its interval and the raw change beside it.

    Parameters
    ----------
    progress : pandas.DataFrame
        From `measure_progress`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    table = progress.assign(
        interval=[
            DASH if is_missing(low) else _("{low} 至 {high}").format(low=fixed(low, 1), high=fixed(high, 1))
            for low, high in zip(progress["lower"], progress["upper"], strict=True)
        ],
        judged=progress["proven"].astype(object).where(progress["shrunk"].notna(), None),
    )
    columns = [
        Shown("index", _("单位"), css="nw"), Shown("start", _("起点"), tenths, "n"),
        Shown("change", _("原始变化"), tenths_signed, "n"), Shown("expected", _("同起点平均"), tenths_signed, "n"),
        Shown("shrunk", _("同起点进步值"), tenths_signed, "n"), Shown("interval", _("区间"), css="n nw"),
        Shown("judged", _("判断"), worded({True: _("可证实"), False: _("未证实")}, DASH)),
    ]  # fmt: skip
    if progress["start"].isna().all():
        table = table.head(0)
    empty = _("无法比较进步，不列进步榜")
    return list_rows(table, columns, title=title, subtitle=subtitle, note=note, empty=empty)

"""Ledgers, months, tasks and photos as tables."""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing
from lsb_nb.tables.columns import Shown, list_rows, points, share, tenths_signed, whole, worded
from lsb_nb.tables.layout import Head, cell_text, grid, row, titled


def _first(frame: pd.DataFrame) -> str:
    names = {"unit": _("单位"), "category": _("类别"), "state": _("完成情况"), "source": _("来源")}
    return {**names, "criterion": _("指标")}.get(str(frame.columns[0]), str(frame.columns[0]))


def _state(value: Any) -> str:
    return cell_text(_(str(value)))


def table_promises(summary: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List commitments counted by unit, category or state.

    Parameters
    ----------
    summary : pandas.DataFrame
        From `summarise_promises`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown(str(summary.columns[0]), _first(summary), _state if summary.columns[0] == "state" else cell_text, "nw"),
        Shown("total", _("承诺"), whole, "n"),
        Shown("due", _("到期"), whole, "n"),
        Shown("kept", _("兑现"), whole, "n"), Shown("late", _("未兑现"), whole, "n"),
        Shown("longest", _("最长逾期（天）"), whole, "n"), Shown("rate", _("兑现率"), share, "n"),
    ]  # fmt: skip
    return list_rows(summary, columns, title=title, subtitle=subtitle, note=note)


def table_findings(summary: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List findings counted by category, source, unit or criterion.

    Parameters
    ----------
    summary : pandas.DataFrame
        From `summarise_findings`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    columns = [
        Shown(str(summary.columns[0]), _first(summary), css="nw"), Shown("carried", _("结转"), whole, "n"),
        Shown("opened", _("新增"), whole, "n"), Shown("closed_now", _("本季销号"), whole, "n"),
        Shown("is_open", _("未销号"), whole, "n"), Shown("overdue", _("逾期"), whole, "n"),
        Shown("longest", _("最长逾期（天）"), whole, "n"), Shown("recurring", _("复发"), whole, "n"),
        Shown("repeated", _("跨季重复"), whole, "n"), Shown("days", _("销号天数（中位）"), whole, "n"),
    ]  # fmt: skip
    return list_rows(summary, columns, title=title, subtitle=subtitle, note=note)


def table_repeats(findings: pd.DataFrame, *, limit: int = 20, title: str = "", subtitle: str = "") -> Markup:
    """List findings that repeat across quarters or came back.

    Parameters
    ----------
    findings : pandas.DataFrame
        From `measure_findings`.
    limit : int
        Rows shown, most repeated first.
    title, subtitle : str
        Plain texts above.
    """
    rows = findings[(findings["repeats"] > 0) | findings["recurring"]]
    rows = rows.sort_values(["repeats", "recurring"], ascending=False, kind="stable")
    columns = [
        Shown("unit", _("单位"), css="nw"), Shown("finding", _("问题")), Shown("place", _("点位")),
        Shown("criterion", _("指标")), Shown("repeats", _("此前季度数"), whole, "n"),
        Shown("first_seen", _("最早"), css="nw"), Shown("recurring", _("说明"), worded({True: _("复发")}), "nw"),
    ]  # fmt: skip
    empty = _("没有复发，也没有同一点位跨季度重复的问题（0 项）。")
    return list_rows(rows, columns, limit=limit, title=title, subtitle=subtitle, empty=empty)


def table_countdown(countdown: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the latest month end of each category to be brought to zero.

    Parameters
    ----------
    countdown : pandas.DataFrame
        From `measure_countdown`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    last = countdown[countdown["day"] == countdown["day"].max()] if len(countdown) else countdown
    columns = [
        Shown("label", _("类别")), Shown("day", _("截至"), css="nw"), Shown("found", _("累计发现"), whole, "n"),
        Shown("closed", _("累计销号"), whole, "n"), Shown("open", _("未销号"), whole, "n"),
    ]  # fmt: skip
    return list_rows(last, columns, title=title, subtitle=subtitle, note=note)


def table_carry_over(carried: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List what became of the findings carried over; what is not closed comes first.

    Parameters
    ----------
    carried : pandas.DataFrame
        From `measure_carry_over`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    names = {"missing": _("未转入"), "open": _("未销号"), "closed": _("已销号")}
    rows = carried.assign(at=carried["now"].map(list(names).index)).sort_values("at", kind="stable")
    columns = [
        Shown("number", _("编号"), css="nw"), Shown("unit", _("单位"), css="nw"), Shown("finding", _("问题")),
        Shown("due", _("时限"), css="nw"), Shown("now", _("本季"), worded(names)),
    ]  # fmt: skip
    empty = _("上季度没有结转的问题（0 项）。")
    return list_rows(rows, columns, title=title, subtitle=subtitle, note=note, empty=empty)


def table_months(months: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the places of the months beside the quarter's.

    Parameters
    ----------
    months : pandas.DataFrame
        From `compare_months`.
    title, subtitle, note : str
        Plain texts above and below.
    """
    names = [name for name in months.columns if name not in ("rank", "apart")]
    columns = [Shown("index", _("单位"), css="nw"), *(Shown(name, str(name), whole, "n") for name in names)]
    columns += [Shown("rank", _("季度"), whole, "n"), Shown("apart", _("季度比月均高（位）"), tenths_signed, "n")]
    # without a month there is nothing to lay beside the quarter
    rows, empty = (months, "") if names else (months.head(0), _("没有可对照的月排名（0 个月）。"))
    return list_rows(rows, columns, title=title, subtitle=subtitle, note=note, empty=empty)


def table_tasks(
    tasks: pd.DataFrame, *, limit: int | None = None, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """List the drafted tasks of the next quarter.

    Parameters
    ----------
    tasks : pandas.DataFrame
        From `draft_tasks`.
    limit : int, optional
        Rows shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    names = {"finding": _("未销号问题"), "promise": _("到期承诺"), "gap": _("短板")}
    columns = [
        Shown("unit", _("单位"), css="nw"), Shown("task", _("任务")), Shown("due", _("完成时限"), css="nw"),
        Shown("source", _("来源"), worded(names), "nw"), Shown("points", _("可得分"), points, "n"),
    ]  # fmt: skip
    return list_rows(tasks, columns, limit=limit, title=title, subtitle=subtitle, note=note)


def table_plan(tasks: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """Lay the drafted tasks out unit by unit: what to put right, what was promised, where points can be gained.

    Parameters
    ----------
    tasks : pandas.DataFrame
        From `draft_tasks`: ``unit, subject, due, source, points``.
    title, subtitle, note : str
        Plain texts above and below.
    """

    def listed(rows: pd.DataFrame, after: Callable[[dict[Any, Any]], str]) -> str:
        lines = [f"{text(line['subject'])}<em>{text(after(line))}</em>" for line in rows.to_dict("records")]
        return "<br>".join(lines) or DASH

    def deadline(line: dict[Any, Any]) -> str:
        return f"{line['due']:%m-%d}"

    def gain(line: dict[Any, Any]) -> str:
        return f"+{fixed(line['points'])}"

    heads = [
        Head(_("单位"), "nw"), Head(_("整改问题"), "tk", _("限时")), Head(_("兑现承诺"), "tk", _("限时")),
        Head(_("补短板"), "tk", _("可得分")),
    ]  # fmt: skip
    lines = []
    for unit, own in tasks.groupby("unit", sort=False):
        kinds = [listed(own[own["source"] == kind], deadline) for kind in ("finding", "promise")]
        lines.append(row(heads, [text(unit), *kinds, listed(own[own["source"] == "gap"], gain)]))
    if not lines:
        return titled(f"<p>{text(_('没有可列的内容（0 项）。'))}</p>", title=title, subtitle=subtitle, note=note)
    return titled(grid(heads, lines, scroll=True), title=title, subtitle=subtitle, note=note)


def _by_stage(rows: pd.DataFrame) -> list[dict[Any, Any] | None]:
    """Give the frames of a place row by row, a column per stage; None where another stage has more photos."""
    stages = [own.to_dict("records") for _stage, own in rows.groupby("stage", sort=False)]
    return [line for together in zip_longest(*stages) for line in together]


def table_photos(photos: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """Lay out contact sheets: unit by unit and place by place, equal frames, what is missing an empty one.

    Below stand the files that cannot be shown, why, and what to do about each.

    Parameters
    ----------
    photos : pandas.DataFrame
        From `prepare_photos`: ``unit, place, stage, status, image, told``.
    title, subtitle, note : str
        Plain texts above and below.
    """
    reasons = {
        "absent": _("未提供"), "missing": _("找不到文件"), "outside": _("不在活动文件夹内"),
        "oversized": _("过大，未打开"), "broken": _("文件损坏"),
    }  # fmt: skip
    blocks = []
    for (unit, place), rows in photos.groupby(["unit", "place"], sort=False):
        frames = []
        for line in _by_stage(rows):
            if line is None:
                frames.append("<div></div>")
                continue
            stage = _(line["stage"])
            words = f"{unit} {place} {stage}"
            inside = (
                f'<img src="data:image/webp;base64,{line["image"]}" alt="{text(words)}" '
                'style="width:100%;height:100%;object-fit:contain">'
                if not is_missing(line["image"])
                else f"<span>{text(stage)}　{text(reasons.get(line['status'], DASH))}</span>"
            )
            frames.append(
                '<div style="aspect-ratio:4/3;border:1px solid #D5D9DE;background:#F3F5F7;display:flex;'
                f'align-items:center;justify-content:center;overflow:hidden">{inside}</div>'
            )
        blocks.append(
            f'<figure class="fig" style="break-inside:avoid"><figcaption>{text(unit)}　{text(place)}</figcaption>'
            f'<div style="display:grid;grid-template-columns:repeat(3,1fr);gap:8px">{"".join(frames)}</div></figure>'
        )
    columns = "display:grid;grid-template-columns:repeat(auto-fill,minmax(min(460px,100%),1fr));column-gap:24px"
    body = f'<div class="contact" style="{columns}">{"".join(blocks)}</div>' if blocks else ""
    return titled(body + _faults(photos, reasons), title=title, subtitle=subtitle, note=note)


def _faults(photos: pd.DataFrame, reasons: dict[str, str]) -> str:
    mends = {
        "missing": _("补上文件，或改正“照片”表的文件名"), "outside": _("把照片放进活动文件夹，写相对路径"),
        "oversized": _("缩小到 5000 万像素、30 MB 以内，再另存为 JPG"),
        "broken": _("换一张原图，或用看图软件打开后另存为 JPG"),
    }  # fmt: skip
    bad = photos[photos["status"].isin(list(mends))]
    if bad.empty:
        return ""
    columns = [
        Shown("unit", _("单位"), css="nw"), Shown("place", _("点位")),
        Shown("stage", _("阶段"), lambda stage: text(_(stage)), css="nw"), Shown("told", _("文件")),
        Shown("status", _("问题"), worded(reasons)), Shown("mend", _("怎么办")),
    ]  # fmt: skip
    return str(list_rows(bad.assign(mend=bad["status"].map(mends)), columns, title=_("不能用的照片")))

"""Problems, commitments, comments, adjustments and vetoes as tables."""

from __future__ import annotations

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import fixed, percent, plain, signed
from lsb_nb.schema import SHEETS
from lsb_nb.tables.layout import Head, bar, cell_text, cut_note, grid, missing_sheet, paragraph, row, titled

LATE = "滞后"


def table_common(losses: pd.DataFrame, *, limit: int = 5, title: str = "", subtitle: str = "") -> Markup:
    """List the criteria on which most is lost in proportion.

    Parameters
    ----------
    losses : pandas.DataFrame
        ``criterion, full_marks, loss, share, units, many``.
    limit : int
        Rows shown.
    title, subtitle : str
        Plain texts above.
    """
    heads = [Head(_("指标")), Head(_("折合满分"), "n"), Head(_("平均失分"), "n"), Head(_("占满分"), "n")]
    heads.append(Head(_("失分超两成"), "n"))
    lines = [
        row(
            heads,
            [
                cell_text(line["criterion"]),
                plain(round(line["full_marks"], 2)),
                f"<b>{fixed(line['loss'])}</b>",
                percent(line["share"]),
                text(_("{n} 个").format(n=line["many"])),
            ],
        )
        for line in losses.head(limit).to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_single(gaps: pd.DataFrame, *, limit: int = 10, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """List the largest gaps of single units below the median of a criterion.

    Parameters
    ----------
    gaps : pandas.DataFrame
        ``unit, criterion, points, median, gap``.
    limit : int
        Rows shown.
    title, subtitle, note : str
        Plain texts above and below.
    """
    if gaps.empty:
        return titled("", title=title, subtitle=subtitle) + paragraph(_("没有明显低于中位的单项（0 项）。"))
    heads = [Head(_("单位"), "nw"), Head(_("指标")), Head(_("得分"), "n"), Head(_("中位"), "n"), Head(_("差距"), "n")]
    lines = [
        row(
            heads,
            [
                cell_text(line["unit"]),
                cell_text(line["criterion"]),
                fixed(line["points"]),
                fixed(line["median"]),
                f"<b>{fixed(-line['gap'])}</b>",
            ],
        )
        for line in gaps.head(limit).to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, subtitle=subtitle, note=note)


def table_finding_kinds(kinds: pd.DataFrame, *, limit: int = 6, title: str | None = None, subtitle: str = "") -> Markup:
    """Count findings by category (``category, findings, units``); nothing where there are none."""
    title = _("问题台账：按类别") if title is None else title
    if kinds.empty:
        return Markup("")
    heads = [Head(_("问题类别")), Head(_("问题"), "n"), Head(_("涉及单位"), "n")]
    lines = [
        row(heads, [cell_text(line["category"]), _("{n} 项").format(n=line["findings"]), str(line["units"])])
        for line in kinds.head(limit).to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_commitments(table: pd.DataFrame, *, title: str = "", subtitle: str = "") -> Markup:
    """Show each unit's due and kept commitments, the lowest rate first.

    Parameters
    ----------
    table : pandas.DataFrame
        Indexed by unit: ``due, kept, lagging, open, later, rate``.
    title, subtitle : str
        Plain texts above.
    """
    if table.empty:
        return missing_sheet("commitments")
    heads = [Head(_("单位"), "nw"), Head(_("到期"), "n"), Head(_("兑现"), "n"), Head(_("兑现率"))]
    heads += [Head(_("滞后"), "n"), Head(_("未到期"), "n hide")]
    lines = []
    for unit, facts in table.iterrows():
        rate = bar(facts["rate"], 1.0, shown=percent(facts["rate"]), colour="#23456B")
        late = f'<span class="od">{facts["lagging"]:.0f}</span>' if facts["lagging"] else "0"
        numbers = [f"{facts['due']:.0f}", f"{facts['kept']:.0f}", rate, late, f"{facts['later']:.0f}"]
        lines.append(row(heads, [cell_text(unit), *numbers]))
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_overdue_commitments(
    frame: pd.DataFrame, *, limit: int = 20, title: str | None = None, subtitle: str | None = None
) -> Markup:
    """List the commitments that were due and not kept, the earliest deadline first.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``number, unit, commitment, due, days, state``.
    limit : int
        Rows shown; a note counts the rest.
    title, subtitle : str
        Plain texts above.
    """
    title = _("到期未兑现的承诺") if title is None else title
    subtitle = _("共 {n} 项，按时限先后").format(n=len(frame)) if subtitle is None else subtitle
    if frame.empty:
        return titled("", title=title) + paragraph(_("到期承诺全部兑现。"))
    heads = [Head(_("编号"), "nw"), Head(_("单位"), "nw"), Head(_("承诺事项")), Head(_("时限"), "n")]
    heads += [Head(_("已过"), "n hide"), Head(_("情况"), "nw")]
    lines = []
    for line in frame.head(limit).to_dict("records"):
        css = "st od" if line["state"] == LATE else "st ok"
        cells = [cell_text(line[name]) for name in ("number", "unit", "commitment", "due")]
        cells += [text(_("{n} 天").format(n=line["days"])), f'<span class="{css}">{cell_text(_(line["state"]))}</span>']
        lines.append(row(heads, cells))
    note = cut_note(len(lines), len(frame), SHEETS["commitments"].title)
    return titled(grid(heads, lines), title=title, subtitle=subtitle, note=note)


def table_comments(comments: pd.DataFrame, *, title: str | None = None, subtitle: str = "") -> Markup:
    """Show the comments unit by unit; who spoke is told by role only.

    Parameters
    ----------
    comments : pandas.DataFrame
        ``unit, role, highlights, problems, requirements``, in the order to show.
    title, subtitle : str
        Plain texts above.
    """
    if comments.empty:
        return missing_sheet("comments")
    title = _("点评意见（按名次）") if title is None else title
    heads = [Head(_("单位"), "nw"), Head(_("角色"), "hide nw"), Head(_("亮点")), Head(_("问题")), Head(_("要求"))]
    names = ("unit", "role", "highlights", "problems", "requirements")
    lines = [row(heads, [cell_text(line[name]) for name in names]) for line in comments.to_dict("records")]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_highlights(comments: pd.DataFrame, *, limit: int = 5, title: str | None = None, subtitle: str = "") -> Markup:
    """Show what the comments praise, for the first units in the order given (``unit, highlights``)."""
    title = _("点评中的亮点（按名次）") if title is None else title
    rows = comments[comments["highlights"].notna() & (comments["highlights"].astype(str).str.strip() != "")]
    if rows.empty:
        return Markup("")
    heads = [Head(_("单位"), "nw"), Head(_("亮点"))]
    lines = [
        row(heads, [cell_text(r["unit"]), cell_text(r["highlights"])]) for r in rows.head(limit).to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def _counted(points: float) -> str:
    return f"<b>{signed(points)}</b>"


def table_adjustments(frame: pd.DataFrame, *, title: str | None = None, note: str = "") -> Markup:
    """List added and taken points with their grounds.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``unit, points, reason, counted`` (what the unit's total was changed by, shown once for a unit); a unit's rows
        stand together.
    title, note : str
        Plain texts above and below.
    """
    title = _("加减分") if title is None else title
    if frame.empty:
        return titled("", title=title) + paragraph(_("本季无加减分。"))
    heads = [Head(_("单位"), "nw"), Head(_("加减分"), "n"), Head(_("事由")), Head(_("计入总分"), "n")]
    # the sum counts once for a unit, beside its last row
    counted = frame["counted"].map(_counted).where(~frame["unit"].duplicated(keep="last"), "")
    lines = [
        row(heads, [cell_text(r["unit"]), signed(r["points"]), cell_text(r["reason"]), once])
        for r, once in zip(frame.to_dict("records"), counted, strict=True)
    ]
    return titled(grid(heads, lines), title=title, note=note)


def table_vetoes(frame: pd.DataFrame, *, title: str | None = None, note: str = "") -> Markup:
    """List the vetoed units with the ground and the score they keep (``unit, reason, score``)."""
    title = _("一票否决") if title is None else title
    if frame.empty:
        return titled("", title=title) + paragraph(_("本季无一票否决。"))
    heads = [Head(_("单位"), "nw"), Head(_("事由")), Head(_("保留得分"), "n"), Head(_("名次"), "nw")]
    lines = [
        row(heads, [cell_text(r["unit"]), cell_text(r["reason"]), fixed(r["score"]), text(_("不排名"))])
        for r in frame.to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, note=note)

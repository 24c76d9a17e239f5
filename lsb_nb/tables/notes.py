"""Notes on the data, the rules in words, the weights, and the provenance."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import plain
from lsb_nb.tables.layout import Head, cell_text, grid, row, titled, two_columns

_CODE = "font-family:ui-monospace,Consolas,monospace;font-size:12px;overflow-wrap:anywhere"


def table_data_notes(notes: pd.DataFrame, *, title: str = "", subtitle: str = "") -> Markup:
    """Show what was read and what was left out (``item, count, detail``)."""
    heads = [Head(_("项目"), "nw"), Head(_("数量"), "n"), Head(_("说明"))]
    lines = [
        row(heads, [cell_text(line["item"]), str(line["count"]), cell_text(line["detail"])])
        for line in notes.to_dict("records")
    ]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_corrections(frame: pd.DataFrame, *, title: str | None = None, subtitle: str = "") -> Markup:
    """List the corrections with their reasons (``unit, criterion, becomes, reason``); nothing where there are none."""
    title = _("更正") if title is None else title
    if frame.empty:
        return Markup("")
    heads = [Head(_("单位"), "nw"), Head(_("指标")), Head(_("更正为"), "n"), Head(_("理由"))]
    names = ("unit", "criterion", "becomes", "reason")
    lines = [row(heads, [cell_text(line[name]) for name in names]) for line in frame.to_dict("records")]
    return titled(grid(heads, lines), title=title, subtitle=subtitle)


def table_warnings(frame: pd.DataFrame, *, limit: int = 40, title: str | None = None, subtitle: str = "") -> Markup:
    """List what was noticed while reading and scoring (``file, sheet, cell, value, reason``); nothing if nothing."""
    title = _("数据提示") if title is None else title
    if frame.empty:
        return Markup("")
    heads = [Head(_("文件"), "nw"), Head(_("工作表"), "nw"), Head(_("单元格"), "nw hide"), Head(_("提示"))]
    names = ("file", "sheet", "cell", "reason")
    lines = [row(heads, [cell_text(line[name]) for name in names]) for line in frame.head(limit).to_dict("records")]
    note = (
        "" if len(lines) >= len(frame) else _("另有 {n} 条，运行检查命令可见全部。").format(n=len(frame) - len(lines))
    )
    return titled(grid(heads, lines), title=title, subtitle=subtitle, note=note)


def table_rules(rules: Sequence[tuple[str, str]]) -> Markup:
    """Set the rules in words, a paragraph each (heading, sentences)."""
    return Markup(
        "".join(
            f"<p><b>{text(_('{heading}。').format(heading=heading))}</b>{text(words)}</p>" for heading, words in rules
        )
    )


def table_weights(weights: pd.DataFrame, *, title: str | None = None, subtitle: str = "") -> Markup:
    """List criteria, way of scoring and weight, in two columns where the list is long.

    Parameters
    ----------
    weights : pandas.DataFrame
        ``criterion, pillar, segment, method, full_marks, weight``.
    title, subtitle : str
        Plain texts above.
    """
    title = _("指标与权重") if title is None else title
    heads = [
        Head(_("指标")),
        Head(_("板块"), "nw"),
        Head(_("计分方式"), "nw"),
        Head(_("满分"), "n"),
        Head(_("权重"), "n"),
    ]
    lines = [
        row(
            heads,
            [
                cell_text(line["criterion"]),
                cell_text(line["pillar"]),
                cell_text(_(line["method"])),
                plain(line["full_marks"]),
                plain(round(line["weight"], 2)),
            ],
        )
        for line in weights.to_dict("records")
    ]
    total = [f"<b>{text(_('合计'))}</b>", "", "", plain(weights["full_marks"].sum())]
    lines.append(row(heads, [*total, f"<b>{plain(round(weights['weight'].sum(), 2))}</b>"]))
    half = (len(lines) + 1) // 2 if len(lines) > 9 else len(lines)
    body = grid(heads, lines[:half])
    if half < len(lines):
        body = two_columns(body, grid(heads, lines[half:]), css="two halves")
    return titled(body, title=title, subtitle=subtitle)


def table_provenance(frame: pd.DataFrame, *, title: str | None = None, subtitle: str = "") -> Markup:
    """List inputs, scheme, versions, time and command.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``item, value, code, fold``; rows to fold stand in a list of their own that opens on demand.
    title, subtitle : str
        Plain texts above.
    """
    title = _("出处") if title is None else title
    heads = [Head(_("项目"), "nw"), Head(_("内容"))]

    def lines(rows: pd.DataFrame) -> list[str]:
        cells = [
            (line["item"], f'<code style="{_CODE}">{cell_text(line["value"])}</code>' if line["code"] else "", line)
            for line in rows.to_dict("records")
        ]
        return [row(heads, [cell_text(item), code or cell_text(line["value"])]) for item, code, line in cells]

    body = grid(heads, lines(frame[~frame["fold"]]))
    folded = frame[frame["fold"]]
    if len(folded):
        words = text(_("评委评分表逐份的 SHA-256（{n} 份，按哈希值排列）").format(n=len(folded)))
        body += f'<details class="noprint"><summary>{words}</summary>{grid(heads, lines(folded))}</details>'
    return titled(body, title=title, subtitle=subtitle)

"""The bones of every table: titles, heads with scope, cells, in-cell bars. Everything from a file is escaped here."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lsb_nb.i18n import _, language
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, is_missing
from lsb_nb.schema import SHEETS

PILLAR_COLOURS = ("#23456B", "#4F94A8", "#E2B55A", "#8CA5BD", "#A9B3BD", "#6B737C")
_IN_HEAD = ("n", "nw", "hide", "pcell")
"""Classes that a heading shares with the cells below it; the others are about type size and weight."""


class Head(NamedTuple):
    """One column: its heading, the CSS class of its cells, and a second line under the heading."""

    label: str
    css: str = ""
    below: str = ""


def cell_text(value: Any) -> str:
    """Escape a value for a cell: dates as 2021-12-31, line breaks kept, a dash where nothing stands."""
    if is_missing(value) or (isinstance(value, str) and not value.strip()):
        return DASH
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    return text(value).replace("\n", "<br>")


def titled(body: str, *, title: str = "", subtitle: str = "", note: str = "") -> Markup:
    """Put a title and a subtitle above a piece of HTML and a note below; all three are plain text.

    A sentence that serves as a title loses its full stop.
    """
    parts = [
        f"<h3>{text(title.rstrip('。.'))}</h3>" if title else "",
        f'<p class="sub">{text(subtitle)}</p>' if subtitle else "",
    ]
    return Markup("".join(parts) + body + (f'<p class="note">{text(note)}</p>' if note else ""))


def grid(heads: Sequence[Head], rows: Sequence[str], *, css: str = "led", scroll: bool = False) -> str:
    """Make a table of finished rows."""
    cells = "".join(
        f'<th scope="col"{_css(" ".join(name for name in head.css.split() if name in _IN_HEAD))}>{text(head.label)}'
        + (f'<br><span style="font-weight:400">{text(head.below)}</span>' if head.below else "")
        + "</th>"
        for head in heads
    )
    wrap = "fig scroll" if scroll else "fig"
    return (
        f'<div class="{wrap}"><table class="{css}"><thead><tr>{cells}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def row(heads: Sequence[Head], cells: Sequence[str], *, css: str = "") -> str:
    """Make a row of finished cells, each with the class of its column."""
    inside = "".join(f"<td{_css(head.css)}>{cell}</td>" for head, cell in zip(heads, cells, strict=True))
    return f"<tr{_css(css)}>{inside}</tr>"


def _css(names: str) -> str:
    return f' class="{names}"' if names else ""


def bar(value: float, full: float, *, shown: str, colour: str, median: float | None = None) -> str:
    """Draw a bar inside a cell: from 0 to full marks, the number to its left, a tick at the median."""
    if is_missing(value) or not full:
        return f'<span class="cell"><span class="v">{shown}</span></span>'
    fill = f'<i style="width:{_share(value, full)}%;background:{colour}"></i>'
    tick = "" if is_missing(median) else f'<u style="left:{_share(median, full)}%"></u>'
    return f'<span class="cell"><span class="v">{shown}</span><span class="tr">{fill}{tick}</span></span>'


def _share(value: Any, full: float) -> str:
    return f"{min(max(float(value) / full, 0.0), 1.0) * 100:.1f}"


def missing_sheet(name: str) -> Markup:
    """Say that a sheet is missing; its heading stands, its table does not."""
    return Markup(f"<p>{text(_('本季未提供“{sheet}”，本节从略。').format(sheet=SHEETS[name].title))}</p>")


def two_columns(left: str, right: str, *, css: str = "two") -> Markup:
    """Set two pieces side by side; on a phone one below the other, in print too where both are wide.

    With the classes ``two halves`` they stay side by side in print.
    """
    return Markup(f'<div class="{css}"><div>{left}</div><div>{right}</div></div>')


def beside(figure: str, words: str) -> Markup:
    """Set words to the right of a figure; on a phone and in print below it. Without a figure the words alone."""
    return Markup(f'<div class="side"><div>{figure}</div><div>{words}</div></div>' if figure else words)


def paragraph(*sentences: str, css: str = "") -> Markup:
    """Make a paragraph of each plain sentence; nothing of an empty one."""
    return Markup("".join(f"<p{_css(css)}>{text(sentence)}</p>" for sentence in sentences if sentence))


def cut_note(shown: int, total: int, sheet: str) -> str:
    """Say that a list is cut, and where all of it is; empty when it is whole."""
    return "" if shown >= total else _("另有 {n} 项，见工作簿“{sheet}”。").format(n=total - shown, sheet=sheet)


_DARK = (
    "--ink:#E9EBEE;--ink2:#BEC5CC;--ink3:#A0A8B1;--rule:#3B424A;--rule2:#2A3037;--paper:#111;--wash:#1D2329;"
    "--sel:#22313F;--red:#F28B82;--p0:#5E8CC4;--p1:#7CC3D6;--p2:#EBCB85;--better:#7DB5EA;--worse:#E29A57;"
    "--track:#2A3037;"
    # the loss scale keeps its light steps, so its figures keep their dark ink
    ".c0,.c1,.c2,.c3,.cna{color:#1B1F24}"
)
"""What JupyterLab's dark theme changes in the report's style."""


def page_style() -> Markup:
    """Give the report's style sheet to a notebook, so that its tables look on screen as they will in the report.

    The rules hold inside the outputs of cells only.
    """
    folder = Path(__file__).parent.parent / "report" / "templates" / "lsb_report"
    sheets = [folder / name for name in ("tokens.css", "report.css", "tables.css", "narrow.css")]
    css = "".join(path.read_text(encoding="utf-8") for path in sheets if path.exists())
    # beside the notebook stand JupyterLab's own columns, and the contents list of the page is not there at all
    css = re.sub(r"@media screen and \(max-width: 1099px\) \{.*?\n\}", "", css, flags=re.DOTALL)
    css = css.replace("(max-width: 719px)", "(max-width: 860px)").replace("margin: 0 -14px; padding: 0 14px;", "")
    css = re.sub(r":root\s*\{", "&{", re.sub(r"@import[^;]*;|@page[^{]*\{[^}]*\}", "", css))
    # JupyterLab aligns every cell right, tints every other row and gives all columns one width, so that on a phone they
    # run into each other; the class stands twice to outweigh Voila's style too
    plain = "table{table-layout:auto}th,td{text-align:left}tbody tr:nth-child(n):not([class]){background:none}"
    if language() != "zh":
        plain += "&{font-feature-settings:'halt'}"  # as in the report
    ours = ".jp-RenderedHTMLCommon.jp-RenderedHTMLCommon"
    return Markup(f"<style>{ours}{{{plain}{css}}}body[data-jp-theme-light=false] {ours}{{{_DARK}}}</style>")

"""The ranking: place, movement, score, points by pillar with bars, band, place in the quarter before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, fixed, is_missing, plain, signed
from lsb_nb.tables.layout import PILLAR_COLOURS, Head, bar, cell_text, grid, row, titled


def _left_out(status: Any) -> str:
    """Say why a unit has no place."""
    return {"vetoed": _("不排名"), "unrated": _("未评")}.get(status, "")


def _movement(change: Any, *, placed: bool, earlier: Any) -> str:
    """Show places gained or lost with a sign beside the colour; a unit that was not there before is new."""
    if placed and earlier == "absent":
        return f'<span class="mv eq">{text(_("新"))}</span>'
    if not placed or is_missing(change):
        return f'<span class="mv eq">{DASH}</span>'
    if change == 0:
        return f'<span class="mv eq">{text(_("平"))}</span>'
    css, sign = ("up", "▲") if change > 0 else ("dn", "▼")
    return f'<span class="mv {css}">{sign}{abs(int(change))}</span>'


def _adjusted(points: Any) -> str:
    if is_missing(points) or not points:
        return ""
    words = _("含加分 {points}") if points > 0 else _("含减分 {points}")
    return f"<small>{text(words.format(points=_short(points)))}</small>"


def _short(points: Any) -> str:
    """Print a signed adjustment with as many decimals as it has, at least one."""
    digits = max(1, len(plain(abs(points)).partition(".")[2]))
    return signed(points, min(digits, 2))


def table_ranking(
    ranking: pd.DataFrame,
    parts: pd.DataFrame,
    *,
    tiers: pd.Series | None = None,
    extra: pd.DataFrame | None = None,
    title: str = "",
    subtitle: str = "",
    note: str = "",
) -> Markup:
    """Make the ranking table: points first, each pillar with a bar and a tick at the median.

    Parameters
    ----------
    ranking : pandas.DataFrame
        Indexed by unit in published order: ``rank, score, adjustment, band, status, previous,
        previous_status, change``.
    parts : pandas.DataFrame
        ``unit, part, points, full_marks, median``: the pillars.
    tiers : pandas.Series, optional
        Indexed by unit: a label per tier; neighbours with the same label share a wash and one cell.
    extra : pandas.DataFrame, optional
        Indexed by unit: columns of finished texts to add at the right; the column name is the heading.
    title, subtitle, note : str
        Plain texts above and below.
    """
    pillars = list(dict.fromkeys(parts["part"]))
    cells = {(line["unit"], line["part"]): line for line in parts.to_dict("records")}
    full = dict(zip(parts["part"], parts["full_marks"], strict=True))
    before = bool(ranking["previous"].notna().any())
    banded = bool(ranking["band"].notna().any())
    added = [] if extra is None else [str(name) for name in extra.columns]
    heads = [
        Head(_("名次"), "n nw"),
        *([Head(_("升降"), "hide nw")] if before else []),
        Head(_("单位"), "u"),
        Head(_("总分"), "n tot"),
        *(Head(name, "pcell", _("满分 {full}").format(full=plain(round(full[name], 2)))) for name in pillars),
        *([Head(_("等次"), "hide nw")] if banded else []),
        *([Head(_("上季名次"), "hide n nw")] if before else []),
        *(Head(name, "hide wk") for name in added),
    ]
    texts = {} if extra is None else {name: extra[name].reindex(ranking.index).to_dict() for name in added}
    runs = _runs(ranking, tiers)
    lines = []
    for unit, facts in ranking.iterrows():
        ranked = facts["status"] == "ranked"
        place = _left_out(facts["status"]) or str(facts["rank"])
        move = _movement(facts["change"], placed=ranked, earlier=facts["previous_status"])
        small = f'<span class="pm">{move}</span>' if before and ranked else ""
        values = [
            f"<b>{text(place)}</b>" if ranked else text(place),
            *([move] if before else []),
            text(unit) + _adjusted(facts["adjustment"]) + small,
            fixed(facts["score"]),
            *(_pillar(cells[unit, name], PILLAR_COLOURS[i % len(PILLAR_COLOURS)]) for i, name in enumerate(pillars)),
            *([cell_text(facts["band"] if is_missing(facts["band"]) else _(facts["band"]))] if banded else []),
            *([text(_left_out(facts["previous_status"])) or cell_text(facts["previous"])] if before else []),
            *(cell_text(texts[name][unit]) for name in added),
        ]
        line = row(heads, values, css=runs[unit][1] if runs else "")
        lines.append(line.replace("<td", runs[unit][0] + "<td", 1) if runs else line)
    shown = [Head(_("档次"), "hide"), *heads] if runs else heads
    return titled(grid(shown, lines, css="rank"), title=title, subtitle=subtitle, note=note)


def _pillar(line: Mapping[Any, Any], colour: str) -> str:
    shown = fixed(line["points"])
    return bar(line["points"], line["full_marks"], shown=shown, colour=colour, median=line["median"])


def _runs(ranking: pd.DataFrame, tiers: pd.Series | None) -> dict[Any, tuple[str, str]]:
    """Give each unit the tier cell before its row (at the first of a run) and the class of its row."""
    if tiers is None or not len(tiers):
        return {}
    labels = [
        _left_out(status) or str(tiers.get(unit, ""))
        for unit, status in zip(ranking.index, ranking["status"], strict=True)
    ]
    out: dict[Any, tuple[str, str]] = {}
    shade, start = False, 0
    while start < len(labels):
        stop = start
        while stop < len(labels) and labels[stop] == labels[start]:
            stop += 1
        shade = not shade and ranking["status"].iloc[start] == "ranked"
        count = _("{n} 个").format(n=stop - start)
        cell = f'<td class="tier hide" rowspan="{stop - start}">{text(labels[start])}<br>{text(count)}</td>'
        for i in range(start, stop):
            css = ("todd " if shade else "") + ("tl" if i == stop - 1 else "")
            out[ranking.index[i]] = (cell if i == start else "", css.strip())
        start = stop
    return out

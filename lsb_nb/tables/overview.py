"""Masthead, key sentences, tiles, and points by segment."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.numbers import DASH, date_words, fixed, plain, quarter_words, signed
from lsb_nb.tables.heat import legend, shaded
from lsb_nb.tables.layout import titled

STEPS = (0.05, 0.1, 0.15, 0.2, 0.3)
"""Shares of the full marks lost at which the shade of a cell deepens; the same every quarter."""


def _activity(records: Records) -> dict[str, str]:
    rows = records.activity
    return {str(item): str(content) for item, content in zip(rows["item"], rows["content"], strict=True)}


def _day(words: str) -> str:
    """Write a date of the sheet 活动 as in running text, or leave it as it is."""
    match = re.match(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", words)
    if match is None:
        return words
    try:
        return date_words(dt.date(*map(int, match.groups())))
    except ValueError:
        return words


REMARK = "remark"
"""A class of elements whose text an export repeats to the analyst."""


def table_masthead(records: Records, scores: Scores, facts: pd.Series) -> Markup:
    """Make the masthead: organiser, title, date, what was judged by whom, scheme, time.

    Parameters
    ----------
    records : Records
        Holds the quarter of `scores`.
    scores : Scores
        The quarter.
    facts : pandas.Series
        ``kind, units, criteria, raters``.
    """
    sheet = _activity(records.at(scores.quarter))
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now()
    counts = {"村": _("{n} 个村"), "社区": _("{n} 个社区")}.get(facts["kind"], _("{n} 个单位")).format(n=facts["units"])
    counts += _("，{n} 项指标").format(n=facts["criteria"])
    if facts["raters"]:
        counts += _("，{n} 名评委").format(n=facts["raters"])
    name = getattr(scores.scheme, "name", "")
    meta = [
        _("评比日期：{day}").format(day=_day(sheet["日期"])) if sheet.get("日期") else "",
        counts,
        _("计分方案：{name}").format(name=_("公布方案") if name == "公布方案" else name),
        _("生成：{day}").format(day=date_words(now.date())),
    ]
    spans = "".join(f"<span>{text(part)}</span>" for part in meta if part)
    if records.invented:
        spans += f'<span class="demo">{text(_("示例数据　地名、人物、分数均为虚构"))}</span>'
    organiser = f'<div class="org">{text(sheet["组织单位"])}</div>' if sheet.get("组织单位") else ""
    title = _("{activity}{quarter}分析报告").format(activity=scores.activity, quarter=quarter_words(scores.quarter))
    return Markup(f'<header class="mast">{organiser}<h1>{text(title)}</h1><div class="meta">{spans}</div></header>')


def table_key(sentences: Sequence[tuple[str, str]], *, strong: Sequence[str] = ()) -> Markup:
    """List the key sentences, each with a link to its section.

    Parameters
    ----------
    sentences : sequence of (str, str)
        Plain sentence, and the numeral of the section whose heading begins with it.
    strong : sequence of str
        Names to set bold.
    """
    names = sorted({text(name) for name in strong if name}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, names))) if names else None
    items = []
    for sentence, section in sentences:
        html = text(sentence)
        if pattern is not None:
            html = pattern.sub(lambda match: f"<b>{match[0]}</b>", html)
        link = f'<a href="#s{text(section)}">{text(_("见{section}").format(section=_(section)))}</a>' if section else ""
        items.append(f"<li><span>{html}</span>{link}</li>")
    return Markup(f'<ol class="key">{"".join(items)}</ol>')


def _tile(label: str, value: str, below: str, *, alarm: bool = False, told: str = "") -> str:
    css = ' class="od"' if alarm else ""
    mark = f' class="{told}"' if told else ""
    return f"<div{css}><span>{text(label)}</span><b>{text(value)}</b><em{mark}>{text(below)}</em></div>"


def _names(units: Sequence[str]) -> str:
    shown = _("、").join(units[:2])
    return shown if len(units) <= 2 else _("{names}等 {n} 个").format(names=shown, n=len(units))


def table_tiles(facts: pd.Series, bands: pd.DataFrame) -> Markup:
    """Make the five tiles of the overview: mean, highest, lowest, bands, overdue findings.

    The lowest gives way to the number of ranked units where the scheme does not publish it, overdue findings to the
    number of criteria where there is no ledger.

    Parameters
    ----------
    facts : pandas.Series
        ``mean, mean_before, mean_change, first, first_score, last, last_score, ranked, units, criteria, show_last,
        findings, closed, overdue``.
    bands : pandas.DataFrame
        Indexed by band: ``count``.
    """
    before, told = facts["mean_before"], ""
    if before is not None:
        change = _("上季度 {before}（{change}）").format(before=fixed(before), change=signed(facts["mean_change"]))
    elif facts["mean"] is None:
        change = ""
    elif facts.get("scenario") and facts.get("unused"):
        change = _("不与上季度比较")
    elif facts.get("unused"):
        change, told = _("上季度数据有误，未作比较"), REMARK
    else:
        change = _("仅有本季数据")
    tiles = [
        _tile(_("平均分"), fixed(facts["mean"]), change, told=told),
        _tile(_("最高分"), fixed(facts["first_score"]), _names(facts["first"])),
    ]
    units = _tile(_("参与排名"), str(facts["ranked"]), _("共 {n} 个单位").format(n=facts["units"]))
    tiles.append(_tile(_("最低分"), fixed(facts["last_score"]), _names(facts["last"])) if facts["show_last"] else units)
    used = bands[bands["count"] > 0]
    tiles.append(
        _tile(_("等次"), " / ".join(map(str, used["count"])) or DASH, " / ".join(_(str(band)) for band in used.index))
    )
    if facts["findings"] is None:
        tiles.append(_tile(_("指标"), _("{n} 项").format(n=facts["criteria"]), _("未提供问题台账")))
    else:
        below = _("共 {n} 项，已销号 {closed} 项").format(n=facts["findings"], closed=facts["closed"])
        late = _("{n} 项").format(n=facts["overdue"])
        tiles.append(_tile(_("逾期未销号"), late, below, alarm=bool(facts["overdue"])))
    return Markup(f'<div class="tiles">{"".join(tiles)}</div>')


def _shaded(points: Any, full: float) -> str:
    lost = round(1 - float(fixed(points)) / full, 9) if full and points == points else 0.0
    return shaded(points, lost, STEPS)


def table_parts(
    parts: pd.DataFrame, ranking: pd.DataFrame, *, title: str = "", subtitle: str = "", note: str = ""
) -> Markup:
    """Shade each unit's points by segment or pillar; the last column is the published score.

    Parameters
    ----------
    parts : pandas.DataFrame
        ``unit, part, rank, status, points, full_marks``, ``own_full`` where a unit's differ; the units in published
        order. ``attrs``: ``means``, ``mean_adjustment``.
    ranking : pandas.DataFrame
        Indexed by unit: ``rank, score, adjustment, status``.
    title, subtitle, note : str
        Plain texts above and below.
    """
    if parts.empty:
        return Markup(f"<p>{text(_('指标未填“环节”，本节从略。'))}</p>")
    full = dict(zip(parts["part"], parts["full_marks"], strict=True))
    own = parts["own_full"] if "own_full" in parts else parts["full_marks"]
    cell_of = {
        (part, unit): _shaded(points, worth)
        for part, unit, points, worth in zip(parts["part"], parts["unit"], parts["points"], own, strict=True)
    }
    adjusted = bool((ranking["adjustment"].fillna(0) != 0).any())
    heads = "".join(
        f'<th scope="col">{text(name)}<br><span style="font-weight:400;color:#6B737C">'
        f"{text(_('满分 {full}').format(full=plain(round(worth, 2))))}</span></th>"
        for name, worth in full.items()
    )
    extra = f'<th scope="col">{text(_("加减分"))}</th>' if adjusted else ""
    heads = f'<tr><th></th>{heads}<th class="gapc"></th>{extra}<th scope="col" class="sum">{text(_("总分"))}</th></tr>'
    lines = []
    for unit, facts in ranking.iterrows():
        if facts["status"] == "unrated":
            continue
        place = _("不排名") if facts["status"] == "vetoed" else facts["rank"]
        cells = "".join(cell_of[name, unit] for name in full)
        add = f"<td>{signed(facts['adjustment']) if facts['adjustment'] else ''}</td>" if adjusted else ""
        lines.append(
            f'<tr><th scope="row">{text(place)}　{text(unit)}</th>{cells}<td class="gapc"></td>{add}'
            f'<td class="sum">{fixed(facts["score"])}</td></tr>'
        )
    ranked = ranking.index[ranking["status"] == "ranked"]
    if len(ranked):
        means = parts.attrs.get("means") or parts[parts["unit"].isin(ranked)].groupby("part")["points"].mean()
        mean_added = f"<td>{signed(parts.attrs.get('mean_adjustment', 0.0))}</td>" if adjusted else ""
        cells = "".join(_shaded(means[name], worth) for name, worth in full.items())
        total = fixed(ranking.loc[ranked, "score"].mean())
        lines.append(
            f'<tr class="avg"><th scope="row">{text(_("平均"))}</th>{cells}<td class="gapc"></td>'
            f'{mean_added}<td class="sum">{total}</td></tr>'
        )
    # a table of two or three segments would otherwise be stretched over the whole page
    width = f"min-width:0;max-width:{300 + 130 * (len(full) + adjusted)}px"
    body = f'<table class="hm" style="{width}"><thead>{heads}</thead><tbody>{"".join(lines)}</tbody></table>'
    labels = [f"<{STEPS[0]:.0%}", *(f"{step:.0%}+" for step in STEPS)]
    return titled(
        legend(_("失分占满分："), labels) + f'<div class="fig scroll">{body}</div>',
        title=title,
        subtitle=subtitle,
        note=note,
    )

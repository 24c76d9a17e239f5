"""What a reader must know about the data, without the name of a rater, a handler or a person in charge."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from lsb_nb.analysis.privacy import hide_names
from lsb_nb.analysis.words import join_names
from lsb_nb.bundles import Records, Scores
from lsb_nb.i18n import _
from lsb_nb.numbers import plain
from lsb_nb.schema import MICRO

SHOWN = 30


def measure_data_notes(records: Records, scores: Scores) -> pd.DataFrame:
    """Count what was read, what is missing, and what was left out and why.

    Parameters
    ----------
    records : Records
        Holds the quarter of `scores`.
    scores : Scores
        The quarter.

    Returns
    -------
    pandas.DataFrame
        ``item, count, detail`` (text, may be empty); rows that count nothing are left out but for the marks read.
    """
    quarter = records.at(scores.quarter)
    ratings = quarter.ratings["state"].value_counts()
    why = scores.dropped["why"].value_counts()
    cells = {
        state: [
            _("{unit}“{criterion}”").format(unit=unit, criterion=criterion)
            for unit, row in scores.states.iterrows()
            for criterion, value in row.items()
            if value == state
        ]
        for state in ("unrated", "not_applicable")
    }
    void = scores.dropped.loc[scores.dropped["why"] == "void", "rater"].nunique()
    unrated = list(scores.units.index[~scores.units["rated"].astype(bool)])
    counted = int(ratings.get("mark", 0)) - int(why.get("recused", 0)) - int(why.get("void", 0))
    rows: list[tuple[str, int, str]] = [
        (_("评委评分"), counted, _("有效评分的条数，更正已计入，回避、作废的不算")),
        (_("缺席、弃权、回避"), int(ratings.get("missing", 0)), _("表上写明没有评分的条数，不按零分计")),
        (_("按规则回避"), int(why.get("recused", 0)), _("回避单位的评分，不计入平均")),
        (_("全同分票作废"), int(void), _("作废的票数")),
        (_("去极值"), int(why.get("trimmed", 0)), _("按规则去掉的最高分和最低分条数")),
        (_("等次测评"), len(quarter.ballots), _("测评结果的条数")),
        (_("直接录入"), len(quarter.entries), _("录入分值的条数")),
        (_("更正"), len(quarter.corrections), _("逐条列于下表")),
        (_("不适用"), len(cells["not_applicable"]), join_names(cells["not_applicable"], limit=SHOWN)),
        (_("未评分"), len(cells["unrated"]), join_names(cells["unrated"], limit=SHOWN)),
        (_("未评单位"), len(unrated), join_names(unrated, limit=SHOWN)),
        (_("数据提示"), len(measure_warnings(records, scores)), _("逐条列于下表")),
    ]
    shown = [row for i, row in enumerate(rows) if row[1] or i == 0]
    return pd.DataFrame(shown, columns=["item", "count", "detail"])


def measure_corrections(records: Records, *, quarter: str) -> pd.DataFrame:
    """List the corrections with their reasons; neither the rater nor the handler is named.

    Returns
    -------
    pandas.DataFrame
        In the order of the sheet: ``unit, criterion, becomes`` (text), ``reason``.
    """
    rows = hide_names(records.at(quarter).corrections, records, columns=["reason"])
    words = {"missing": _("缺席"), "not_applicable": _("不适用")}
    becomes = [
        words.get(state) or plain(int(value) / MICRO)
        for state, value in zip(rows["state"], rows["becomes"], strict=True)
    ]
    return rows.assign(becomes=becomes)[["unit", "criterion", "becomes", "reason"]].reset_index(drop=True)


def measure_warnings(records: Records, scores: Scores) -> pd.DataFrame:
    """List the warnings of loading and scoring once each, without names; files of single raters are not told apart.

    Returns
    -------
    pandas.DataFrame
        ``file, sheet, cell, value, reason, hint``.
    """
    rows = scores.problems[scores.problems["severity"] == "warning"].copy()
    single = [isinstance(file, str) and "评分表" in Path(file).parts[:-1] for file in rows["file"]]
    # a rater's sheet may bear the rater's name
    rows.loc[single, ["file", "sheet"]] = [_("评分表"), None]
    columns = ["file", "sheet", "cell", "value", "reason", "hint"]
    return hide_names(rows[columns], records).drop_duplicates(ignore_index=True)


def measure_comments(records: Records, scores: Scores) -> pd.DataFrame:
    """Give the quarter's comments in published order, by role only.

    Returns
    -------
    pandas.DataFrame
        ``unit, role, highlights, problems, requirements``; a unit outside the ranking stands last.
    """
    rows = hide_names(records.at(scores.quarter).comments, records)
    place = {unit: i for i, unit in enumerate(scores.units.index)}
    order = rows["unit"].map(place).fillna(len(place))
    rows = rows.loc[order.sort_values(kind="stable").index]
    return rows[["unit", "role", "highlights", "problems", "requirements"]].reset_index(drop=True)


def measure_adjustments(records: Records, scores: Scores) -> pd.DataFrame:
    """List added and taken points, in published order.

    Returns
    -------
    pandas.DataFrame
        ``unit, points`` (as entered), ``reason, given`` (the unit's sum), ``counted`` (the sum after the cap),
        ``capped`` (bool: the two differ).
    """
    rows = hide_names(records.at(scores.quarter).adjustments, records, columns=["reason"])
    place = {unit: i for i, unit in enumerate(scores.units.index)}
    rows = rows.loc[rows["unit"].map(place).sort_values(kind="stable").index]
    points = rows["points"].astype(float) / MICRO
    given = points.groupby(rows["unit"]).transform("sum").round(9)
    counted = rows["unit"].map(scores.units["adjustment"]).astype(float)
    frame = rows.assign(points=points, given=given, counted=counted, capped=(given - counted).abs() > 1e-9)
    return frame[["unit", "points", "reason", "given", "counted", "capped"]].reset_index(drop=True)


def measure_vetoes(records: Records, scores: Scores) -> pd.DataFrame:
    """List the vetoes: ``unit, reason, score`` (published, kept)."""
    rows = hide_names(records.at(scores.quarter).vetoes, records, columns=["reason"])
    score = rows["unit"].map(scores.units["score"]).astype(float)
    return rows.assign(score=score)[["unit", "reason", "score"]].reset_index(drop=True)

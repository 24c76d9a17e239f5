"""Scores as JSON, and as a table in a .csv or .xlsx file."""

from __future__ import annotations

import csv
import io
import math
import os
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import IO, Any

import numpy as np
import pandas as pd

from lsb_nb.bundles import Scores
from lsb_nb.i18n import _
from lsb_nb.numbers import rounded
from lsb_nb.schema import FORMAT, MICRO, PROBLEM_COLUMNS
from lsb_nb.scheme import OFFICIAL, Scheme
from lsb_nb.scoring.exact import NANO, settle, to_cents, to_float
from lsb_nb.swap import replacing

_TITLE_SIGNS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def problem_objects(problems: pd.DataFrame) -> list[dict[str, Any]]:
    """Give a frame of problems as objects: ``file, sheet, cell, value, reason, hint``, None where it says nothing."""
    names = [name for name in PROBLEM_COLUMNS if name not in ("severity", "quarter")]
    return [
        {name: None if _is_missing(row[name]) else str(row[name]) for name in names}
        for row in problems[names].to_dict("records")
    ]


def as_json(scores: Scores) -> dict[str, Any]:
    """Give scores in the shape of ``lsb score --json``.

    Parameters
    ----------
    scores : Scores
        One quarter.

    Returns
    -------
    dict
        ``format, activity, quarter, units, warnings``; units in published order, each with ``unit``, ``rank``
        (whole number or None), ``score`` (text with 2 decimals or None), ``total``, ``adjustment``, ``vetoed``,
        ``pillars`` and ``criteria`` (unrounded; None when left out). A 未评 unit has
        only None, but for its adjustment. ``scenario`` (``name``, ``reason``) only where one is in force.
    """
    frame = scores.units
    pillars, criteria = scores.pillars.to_numpy(), scores.criteria.to_numpy()
    names, parts = [str(p) for p in scores.pillars.columns], [str(c) for c in scores.criteria.columns]
    ranks = frame["rank"].astype(object).tolist()
    units = [
        {
            "unit": str(unit),
            "rank": None if pd.isna(ranks[row]) else int(ranks[row]),
            "score": None if math.isnan(score) else f"{score:.2f}",
            "total": _number(total),
            "adjustment": float(adjustment),
            "vetoed": bool(vetoed),
            "pillars": dict(zip(names, map(_number, pillars[row].tolist()), strict=True)),
            "criteria": dict(zip(parts, map(_number, criteria[row].tolist()), strict=True)),
        }
        for row, (unit, score, total, adjustment, vetoed) in enumerate(
            zip(frame.index, frame["score"], frame["total"], frame["adjustment"], frame["vetoed"], strict=True)
        )
    ]
    warnings = problem_objects(scores.problems[scores.problems["severity"] == "warning"])
    head: dict[str, Any] = {"format": FORMAT, "activity": scores.activity, "quarter": scores.quarter}
    if scenario := scenario_of(scores):
        head["scenario"] = dict(zip(("name", "reason"), scenario, strict=True))
    return head | {"units": units, "warnings": warnings}


def scenario_of(scores: Scores) -> tuple[str, str] | None:
    """Give name and reason of the scenario that the scores follow; None for the published scheme."""
    scheme = scores.scheme
    assert isinstance(scheme, Scheme)
    return None if scheme.name == OFFICIAL else (scheme.name or _("未命名"), scheme.reason)


def score_table(scores: Scores) -> pd.DataFrame:
    """Lay scores out as they are published.

    Parameters
    ----------
    scores : Scores
        One quarter.

    Returns
    -------
    pandas.DataFrame
        名次, 单位, 得分, 等次, 加减分, one column a pillar (published score), one a criterion (points, with the full
        marks in its header), 备注, and 情景 where one is in force. Numbers are floats with 2 decimals or whole numbers;
        None where there is none.
    """
    units = scores.units
    notes = np.where(units["vetoed"], _("一票否决"), np.where(units["rated"], "", _("未评")))
    columns: list[tuple[str, list[Any]]] = [
        (_("名次"), [None if pd.isna(rank) else int(rank) for rank in units["rank"].astype(object)]),
        (_("单位"), [str(unit) for unit in units.index]),
        (_("得分"), [_number(value) for value in units["score"]]),
        (_("等次"), [None if _is_missing(band) else str(band) for band in units["band"]]),
        (_("加减分"), [float(rounded(value)) for value in units["adjustment"]]),
    ]
    for name, values in scores.published_pillars.items():
        columns.append((str(name), [_number(value) for value in values]))
    points = points_of(scores)
    for name, full in scores.structure["full_marks"].items():
        header = _("{criterion}（{full}分）").format(criterion=name, full=f"{full:.6f}".rstrip("0").rstrip("."))
        columns.append((header, [_number(value) for value in points[name]]))
    columns.append((_("备注"), [str(note) or None for note in notes]))
    if scenario := scenario_of(scores):
        columns.append((_("情景"), [scenario[0]] * len(units)))
    table = pd.DataFrame({i: pd.Series(values, dtype=object) for i, (_name, values) in enumerate(columns)})
    table.columns = pd.Index([name for name, _values in columns], dtype=object)
    return table


def points_of(scores: Scores) -> pd.DataFrame:
    """Give criterion scores as points out of each criterion's full marks, published with 2 decimals.

    Returns
    -------
    pandas.DataFrame
        units × criteria; NaN when left out; full marks where a criterion that is not applicable counts 100.
    """
    full = scores.full.to_numpy()
    share = np.where(np.isnan(full), scores.criteria.to_numpy(), full)
    marks = scores.structure["full_marks"].to_numpy()
    width = len(marks)

    def exact(position: int) -> Fraction:
        unit, criterion = divmod(position, width)
        return Fraction(round(share[unit, criterion] * NANO) * round(marks[criterion] * MICRO), 100 * MICRO)

    nano = settle(share * marks / 100 * NANO, exact, slack=max(1e-2, float(marks.max(initial=0)) * 1e-4))
    return pd.DataFrame(to_float(to_cents(nano), 100), index=scores.full.index, columns=scores.full.columns)


def write_table(scores: Scores, path: str | os.PathLike[str]) -> Path:
    """Write the published table: to a temporary file beside it first, then renamed.

    Parameters
    ----------
    scores : Scores
        One quarter.
    path : path
        Ends in ``.csv`` (UTF-8 with BOM; text that a spreadsheet would take for a formula gets a leading
        apostrophe) or ``.xlsx``.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    ValueError
        For another ending.
    """
    file = Path(path)
    if file.suffix.lower() not in WRITERS:
        allowed = ", ".join(map(repr, WRITERS))
        raise ValueError(f"`path` must end in one of {allowed}; not {file.suffix!r}.")
    with replacing(file) as stream:
        title = " ".join([scores.quarter, *(scenario_of(scores) or ())[:1]])
        WRITERS[file.suffix.lower()](score_table(scores), stream, title)
    return file


def _write_csv(table: pd.DataFrame, stream: IO[bytes], _title: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in table.columns])
    for row in table.itertuples(index=False, name=None):
        writer.writerow([_harmless(value) for value in row])
    stream.write(text.getvalue().encode("utf-8-sig"))


def _harmless(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" \u3000\xa0\n").startswith(_FORMULA_STARTS) else text


def _write_xlsx(table: pd.DataFrame, stream: IO[bytes], title: str) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet(_TITLE_SIGNS.sub(" ", title)[:31].rstrip(" '"))
        head, score = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.00"})
        for column, name in enumerate(table.columns):
            sheet.write_string(0, column, str(name), head)
        for row, values in enumerate(table.itertuples(index=False, name=None), start=1):
            for column, value in enumerate(values):
                if isinstance(value, str):
                    sheet.write_string(row, column, value)
                elif isinstance(value, float):
                    sheet.write_number(row, column, value, score)
                elif value is not None:
                    sheet.write_number(row, column, value)
        sheet.set_column(1, 1, 18)
        sheet.freeze_panes(1, 2)


WRITERS: dict[str, Callable[[pd.DataFrame, IO[bytes], str], None]] = {".csv": _write_csv, ".xlsx": _write_xlsx}
"""File ending -> writer of a table."""


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))

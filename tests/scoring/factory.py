"""Make `Records` in memory from plain Python, the way a loader would hand them on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from lsb_nb.bundles import Records, problem_frame
from lsb_nb.schema import MICRO, SHEETS, SOURCE_COLUMNS, frame_columns

QUARTER = "2021Q4"
_MARKS = ("mark", "becomes", "full_marks", "points")
_CATEGORIES = ("rater", "unit", "criterion", "state")


def micro(points: Any) -> int:
    """Whole millionths of a point; the test's own text must not be finer."""
    value = Decimal(str(points)) * MICRO
    assert value == int(value), points
    return int(value)


def frame(name: str, rows: list[dict[str, Any]], quarter: str) -> pd.DataFrame:
    columns = frame_columns(name)
    where = {"file": f"{quarter}.xlsx", "sheet": SHEETS[name].title}
    full = [{"quarter": quarter, "cell": f"A{i + 2}"} | where | row for i, row in enumerate(rows)]
    made = pd.DataFrame([{c: row.get(c) for c in columns} for row in full], columns=columns, dtype=object)
    for column in columns:
        if (column in _MARKS and name != "monthly") or column in ("good", "fairly_good", "fair", "poor"):
            made[column] = pd.array([pd.NA if v is None else int(v) for v in made[column]], dtype="Int64")
        elif name == "ratings" and column in _CATEGORIES:
            made[column] = pd.Categorical(made[column], categories=list(dict.fromkeys(made[column])))
    return made


def rating(rater: str, unit: str, criterion: str, mark: Any) -> dict[str, Any]:
    """One cell: a number, or a state such as `missing`."""
    return {"rater": rater, "unit": unit, "criterion": criterion} | cell(mark)


def cell(mark: Any) -> dict[str, Any]:
    if mark in ("missing", "blank", "not_applicable"):
        return {"mark": None, "state": mark}
    return {"mark": micro(mark), "state": "mark"}


def quarter_frames(quarter: str, **sheets: Any) -> dict[str, pd.DataFrame]:
    """Frames of one quarter.

    `units` may be names or rows, `criteria` (name, full marks, pillar, method, weight) tuples or rows, `rules` a dict,
    `raters` a dict rater -> group or rows, `ratings` (rater, unit, criterion, mark) tuples, `adjustments`
    (unit, points) pairs, `vetoes` names; other sheets are rows.
    """
    rows: dict[str, list[dict[str, Any]]] = {name: list(sheets.get(name, [])) for name in SHEETS}
    rows["units"] = [r if isinstance(r, dict) else {"unit": r} for r in sheets["units"]]
    rows["criteria"] = [
        r
        if isinstance(r, dict)
        else dict(
            zip(("criterion", "full_marks", "pillar", "method", "weight"), (r[0], micro(r[1]), *r[2:]), strict=False)
        )
        for r in sheets["criteria"]
    ]
    rows["rules"] = [{"rule": key, "value": value} for key, value in dict(sheets.get("rules", {})).items()]
    rows["ratings"] = [r if isinstance(r, dict) else rating(*r) for r in sheets.get("ratings", [])]
    given = sheets.get("raters")
    if given is None:
        given = dict.fromkeys((r["rater"] for r in rows["ratings"]), "评委")
    rows["raters"] = (
        [{"rater": rater, "group": group} for rater, group in given.items()] if isinstance(given, dict) else list(given)
    )
    rows["raters"] = [{"recused": ()} | row for row in rows["raters"]]
    rows["units"] = [{"aliases": ()} | row for row in rows["units"]]
    rows["entries"] = [
        r if isinstance(r, dict) else {"unit": r[0], "criterion": r[1]} | cell(r[2]) for r in sheets.get("entries", [])
    ]
    rows["adjustments"] = [
        r if isinstance(r, dict) else {"unit": r[0], "points": micro(r[1]), "reason": "事由"}
        for r in sheets.get("adjustments", [])
    ]
    rows["vetoes"] = [r if isinstance(r, dict) else {"unit": r, "reason": "事由"} for r in sheets.get("vetoes", [])]
    rows["commitments"] = [
        {"number": str(i + 1), "commitment": "事项", "due": dt.date(2021, 12, 1)} | r
        for i, r in enumerate(sheets.get("commitments", []))
    ]
    rows["ballots"] = [
        r
        if isinstance(r, dict)
        else dict(zip(("unit", "criterion", "group", "good", "fairly_good", "fair", "poor"), r, strict=True))
        for r in sheets.get("ballots", [])
    ]
    return {name: frame(name, rows[name], quarter) for name in SHEETS}


def make_records(quarters: dict[str, dict[str, Any]] | None = None, **sheets: Any) -> Records:
    """Records of one quarter (`**sheets`) or of several."""
    quarters = quarters or {QUARTER: sheets}
    made = [quarter_frames(quarter, **given) for quarter, given in sorted(quarters.items())]
    frames = {}
    for name in SHEETS:
        parts = [frames_of[name] for frames_of in made]
        if name == "ratings":
            for column in _CATEGORIES:
                categories = list(dict.fromkeys(c for part in parts for c in part[column].cat.categories))
                for part in parts:
                    part[column] = pd.Categorical(part[column], categories=categories)
        filled = [part for part in parts if len(part)] or parts[:1]
        frames[name] = pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0]
    sources = pd.DataFrame([{"quarter": q, "file": f"{q}.xlsx", "sha256": q * 8, "bytes": 1} for q in sorted(quarters)])
    return Records(
        name="演示活动",
        folder=Path("demo"),
        quarters=tuple(sorted(quarters)),
        frames=frames,
        problems=problem_frame([]),
        sources=sources[list(SOURCE_COLUMNS)],
    )

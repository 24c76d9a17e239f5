"""A small town written by hand: records of invented villages, as loading gives them."""

from pathlib import Path

import pandas as pd

from lsb_nb.bundles import Records, problem_frame
from lsb_nb.schema import MICRO, SHEETS, SOURCE_COLUMNS, frame_columns

CRITERIA = {
    "承诺兑现": (30, "亮承诺", "实地看"),
    "环境整治": (50, "赛实绩", "实地看"),
    "现场汇报": (20, "比干劲", "台上比"),
}
UNITS = ("鹿吟村", "荷汀村", "枫渡村", "雪桁村", "锦帆村", "棠梨村")
_POINTS = {
    "2021Q3": ((25, 40, 17), (27, 44, 18), (24, 42, 16), (26, 41, 15), (22, 35, 14), (20, 40, 15)),
    "2021Q4": ((28, 46, 18), (27, 45, 18), (26, 44, 17), (26, 44, 17), (21, 30, 14), (25, 40, 15)),
}
MARKS = {quarter: dict(zip(UNITS, points, strict=True)) for quarter, points in _POINTS.items()}


def make_records(marks=None, **sheets):
    """Give Records of direct entries; `sheets` are lists of dicts by frame name, `quarter` 2021Q4 unless told."""
    marks = MARKS if marks is None else marks
    frames = {}
    quarters = tuple(sorted(marks))
    rows = {name: [] for name in SHEETS}
    for quarter in quarters:
        rows["units"] += [{"quarter": quarter, "unit": unit, "kind": "村"} for unit in marks[quarter]]
        rows["criteria"] += [
            {"quarter": quarter, "criterion": name, "full_marks": full * MICRO, "pillar": pillar, "segment": segment}
            | {"method": "直接录入", "weight": None}
            for name, (full, pillar, segment) in CRITERIA.items()
        ]
        for unit, points in marks[quarter].items():
            for criterion, value in zip(CRITERIA, points, strict=True):
                state = "not_applicable" if value == "不适用" else "blank" if value is None else "mark"
                number = round(value * MICRO) if state == "mark" else pd.NA
                rows["entries"].append(
                    {"quarter": quarter, "unit": unit, "criterion": criterion, "mark": number, "state": state}
                )
    for name, given in sheets.items():
        rows[name] += [{"quarter": quarters[-1]} | row for row in given]
    for name in SHEETS:
        where = {"file": f"{quarters[-1]}.xlsx", "sheet": SHEETS[name].title}
        table = [where | {"cell": f"A{i + 2}"} | row for i, row in enumerate(rows[name])]
        frame = pd.DataFrame(table, columns=frame_columns(name), dtype=object)
        for column in ("mark", "full_marks", "points", "becomes"):
            if column in frame:
                frame[column] = frame[column].astype("Int64")
        frames[name] = frame
    sources = [{"quarter": q, "file": f"{q}.xlsx", "sha256": q[-1] * 64, "bytes": 9} for q in quarters]
    source = pd.DataFrame(sources, columns=list(SOURCE_COLUMNS))
    return Records("示例镇观摩评比", Path("data/demo"), quarters, frames, problem_frame([]), source)

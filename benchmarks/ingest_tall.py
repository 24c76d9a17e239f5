"""Read a sheet of 200,000 marks, one a row, guard and contained child included, against pandas with openpyxl."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from run import Row, side_by_side

from lsb_nb.records.load import load_quarter

RATERS, UNITS, CRITERIA = 40, 500, 10


def make(path: Path) -> None:
    """Write a workbook whose sheet 评分 is one long list."""
    import xlsxwriter

    units, criteria = [f"试{u:03d}村" for u in range(UNITS)], [f"指标{c}" for c in range(CRITERIA)]
    raters = [f"R{r:02d}" for r in range(RATERS)]
    sheets = {
        "单位": [["单位"], *([unit] for unit in units)],
        "指标": [["指标", "满分"], *([criterion, 10] for criterion in criteria)],
        "评委": [
            ["评委", "评委组"],
            *([rater, "班子成员" if r < 11 else "中层干部"] for r, rater in enumerate(raters)),
        ],
        "评分": [
            ["评委", "单位", "指标", "分值"],
            *(
                [rater, unit, criterion, 5 + (7 * r + 3 * u + c) % 50 / 10]
                for r, rater in enumerate(raters)
                for u, unit in enumerate(units)
                for c, criterion in enumerate(criteria)
            ),
        ],
    }
    with xlsxwriter.Workbook(str(path)) as book:
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for at, row in enumerate(rows):
                page.write_row(at, 0, row)


def measure() -> list[Row]:
    """Compare reading, checking and typing the whole workbook with bare `pandas.read_excel` of the long sheet."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "2021Q4.xlsx"
        make(path)
        ours, peer = side_by_side(
            lambda: load_quarter(path),
            lambda: pd.read_excel(path, sheet_name="评分", header=None, engine="openpyxl"),
            runs=3,
        )
    n = RATERS * UNITS * CRITERIA
    return [Row(f"ingest a sheet of {n:,} rows", ours, peer, "≤ 0.25 ×", 0.25, "pandas + openpyxl")]

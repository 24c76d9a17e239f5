"""Read 40 rater workbooks of 36 × 15 marks, guard and contained child included, against pandas with openpyxl."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
from run import Row, side_by_side

from lsb_nb.records.load import load_quarter
from lsb_nb.records.templates import write_templates

RATERS, UNITS, CRITERIA = 40, 36, 15


def make(folder: Path) -> Path:
    """Write a quarter of 40 filled rater sheets and give its workbook."""
    from openpyxl import load_workbook

    written = write_templates(
        folder,
        "2021Q4",
        units="、".join(f"试{chr(0x4E00 + 7 * i)}村" for i in range(UNITS)),
        criteria="、".join(f"指标{i}=10" for i in range(CRITERIA)),
        raters="、".join(f"R{i:02d}" for i in range(RATERS)),
    )
    for index, path in enumerate(written[1:]):
        book = load_workbook(path)
        page = book.active
        for row in range(4, 4 + UNITS):
            for column in range(2, 2 + CRITERIA):
                page.cell(row, column).value = 5 + (7 * index + 3 * row + column) % 50 / 10
        book.save(path)
    return written[0]


def measure() -> list[Row]:
    """Compare reading and checking the whole quarter with bare `pandas.read_excel` of the same rater files."""
    with tempfile.TemporaryDirectory() as name:
        workbook = make(Path(name))
        files = sorted((workbook.parent / "2021Q4" / "评分表").glob("*.xlsx"))
        ours, peer = side_by_side(
            lambda: load_quarter(workbook),
            lambda: [pd.read_excel(file, header=None, engine="openpyxl") for file in files],
            runs=7,
        )
    return [
        Row(f"ingest {RATERS} rater workbooks ({UNITS}×{CRITERIA})", ours, peer, "≤ 0.15 ×", 0.15, "pandas + openpyxl")
    ]

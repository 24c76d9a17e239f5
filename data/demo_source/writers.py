"""Grids and the file forms they are written in; no file carries the time of its writing."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
import xlwt

FIXED = dt.datetime(2022, 1, 10, 9, 0, 0)


@dataclass
class Sheet:
    """A named grid with merged ranges (first row, first column, last row, last column; from 0)."""

    name: str
    rows: list[list]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    head: int = 0

    @property
    def width(self) -> int:
        """Number of columns of the widest row."""
        return max((len(row) for row in self.rows), default=0)


def _column_width(sheet: Sheet, column: int) -> float:
    shown = (row for row in sheet.rows[sheet.head : sheet.head + 40] if column < len(row))
    texts = [str(row[column]) for row in shown if row[column] is not None]
    longest = max((len(line) for text in texts for line in text.split("\n")), default=4)
    return min(max(2 * longest + 1, 8), 60)


def write_xlsx(path: Path, sheets: list[Sheet]) -> None:
    """Write an .xlsx workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(path)
    book.set_properties({"title": "示例数据", "comments": "地名、人物、分数均为虚构", "created": FIXED})
    date = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
    bold = book.add_format({"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"})
    plain = book.add_format({"valign": "vcenter"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        for column in range(sheet.width):
            page.set_column(column, column, _column_width(sheet, column))
        for r, row in enumerate(sheet.rows):
            style = bold if r <= sheet.head else None
            for c, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(r, c, dt.datetime(value.year, value.month, value.day), date)
                elif isinstance(value, str):
                    page.write_string(r, c, value, style)
                elif value is not None:
                    page.write_number(r, c, value, style)
        for r0, c0, r1, c1 in sheet.merges:
            value = sheet.rows[r0][c0]
            page.merge_range(r0, c0, r1, c1, "" if value is None else value, bold if r0 <= sheet.head else plain)
    book.close()


def write_xls(path: Path, sheets: list[Sheet]) -> None:
    """Write an .xls workbook, the form that old office programs still save."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlwt.Workbook(encoding="utf-8")
    date = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        covered = {(r, c) for r0, c0, r1, c1 in sheet.merges for r in range(r0, r1 + 1) for c in range(c0, c1 + 1)}
        for r, row in enumerate(sheet.rows):
            for c, value in enumerate(row):
                if value is not None and (r, c) not in covered:
                    page.write(r, c, value, date) if isinstance(value, dt.date) else page.write(r, c, value)
        for r0, c0, r1, c1 in sheet.merges:
            page.write_merge(r0, r1, c0, c1, sheet.rows[r0][c0])
    book.save(str(path))


def write_csv(path: Path, sheet: Sheet, encoding: str) -> None:
    """Write one grid as comma-separated text; merged cells are not known there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in sheet.rows:
        full = list(row) + [None] * (sheet.width - len(row))
        writer.writerow(["" if v is None else f"{v:g}" if isinstance(v, float) else v for v in full])
    path.write_bytes(text.getvalue().encode(encoding))

"""Workbooks that count days from 1904: formatted dates and bare serial numbers give the day that Excel shows."""

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

DAY = dt.date(2021, 12, 3)
HEAD = ["编号", "单位", "承诺事项", "完成时限", "完成情况"]
SERIALS = {True: (DAY - dt.date(1904, 1, 1)).days, False: (DAY - dt.date(1899, 12, 30)).days}


@pytest.mark.parametrize("from_1904", [True, False])
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_dates_of_either_date_system(desk: Any, suffix: str, from_1904: bool) -> None:
    serial = SERIALS[from_1904]
    days = enumerate((DAY, serial, str(serial), "2021.12.3"), 1)
    rows = [HEAD, *([str(n), "甲子村", "修路", value, "已完成"] for n, value in days)]
    path = desk.book({"承诺台账": rows})
    if suffix == ".xlsx" and from_1904:
        book = openpyxl.load_workbook(path)
        book.epoch = CALENDAR_MAC_1904
        book["承诺台账"]["D2"].value = DAY
        book.save(path)
    elif suffix == ".xls":
        save_old(path, rows, from_1904, serial)
    records = desk.read()
    assert records.problems.empty, records.problems.to_string()
    assert records.commitments["due"].tolist() == [DAY] * 4


def save_old(path: Path, rows: list[list[Any]], from_1904: bool, serial: int) -> None:
    sheets = {title: list(page.values) for title, page in zip(*pages(path), strict=True)}
    path.unlink()
    book = xlwt.Workbook()
    book.dates_1904 = from_1904
    shown = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for title, values in {**sheets, "承诺台账": rows}.items():
        page = book.add_sheet(title)
        for y, row in enumerate(values):
            for x, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write(y, x, serial, shown)
                elif value is not None:
                    page.write(y, x, value)
    book.save(str(path.with_suffix(".xls")))


def pages(path: Path) -> tuple[list[str], list[Any]]:
    book = openpyxl.load_workbook(path)
    return book.sheetnames, book.worksheets


@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_number_shown_as_a_percentage_is_no_mark(desk: Any, suffix: str) -> None:
    """0.2 shown as 20% must not count as 0.2 points, whatever the format of the file; 20 beside it is 20."""
    desk.book()
    path = desk.folder / "2021Q4" / "评分表" / f"B{suffix}"
    path.parent.mkdir(parents=True)
    rows = [["单位", "环境", "党建"], ["甲子村", (0.2, "0%"), 20], ["乙丑村", 20, (7, '0.0"分"%')], ["丙寅社区", 3, 3]]
    new, old = openpyxl.Workbook(), xlwt.Workbook()
    page = old.add_sheet("Sheet")
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            value, shape = cell if isinstance(cell, tuple) else (cell, "General")
            new.active.cell(y + 1, x + 1, value).number_format = shape
            page.write(y, x, value, xlwt.easyxf(num_format_str=shape))
    (new.save if suffix == ".xlsx" else old.save)(str(path))
    assert desk.wrong() == [("Sheet", "B2", "0.2"), ("Sheet", "C3", "7")]

"""Small activities on disk for the tests of reading."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from lsb_nb.bundles import Records
from lsb_nb.records.load import load_activity

Rows = Sequence[Sequence[Any]]
UNITS = [["单位", "类型"], ["甲子村", "村"], ["乙丑村", "村"], ["丙寅社区", "社区"]]
CRITERIA = [["指标", "满分"], ["环境", 25], ["党建", 20]]
RATINGS = [["评委", "单位", "指标", "分值"], ["A1", "甲子村", "环境", 20]]


class Desk:
    """Write one activity's files and read them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def book(
        self,
        sheets: Mapping[str, Rows | None] | None = None,
        *,
        quarter: str = "2021Q4",
        suffix: str = ".xlsx",
        merges: Mapping[str, Sequence[str]] | None = None,
    ) -> Path:
        """Write a workbook with 单位, 指标 and 评分 unless `sheets` replaces them; None leaves one out."""
        content = {"单位": UNITS, "指标": CRITERIA, "评分": RATINGS} | dict(sheets or {})
        path = self.folder / f"{quarter}{suffix}"
        write(path, {title: rows for title, rows in content.items() if rows is not None}, merges or {})
        return path

    def rater(self, name: str, rows: Rows, *, encoding: str = "utf-8", quarter: str = "2021Q4") -> Path:
        """Write one rater's file."""
        path = self.folder / quarter / "评分表" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".csv":
            text = io.StringIO()
            csv.writer(text).writerows(rows)
            path.write_bytes(text.getvalue().encode(encoding))
        else:
            write(path, {"Sheet1": rows}, {})
        return path

    def read(self, **options: Any) -> Records:
        """Read the activity, errors kept."""
        return load_activity(self.folder, on_error="keep", **options)

    def wrong(self, severity: str = "error", **options: Any) -> list[tuple[Any, ...]]:
        """Read the activity; give sheet, cell and value of each problem."""
        found = self.read(**options).problems
        found = found[found["severity"] == severity]
        return list(found[["sheet", "cell", "value"]].itertuples(index=False, name=None))

    def marks(self, **options: Any) -> dict[tuple[str, str, str], float | str]:
        """Read the activity without an error; give each mark in points, or its state."""
        records = self.read(**options)
        assert not (records.problems["severity"] == "error").any(), records.problems.to_string()
        return {
            (row["rater"], row["unit"], row["criterion"]): row["mark"] / 10**6
            if row["state"] == "mark"
            else row["state"]
            for row in records.ratings.to_dict("records")
        }


def write(path: Path, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]]) -> None:
    """Write a workbook with openpyxl, or xlwt for .xls."""
    if path.suffix == ".xls":
        old = xlwt.Workbook(encoding="utf-8")
        for title, rows in sheets.items():
            page = old.add_sheet(title)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if value is not None:
                        page.write(y, x, value)
        old.save(str(path))
        return
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
        for place in merges.get(title, ()):
            sheet.merge_cells(place)
    book.save(path)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An activity's folder to fill and read."""
    return Desk(tmp_path / "示例活动")


@pytest.fixture(scope="session")
def write_book() -> Callable[..., None]:
    """Give `write`."""
    return write

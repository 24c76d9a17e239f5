"""A tiny builder of activities on disk, and the command line run inside this process.

Sheets are text blocks: one line per row, cells separated by spaces, ``_`` an empty cell, numbers become numbers and
``'12`` stays text. Where a cell needs more than that, a sheet is a list of rows.
"""

import contextlib
import csv
import dataclasses
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt

from lsb_nb.cli import main

PROBLEM_KEYS = {"file", "sheet", "cell", "value", "reason", "hint"}
BASE = {"单位": "单位 类型\n甲村 村\n乙村 村", "指标": "指标 满分\n环境 100"}
PICTURE = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
"""One black dot."""
CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclasses.dataclass(frozen=True)
class Formula:
    """A formula and what the workbook stores as its result; None: nothing is stored."""

    text: str
    stored: str | None = None
    kind: str = "n"


def cell(token: str) -> Any:
    if token == "_":
        return None
    if re.fullmatch(r"-?\d+", token):
        return int(token)
    if re.fullmatch(r"-?\d+\.\d+", token):
        return float(token)
    return token.removeprefix("'")


def rows_of(sheet: Any) -> list[list[Any]]:
    if isinstance(sheet, Mapping):
        return [["规则", "取值"], *([key, value] for key, value in sheet.items())]
    if isinstance(sheet, str):
        return [[cell(token) for token in line.split()] for line in sheet.strip().splitlines()]
    return [list(row) for row in sheet]


def write_xlsx(path: Path, sheets: Mapping[str, Any], merges: Mapping[str, Sequence[str]]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    formulas: dict[str, dict[str, Formula]] = {}
    for number, (title, content) in enumerate(sheets.items(), 1):
        sheet = book.create_sheet(title)
        for y, row in enumerate(rows_of(content), 1):
            for x, value in enumerate(row, 1):
                if isinstance(value, Formula):
                    at = sheet.cell(y, x, value.text)
                    formulas.setdefault(f"xl/worksheets/sheet{number}.xml", {})[at.coordinate] = value
                elif value is not None:
                    at = sheet.cell(y, x, value)
                    if isinstance(value, str) and not value.startswith("#"):
                        at.data_type = "s"
        for place in merges.get(title, ()):
            sheet.merge_cells(place)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    if formulas:
        store_results(path, formulas)


def store_results(path: Path, formulas: Mapping[str, Mapping[str, Formula]]) -> None:
    """Put the stored results into the XML: openpyxl writes formulas without any."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for part, cells in formulas.items():
        text = parts[part].decode()
        for place, formula in cells.items():
            pattern = re.compile(rf'<c r="{place}"[^>]*?><f>(.*?)</f><v ?/?>(</v>)?</c>')
            value = "" if formula.stored is None else f"<v>{formula.stored}</v>"
            assert pattern.search(text), place
            text = pattern.sub(
                lambda m, p=place, f=formula, v=value: f'<c r="{p}" t="{f.kind}"><f>{m[1]}</f>{v}</c>', text
            )
        parts[part] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def write_xls(path: Path, sheets: Mapping[str, Any]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for title, content in sheets.items():
        sheet = book.add_sheet(title)
        for y, row in enumerate(rows_of(content)):
            for x, value in enumerate(row):
                if value is not None:
                    sheet.write(y, x, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(str(path))


@dataclasses.dataclass(frozen=True)
class Answer:
    """What one run of the command line gave."""

    code: int
    out: str
    err: str

    @property
    def content(self) -> dict[str, Any]:
        return json.loads(self.out)

    @property
    def errors(self) -> list[dict[str, Any]]:
        return self.content["errors"]

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return self.content["warnings"]

    @property
    def places(self) -> set[tuple[Any, ...]]:
        """Every error's sheet, cell and value."""
        return {(e["sheet"], e["cell"], e["value"]) for e in self.errors}

    @property
    def cells(self) -> set[tuple[Any, ...]]:
        """Every error's sheet and cell."""
        return {(e["sheet"], e["cell"]) for e in self.errors}

    @property
    def units(self) -> dict[str, dict[str, Any]]:
        return {unit["unit"]: unit for unit in self.content["units"]}

    @property
    def order(self) -> list[str]:
        return [unit["unit"] for unit in self.content["units"]]

    def each(self, name: str) -> dict[str, Any]:
        """One field of every unit, in published order."""
        return {unit: row[name] for unit, row in self.units.items()}

    def criterion(self, name: str) -> dict[str, Any]:
        return {unit: row["criteria"][name] for unit, row in self.units.items()}

    def pillar(self, name: str) -> dict[str, Any]:
        return {unit: row["pillars"][name] for unit, row in self.units.items()}


def lsb(*arguments: Any) -> Answer:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
    assert "Traceback" not in out.getvalue() + err.getvalue()
    assert "程序出了意外错误" not in err.getvalue(), err.getvalue()
    return Answer(code, out.getvalue(), err.getvalue())


def well_formed(problems: Sequence[Mapping[str, Any]]) -> None:
    for problem in problems:
        assert set(problem) == PROBLEM_KEYS, problem
        assert CHINESE.search(problem["reason"] or ""), problem


class Activity:
    """An activity's folder with its workbooks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.quarter = "2021Q4"

    Formula = Formula
    lsb = staticmethod(lsb)

    def book(
        self,
        sheets: Mapping[str, Any],
        *,
        quarter: str = "2021Q4",
        merges: Mapping[str, Sequence[str]] | None = None,
        bare: bool = False,
        suffix: str = ".xlsx",
    ) -> Path:
        """Write a workbook; 单位 and 指标 are there unless given otherwise (None leaves one out) or `bare`."""
        chosen = {
            title: sheet for title, sheet in (sheets if bare else BASE | dict(sheets)).items() if sheet is not None
        }
        path = self.folder / f"{quarter}{suffix}"
        if suffix == ".xls":
            write_xls(path, chosen)
        else:
            write_xlsx(path, chosen, merges or {})
        return path

    def photo(self, name: str, content: bytes = PICTURE) -> None:
        """Write one file of 照片."""
        path = self.folder / "照片" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def rater_file(self, name: str, content: Any, *, encoding: str = "utf-8", quarter: str = "2021Q4") -> Path:
        """Write one file of 评分表: .csv, .xls or .xlsx by its name."""
        path = self.folder / quarter / "评分表" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".csv"):
            text = io.StringIO()
            csv.writer(text).writerows(rows_of(content))
            path.write_bytes(text.getvalue().encode(encoding))
        elif name.endswith(".xls"):
            write_xls(path, {"Sheet1": content})
        else:
            write_xlsx(path, {"Sheet1": content}, {})
        return path

    def check(self, *options: Any, path: Path | None = None) -> Answer:
        answer = lsb("check", path or self.folder, "--json", *options)
        well_formed(answer.errors)
        well_formed(answer.warnings)
        for error in answer.errors:
            assert CHINESE.search(error["hint"] or ""), error
            assert error["file"], error
        assert answer.code == (1 if answer.errors else 0)
        return answer

    def score(self, *options: Any, path: Path | None = None, quarter: str = "2021Q4") -> Answer:
        return lsb("score", path or self.folder, "--quarter", quarter, "--json", *options)

    def scored(self, sheets: Mapping[str, Any] | None = None, **kwargs: Any) -> Answer:
        """Write the workbook, if any, and score it without an error."""
        if sheets is not None:
            self.book(sheets, **kwargs)
        answer = self.score(quarter=kwargs.get("quarter", "2021Q4"))
        assert answer.code == 0, answer.out + answer.err
        well_formed(answer.warnings)
        return answer

    def refused(self, sheets: Mapping[str, Any] | None = None, **kwargs: Any) -> Answer:
        """Write the workbook, if any; check it and see that score refuses it with the same errors."""
        if sheets is not None:
            self.book(sheets, **kwargs)
        answer = self.check()
        assert answer.errors, "nothing was refused"
        scored = self.score(quarter=kwargs.get("quarter", "2021Q4"))
        assert scored.code == 1
        assert scored.content == answer.content
        return answer

    def bands(self) -> dict[str, str]:
        """Each unit's band, read off the printed table."""
        answer = lsb("score", self.folder, "--quarter", "2021Q4")
        assert answer.code == 0, answer.err
        lines = [line.split() for line in answer.out.splitlines()[1:] if line.strip()]
        return {line[1]: line[3] for line in lines}


@pytest.fixture
def activity(tmp_path: Path) -> Activity:
    return Activity(tmp_path / "示例活动")

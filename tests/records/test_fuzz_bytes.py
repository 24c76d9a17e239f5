"""Whatever becomes of a file's bytes, it is refused, or read as another reader reads it; the rest of the batch is read.

LSB_FUZZ_EXAMPLES sets how many files are tried of each kind (make fuzz).
"""

import importlib.util
import io
import math
import os
import struct
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st

from lsb_nb.records.workbook import Grid, Odd, read_books

_spec = importlib.util.spec_from_file_location("hostile", Path(__file__).with_name("hostile.py"))
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

EXAMPLES = int(os.environ.get("LSB_FUZZ_EXAMPLES", "40"))
CALM = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
Values = dict[tuple[str, int, int], Any]


class Files:
    """Two workbooks of the same shape with other numbers, and an old one."""

    def __init__(self, folder: Path, first: bytes, second: bytes, old: bytes) -> None:
        self.folder, self.first, self.second, self.old = folder, first, second, old


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, write_book: Callable[..., None]) -> Files:
    folder = tmp_path_factory.mktemp("bytes")
    made = []
    for n, name in enumerate(("first.xlsx", "second.xlsx", "old.xls")):
        marks = [[f"A{a}", unit, 20 + n + a / 4, 3 + n] for a in range(9) for unit in ("甲子村", "乙丑村", "丙寅社区")]
        sheets = {
            "单位": [["单位", "别名"], ["甲子村", "老甲"], ["乙丑村", None], ["丙寅社区", None]],
            "指标": [["指标", "满分"], ["环境", 25 + n], ["党建", 20 + n]],
            "评分": [["评委", "单位", "环境", "党建"], *marks],
        }
        write_book(folder / name, sheets, {"评分": ["A2:A4"]} if n == 1 else {})
        if name == "first.xlsx":
            write_shared(folder / name, sheets)
        elif name == "second.xlsx":
            book = openpyxl.load_workbook(folder / name)
            book["评分"]["D9"].number_format = "0%"
            book["评分"]["E5"] = "=1+1"
            book.save(folder / name)
        made.append((folder / name).read_bytes())
    return Files(folder, *made)


def write_shared(path: Path, sheets: Mapping[str, list[list[Any]]]) -> None:
    """Write a workbook as Excel does, its texts in a part of their own."""
    with xlsxwriter.Workbook(path) as book:
        percent = book.add_format({"num_format": "0%"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for y, row in enumerate(rows):
                page.write_row(y, 0, row)
        page.write_number("D9", 3, percent)
        page.write_formula("E5", "=1+1", None, 2)
        page.write_formula("E6", "=1+2", None, "")


def read(files: Files, content: bytes, suffix: str = ".xlsx") -> list[Grid] | None:
    """Read a changed file between two good ones; None where it was refused with a reason and a hint."""
    (files.folder / f"broken{suffix}").write_bytes(content)
    names = ["first.xlsx", f"broken{suffix}", "second.xlsx"]
    before, book, after = read_books([(name, files.folder / name) for name in names])
    assert before.refusal is after.refusal is None
    assert len(before.grids) == len(after.grids) == 3
    if book.refusal is None:
        return book.grids
    assert all(book.refusal)
    assert book.grids == []
    return None


def values(grids: list[Grid]) -> Values:
    """Give what stands in the cells; marks of a percentage or of a formula without a result are said as such."""
    return {
        (grid.title, y, x): ("odd", cell.kind) if isinstance(cell, Odd) else cell
        for grid in grids
        for y, row in enumerate(grid.rows)
        for x, cell in enumerate(row)
        if cell != "" and not (isinstance(cell, str) and cell.isspace())
    }


def good_grids(files: Files, name: str) -> list[Grid]:
    return read_books([(name, files.folder / name)])[0].grids


def numbers(grid: Grid) -> dict[tuple[int, int], float]:
    """Give the numbers of a sheet, those shown as percentages too."""
    found = {
        (y, x): float(cell.text) if isinstance(cell, Odd) and cell.kind == "percent" else cell
        for y, row in enumerate(grid.rows)
        for x, cell in enumerate(row)
    }
    return {at: cell for at, cell in found.items() if isinstance(cell, float)}


def other_reading(content: bytes) -> Values | None:
    """Read a package with openpyxl; None where it cannot."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
            written = openpyxl.load_workbook(io.BytesIO(content))
    except Exception:
        return None
    found: Values = {}
    for page in written.worksheets:
        for row in page.iter_rows():
            for cell in row:
                value = shown[page.title][cell.coordinate].value
                if cell.data_type == "f" and value is None:
                    value = ("odd", "formula")
                elif cell.data_type == "e":
                    value = ("odd", "error")
                elif "%" in str(cell.number_format) and isinstance(value, int | float):
                    value = ("odd", "percent")
                elif isinstance(value, int) and not isinstance(value, bool):
                    value = float(value)
                if value is not None and value != "":
                    found[page.title, cell.row - 1, cell.column - 1] = value
    return found


def same(read_here: Values, read_there: Values) -> bool:
    """Compare two readings; spaces around a text mean nothing, wherever it is read."""
    here, there = (
        {at: value.strip() if isinstance(value, str) else value for at, value in each.items()}
        for each in (read_here, read_there)
    )
    here, there = ({at: value for at, value in each.items() if value != ""} for each in (here, there))
    return here.keys() == there.keys() and all(
        value == there[at]
        or (isinstance(value, float) and isinstance(there[at], float) and math.isclose(value, there[at]))
        for at, value in here.items()
    )


places = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12)


@seed(20211231)
@CALM
@given(edits=places, cut=st.one_of(st.just(1.0), st.floats(0.1, 1)))
def test_flips_and_cuts(files: Files, edits: list[tuple[float, int]], cut: float) -> None:
    """What is read after all is what was there: a checksum stands over every number."""
    content = bytearray(files.first)
    for place, value in edits:
        content[int(place * (len(content) - 1))] = value
    grids = read(files, bytes(content[: int(len(content) * cut)]))
    assert grids is None or values(grids) == values(read(files, files.first) or [])


@seed(20211231)
@CALM
@given(edits=places)
def test_flips_in_the_directory(files: Files, edits: list[tuple[float, int]]) -> None:
    """Names, sizes and places of the parts are what a flip hurts most."""
    content = bytearray(files.first)
    start = struct.unpack_from("<L", files.first, files.first.rfind(b"PK\x05\x06") + 16)[0]
    for place, value in edits:
        content[start + int(place * (len(content) - 1 - start))] = value
    grids = read(files, bytes(content))
    assert grids is None or values(grids) == values(read(files, files.first) or [])


def mangle(content: bytes, edits: list[tuple[str, float, float, int]]) -> bytes:
    changed = bytearray(content)
    for kind, place, length, value in edits:
        at = int(place * max(0, len(changed) - 1))
        stop = min(len(changed), at + 1 + int(length * 60))
        if kind == "flip" and changed:
            changed[at] = value
        elif kind == "cut":
            del changed[at:stop]
        elif kind == "double":
            changed[at:at] = changed[at:stop]
    return bytes(changed)


PARTS = ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml", "xl/workbook.xml",
         "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"]  # fmt: skip
part_edits = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "double"]), st.floats(0, 1), st.floats(0, 1), st.integers(9, 126)),
    min_size=1,
    max_size=3,
)
splices = st.one_of(
    st.tuples(st.just("swap"), st.sampled_from(PARTS), st.sampled_from(PARTS), st.just([])),
    st.tuples(st.just("other book"), st.sampled_from(PARTS), st.sampled_from(PARTS), st.just([])),
    st.tuples(st.just("drop"), st.sampled_from(PARTS), st.just(""), st.just([])),
    st.tuples(st.just("edit"), st.sampled_from(PARTS), st.just(""), part_edits),
)


def spliced(first: Mapping[str, bytes], second: Mapping[str, bytes], work: list[tuple[str, str, str, Any]]) -> bytes:
    parts = dict(first)
    for kind, name, other, edits in work:
        if kind == "swap" and {name, other} <= set(parts):
            parts[name], parts[other] = parts[other], parts[name]
        elif kind == "other book" and other in second:
            parts[name] = second[other]
        elif kind == "drop":
            parts.pop(name, None)
        elif kind == "edit" and name in parts:
            parts[name] = mangle(parts[name], edits)
    return hostile.packed(parts)


@seed(20211231)
@CALM
@given(work=st.lists(splices, min_size=1, max_size=3), turned=st.booleans())
def test_splices_of_parts(files: Files, work: list[tuple[str, str, str, Any]], turned: bool) -> None:
    """Parts are swapped, dropped, edited, taken from another book: no reading but that of the other reader."""
    books = [hostile.unpacked(files.first), hostile.unpacked(files.second)]
    content = spliced(*(books[::-1] if turned else books), work)
    grids = read(files, content)
    event("refused" if grids is None else "read")
    if grids is None:
        return
    there = other_reading(content)
    event("the other reader refuses" if there is None else "both read")
    # Where the other reader sees less, or nothing, a sheet must be one of those there were, unless its numbers were
    # edited: the readers differ in how much of a broken package they pass over.
    edited = any("sharedStrings" in name + other or kind == "edit" for kind, name, other, _edits in work)
    whole = [numbers(grid) for name in ("first.xlsx", "second.xlsx") for grid in good_grids(files, name)]
    for grid in grids:
        if there is None or not same(values([grid]), {at: value for at, value in there.items() if at[0] == grid.title}):
            assert numbers(grid) in whole or (there is None and edited), work


@seed(20211231)
@CALM
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=6), cut=st.floats(0.3, 1))
def test_flips_and_cuts_of_old_files(files: Files, edits: list[tuple[float, int]], cut: float) -> None:
    """An .xls file has no checksum, so that its numbers may change; it is read in any case, or refused."""
    content = bytearray(files.old)
    for place, value in edits:
        content[int(place * (len(content) - 1))] = value
    read(files, bytes(content[: int(len(content) * cut)]), ".xls")

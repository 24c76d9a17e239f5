"""Any cell of a valid workbook becomes anything: either the right numbers or located errors, never another number.

What is right is told by `reference`, a second, slow reader of the one layout used here, written from the contract.
LSB_FUZZ_EXAMPLES sets how many workbooks are tried (make fuzz).
"""

import contextlib
import copy
import os
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, event, given, seed, settings
from hypothesis import strategies as st

from lsb_nb.records.ledger import cell_position
from lsb_nb.records.quarter import read_quarter
from lsb_nb.records.workbook import Book, Cell, Grid, Odd

EXAMPLES = int(os.environ.get("LSB_FUZZ_EXAMPLES", "150"))
UNITS = {"甲子村": ["老甲"], "乙丑村": [], "丙寅社区": []}
FULL = {"环境": 25, "党建": 20}
RATERS = ["A1", "A2", "B"]
SUFFIXES = (
    "村党总支", "村党支部", "社区党总支", "社区党支部", "社区党委", "社区居委会", "居委会", "村民委员会", "村委会",
    "行政村", "社区", "村",
)  # fmt: skip
MISSING = {"—", "——", "–", "-", "/", "缺席", "弃权", "回避", "请假", "n/a"}
TOTALS = {"合计", "小计", "总计", "平均", "平均分", "总分", "最高分", "最低分"}
Reading = dict[tuple[str, str, str], Any]


class Wrong(Exception):  # noqa: N818 - a verdict on the workbook
    """The contract calls this an error."""


class Unclear(Exception):  # noqa: N818 - a verdict on the workbook
    """The contract leaves this row or column to the eye (notes, remarks); the other reader may judge either way."""


WIDTH = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20, 0x2212: 0x2D}
UNSEEN = "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202d\u2060-\u2064\u2066-\u2069\ufeff]+"


def fold(cell: Cell) -> str:
    if isinstance(cell, Odd):
        raise Wrong(cell.kind)
    text = cell if isinstance(cell, str) else format(Decimal(repr(cell)), "f").removesuffix(".0")
    return re.sub(r"\s+", "", re.sub(UNSEEN, "", text.translate(WIDTH)))


def mark_of(cell: Cell, full: int) -> Any:
    """Read a mark: points, ``missing``, ``not_applicable`` or ``blank``."""
    if isinstance(cell, Odd):
        raise Wrong(cell.kind)
    if isinstance(cell, str):
        word = re.sub(UNSEEN, "", cell.translate(WIDTH)).strip().lower()
        if word == "":
            return "blank"
        if word in MISSING:
            return "missing"
        if word == "不适用":
            return "not_applicable"
        text = fold(cell).replace("—", "-").replace("–", "-").replace("−", "-").removesuffix("分")
    else:
        if cell != cell or abs(cell) > 1e9:
            raise Wrong("range")
        text = format(Decimal(repr(cell)), "f")
    if not re.fullmatch(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)", text):
        raise Wrong("number")
    value = Decimal(text).quantize(Decimal("0.000001"), ROUND_HALF_UP)
    if not 0 <= value <= full:
        raise Wrong("range")
    return float(value)


def stem(name: str) -> str:
    fitting = [suffix for suffix in SUFFIXES if name.endswith(suffix) and name != suffix]
    return name.removesuffix(max(fitting, key=len)) if fitting else name


def unit_of(cell: Cell) -> str:
    name = fold(cell)
    for unit, aliases in UNITS.items():
        if name in (unit, *aliases):
            return unit
    found = {unit for unit in UNITS if {name, stem(name)} & {unit, stem(unit)}}
    found |= {unit for unit, aliases in UNITS.items() for alias in aliases if {name, stem(name)} & {alias, stem(alias)}}
    if len(found) != 1:
        raise Wrong("unit")
    return found.pop()


def column_of(cell: Cell) -> str | None:
    """Tell a header: a criterion, or None for what may stand beside the marks."""
    name = fold(cell)
    match = re.fullmatch(r"(.+?)\((?:满分)?:?([0-9]*\.?[0-9]+)分?\)", name)
    base = match[1] if match else name
    if name in TOTALS | {"序号", "备注", "排名", "名次", "签名", "签字"} or base in TOTALS:
        return None
    if base not in FULL:
        raise Wrong("column")
    if match and Decimal(match[2]) != FULL[base]:
        raise Wrong("note")
    return base


def reference(rows: list[list[Cell]]) -> Reading:
    """Read the one layout used here: a header in the first row, 评委 and 单位 first, then marks."""
    head, *body = rows
    if fold(head[0]) != "评委" or fold(head[1]) != "单位":
        raise Unclear
    columns = {}
    for at, cell in enumerate(head[2:], 2):
        if fold(cell) == "":
            raise Unclear
        if (name := column_of(cell)) is not None:
            if name in columns:
                raise Wrong("twice")
            columns[name] = at
    if not columns:
        raise Unclear
    found: Reading = {}
    for row in body:
        filled = [cell for cell in row if cell != ""]
        words = [cell for cell in (row[0], row[1], *filled[:1]) if isinstance(cell, str)]
        if any(re.sub(r"\(.*\)$", "", fold(word)) in TOTALS for word in words):
            continue
        if len(filled) <= 1:
            if filled:
                raise Unclear
            continue
        rater, unit = fold(row[0]), unit_of(row[1])
        if rater not in RATERS:
            raise Wrong("rater")
        for name, at in columns.items():
            state = mark_of(row[at], FULL[name])
            if (rater, unit, name) in found:
                raise Unclear
            found[rater, unit, name] = state
    return found


def valid() -> list[list[Cell]]:
    marks = [
        [rater, unit, float(20 + n - 3 * m), "缺席" if (n, m) == (1, 1) else float(3 + m)]
        for n, rater in enumerate(RATERS)
        for m, unit in enumerate(UNITS)
    ]
    return [["评委", "单位", "环境", "党建"], *marks]


SHAPES: list[Cell] = [
    "", " ", "　", "甲子", "甲子村委会", "老甲", "乙丑社区", "丁卯村", "村", "A1", "a1", "Ａ2", "C", "环境",
    "党建", "环境（25分）", "环境（20分）", "备注", "序号", "合计", "小 计", "平均分", "—", "——", "–", "-",
    "/", "缺席", "弃权", "请假", "N/A", "n/a", "不适用", "无", "NULL", "NaN", "TRUE", "92.5分", "２０", "20.",
    ".5", "+3", "-3", "－3", "—3", "1e1", "20%", "1,0", "3 分", "1 2", "12.3456785", "24.9999996",
    "25.0000004", "25.0000005", "优秀", "说明：无", "0", "00", "٣", "½", "①", "²", "\u200b", "3\u200b", "\u202e3", "=1",
    "'3", "3。", "三", "0x1", "1_0", "+", ".", "分", 0.0, -0.0, 25.0, 25.0000005, 24.9999996, 1e-7, 1e300,
    -1e-9, float("inf"), float("nan"), 0.1 + 0.2, 19.9999999999, Odd("bool", "TRUE"),
    Odd("date", "2021-12-03"), Odd("time", "12:00"), Odd("error", "#N/A"), Odd("formula", ""),
    Odd("percent", "0.2"), Odd("percent", "20"),
]  # fmt: skip
anything = st.one_of(
    st.sampled_from(SHAPES),
    st.floats(-1, 30).map(lambda number: round(number, 7)),
    st.floats(),
    st.text(max_size=5),
    st.from_regex(r"\A[+-]?[0-9]{0,3}[.]?[0-9]{0,8}分?\Z"),
)
edits = st.one_of(
    st.lists(st.tuples(st.integers(1, 9), st.integers(2, 3), anything), min_size=1, max_size=2),
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), anything), min_size=1, max_size=3),
)


@seed(20211231)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=edits, in_file=st.booleans())
def test_any_cell_becomes_anything(edits: list[tuple[int, int, Cell]], in_file: bool) -> None:
    rows = valid()
    for y, x, cell in edits:
        rows[y][x] = cell
    reading = read_rows(copy.deepcopy(rows), in_file)
    errors = [found for found in reading.found if found.severity == "error"]
    for found in reading.found:
        assert found.reason
        assert found.place.file
        assert found.row < len(rows) or found.place.sheet != "评分"
    read = {
        (row["rater"], row["unit"], row["criterion"]): row["mark"] / 10**6 if row["state"] == "mark" else row["state"]
        for row in reading.frames["ratings"].to_dict("records")
    }
    try:
        right = reference(rows)
    except Unclear:
        event("unclear")
        # A mark may be left out then, with or without a word, but none may become another one.
        assert errors or not surprising(read, rows), (rows, read)
        return
    except Wrong as wrong:
        event(f"wrong: {wrong}")
        assert errors, (rows, read)
        assert any(cell_position(name) != (-1, -1) for name in located(errors)) or any(
            each.place.sheet for each in errors
        )
        return
    event("right")
    assert not errors, (rows, [each.reason for each in errors])
    assert read == right, rows


def located(errors: list[Any]) -> list[str]:
    return [f"{chr(65 + each.column)}{each.row + 1}" for each in errors if each.row >= 0 and each.column >= 0]


def surprising(read: Reading, rows: list[list[Cell]]) -> set[Any]:
    """List the marks read that stand in no row of that rater and unit."""
    stated = set()
    for row in rows:
        for cell in row:
            with contextlib.suppress(Wrong):
                stated.add((fold(row[0]), unit_of(row[1]), mark_of(cell, max(FULL.values()))))
    return {key for key, value in read.items() if (key[0], key[1], value) not in stated}


def read_rows(rows: list[list[Cell]], in_file: bool) -> Any:
    """Read the table as the sheet 评分, or as a file of 评分表/ that names its raters in the rows."""
    names = [
        Grid("单位", [["单位", "别名"], *([unit, "、".join(aliases)] for unit, aliases in UNITS.items())], []),
        Grid("指标", [["指标", "满分"], *([name, float(full)] for name, full in FULL.items())], []),
        Grid("评委", [["评委", "评委组"], *([rater, "班子"] for rater in RATERS)], []),
    ]
    marks = Grid("评分", rows, [])
    book = Book("2021Q4.xlsx", "0" * 64, 1, names if in_file else [*names, marks], None)
    raters = [Book("2021Q4/评分表/全部.xlsx", "0" * 64, 1, [marks], None)] if in_file else []
    return read_quarter("2021Q4", Path("."), book, raters)

"""Whatever stands in the cells, reading gives frames and problems, never a traceback.

LSB_FUZZ_EXAMPLES sets how many workbooks are tried (make fuzz).
"""

import os
from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from lsb_nb.records.ledger import problems_frame
from lsb_nb.records.quarter import read_quarter
from lsb_nb.records.workbook import Book, Grid, Odd
from lsb_nb.schema import PROBLEM_COLUMNS, SHEETS, STATES, frame_columns

EXAMPLES = int(os.environ.get("LSB_FUZZ_EXAMPLES", "60"))
HEADERS = sorted({text for sheet in SHEETS.values() for c in sheet.columns for text in (c.header, *c.aliases)})
TITLES = [
    *(sheet.title for sheet in SHEETS.values()),
    "打分",
    "评分·环境",
    "评分·党建（20分）",
    "评分·",
    "·",
    "Sheet1",
    "单 位",
    "村社区",
]
WORDS = [
    "", " ", "甲子村", "甲子", "乙丑村委会", "丙寅社区", "环境", "环境（25分）", "党建(20)", "A1", "A2", "班子", "村",
    "社区",
    "合计", "合 计", "平均分", "备注", "序号", "—", "-", "缺席", "不适用", "92.5分", "２０", "1e3", "20%", "=",
    "，、", "2021年12月",
    "12月底", "20211203", "已完成", "滞后", "整治前", "../x.jpg", "照片/a.jpg", "a\x00b", "评委：A1", "评委：",
    "说明：无", "回避", "是",
    "去极值最少评委数", "板块权重", "等次测评", "台账计算", "进步计算", "直接录入", "2021Q4", "2021Q9", "格式版本",
    "季度", "\u200b", "\n",
]  # fmt: skip
cells = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(HEADERS),
    st.floats(width=64),
    st.integers(-30, 60000).map(float),
    st.text(max_size=4),
    st.builds(Odd, st.sampled_from(["bool", "date", "time", "error", "formula"]), st.just("2021-12-03")),
    st.builds(Odd, st.just("percent"), st.sampled_from(["0.2", "20", "1e300", "-1"])),
)


@st.composite
def grids(draw: Callable, titles: list[str]) -> Grid:
    """A grid of any cells, most often under a header that belongs to its title."""
    title = draw(st.sampled_from(titles))
    width = draw(st.integers(1, 8))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
    spec = next((sheet for sheet in SHEETS.values() if sheet.title == title), None)
    if spec and draw(st.booleans()):
        header = [column.header for column in spec.columns if column.required or draw(st.booleans())]
        width = max(width, len(header))
        rows = [header, *rows]
    rows = [[*row, *[""] * (width - len(row))] for row in rows]
    spans = st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 4), st.integers(0, 4))
    merges = [(t, left, t + down, left + across) for t, left, down, across in draw(st.lists(spans, max_size=3))]
    return Grid(title, rows, merges)


def names(draw: Callable) -> list[Grid]:
    """Sheets that make most names known, so that the cells beyond them are reached."""
    fine = [
        Grid("单位", [["单位", "别名"], ["甲子村", ""], ["乙丑村", "老乙"], ["丙寅社区", ""]], []),
        Grid(
            "指标",
            [["指标", "满分", "计分方式"], ["环境", 25.0, ""], ["党建", 20.0, "直接录入"], ["承诺", 5.0, "台账计算"]],
            [],
        ),
        Grid("评委", [["评委", "评委组"], ["A1", "班子"], ["A2", "班子"]], []),
    ]
    return [grid for grid in fine if draw(st.integers(0, 4))]


@seed(20211231)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_cells_give_frames_and_problems(data: st.DataObject) -> None:
    book_grids = [*names(data.draw), *data.draw(st.lists(grids(TITLES), max_size=5))]
    book = Book("2021Q4.xlsx", "0" * 64, 1, book_grids, None)
    raters = [
        Book(f"2021Q4/评分表/{name}.xlsx", "0" * 64, 1, data.draw(st.lists(grids(["Sheet1"]), max_size=2)), None)
        for name in ("A1", "B")
    ]
    reading = read_quarter("2021Q4", Path("."), book, raters)
    for name in SHEETS:
        frame = reading.frames[name]
        assert list(frame.columns) == frame_columns(name)
    ratings = reading.frames["ratings"]
    assert not ratings.duplicated(["rater", "unit", "criterion"]).any()
    assert set(ratings["state"]) <= set(STATES)
    assert (ratings["mark"].notna() == (ratings["state"] == "mark")).all()
    assert set(ratings["unit"]) <= set(reading.frames["units"]["unit"]) or not len(reading.frames["units"])
    assert set(ratings["rater"]) <= set(reading.frames["raters"]["rater"])
    problems = problems_frame(reading.found)
    assert list(problems.columns) == list(PROBLEM_COLUMNS)
    assert set(problems["severity"]) <= {"error", "warning"}
    assert problems["reason"].astype(bool).all()
    if not (problems["severity"] == "error").any():
        assert len(reading.frames["units"])
        assert len(reading.frames["criteria"])

"""A veto or an adjustment that lacks its reason never vanishes without a word."""

from typing import Any

import pytest

VETO = ["单位", "事由"]
POINTS = ["单位", "分值", "事由"]


def test_a_veto_without_a_reason_is_an_error(desk: Any) -> None:
    desk.book({"一票否决": [VETO, ["甲子村", None], ["乙丑", None], ["丙寅社区", "事故"]]})
    assert desk.wrong() == [("一票否决", "B2", None), ("一票否决", "B3", None)]


@pytest.mark.parametrize("note", ["备注：本季度无", "审核", "合计", "填表人 张三"])
def test_a_footnote_below_the_vetoes_is_none(desk: Any, note: str) -> None:
    desk.book({"一票否决": [VETO, ["丙寅社区", "事故"], [note, None]]})
    assert desk.read().problems.empty


def test_another_lone_word_among_the_vetoes_is_told(desk: Any) -> None:
    desk.book({"一票否决": [VETO, ["丁卯村", None], ["丙寅社区", "事故"]]})
    records = desk.read()
    assert records.problems[["severity", "cell", "value"]].to_numpy().tolist() == [["warning", "A2", "丁卯村"]]
    assert records.vetoes["unit"].tolist() == ["丙寅社区"]


@pytest.mark.parametrize(
    ("row", "severity", "cell"),
    [
        (["甲子村", 3, None], "error", "C2"),
        (["甲子村", None, "表彰"], "error", "B2"),
        (["甲子村", None, None], "warning", "A2"),
    ],
)
def test_an_adjustment_that_lacks_something(desk: Any, row: list[Any], severity: str, cell: str) -> None:
    desk.book({"加减分": [POINTS, row, ["乙丑村", 1, "表彰"]]})
    records = desk.read()
    assert records.problems[["severity", "sheet", "cell"]].to_numpy().tolist() == [[severity, "加减分", cell]]
    assert records.adjustments["unit"].tolist() == ["乙丑村"]


def test_a_note_below_the_adjustments_is_none(desk: Any) -> None:
    desk.book({"加减分": [POINTS, ["乙丑村", 1, "表彰"], ["以上由办公室汇总", None, None]]})
    assert desk.read().problems.empty

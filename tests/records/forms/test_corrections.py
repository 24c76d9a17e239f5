"""更正 replaces, adds and removes marks, and settles what is wrong with a cell."""

from typing import Any

HEAD = ["评委", "单位", "环境", "党建"]
FIX = ["评委", "单位", "指标", "更正为", "理由", "经办"]


def test_the_truth_by_corrections(office: Any) -> None:
    """A wrong mark is replaced, a word settled, a missing mark added, and one removed."""
    rows = [["A1", "甲子村", 2, 18], ["A1", "乙丑村", "优秀", 19], ["A1", "丙寅社区", 15, None], *office.wide()[3:]]
    office.holds(
        {
            "评分": [HEAD, *rows],
            "更正": [
                FIX,
                ["A1", "甲子", "环境", 20, "看错", "某"],
                ["A1", "乙丑村", "环境", "22.5分", "写了等次", "某"],
                ["A1", "乙丑村", "党建", "缺席", "没到场", "某"],
                ["A1", "丙寅社区", "党建", "１２.25", "漏填", "某"],
            ],
        }
    )


def test_of_two_different_marks(office: Any) -> None:
    rows = [*office.wide(), ["A2", "甲子村", 3, 17]]
    office.desk.book({"评分": [HEAD, *rows], "更正": [FIX, ["A2", "甲子村", "环境", 19, "重复", "某"]]})
    assert office.desk.marks() == office.truth
    assert office.desk.wrong("warning") == [("评分", "D8", "17")]


def test_of_a_rater_sheet(office: Any) -> None:
    office.desk.rater("A2.csv", [["单位", "环境", "党建"], ["甲子村", "100", 17], *office.by_rater("A2")[1:]])
    office.holds(
        {
            "评分": [HEAD, *office.wide()[:3]],
            "更正": [FIX, ["A2", "甲子村", "环境", 19, "超出满分", "某"]],
        }
    )

"""Sheets handed back empty, and what is read of a quarter when earlier ones spell their units otherwise."""

from typing import Any

import pytest

from lsb_nb.checking import check_activity
from lsb_nb.scoring.composite import score
from lsb_nb.scoring.output import problem_objects

RATERS = [["评委", "评委组"], ["A1", "班子"], ["A2", "班子"], ["B1", "中层"]]
EMPTY = [["单位", "环境", "党建"], ["甲子村", None, None], ["乙丑村", None, None], ["丙寅社区", None, None]]
MARKED = [["单位", "环境", "党建"], ["甲子村", 20, 18], ["乙丑村", 21, 17], ["丙寅社区", 22, 16]]


def warnings_of(desk: Any) -> list[tuple[Any, ...]]:
    found = check_activity(desk.folder)
    assert not (found["severity"] == "error").any(), found.to_string()
    return list(found[["file", "sheet", "reason"]].itertuples(index=False, name=None))


def test_an_empty_rater_sheet_and_a_silent_group_are_told_once(desk: Any) -> None:
    desk.book({"评委": RATERS, "评分": None})
    desk.rater("A1.xlsx", MARKED)
    desk.rater("A2.xlsx", EMPTY)
    desk.rater("B1.xlsx", EMPTY)
    assert warnings_of(desk) == [
        ("2021Q4.xlsx", "评委", "评委组“中层”没有任何分数（1 名评委）"),
        ("2021Q4/评分表/A2.xlsx", "Sheet1", "评委“A2”一个分数也没有"),
    ]


def test_where_a_group_is_unread_raters_are_told_instead_of_groups(desk: Any) -> None:
    raters = [["评委", "评委组", "姓名"], ["A1", "班子", "某"], ["B1", None, "某"], ["C1", "中层", "某"]]
    desk.book({"评委": raters, "评分": None})
    desk.rater("A1.xlsx", MARKED)
    found = check_activity(desk.folder)
    told = found[found["severity"] == "warning"]["reason"].tolist()
    assert told == ["评委“B1”一个分数也没有", "评委“C1”一个分数也没有"]


def test_a_rater_on_the_list_of_whom_no_sheet_came(desk: Any) -> None:
    desk.book({"评委": [*RATERS, ["B2", "中层"]], "评分": None})
    for name in ("A1", "A2", "B1"):
        desk.rater(f"{name}.xlsx", MARKED)
    assert warnings_of(desk) == [("2021Q4.xlsx", "评委", "评委“B2”一个分数也没有")]


def test_raters_who_all_say_something_are_no_matter(desk: Any) -> None:
    desk.book({"评委": RATERS, "评分": None})
    for name in ("A1", "A2", "B1"):
        desk.rater(f"{name}.xlsx", MARKED)
    assert warnings_of(desk) == []


def test_a_quarter_without_any_mark_is_told_in_two_lines_not_in_one_per_cell(desk: Any) -> None:
    desk.book({"评委": RATERS, "评分": None, "规则": [["规则", "取值"], ["评委组权重", "班子=60、中层=40"]]})
    for name in ("A1", "A2", "B1"):
        desk.rater(f"{name}.xlsx", EMPTY)
    assert [reason for _file, _sheet, reason in warnings_of(desk)] == [
        "还没有任何分数：评分表或“直接录入”都是空的",
        "还没有任何有效得分，全部单位列为未评",
    ]


LEDGER = {"指标": [["指标", "满分", "计分方式"], ["环境", 25, None], ["兑现", 20, "台账计算"]]}


@pytest.mark.parametrize("sheet", ["承诺台帐", None])
def test_a_criterion_of_the_ledger_without_the_sheet(desk: Any, sheet: str | None) -> None:
    more = {sheet: [["编号", "单位", "承诺事项", "完成时限", "完成情况"], [1, "甲子村", "修路", "2021-12-3", "已完成"]]}
    desk.book(LEDGER | (more if sheet else {}))
    found = check_activity(desk.folder)
    row = found[found["reason"].str.contains("按台账计算")].iloc[0]
    assert (row["severity"], row["file"], row["sheet"], row["cell"]) == ("warning", "2021Q4.xlsx", "指标", "A3")
    assert "承诺台账" in row["reason"]


def test_a_missing_ledger_is_told_where_it_counts_in_full_by_rule(desk: Any) -> None:
    desk.book(LEDGER | {"规则": [["规则", "取值"], ["不适用指标", "计满分"]]})
    found = check_activity(desk.folder)
    told = found[found["reason"].str.contains("按台账计算")]
    assert told[["severity", "cell"]].to_numpy().tolist() == [["warning", "A3"]]


UNITS = [f"第{name}村" for name in "一二三四五六"]
PROGRESS = {"指标": [["指标", "满分", "计分方式"], ["环境", 100, None], ["进步", 10, "进步计算"]]}


def history(desk: Any, *earlier: list[str], now: list[list[Any]]) -> None:
    for at, units in enumerate(earlier):
        rows = [["评委", "单位", "环境"], *(["A1", unit, 60 + 5 * i + at] for i, unit in enumerate(units))]
        book = {
            "单位": [["单位"], *([unit] for unit in units)],
            "指标": [["指标", "满分"], ["环境", 100]],
            "评分": rows,
        }
        desk.book(book, quarter=f"2021Q{at + 1}")
    rows = [["评委", "单位", "环境"], *(["A1", row[0], 70 + 3 * i] for i, row in enumerate(now))]
    desk.book({"单位": [["单位", "别名"], *now], "评分": rows} | PROGRESS)


def test_a_unit_spelt_differently_earlier_keeps_its_history(desk: Any) -> None:
    now = [[unit, "老六" if unit == "第六村" else None] for unit in UNITS]
    renamed = ["第一村村委会", *UNITS[1:5], "老六"]
    history(desk, renamed, UNITS, renamed, now=now)
    mixed = score(desk.read(quarters=["2021Q4"]), "2021Q4")
    assert (mixed.states["进步"] == "rated").all()
    history(desk, UNITS, UNITS, UNITS, now=now)
    plain = score(desk.read(quarters=["2021Q4"]), "2021Q4")
    assert mixed.criteria.equals(plain.criteria)
    assert set(desk.read().units["unit"]) == set(UNITS)


def test_two_earlier_units_are_never_made_one(desk: Any) -> None:
    """东村 and 东社区 were two; that only 东村 is left does not make 东社区 its past."""
    history(desk, ["东社区", "东村", *UNITS], now=[["东村", None], *([unit, None] for unit in UNITS)])
    assert desk.wrong() == []
    records = desk.read()
    assert records.at("2021Q1").units["unit"].tolist()[:2] == ["东社区", "东村"]


def test_a_unit_that_lacks_a_quarter_is_told(desk: Any) -> None:
    history(desk, UNITS, UNITS[:5], UNITS, now=[[unit, None] for unit in UNITS])
    scores = score(desk.read(quarters=["2021Q4"]), "2021Q4")
    told = scores.problems[scores.problems["reason"].str.contains("进步计算")]
    assert told[["value", "file", "sheet", "cell"]].to_numpy().tolist() == [["第六村", "2021Q4.xlsx", "单位", "A7"]]
    assert "2021Q2" in told["reason"].iloc[0]


def test_score_warns_of_what_check_warns_of_history_included(desk: Any) -> None:
    history(desk, UNITS, UNITS[:5], UNITS, now=[[unit, None] for unit in UNITS])
    desk.book({"单位": [["单位"], *([unit] for unit in UNITS)], "指标": [["指标", "满分"], ["环境", 100]],
               "备忘": [["随便"], ["写的"]], "评分": [["评委", "单位", "环境"], *(["A1", u, 70] for u in UNITS[:5])]},
              quarter="2021Q2")  # fmt: skip
    scores = score(desk.read(quarters=["2021Q4"]), "2021Q4")
    checked = problem_objects(check_activity(desk.folder, quarter="2021Q4"))
    scored = problem_objects(scores.problems)
    assert scored == checked
    assert any(row["file"] == "2021Q2.xlsx" for row in scored)
    assert all(row["file"] for row in scored)
    assert len({tuple(row.values()) for row in scored}) == len(scored)


def test_the_activity_is_named_by_the_quarter_that_is_scored(desk: Any) -> None:
    desk.book({"活动": [["项目", "内容"], ["活动名称", "三季度活动"]]}, quarter="2021Q3")
    desk.book(quarter="2021Q4")
    records = desk.read()
    assert score(records, "2021Q3").activity == "三季度活动"
    assert score(records, "2021Q4").activity == "示例活动"
    assert records.name == "示例活动"

"""Ledgers at a quarter's end."""

import datetime as dt

import pytest

from lsb_nb.analysis.commitments import measure_promises, summarise_promises
from lsb_nb.analysis.problems import measure_finding_kinds
from lsb_nb.analysis.progress import (
    compare_months,
    measure_carry_over,
    measure_countdown,
    measure_findings,
    summarise_findings,
)  # fmt: skip
from lsb_nb.analysis.strengths import fix_first
from lsb_nb.analysis.tasks import draft_tasks

Q3, Q4 = "2021Q3", "2021Q4"


def day(month, number, year=2021):
    return dt.date(year, month, number)


def finding(number, found, due, closed=None, *, unit="甲村", quarter=Q4, recurred=None, category="环境", **more):
    row = {"number": number, "unit": unit, "finding": f"问题{number}", "found": found, "due": due, "closed": closed}
    return row | {"recurred": recurred, "quarter": quarter, "category": category} | more


@pytest.fixture
def ledger(make_records):
    old = [
        finding("W1", day(8, 1), day(8, 20), quarter=Q3, place="北街"),
        finding("W2", day(9, 1), day(9, 20), day(9, 10), quarter=Q3, place="北街"),
        finding("W3", day(9, 25), day(10, 9), quarter=Q3, unit="乙村", criterion="卫生"),
    ]
    new = [
        finding("W1", day(8, 1), day(8, 20), day(10, 8), place="北街"),
        finding("W4", day(10, 10), day(10, 20), place="北街"),
        finding("W5", day(12, 20), day(12, 31), unit="乙村", criterion="卫生", category="党建", source="观摩"),
        finding("W6", day(11, 1), day(11, 9), day(11, 5), recurred=day(12, 1), category=None),
        finding("W7", day(11, 1), day(11, 9), state="已销号"),
    ]
    return make_records(quarters=(Q3, Q4), findings=[*old, *new])


def test_what_became_of_each_finding(ledger):
    table = measure_findings(ledger, Q4).set_index("number")
    assert table["is_open"].to_dict() == {"W4": True, "W6": True, "W5": True, "W1": False, "W7": False}
    assert table["carried"].to_dict() == {"W4": False, "W6": False, "W5": False, "W1": True, "W7": False}
    assert table["opened"].sum() == 4
    assert table["days_overdue"].to_dict() == {"W4": 72, "W6": 52, "W5": 0, "W1": 0, "W7": 0}
    assert table["days_to_close"].dropna().to_dict() == {"W1": 68}
    assert table["recurring"].sum() == 1
    # W4 is found where W1 and W2 were; W1 itself is only carried on, W2 stood beside it
    assert table["repeats"].to_dict() == {"W4": 1, "W6": 0, "W5": 1, "W1": 1, "W7": 0}
    assert table["first_seen"]["W4"] == Q3


def test_a_deadline_on_the_last_day_is_not_overdue(ledger):
    table = measure_findings(ledger, Q4).set_index("number")
    assert not table["overdue"]["W5"]
    assert table["overdue"]["W4"]


def test_counts_by_category_and_source(ledger):
    table = summarise_findings(measure_findings(ledger, Q4)).set_index("category")
    # W7 is closed without a date: found and closed within the quarter
    assert table.loc["环境", ["total", "is_open", "overdue", "closed_now"]].tolist() == [3, 1, 1, 2]
    assert table["total"]["未分类"] == 1
    assert table["days"]["环境"] == 68
    sources = summarise_findings(measure_findings(ledger, Q4), by="source").set_index("source")["total"]
    assert sources.to_dict() == {"未分类": 4, "观摩": 1}
    with pytest.raises(ValueError, match="'category', 'source', 'unit', 'criterion'"):
        summarise_findings(measure_findings(ledger, Q4), by="person")


def test_no_finding_is_lost_from_a_count(ledger, make_records):
    blank = [
        finding("W1", day(10, 1), day(10, 9), criterion=""),
        finding("W2", day(10, 1), day(10, 9), criterion="卫生"),
    ]
    for records, counts in (
        (ledger, {"未分类": 4, "卫生": 1}),
        (make_records(findings=blank), {"未分类": 1, "卫生": 1}),
    ):
        table = summarise_findings(measure_findings(records, Q4), by="criterion").set_index("criterion")["total"]
        assert table.to_dict() == counts
    assert measure_finding_kinds(ledger, quarter=Q4).set_index("category")["findings"].to_dict() == {
        "环境": 3, "党建": 1, "未分类": 1,
    }  # fmt: skip
    assert measure_finding_kinds(make_records(findings=[finding("W1", day(10, 1), day(10, 9), category=None)]),
                                 quarter=Q4).empty  # fmt: skip


def test_what_came_in_and_what_went_out_is_what_is_open(make_records):
    old = [finding(f"W{i}", day(8, 1), day(8, 9), quarter=Q3) for i in (1, 2, 3)]
    new = [
        finding("W1", day(8, 1), day(8, 9), state="已销号"),  # no date, and the ledger before has it open
        finding("W2", day(8, 1), day(8, 9), day(9, 9), recurred=day(11, 1)),
        finding("W3", day(8, 1), day(8, 9)),
        finding("W4", day(10, 1), day(10, 9), day(10, 8), recurred=day(11, 1)),
        finding("W5", day(10, 1), day(10, 9), day(11, 8), recurred=day(11, 1)),
        finding("W6", day(8, 1), day(8, 9), state="销号"),  # closed before, as far as the ledgers tell
        finding("W7", day(1, 5, 2022), day(1, 9, 2022)),
        finding("W9", day(1, 5, 2022), day(1, 9, 2022), day(12, 9)),
        finding("W8", day(10, 9), day(10, 20), day(9, 1)),  # closed before it was found: told by the check
    ]
    table = measure_findings(make_records(quarters=(Q3, Q4), findings=[*old, *new]), Q4).set_index("number")
    assert table.index[table["closed_now"]].tolist() == ["W1", "W5", "W8"]
    assert table.index[table["carried"]].tolist() == ["W3", "W1"]
    assert table.index[table["reopened"]].tolist() == ["W2"]
    came = table["opened"] | table["carried"] | table["reopened"]
    assert (came & ~table["closed_now"]).equals(table["is_open"])
    assert not table.loc["W7", ["opened", "is_open", "carried"]].any()


def test_a_finding_closed_before_it_was_found_has_no_days(make_records):
    table = measure_findings(make_records(findings=[finding("W1", day(10, 9), day(10, 20), day(10, 1))]), Q4)
    assert table["days_to_close"].isna().all()


def test_a_finding_put_into_another_category_is_counted_once(make_records):
    old = finding("W1", day(8, 1), day(8, 9), quarter=Q3, category="环境")
    new = finding("W1", day(8, 1), day(8, 9), day(10, 8), category="三堆")
    table = measure_countdown(make_records(quarters=(Q3, Q4), findings=[old, new]), Q4)
    assert table["label"].unique().tolist() == ["三堆"]
    assert table["open"].tolist() == [0, 1, 1, 0, 0, 0]
    silent = measure_countdown(make_records(quarters=(Q3, Q4), findings=[old, new | {"category": None}]), Q4)
    assert silent["label"].unique().tolist() == ["环境"]


def test_carry_over_finds_what_was_dropped(ledger):
    table = measure_carry_over(ledger, Q4).set_index("number")
    assert table["now"].to_dict() == {"W1": "closed", "W3": "missing"}
    assert measure_carry_over(ledger, Q3).empty


def test_countdown_by_month(ledger):
    table = measure_countdown(ledger, Q4, categories=["环境"])
    assert table["day"].tolist()[-3:] == [day(10, 31), day(11, 30), day(12, 31)]
    # W3 was never closed, only left out of the later ledger
    assert table["open"].tolist() == [0, 1, 2, 2, 2, 2]
    assert (table["found"] - table["closed"] == table["open"]).all()
    assert table["gone"].tolist() == [0, 0, 0, 1, 1, 1]
    merged = measure_countdown(ledger, Q4, categories={"两类": ["环境", "党建"]})
    assert merged["label"].unique().tolist() == ["两类"]
    assert merged["open"].tolist()[-1] == 3
    assert measure_countdown(ledger, Q4)["label"].nunique() == 3


def test_promises(make_records):
    rows = [
        {"number": "C1", "unit": "甲村", "commitment": "修路", "due": day(12, 1), "state": "滞后", "category": "基建"},
        {
            "number": "C2",
            "unit": "甲村",
            "commitment": "路灯",
            "due": day(12, 31),
            "state": "已完成",
            "category": "基建",
        },
        {"number": "C3", "unit": "乙村", "commitment": "广场", "due": day(3, 1, 2022), "state": "推进中"},
        {"number": "C4", "unit": "乙村", "commitment": "水渠", "due": day(12, 31), "state": "推进中"},
    ]
    table = measure_promises(make_records(commitments=rows), Q4)
    assert table.set_index("number")["days_late"].to_dict() == {"C1": 30, "C2": 0, "C4": 0, "C3": 0}
    assert table["is_due"].sum() == 3
    units = summarise_promises(table).set_index("unit")
    assert units.loc["甲村", ["total", "due", "kept", "late", "longest"]].tolist() == [2, 2, 1, 1, 30]
    # due on the last day and not kept: not kept, and no day late yet
    assert units.loc["乙村", ["due", "kept", "late", "longest"]].tolist() == [1, 0, 1, 0]
    assert (units["due"] == units["kept"] + units["late"]).all()
    assert (units["total"] == units["due"] + units["later"]).all()
    assert units["lagging"].to_dict() == {"甲村": 1, "乙村": 0}
    kinds = summarise_promises(table, by="category").set_index("category")["total"]
    assert kinds.to_dict() == {"基建": 2, "未分类": 2}
    with pytest.raises(ValueError, match="'unit', 'category', 'state'"):
        summarise_promises(table, by="person")


def test_months_beside_the_quarter(make_records, make_scores):
    rows = [
        {"month": month, "unit": unit, "points": points}
        for month, pair in ((day(10, 31), (80, 90)), (day(11, 30), (95, 90)))
        for unit, points in zip(("甲村", "乙村"), pair, strict=True)
    ]
    scores = make_scores({"环境": {"甲村": 90.0, "乙村": 80.0}})
    table = compare_months(make_records(monthly=rows), scores)
    assert list(table.columns) == ["2021-10", "2021-11", "rank", "apart"]
    assert table.loc["甲村"].tolist() == [2, 1, 1, 0.5]
    # a month of another quarter is not compared, of a row that stands twice the first counts
    more = [
        {"month": "2021-09", "unit": "甲村", "points": 1},
        {"month": rows[0]["month"], "unit": "甲村", "points": 99},
    ]
    assert compare_months(make_records(monthly=[*rows, *more]), scores).equals(table)
    bare = compare_months(make_records(), scores)
    assert list(bare.columns) == ["rank", "apart"]
    assert bare["apart"].isna().all()


def test_tasks_from_what_is_open_and_what_can_be_gained(ledger, make_scores):
    scores = make_scores(
        {"环境": {"甲村": 60.0, "乙村": 90.0, "丙村": 92.0}, "党建": {"甲村": 80.0, "乙村": 70.0, "丙村": 75.0}}
    )
    tasks = draft_tasks(measure_findings(ledger, Q4), fix_first(scores), quarter=Q4, gaps=1)
    assert tasks.groupby("source").size().to_dict() == {"finding": 3, "gap": 3}
    # a deadline that is past moves to the end of the next month; gaps run to the end of the next quarter
    assert set(tasks.loc[tasks["source"] == "finding", "due"]) == {day(1, 31, 2022)}
    assert set(tasks.loc[tasks["source"] == "gap", "due"]) == {day(3, 31, 2022)}
    own = tasks[tasks["unit"] == "甲村"]
    assert own["source"].tolist() == ["finding", "finding", "gap"]
    assert "环境" in own["task"].iloc[-1]


def test_empty_sheets_give_empty_frames(make_records):
    records = make_records()
    assert measure_findings(records, Q4).empty
    assert measure_promises(records, Q4).empty
    assert measure_countdown(records, Q4).empty
    assert summarise_findings(measure_findings(records, Q4)).empty
    assert summarise_promises(measure_promises(records, Q4)).empty

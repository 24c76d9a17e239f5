"""Criterion scores by 计分方式, each by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from lsb_nb.bundles import DataProblems
from lsb_nb.scoring.composite import score


def ballot_book(**more):
    return {"units": ["东村"], "criteria": [("满意度", 20, None, "等次测评")]} | more


def test_ballots_are_the_mean_of_grade_values(make):
    records = make(**ballot_book(ballots=[("东村", "满意度", "群众", 5, 3, 1, 1)]))
    assert score(records).full.loc["东村", "满意度"] == (500 + 240 + 60 + 40) / 10


def test_a_blank_count_is_zero_and_a_group_without_ballots_is_absent(make):
    ballots = [("东村", "满意度", "群众", 1, None, None, 1), ("东村", "满意度", "领导", None, 0, 0, None)]
    assert score(make(**ballot_book(ballots=ballots))).full.loc["东村", "满意度"] == 70


def test_ballot_groups_are_weighed_and_must_be_named(make):
    ballots = [("东村", "满意度", "群众", 1, 0, 0, 0), ("东村", "满意度", "领导", 0, 0, 0, 1)]
    records = make(**ballot_book(ballots=ballots, rules={"评委组权重": "群众=3、领导=1"}))
    assert score(records).full.loc["东村", "满意度"] == 85
    with pytest.raises(DataProblems):
        score(make(**ballot_book(ballots=ballots, rules={"评委组权重": "群众=3"})))


def test_a_grade_not_named_keeps_its_value(make):
    records = make(**ballot_book(ballots=[("东村", "满意度", "群众", 1, 1, 0, 0)], rules={"等次分值": "好=90"}))
    assert score(records).full.loc["东村", "满意度"] == 85


def test_no_ballots_at_all_is_unrated(make):
    records = make(**ballot_book(ballots=[("东村", "满意度", "群众", 0, 0, None, 0)]))
    assert score(records).states.loc["东村", "满意度"] == "unrated"


def ledger(make, rows, **more):
    criteria = more.pop("criteria", [("兑现", 10, None, "台账计算")])
    commitments = [
        {"unit": u, "state": s, "due": dt.date.fromisoformat(d)} | ({"criterion": c[0]} if c else {})
        for u, s, d, *c in rows
    ]
    return score(make(units=["东村", "西村"], criteria=criteria, commitments=commitments, **more))


def test_the_ledger_counts_what_is_due_by_the_last_day_of_the_quarter(make):
    rows = [
        ("东村", "已完成", "2021-12-31"), ("东村", "推进中", "2020-01-01"), ("东村", "已完成", "2021-10-01"),
        ("东村", "滞后", "2022-01-01"),
    ]  # fmt: skip
    scores = ledger(make, rows)
    assert scores.full.loc["东村", "兑现"] == 66.666666667
    assert scores.states.loc["西村", "兑现"] == "not_applicable"


def test_partial_credit(make):
    rows = [("东村", "推进中", "2021-12-01"), ("东村", "滞后", "2021-12-01"), ("东村", "已完成", "2021-12-01")]
    assert ledger(make, rows, rules={"部分完成计分": "推进中=0.5"}).full.loc["东村", "兑现"] == 50


def test_with_the_column_a_row_counts_for_the_criterion_it_names(make):
    criteria = [("兑现", 10, None, "台账计算"), ("环境", 10, None, "台账计算")]
    rows = [
        ("东村", "已完成", "2021-12-01", "兑现"), ("东村", "未启动", "2021-12-01", "环境"),
        ("东村", "未启动", "2021-12-01", ""),
    ]  # fmt: skip
    assert ledger(make, rows, criteria=criteria).full.loc["东村"].tolist() == [100, 0]


def test_with_the_column_blank_throughout_nothing_is_due(make):
    scores = ledger(make, [("东村", "已完成", "2021-12-01", "")])
    assert scores.states.loc["东村", "兑现"] == "not_applicable"
    assert scores.problems["reason"].str.contains("“指标”列没有一行写着它").sum() == 1
    named = ledger(make, [("东村", "已完成", "2021-12-01", "兑现")])
    assert not named.problems["reason"].str.contains("“指标”列没有一行写着它").any()


def test_without_the_column_every_row_counts_for_every_such_criterion(make):
    criteria = [("兑现", 10, None, "台账计算"), ("环境", 10, None, "台账计算")]
    rows = [("东村", "已完成", "2021-12-01"), ("东村", "未启动", "2021-12-01")]
    assert ledger(make, rows, criteria=criteria).full.loc["东村"].tolist() == [50, 50]


def test_an_unknown_state_is_an_error_at_its_cell(make):
    with pytest.raises(DataProblems) as caught:
        ledger(make, [("东村", "已完成", "2021-12-01"), ("东村", "差不多", "2021-12-01")])
    row = caught.value.problems.iloc[0]
    assert (row["sheet"], row["cell"], row["value"]) == ("承诺台账", "A3", "差不多")


def test_direct_entries(make):
    entries = [("东村", "甲", "12.5"), ("西村", "甲", "not_applicable"), ("南村", "甲", "missing")]
    records = make(units=["东村", "西村", "南村", "北村"], criteria=[("甲", 20, None, "直接录入")], entries=entries)
    scores = score(records)
    assert scores.full.loc["东村", "甲"] == 62.5
    assert scores.states.loc[["东村", "西村", "南村", "北村"], "甲"].tolist() == [
        "rated", "not_applicable", "unrated", "unrated",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "source"),
    [
        ("直接录入", {"ratings": [("B0", "东村", "甲", 5)]}),
        ("台账计算", {"entries": [("东村", "甲", 5)]}),
        ("评委打分", {"entries": [("东村", "甲", 5)]}),
        ("评委打分", {"ballots": [("东村", "甲", "群众", 1, 0, 0, 0)]}),
    ],
)
def test_a_source_that_contradicts_the_method_is_an_error(make, method, source):
    with pytest.raises(DataProblems) as caught:
        score(make(units=["东村"], criteria=[("甲", 20, None, method), ("乙", 5)], **source))
    assert "“甲”的计分方式" in caught.value.problems["reason"].iloc[0]
    assert caught.value.problems["cell"].iloc[0] == "A2"


def test_two_thousand_ballots_at_grades_of_nine_decimals(make):
    records = make(
        units=["东村"], criteria=[("甲", 3, None, "等次测评")],
        rules={"等次分值": "好=99.999999999、较好=33.333333333"},
        ballots=[("东村", "甲", "群众", 999_999_999, 0, 0, 0), ("东村", "甲", "干部", 1, 2, 0, 0)],
    )  # fmt: skip
    assert score(records).full.loc["东村", "甲"] == 77.777777777


def test_adjustments_of_many_digits_keep_the_score_exact(make):
    records = make(
        units=["东村"], criteria=[("甲", 100)], ratings=[("B0", "东村", "甲", "92.344999")],
        rules={"加减分上限": "999999999"}, adjustments=[("东村", "99999999.000001")],
    )  # fmt: skip
    assert score(records).units.loc["东村", "score"] == 100000091.35


def test_marks_too_large_to_add_up_are_refused(make):
    ratings = [(f"B{i}", "东村", "甲", 900_000_000) for i in range(6000)]
    with pytest.raises(DataProblems, match="满分太大"):
        score(make(units=["东村"], criteria=[("甲", 999_999_999)], ratings=ratings))


def test_a_criterion_score_is_rounded_to_nine_decimals(make):
    records = make(units=["东村"], criteria=[("甲", 3)], ratings=[("B0", "东村", "甲", 1), ("B1", "东村", "甲", 1)])
    assert score(records).full.loc["东村", "甲"] == 33.333333333

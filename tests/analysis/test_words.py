"""Sentences say what the frames bear out: 最 only alone, 多数 only above half, differences of published scores."""

import importlib.util
import re
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.analysis import words, words_problems
from lsb_nb.analysis.overview import measure_overview, measure_parts, measure_ranking
from lsb_nb.analysis.past import scheme_for
from lsb_nb.i18n import use_language
from lsb_nb.scoring.composite import score

_spec = importlib.util.spec_from_file_location("small_town", Path(__file__).with_name("small_town.py"))
town = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(town)


@pytest.fixture
def facts():
    return pd.Series(
        {
            "kind": "村", "quarter": "2021Q4", "mean": Decimal("85.74"), "mean_before": Decimal("84.54"),
            "mean_change": Decimal("1.20"), "first": ("鹿吟村",), "last": ("云锄村",), "first_score": Decimal("91.90"),
            "last_score": Decimal("78.93"), "distance": Decimal("12.97"), "vetoed": ("玉磬村",), "unrated": (),
            "show_last": True, "ranked": 35, "findings": 72, "closed": 55, "overdue": 7, "overdue_units": 7,
            "longest": 24,
        },
        dtype=object,
    )  # fmt: skip


def bands(*counts):
    return pd.DataFrame({"count": counts}, index=["优秀", "良好", "一般", "较差"])


def ranking_of(*scores):
    ordered = sorted(scores, reverse=True)
    rank = pd.Series(ordered).rank(method="min", ascending=False).astype("Int64").tolist()
    index = [f"村{i}" for i in range(len(ordered))]
    return pd.DataFrame({"score": ordered, "rank": pd.array(rank, dtype="Int64"), "status": "ranked"}, index=index)


def test_mean_and_its_change(facts):
    assert words.say_mean(facts) == "各村平均 85.74 分，比上季度高 1.20 分。"
    facts["mean_change"] = Decimal("-0.05")
    assert words.say_mean(facts) == "各村平均 85.74 分，比上季度低 0.05 分。"
    facts["mean_change"] = Decimal("0.00")
    assert "持平" in words.say_mean(facts)
    facts["mean_change"] = None
    assert words.say_mean(facts) == "各村平均 85.74 分。"


def test_first_and_last(facts):
    assert words.say_places(facts) == "鹿吟村 91.90 分列第一，云锄村 78.93 分列末位，相差 12.97 分。"
    facts["show_last"] = False
    assert words.say_places(facts) == "鹿吟村 91.90 分列第一。"
    facts["show_last"], facts["first"] = True, ("鹿吟村", "荷汀村")
    assert words.say_places(facts).startswith("鹿吟村、荷汀村同为 91.90 分，并列第一，")
    facts["last"], facts["distance"] = facts["first"], Decimal(0)
    assert "末位" not in words.say_places(facts)


def test_bands_name_the_empty_ones_last():
    assert words.say_bands(bands(3, 30, 2, 0)) == "优秀 3 个、良好 30 个、一般 2 个，无较差。"
    assert words.say_bands(bands(1, 1, 1, 1)) == "优秀 1 个、良好 1 个、一般 1 个、较差 1 个。"


def test_ties_name_the_place_and_the_next():
    said = words.say_ties(ranking_of(90, 87.1, 87.1, 80))
    assert said == "村1、村2同为 87.10 分，并列第 2 名，其后为第 4 名。"
    assert words.say_ties(ranking_of(90, 80, 80)) == "村1、村2同为 80.00 分，并列第 2 名。"
    assert words.say_ties(ranking_of(90, 80)) == ""


def test_ties_that_a_rule_broke_are_told():
    records = town.make_records()
    rules = records.frames["rules"]
    rules.loc[0] = ["2021Q4", "并列处理", "赛实绩、亮承诺", "2021Q4.xlsx", "规则", "B2"]
    marks = town.MARKS["2021Q4"] | {"枫渡村": (25, 45, 17)}
    again = town.make_records({"2021Q4": marks})
    again.frames["rules"] = rules
    scores = score(again, "2021Q4")
    said = words.say_ties(measure_ranking(scores), scores)
    assert "枫渡村、雪桁村同为 87.00 分，依次按赛实绩、亮承诺得分排列。" in said


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=40))
def test_the_range_in_the_title_holds_more_than_half(cents):
    frame = ranking_of(*(value / 100 for value in cents))
    said = words.say_spread(frame, "村")
    whole, part = re.match(r"(\d+) 个村(?:中有 (\d+) 个集中|全部)在 ", said).groups()
    count = int(part or whole)
    assert int(whole) == len(cents)
    low, high = (int(part) for part in said.split("在 ")[1].split(" 分")[0].split("—"))
    assert count == sum(low <= value <= high for value in frame["score"])
    assert count * 2 > len(cents)
    for start in range(low - 101, high + 101):
        narrower = sum(start <= value <= start + (high - low) - 1 for value in frame["score"])
        assert high - low == 1 or narrower * 2 <= len(cents)


def test_most_only_when_alone():
    table = pd.DataFrame({"unit": ["甲", "乙"], "criterion": ["环境", "环境"], "gap": [1.69, 1.2]})
    assert words_problems.say_single(table) == "甲环境低于中位 1.69 分，为单项差距最大。"
    assert "最" not in words_problems.say_single(table.assign(gap=1.69))
    parts = measure_parts(score(town.make_records(), "2021Q4"))
    assert "赛实绩拉开的差距最大" in words.say_pillars(parts)
    equal = parts.assign(points=[1.0 if unit == "鹿吟村" else 0.0 for unit in parts["unit"]])
    assert "最" not in words.say_pillars(equal)


def test_common_problem_counts_units():
    row = {"criterion": ["集体经济增收"], "loss": [1.78], "units": [35], "many": [23]}
    assert words_problems.say_common(pd.DataFrame(row), "村") == (
        "集体经济增收村均失 1.78 分，35 个村中有 23 个失分超过两成。"
    )
    none = pd.DataFrame(row | {"many": [0]})
    assert words_problems.say_common(none, "村").endswith("没有单位失分超过两成。")


def test_commitments_and_overdue(facts):
    table = pd.DataFrame({"due": [200, 41], "kept": [170, 31], "lagging": [6, 4]})
    assert words_problems.say_commitments(table) == "到期承诺 241 项，兑现 201 项，兑现率 83%；滞后 10 项。"
    assert words_problems.say_commitments(table.iloc[:0]) == "本季未提供“承诺台账”，本节从略。"
    assert words_problems.say_overdue(facts) == "7 项问题逾期未销号，最长 24 天，涉及 7 个村。"
    facts["findings"] = None
    assert words_problems.say_overdue(facts) == ""


def test_not_applicable_tells_both_places():
    frame = pd.DataFrame(
        {"unit": ["白苹村"], "criterion": ["美丽庭院"], "as_full": [False], "rank_full": [25], "rank_zero": [35]}
    )
    assert words_problems.say_not_applicable(frame) == (
        "白苹村“美丽庭院”不适用，权重在本板块内重新分配；该项若按满分、零分计，名次分别为第 25、第 35 名。"
    )
    assert "计满分" in words_problems.say_not_applicable(frame.assign(as_full=True))


def test_left_out_units_are_told(facts):
    assert words.say_left_out(facts) == "玉磬村一票否决，保留得分，不参与排名。"


def test_key_sentences_have_sections(facts):
    losses = pd.DataFrame({"criterion": ["环境"], "loss": [1.5], "units": [35], "many": [20]})
    table = pd.DataFrame({"due": [2], "kept": [1], "lagging": [1]})
    rows = words_problems.say_key(facts, bands(3, 30, 2, 0), losses, table, certainty="第 1—4 名分不出先后。")
    assert [section for _sentence, section in rows] == ["二", "六", "四", "八"]
    assert all(any(letter.isdigit() for letter in sentence) for sentence, _section in rows), (
        "a number in every sentence"
    )
    facts["findings"] = None
    assert len(words_problems.say_key(facts, bands(3, 30, 2, 0), losses.iloc[:0], table.iloc[:0])) == 1


def test_scenario_is_told_with_its_reason(tmp_path):
    file = tmp_path / "s.toml"
    weights = '[pillar_weights]\n"亮承诺" = 98\n"赛实绩" = 1\n"比干劲" = 1\n'
    file.write_text(f'name = "突出承诺"\nreason = "供研判用。"\n{weights}', encoding="utf-8")
    records = town.make_records({"2021Q4": town.MARKS["2021Q3"]})
    official = score(records, "2021Q4")
    assert words.say_scenario(official, official) == ""
    varied = score(records, "2021Q4", scheme=scheme_for(records, quarter="2021Q4", scenario=file))
    said = words.say_scenario(varied, official)
    assert said.startswith("本报告按情景“突出承诺”计分，不是公布结果。理由：供研判用。与公布方案相比：")
    moved = (varied.units["rank"] - official.units["rank"].reindex(varied.units.index)).abs()
    assert f"{int((moved > 0).sum())} 个单位名次有变化，最大变动 {int(moved.max())} 位" in said
    assert said.endswith("情景只供研判，不改变已公布结果。")


def test_names_are_cut_with_a_count():
    assert words.join_names(list("甲乙丙"), limit=2) == "甲、乙等 3 个"
    assert words.join_names(list("甲乙")) == "甲、乙"


def test_subtitles_refuse_another_name(facts):
    assert "2021年第四季度" in words.say_subtitle("strip", facts)
    with pytest.raises(ValueError, match="must be one of 'strip'"):
        words.say_subtitle("pie", facts)


def test_the_last_unit_is_nowhere_when_not_published():
    records = town.make_records()
    records.frames["rules"].loc[0] = ["2021Q4", "公布末位", "否", "2021Q4.xlsx", "规则", "B2"]
    facts = measure_overview(score(records, "2021Q4"))
    said = words.say_places(facts) + words.say_left_out(facts)
    assert "锦帆村" not in said
    assert "不单列末位" in said


def test_bands_of_the_program_are_english_in_english():
    use_language("en")
    try:
        assert words.say_bands(bands(3, 30, 2, 0)) == "Excellent: 3, good: 30, fair: 2; none in poor."
    finally:
        use_language("zh")

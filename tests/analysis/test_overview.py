"""Overview, ranking with movement, points by pillar and segment, commitments, problems, data notes."""

import dataclasses
import datetime as dt
import importlib.util
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from lsb_nb.analysis.commitments import measure_commitments, measure_overdue_commitments
from lsb_nb.analysis.method import measure_provenance, measure_weights, say_command, say_rules
from lsb_nb.analysis.notes import (
    measure_adjustments,
    measure_comments,
    measure_corrections,
    measure_data_notes,
    measure_vetoes,
    measure_warnings,
)
from lsb_nb.analysis.overview import (
    measure_bands,
    measure_overview,
    measure_parts,
    measure_ranking,
)
from lsb_nb.analysis.past import scheme_for, score_history, scores_before
from lsb_nb.analysis.privacy import name_hider
from lsb_nb.analysis.problems import (
    measure_best,
    measure_common_losses,
    measure_finding_kinds,
    measure_not_applicable,
    measure_single_gaps,
)
from lsb_nb.analysis.progress import measure_findings
from lsb_nb.analysis.words import say_scenario, say_subtitle
from lsb_nb.analysis.words_problems import say_common, say_parts_note
from lsb_nb.bundles import DataProblems, problem_frame
from lsb_nb.schema import MICRO
from lsb_nb.scoring.composite import score
from lsb_nb.tables.ledgers import table_adjustments
from lsb_nb.tables.overview import table_parts, table_tiles

_spec = importlib.util.spec_from_file_location("small_town", Path(__file__).with_name("small_town.py"))
town = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(town)
make_records, MARKS = town.make_records, town.MARKS
VETO = [{"unit": "鹿吟村", "reason": "平安建设一票否决"}]


def scored(records, **options):
    history = score_history(records, quarter="2021Q4")
    before = scores_before(history, quarter="2021Q4")
    return score(records, "2021Q4", **options), before


def test_overview_of_two_quarters():
    records = make_records()
    scores, before = scored(records)
    facts = measure_overview(scores, before=before, records=records.at("2021Q4"))
    assert facts["first"] == ("鹿吟村",)
    assert facts["last"] == ("锦帆村",)
    assert (str(facts["first_score"]), str(facts["last_score"]), str(facts["distance"])) == ("92.00", "65.00", "27.00")
    published = [Fraction(sum(marks)) for marks in MARKS["2021Q4"].values()]
    assert Fraction(facts["mean"]) == round(sum(published) / 6, 2)
    assert facts["mean_change"] == facts["mean"] - facts["mean_before"]
    assert facts["kind"] == "村"
    assert facts["findings"] is None


def test_vetoed_units_count_in_nothing():
    records = make_records(vetoes=VETO)
    scores, before = scored(records)
    facts = measure_overview(scores, before=before)
    assert facts["first"] == ("荷汀村",)
    assert facts["vetoed"] == ("鹿吟村",)
    assert facts["ranked"] == 5
    assert measure_bands(scores)["count"].sum() == 5
    assert "鹿吟村" not in set(measure_single_gaps(scores)["unit"])
    assert measure_vetoes(records, scores).loc[0].tolist() == ["鹿吟村", "平安建设一票否决", 92.0]


def test_movement_is_places_gained():
    scores, before = scored(make_records())
    ranking = measure_ranking(scores, before=before)
    assert ranking.loc["鹿吟村", ["previous", "rank", "change"]].tolist() == [2, 1, 1]
    assert ranking.loc["荷汀村", "change"] == -1
    assert ranking.loc[["枫渡村", "雪桁村"], "rank"].tolist() == [3, 3]


def test_movement_needs_a_place_in_both_quarters():
    fewer = {"2021Q3": {k: v for k, v in MARKS["2021Q3"].items() if k != "枫渡村"}, "2021Q4": MARKS["2021Q4"]}
    scores, before = scored(make_records(fewer, vetoes=VETO))
    ranking = measure_ranking(scores, before=before)
    assert ranking["change"].isna()[["枫渡村", "鹿吟村"]].all()
    assert ranking.loc["鹿吟村", "status"] == "vetoed"
    assert measure_ranking(scores)["previous"].isna().all()


def test_only_the_quarter_directly_before_counts():
    gap = {"2021Q2": MARKS["2021Q3"], "2021Q4": MARKS["2021Q4"]}
    history = score_history(make_records(gap), quarter="2021Q4")
    assert list(history) == ["2021Q2", "2021Q4"]
    assert scores_before(history, quarter="2021Q4") is None


def test_a_broken_earlier_quarter_is_left_out():
    broken = make_records(adjustments=[])
    broken.frames["rules"].loc[0] = ["2021Q3", "加减分上限", "很多", "2021Q3.xlsx", "规则", "B2"]
    assert list(score_history(broken, quarter="2021Q4")) == ["2021Q4"]
    broken.frames["rules"].loc[0, "quarter"] = "2021Q4"
    with pytest.raises(DataProblems):
        score_history(broken, quarter="2021Q4")


@pytest.mark.parametrize("by", ["pillar", "segment"])
def test_printed_parts_and_adjustment_make_the_published_score(by):
    rows = [{"unit": "荷汀村", "points": round(0.35 * MICRO), "reason": "简报采用"}]
    scores, _before = scored(make_records(adjustments=rows))
    parts = measure_parts(scores, by=by)
    assert parts["exact"].all()
    sums = parts.groupby("unit")["points"].sum() + scores.units["adjustment"]
    assert (sums - scores.units["score"]).abs().max() < 1e-9
    assert parts.drop_duplicates("part")["full_marks"].sum() == pytest.approx(100)
    means = [*parts.attrs["means"].values(), parts.attrs["mean_adjustment"]]
    facts = measure_overview(scores)
    assert sum(means) == pytest.approx(float(facts["mean"]), abs=1e-9)
    assert say_parts_note(parts) == ""


def test_segments_add_up_where_something_does_not_apply(monkeypatch):
    four = {"承诺兑现": (28, "亮承诺", "实地看"), "环境整治": (35, "赛实绩", "实地看")}
    four |= {"群众口碑": (17, "赛实绩", "随机问"), "现场汇报": (20, "比干劲", "台上比")}
    monkeypatch.setattr(town, "CRITERIA", four)
    marks = {"2021Q4": {f"村{i}": (20.37 + i, 30.11 - i, 13.77, 15.31) for i in range(5)}}
    marks["2021Q4"]["村3"] = (20.37, "不适用", 13.77, 15.31)
    rows = [{"unit": "村1", "points": round(0.35 * MICRO), "reason": "简报采用"}]
    scores = score(make_records(marks, adjustments=rows), "2021Q4")
    segments = measure_parts(scores, by="segment")
    sums = segments.groupby("unit")["points"].sum() + scores.units["adjustment"]
    assert (sums - scores.units["score"]).abs().max() < 1e-9
    soup = BeautifulSoup(str(table_parts(segments, measure_ranking(scores))), "html.parser")
    for line in soup.select("tbody tr"):
        cells = [cell.get_text().replace("−", "-") for cell in line.select("td:not(.gapc)")]
        assert sum(float(cell or 0) for cell in cells[:-1]) == pytest.approx(float(cells[-1]), abs=1e-9)
    assert "村3有不适用或未评分的指标" in say_parts_note(segments)


def test_full_marks_in_the_heads_add_up_to_100(monkeypatch):
    thirds = {f"指标{i}": (7, "亮承诺", f"环节{i}") for i in range(3)}
    monkeypatch.setattr(town, "CRITERIA", thirds)
    scores = score(make_records({"2021Q4": {"甲村": (5, 6, 7), "乙村": (4, 6, 5)}}), "2021Q4")
    heads = measure_parts(scores, by="segment").drop_duplicates("part")["full_marks"].round(2)
    assert heads.sum() == pytest.approx(100, abs=1e-9)
    assert sorted(heads) == [33.33, 33.33, 33.34]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(*(st.integers(0, f * 1000) for f in (30, 50, 20))), min_size=2, max_size=6))
def test_printed_parts_always_add_up(points):
    marks = {f"村{i}": tuple(value / 1000 for value in row) for i, row in enumerate(points)}
    scores = score(make_records({"2021Q4": marks}), "2021Q4")
    parts = measure_parts(scores)
    cents = (parts.set_index("unit")["points"] * 100).round().groupby(level=0).sum()
    assert np.array_equal(cents.reindex(scores.units.index), (scores.units["score"] * 100).round())
    exact = scores.pillars.mul(scores.structure.groupby("pillar")["weight"].sum(), axis=1)
    for line in parts.to_dict("records"):
        assert abs(line["points"] - exact.loc[line["unit"], line["part"]]) < 0.01 + 1e-9


def test_a_pillar_left_out_has_no_points():
    marks = {"2021Q4": MARKS["2021Q4"] | {"枫渡村": (26, 44, "不适用")}}
    scores = score(make_records(marks), "2021Q4")
    parts = measure_parts(scores).set_index(["unit", "part"])
    assert np.isnan(parts.loc[("枫渡村", "比干劲"), "points"])
    assert parts.loc[("枫渡村", "赛实绩"), "points"] == 44.0
    assert not parts.loc["枫渡村", "exact"].any()
    assert "枫渡村有板块不适用" in say_parts_note(measure_parts(scores))
    absent = measure_not_applicable(scores)
    assert absent[["unit", "criterion"]].to_numpy().tolist() == [["枫渡村", "现场汇报"]]
    for mark, column in ((20, "rank_full"), (0, "rank_zero")):
        whole = score(make_records({"2021Q4": marks["2021Q4"] | {"枫渡村": (26, 44, mark)}}), "2021Q4")
        assert absent[column].iloc[0] == whole.units.loc["枫渡村", "rank"]


def test_parts_refuse_another_word():
    scores, _before = scored(make_records())
    with pytest.raises(ValueError, match="'pillar', 'segment'; not 'theme'"):
        measure_parts(scores, by="theme")


def test_best_agrees_with_the_printed_points():
    scores, _before = scored(make_records())
    parts = measure_parts(scores)
    best = measure_best(parts)
    assert best.loc["赛实绩", "units"] == ("鹿吟村",)
    assert best.loc["比干劲", "units"] == ("鹿吟村", "荷汀村")


def test_common_and_single_losses():
    scores, _before = scored(make_records())
    common = measure_common_losses(scores).set_index("criterion")
    lost = [50 - marks[1] for marks in MARKS["2021Q4"].values()]
    assert common.loc["环境整治", "loss"] == pytest.approx(np.mean(lost), abs=0.005)
    assert common.loc["环境整治", "many"] == sum(value / 50 > 0.2 for value in lost)
    assert common["share"].is_monotonic_decreasing
    gaps = measure_single_gaps(scores)
    assert gaps.iloc[0][["unit", "criterion", "gap"]].tolist() == ["锦帆村", "环境整治", 14.0]


DAY = dt.date(2021, 12, 31)
PROMISES = [
    {"number": "C1", "unit": "鹿吟村", "commitment": "修路", "due": DAY, "state": "滞后", "person": "王小明"},
    {"number": "C2", "unit": "鹿吟村", "commitment": "修渠", "due": dt.date(2021, 11, 1), "state": "已完成"},
    {"number": "C3", "unit": "荷汀村", "commitment": "装灯", "due": dt.date(2022, 1, 1), "state": "推进中"},
    {"number": "C4", "unit": "荷汀村", "commitment": "种树", "due": dt.date(2021, 10, 1), "state": "推进中"},
]


def test_commitments_count_by_date():
    table = measure_commitments(make_records(commitments=PROMISES), quarter="2021Q4")
    assert table.loc["鹿吟村", ["due", "kept", "lagging", "late", "later"]].tolist() == [2, 1, 1, 1, 0]
    assert table.loc["荷汀村", ["due", "kept", "lagging", "late", "later"]].tolist() == [1, 0, 0, 1, 1]
    assert table.index[0] == "荷汀村", "the lowest rate comes first"
    late = measure_overdue_commitments(make_records(commitments=PROMISES), quarter="2021Q4")
    assert late["number"].tolist() == ["C4", "C1"]
    assert late["days"].tolist() == [91, 0]
    assert "person" not in late.columns
    assert measure_commitments(make_records(), quarter="2021Q4").empty


def test_findings_are_judged_at_the_quarters_end():
    base = {"finding": "堆物", "found": dt.date(2021, 11, 1), "category": "环境"}
    rows = [
        base | {"number": "W1", "unit": "鹿吟村", "due": dt.date(2021, 12, 7)},
        base | {"number": "W2", "unit": "鹿吟村", "due": dt.date(2021, 12, 7), "closed": dt.date(2022, 1, 3)},
        base | {"number": "W3", "unit": "荷汀村", "due": dt.date(2021, 12, 7), "closed": dt.date(2021, 12, 6)},
        base | {"number": "W4", "unit": "荷汀村", "due": DAY},
        base | {"number": "W5", "unit": "荷汀村", "due": dt.date(2021, 12, 7), "state": "已销号"},
        base
        | {"number": "W6", "unit": "荷汀村", "due": dt.date(2021, 11, 20), "closed": dt.date(2021, 11, 18)}
        | {"recurred": dt.date(2021, 12, 20)},
    ]
    records = make_records(findings=rows)
    scores, _before = scored(records)
    facts = measure_overview(scores, records=records.at("2021Q4"))
    assert facts[["findings", "closed", "overdue", "overdue_units", "longest"]].tolist() == [6, 2, 3, 2, 41]
    listed = measure_findings(records, "2021Q4")
    assert [len(listed), listed["overdue"].sum(), listed["days_overdue"].max()] == [6, 3, 41]
    kinds = measure_finding_kinds(records, quarter="2021Q4")
    assert kinds.iloc[0].tolist() == ["环境", 6, 2]


def test_adjustments_show_the_cap():
    rows = [{"unit": "荷汀村", "points": 4 * MICRO, "reason": reason} for reason in ("一", "二")]
    records = make_records(adjustments=rows)
    scores, _before = scored(records)
    frame = measure_adjustments(records, scores)
    assert frame["counted"].tolist() == [5.0, 5.0]
    assert frame["given"].tolist() == [8.0, 8.0]
    assert frame["capped"].all()
    assert str(table_adjustments(frame)).count("+5.00") == 1, "the sum counts once for a unit"


def test_marks_that_do_not_count_are_not_counted_as_valid():
    records = make_records()
    scores, _before = scored(records)
    dropped = [("B1", "荷汀村", "环境整治", why) for why in ("recused", "recused", "void", "trimmed")]
    scores = dataclasses.replace(scores, dropped=pd.DataFrame(dropped, columns=["rater", "unit", "criterion", "why"]))
    mark = {"quarter": "2021Q4", "unit": "荷汀村", "criterion": "环境整治", "mark": MICRO, "state": "mark"}
    records.frames["ratings"] = pd.DataFrame([mark | {"rater": f"B{i}"} for i in range(10)])
    notes = measure_data_notes(records, scores).set_index("item")["count"]
    assert notes["评委评分"] == 7
    assert notes["按规则回避"] == 2


@pytest.mark.parametrize("spoilt", ["read", "scored"])
def test_an_earlier_quarter_with_errors_is_not_taken_for_a_first_quarter(spoilt):
    marks = dict(MARKS) if spoilt == "scored" else {"2021Q4": MARKS["2021Q4"]}
    records = make_records(marks)
    if spoilt == "scored":
        rules = [{"quarter": "2021Q3", "rule": "标准化方法", "value": "没有", "file": "2021Q3.xlsx"}]
        records.frames["rules"] = pd.DataFrame(rules, columns=records.frames["rules"].columns)
    else:
        row = {"severity": "warning", "quarter": "2021Q4", "file": "2021Q3.xlsx", "reason": "有 1 处错误"}
        records = dataclasses.replace(records, problems=problem_frame([row]))
    history = score_history(records, quarter="2021Q4")
    scores, before = history["2021Q4"], scores_before(history, quarter="2021Q4")
    assert before is None
    facts = measure_overview(scores, before=before, records=records)
    tiles = str(table_tiles(facts, measure_bands(scores)))
    assert '<em class="remark">上季度数据有误，未作比较</em>' in tiles
    assert "仅有本季数据" not in tiles


def test_a_scenario_is_compared_with_the_last_quarter_under_the_same_scenario(tmp_path):
    file = tmp_path / "突出承诺.toml"
    weights = '[pillar_weights]\n"亮承诺" = 80\n"赛实绩" = 10\n"比干劲" = 10\n'
    file.write_text(f'name = "突出承诺"\nreason = "供研判"\n{weights}', encoding="utf-8")
    records = make_records()
    history = score_history(records, quarter="2021Q4")
    before = scores_before(history, quarter="2021Q4", records=records, scenario=file)
    scores = score(records, "2021Q4", scheme=scheme_for(records, quarter="2021Q4", scenario=file))
    facts = measure_overview(scores, before=before, records=records)
    weights = {"承诺兑现": 80 / 30, "环境整治": 10 / 50, "现场汇报": 10 / 20}

    def mean(quarter):
        return np.mean([np.dot(row, list(weights.values())) for row in MARKS[quarter].values()])

    assert float(facts["mean_change"]) == pytest.approx(mean("2021Q4") - mean("2021Q3"), abs=0.011)
    assert "按公布总分排列" not in say_subtitle("ranking", facts)
    assert "两季都按这一情景计算" in say_scenario(scores, history["2021Q4"], records, before)
    file.write_text(
        'name = "另一个"\nreason = "x"\n[criterion_weights]\n"承诺兑现" = 1\n"新指标" = 1\n', encoding="utf-8"
    )
    assert scores_before(history, quarter="2021Q4", records=records, scenario=file) is None
    assert "不与上季度比较" in say_scenario(scores, history["2021Q4"], records, None)


def test_losses_of_a_field_without_a_ranked_unit_are_not_said_to_be_none():
    vetoes = [{"unit": unit, "reason": "平安建设"} for unit in MARKS["2021Q4"]]
    scores, _before = scored(make_records(vetoes=vetoes))
    assert say_common(measure_common_losses(scores)) == "没有参与排名的单位，不比较失分。"


RATERS = [
    {"rater": "B07", "group": "中层干部", "person": "赵大江"},
    {"rater": "3", "group": "中层干部", "person": "党政办主任"},
    {"rater": "老钱", "group": "班子成员"},
]


def test_no_name_of_a_rater_or_a_person_is_told():
    corrections = [
        {"rater": "B07", "unit": "鹿吟村", "criterion": "环境整治", "becomes": round(4.5 * MICRO), "state": "mark"}
        | {"reason": "B07 抄错，赵大江核对", "handler": "孙一平"}
    ]
    comments = [{"unit": "荷汀村", "role": "包村领导", "person": "孙一平", "highlights": "孙一平指出：有变化"}]
    records = make_records(raters=RATERS, corrections=corrections, comments=comments)
    hide = name_hider(records)
    assert hide("评委“3”给 3 个村打分，评委3 与 B07、B070") == "评委“某评委”给 3 个村打分，评委某评委 与 某评委、B070"
    assert hide("老钱说") == "某评委说"
    assert hide(None) is None
    scores = score(make_records(), "2021Q4")
    told = measure_corrections(records, quarter="2021Q4")
    assert told.iloc[0].tolist() == ["鹿吟村", "环境整治", "4.5", "某评委 抄错，某同志核对"]
    words = measure_comments(records, scores)
    assert list(words.columns) == ["unit", "role", "highlights", "problems", "requirements"]
    assert words["highlights"].tolist() == ["某同志指出：有变化"]
    assert words["role"].tolist() == ["包村领导"]


def test_warnings_tell_neither_raters_nor_their_files():
    records = make_records(raters=RATERS)
    scores = score(make_records(), "2021Q4")
    found = [
        {"severity": "warning", "quarter": "2021Q4", "file": "2021Q4/评分表/B07.xlsx", "reason": "评委 B07 重复"},
        {"severity": "error", "quarter": "2021Q4", "reason": "不出现"},
    ]
    object.__setattr__(scores, "problems", problem_frame(found + found[:1]))
    told = measure_warnings(records, scores)
    assert told[["file", "reason"]].to_numpy().tolist() == [["评分表", "评委 某评委 重复"]]
    notes = measure_data_notes(records, scores).set_index("item")
    assert notes.loc["数据提示", "count"] == 1
    assert notes.loc["直接录入", "count"] == 18


def test_scheme_for_applies_a_scenario(tmp_path):
    file = tmp_path / "突出赛实绩.toml"
    weights = '[pillar_weights]\n"亮承诺" = 10\n"赛实绩" = 80\n"比干劲" = 10\n'
    file.write_text(f'name = "突出赛实绩"\nreason = "研判"\n{weights}', encoding="utf-8")
    records = make_records()
    varied = scheme_for(records, quarter="2021Q4", scenario=file)
    assert varied.name == "突出赛实绩"
    assert scheme_for(records, quarter="2021Q4").name == "公布方案"
    assert varied.digest() != scheme_for(records, quarter="2021Q4").digest()


def test_a_scenario_older_than_the_workbook_is_told_so_in_the_report(tmp_path):
    file = tmp_path / "突出赛实绩.toml"
    weights = '[pillar_weights]\n"亮承诺" = 10\n"赛实绩" = 80\n"比干劲" = 10\n'
    records = make_records()
    own = records.sources.loc[records.sources["quarter"] == "2021Q4", "sha256"].iloc[0]
    official = score(records, "2021Q4")
    said = {}
    for name, told in (("same", own), ("changed", "0" * 64)):
        file.write_text(f'name = "突出赛实绩"\nworkbook_sha256 = "{told}"\n{weights}', encoding="utf-8")
        scheme = scheme_for(records, quarter="2021Q4", scenario=file)
        said[name] = say_scenario(score(records, "2021Q4", scheme=scheme), official)
    assert "工作簿已有改动" not in said["same"]
    assert "本季工作簿已有改动，须核对" in said["changed"]


def test_provenance_has_hashes_and_a_command_but_no_path(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1640995200")
    records = make_records()
    extra = [
        {"quarter": "2021Q4", "file": "2021Q4/评分表/B07.xlsx", "sha256": "b" * 64, "bytes": 1},
        {"quarter": "2020Q2", "file": "2020Q2.xlsx", "sha256": "c" * 64, "bytes": 1},
        {"quarter": "2022Q1", "file": "2022Q1.xlsx", "sha256": "d" * 64, "bytes": 1},
    ]
    sources = pd.concat([records.sources, pd.DataFrame(extra)], ignore_index=True)
    object.__setattr__(records, "sources", sources)
    scores = score(make_records(), "2021Q4")
    frame = measure_provenance(records, scores, path="/srv/office/data/demo-town", scenario="/srv/a b.toml")
    text = " ".join(frame["item"] + " " + frame["value"])
    assert "b" * 64 in text
    assert "c" * 64 in text
    assert "d" * 64 not in text
    assert "B07" not in text
    assert "/srv" not in text
    assert 'lsb report data/demo-town --quarter 2021Q4 --scenario "a b.toml"' in text
    assert scores.scheme.digest() in text
    assert "2022-01-01 00:00" in text
    assert say_command("../data/demo-town", quarter="2021Q4").startswith("lsb report data/demo-town ")


def test_rules_and_weights_are_those_of_the_scheme():
    scores = score(make_records(), "2021Q4")
    words = " ".join(text for _heading, text in say_rules(scores.scheme))
    assert "亮承诺 30、赛实绩 50、比干劲 20" in words
    assert "优秀 90 分以上" in words
    assert "评委打分" not in words, "a way of scoring that is not in use is not explained"
    assert measure_weights(scores)["weight"].sum() == pytest.approx(100)

"""Saved scenarios of a quarter: those that can be used, and why others cannot."""

import dataclasses
import importlib.util
from pathlib import Path

import pytest

from lsb_nb.analysis.scenarios import list_scenarios, load_scenarios, measure_scenarios
from lsb_nb.analysis.words import say_effect
from lsb_nb.scenarios import Scenario, write_scenario
from lsb_nb.scoring.composite import score
from lsb_nb.tables.whatif import table_effect, table_scenarios

_spec = importlib.util.spec_from_file_location("small_town", Path(__file__).with_name("small_town.py"))
town = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(town)


@pytest.fixture
def quarter(tmp_path):
    records = dataclasses.replace(town.make_records(), folder=tmp_path)
    return records, score(records, "2021Q4")


def save(folder, file, **options):
    given = {
        "name": "突出承诺",
        "reason": "班子会议定",
        "quarter": "2021Q4",
        "created": "2022-01-05T09:30:00",
    } | options
    write_scenario(Scenario(**given), folder / "情景" / file)


def test_only_the_quarter_s_own_scenarios_count(quarter, tmp_path):
    records, scores = quarter
    assert list_scenarios(records.folder, quarter="2021Q4") == []
    save(tmp_path, "a.toml", pillar_weights={"亮承诺": "80", "赛实绩": "10", "比干劲": "10"})
    save(tmp_path, "b.toml", quarter="2021Q3")
    save(tmp_path, "c.toml", quarter="", name="不变")
    save(tmp_path, "d.toml", criterion_weights={"没有": "1"})
    (tmp_path / "情景" / "e.toml").write_text("= no", encoding="utf-8")
    assert [s.name for s in load_scenarios(records, scores)] == ["突出承诺", "不变"]
    table = measure_scenarios(records, scores)
    assert table["file"].tolist() == ["a.toml", "c.toml", "d.toml", "e.toml"]
    assert table["usable"].tolist() == [True, True, False, False]
    assert table["effect"].iloc[1] == "第一名不变，名次没有变化"
    assert "没有“没有”这个指标" in table["effect"].iloc[2]
    html = table_scenarios(table)
    assert "班子会议定" in html
    assert "2022-01-05 09:30" in html


def test_a_scenario_older_than_the_workbook_is_used_and_told_so(quarter, tmp_path):
    records, scores = quarter
    save(tmp_path, "a.toml", workbook_sha256="0" * 64)
    table = measure_scenarios(records, scores)
    assert table["usable"].tolist() == [True]
    assert table["effect"].iloc[0].endswith("；保存之后工作簿已有改动，须核对")


def test_the_effect_counts_who_moves(quarter):
    _records, scores = quarter
    ranks = scores.units[["rank", "score"]].copy()
    ranks["official"], ranks["change"] = ranks["rank"], 0
    assert "没有单位的名次变化（0 个）" in table_effect(ranks)
    ranks.loc[ranks.index[1], "change"] = -2
    html = table_effect(ranks)
    assert html.count("<tr") == 2
    assert "▼2" in html
    assert say_effect(scores, scores) == "第一名不变，名次没有变化"

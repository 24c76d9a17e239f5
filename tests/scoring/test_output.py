"""JSON and tables."""

from __future__ import annotations

import csv
import json

import openpyxl
import pytest

from lsb_nb.scenarios import Scenario, apply_scenario
from lsb_nb.scheme_sheets import scheme_of
from lsb_nb.scoring.composite import score
from lsb_nb.scoring.output import as_json, problem_objects, score_table, write_table
from lsb_nb.terminal import ranking_text


@pytest.fixture
def scores(make):
    return score(
        make(
            units=["东村", "=1+1村", "西村", "空村"],
            criteria=[("环境", 25, "亮承诺", "直接录入"), ("-增收", "7.5", "赛实绩", "直接录入")],
            entries=[
                ("东村", "环境", "20.015"), ("东村", "-增收", 5), ("=1+1村", "环境", 25),
                ("西村", "环境", 10), ("西村", "-增收", "0.001"),
            ],
            adjustments=[("东村", "-0.5")],
            vetoes=["西村"],
        )
    )  # fmt: skip


def test_json_has_the_agreed_shape(scores):
    content = as_json(scores)
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    assert list(content) == ["format", "activity", "quarter", "units", "warnings"]
    assert (content["format"], content["activity"], content["quarter"]) == (1, "演示活动", "2021Q4")
    first, second, vetoed, empty = content["units"]
    assert first == {
        "unit": "=1+1村", "rank": 1, "score": "100.00", "total": 100.0, "adjustment": 0.0, "vetoed": False,
        "pillars": {"亮承诺": 100.0, "赛实绩": None}, "criteria": {"环境": 100.0, "-增收": None},
    }  # fmt: skip
    assert (second["rank"], second["score"], second["adjustment"]) == (2, "76.47", -0.5)
    assert second["total"] == pytest.approx(25.015 / 32.5 * 100 - 0.5, abs=1e-8)
    assert (vetoed["unit"], vetoed["rank"], vetoed["score"], vetoed["vetoed"]) == ("西村", None, "30.77", True)
    assert (empty["rank"], empty["score"], empty["total"], empty["vetoed"]) == (None, None, None, False)
    assert set(empty["pillars"].values()) | set(empty["criteria"].values()) == {None}
    assert [set(w) for w in content["warnings"]] == [{"file", "sheet", "cell", "value", "reason", "hint"}] * 4
    assert content["warnings"] == problem_objects(scores.problems)
    assert [(w["file"], w["sheet"], w["cell"]) for w in content["warnings"]] == [
        ("2021Q4.xlsx", "单位", cell) for cell in ("A3", "A5", "A5", "A5")
    ]


def test_the_table_shows_points_out_of_full_marks(scores):
    table = score_table(scores)
    assert table.columns.tolist() == [
        "名次", "单位", "得分", "等次", "加减分", "亮承诺", "赛实绩", "环境（25分）", "-增收（7.5分）", "备注",
    ]  # fmt: skip
    assert table.iloc[1].tolist() == [2, "东村", 76.47, "一般", -0.5, 80.06, 66.67, 20.02, 5.0, None]
    assert table.iloc[2].tolist() == [None, "西村", 30.77, None, 0.0, 40.0, 0.01, 10.0, 0.0, "一票否决"]
    assert table.iloc[3].tolist() == [None, "空村", None, None, 0.0, None, None, None, None, "未评"]


def test_csv_is_safe_in_a_spreadsheet(scores, tmp_path):
    path = write_table(scores, tmp_path / "得分.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0][8] == "'-增收（7.5分）"
    assert rows[1][:3] == ["1", "'=1+1村", "100.00"]
    assert rows[2][4] == "-0.50"
    assert [p.name for p in tmp_path.iterdir()] == ["得分.csv"]


def test_adjustments_in_csv_are_rounded_as_scores_are(make, tmp_path):
    """92.25 + 0.125 is published as 92.38: the line must say 0.13, not the 0.12 that binary rounding gives."""
    records = make(
        units=["东村"], criteria=[("甲", 100, None, "直接录入")], entries=[("东村", "甲", "92.25")],
        adjustments=[("东村", "0.125")],
    )  # fmt: skip
    path = write_table(score(records), tmp_path / "a.csv")
    assert path.read_text(encoding="utf-8-sig").splitlines()[1].split(",")[2:5:2] == ["92.38", "0.13"]


@pytest.fixture
def varied(make):
    records = make(units=["东村"], criteria=[("甲", 100, None, "直接录入")], entries=[("东村", "甲", 80)])
    scenario = Scenario("突出甲/乙", "征求意见", rules={"加减分上限": "3"})
    return score(records, scheme=apply_scenario(scheme_of(records), scenario))


def test_a_scenario_is_named_wherever_its_scores_are(varied, tmp_path):
    assert as_json(varied)["scenario"] == {"name": "突出甲/乙", "reason": "征求意见"}
    assert ranking_text(varied).splitlines()[0] == "情景“突出甲/乙”（征求意见），不是公布结果"
    lines = write_table(varied, tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.rsplit(",", 1)[1] for line in lines] == ["情景", "突出甲/乙"]
    sheet = openpyxl.load_workbook(write_table(varied, tmp_path / "a.xlsx")).active
    assert sheet.title == "2021Q4 突出甲 乙"
    assert sheet.cell(2, sheet.max_column).value == "突出甲/乙"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  =", "　@", "＝"])
def test_cells_that_look_like_formulas_are_neutralised(make, tmp_path, start):
    records = make(units=[f"{start}村"], criteria=[("甲", 10, None, "直接录入")], entries=[(f"{start}村", "甲", 1)])
    path = write_table(score(records), tmp_path / "a.csv")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1][1] == f"'{start}村"


def test_xlsx_holds_text_and_numbers_not_formulas(scores, tmp_path):
    write_table(scores, tmp_path / "得分.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "得分.xlsx")["2021Q4"]
    assert (sheet["B2"].value, sheet["B2"].data_type) == ("=1+1村", "s")
    assert (sheet["C3"].value, sheet["C3"].number_format) == (76.47, "0.00")
    assert sheet["A4"].value is None
    assert [p.name for p in tmp_path.iterdir()] == ["得分.xlsx"]


def test_a_failed_write_leaves_the_old_file(scores, tmp_path, monkeypatch):
    path = tmp_path / "得分.csv"
    path.write_text("旧", encoding="utf-8")

    def fail(*_args):
        raise OSError("disk full")

    monkeypatch.setattr("lsb_nb.swap.os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_table(scores, path)
    assert path.read_text(encoding="utf-8") == "旧"
    assert [p.name for p in tmp_path.iterdir()] == ["得分.csv"]


def test_another_ending_is_refused(scores, tmp_path):
    with pytest.raises(ValueError, match=r"'\.csv', '\.xlsx'; not '\.txt'"):
        write_table(scores, tmp_path / "a.txt")

"""What the command line prints, its exit codes, the shape of its JSON."""

import csv
import json
import shutil
from typing import Any

import openpyxl
import pytest

MARKS = "评委 单位 环境\nA01 甲村 90\nA01 乙村 80"
BAD = "评委 单位 环境\nA01 甲村 901\nA01 乙村 80"


def test_the_shape_of_score(activity: Any) -> None:
    sheets = {
        "活动": [["项目", "内容"], ["活动名称", "示例评比"]],
        "单位": "单位 类型\n甲村 村\n乙村 村\n丙村 村\n丁村 村",
        "指标": "指标 满分 板块\n承诺 40 亮承诺\n环境 60 赛实绩",
        "评分": "评委 单位 承诺 环境\nA01 甲村 20 30\nA01 乙村 缺席 45\nA01 丙村 40 60",
        "加减分": "单位 分值 事由\n甲村 9 表彰",
        "一票否决": "单位 事由\n丙村 事故",
    }
    content = activity.scored(sheets).content
    assert set(content) == {"format", "activity", "quarter", "units", "warnings"}
    assert (content["format"], content["activity"], content["quarter"]) == (1, "示例评比", "2021Q4")
    assert content["units"][:3] == [
        {
            "unit": "乙村", "rank": 1, "score": "75.00", "total": 75.0, "adjustment": 0, "vetoed": False,
            "pillars": {"亮承诺": None, "赛实绩": 75.0}, "criteria": {"承诺": None, "环境": 75.0},
        },
        {
            "unit": "甲村", "rank": 2, "score": "55.00", "total": 55.0, "adjustment": 5, "vetoed": False,
            "pillars": {"亮承诺": 50.0, "赛实绩": 50.0}, "criteria": {"承诺": 50.0, "环境": 50.0},
        },
        {
            "unit": "丙村", "rank": None, "score": "100.00", "total": 100.0, "adjustment": 0, "vetoed": True,
            "pillars": {"亮承诺": 100.0, "赛实绩": 100.0}, "criteria": {"承诺": 100.0, "环境": 100.0},
        },
    ]  # fmt: skip
    last = content["units"][3]
    assert (last["unit"], last["rank"], last["score"], last["total"], last["vetoed"]) == (
        "丁村",
        None,
        None,
        None,
        False,
    )
    assert (last["pillars"], last["criteria"]) == ({"亮承诺": None, "赛实绩": None}, {"承诺": None, "环境": None})


def test_ranks_are_whole_numbers_and_scores_are_text(activity: Any) -> None:
    answer = activity.scored({"评分": MARKS})
    assert '"rank": 1,' in answer.out
    assert '"score": "90.00"' in answer.out
    assert "NaN" not in answer.out


def test_numbers_are_not_rounded(activity: Any) -> None:
    sheets = {"指标": "指标 满分\n环境 3\n支部 4", "评分": "评委 单位 环境 支部\nA 甲村 1 3\nA 乙村 2 2"}
    unit = activity.scored(sheets).units["甲村"]
    assert unit["criteria"] == {"环境": 33.333333333, "支部": 75}
    assert unit["total"] == pytest.approx(57.142857142714286, rel=0, abs=1e-9)
    assert unit["score"] == "57.14"


def test_the_name_of_the_activity_is_the_folder_unless_it_is_given(activity: Any) -> None:
    path = activity.book({"评分": MARKS})
    assert activity.score().content["activity"] == "示例活动"
    assert activity.score(path=path).content["activity"] == "示例活动"
    activity.book({"活动": [["项目", "内容"], ["组织单位", "某街道"]], "评分": MARKS})
    assert activity.score().content["activity"] == "示例活动"
    activity.book({"活动": [["项目", "内容"], ["活动 名称", "四季评比"]], "评分": MARKS})
    assert activity.score().content["activity"] == "四季评比"


def test_check_without_errors(activity: Any) -> None:
    activity.book({"评分": MARKS})
    answer = activity.check()
    assert (answer.code, answer.content) == (0, {"errors": [], "warnings": []})


def test_warnings_do_not_change_the_exit_code_and_are_the_same_objects_in_score(activity: Any) -> None:
    activity.book({"评分": MARKS + "\nA01 甲村 缺席", "评委": "评委 评委组 回避单位\nA01 班子 甲村"})
    check, score = activity.check(), activity.score()
    assert (check.code, score.code) == (0, 0)
    assert len(check.warnings) == 2
    assert sorted(map(str, check.warnings)) == sorted(map(str, score.warnings))


def test_errors_of_score_are_those_of_check(activity: Any) -> None:
    path = activity.book({"评分": BAD + "\nA01 甲村 缺席"})
    check = activity.check()
    for place in (path, activity.folder):
        score = activity.score(path=place)
        assert score.code == 1
        assert score.errors == check.errors
        assert "units" not in score.content


def test_errors_of_reading_and_of_scoring_come_in_one_go(activity: Any) -> None:
    """A wrong mark is found while reading; the unknown group weight only while scoring. Neither hides the other."""
    sheets = {"评委": "评委 评委组\nA01 班子", "评分": BAD, "规则": {"评委组权重": "中层=1", "去极值口径": "随意"}}
    answer = activity.refused(sheets)
    assert answer.places >= {("评分", "C2", "901"), ("规则", "B2", "中层=1"), ("规则", "B3", "随意")}


def test_check_also_scores(activity: Any) -> None:
    activity.book({"规则": {"合成方法": "几何"}, "评分": "评委 单位 环境\nA01 甲村 0\nA01 乙村 80"})
    answer = activity.check()
    assert answer.code == 1
    assert activity.score().code == 1


def test_check_reads_every_quarter_and_score_only_its_own(activity: Any) -> None:
    activity.book({"评分": BAD}, quarter="2021Q3")
    activity.book({"评分": MARKS}, quarter="2021Q4")
    assert {e["file"] for e in activity.check().errors} == {"2021Q3.xlsx"}
    assert activity.check("--quarter", "2021Q4").errors == []
    assert activity.check(path=activity.folder / "2021Q4.xlsx").errors == []
    assert activity.check("--quarter", "2021年第三季度").code == 1
    assert activity.score(quarter="2021Q4").code == 0
    assert activity.score(quarter="2021Q3").code == 1


def test_many_problems_in_one_go(activity: Any) -> None:
    sheets = {
        "活动": [["项目", "内容"], ["季度", "2021Q1"]],
        "单位": "单位 类型\n甲村 村\n乙村 村",
        "指标": "指标 满分 板块 计分方式\n环境 100 赛实绩 _\n支部 20 _ 抽签",
        "规则": {"回避": "也许", "新规则": "是"},
        "评委": "评委 评委组 回避单位\nA01 班子 丁村",
        "评分": "评委 单位 环境\nA01 甲村 901\nA02 乙村 优\nA01 丙村 80",
        "加减分": "单位 分值 事由\n丙村 一分 表彰",
        "更正": "评委 单位 指标 更正为 理由 经办\nA01 乙村 环境 101 看错 某",
    }
    answer = activity.refused(sheets)
    assert {sheet for sheet, _cell in answer.cells} == {"活动", "指标", "规则", "评委", "评分", "加减分", "更正"}
    assert {c for s, c in answer.cells if s == "评分"} == {"C2", "A3", "C3", "B4"}
    assert {c for s, c in answer.cells if s == "加减分"} == {"A2", "B2"}


def test_text_for_people_names_the_place_too(activity: Any) -> None:
    activity.book({"评分": BAD})
    answer = activity.lsb("check", activity.folder)
    assert answer.code == 1
    for part in ("2021Q4.xlsx", "评分", "C2", "901"):
        assert part in answer.out
    scored = activity.lsb("score", activity.folder, "--quarter", "2021Q4")
    assert scored.code == 1
    assert "C2" in scored.err + scored.out


def test_text_of_a_ranking(activity: Any) -> None:
    activity.book({"评分": MARKS})
    answer = activity.lsb("score", activity.folder, "--quarter", "2021Q4")
    assert answer.code == 0
    lines = [line.split() for line in answer.out.splitlines()]
    assert [line[:3] for line in lines[1:3]] == [["1", "甲村", "90.00"], ["2", "乙村", "80.00"]]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check"],
        ["nonsense", "{folder}"],
        ["check", "{folder}", "--nonsense"],
        ["check", "{folder}/none"],
        ["score", "{folder}/none", "--quarter", "2021Q4"],
        ["score", "{folder}", "--quarter", "2021Q5"],
        ["score", "{folder}", "--quarter", "去年"],
        ["score", "{folder}", "--quarter", "2019Q1"],
        ["score", "{folder}/2021Q4.xlsx", "--quarter", "2021Q3"],
        ["score", "{folder}", "--quarter", "2021Q4", "--out", "{folder}/a.pdf"],
    ],
)
def test_wrong_usage(activity: Any, arguments: list[str]) -> None:
    activity.book({"评分": MARKS})
    answer = activity.lsb(*[argument.format(folder=activity.folder) for argument in arguments])
    assert answer.code == 2
    assert answer.err


def test_the_quarter_may_be_spelt_in_any_accepted_way(activity: Any) -> None:
    activity.book({"评分": MARKS})
    for text in ("2021Q4", "2021q4", "2021年第四季度", "2021年四季度"):
        assert activity.score(quarter=text).content["quarter"] == "2021Q4"


def test_results_as_csv_and_xlsx(activity: Any, tmp_path: Any) -> None:
    activity.book({"评分": MARKS, "一票否决": "单位 事由\n甲村 事故"})
    for name in ("结果.csv", "结果.xlsx"):
        out = tmp_path / name
        answer = activity.score("--out", out)
        assert answer.code == 0
        assert answer.units["乙村"]["rank"] == 1
        if name.endswith(".csv"):
            rows = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
        else:
            rows = [["" if v is None else str(v) for v in row] for row in openpyxl.load_workbook(out).active.values]
        cells = [[cell for row in rows for cell in row if cell == unit] for unit in ("乙村", "甲村")]
        assert cells == [["乙村"], ["甲村"]]
        assert any("80.00" in row or "80" in row for row in rows if "乙村" in row)


def test_two_runs_print_the_same_bytes(activity: Any, tmp_path: Any) -> None:
    activity.book({"评分": MARKS + "\nA02 甲村 70\nA03 乙村 33.3"})
    first = activity.score()
    shutil.copytree(activity.folder, tmp_path / "别处" / "示例活动")
    assert activity.score(path=tmp_path / "别处" / "示例活动").out == first.out


def test_nothing_is_written_beside_the_data(activity: Any) -> None:
    activity.book({"评分": MARKS})
    activity.rater_file("B07.csv", "单位 环境\n甲村 90\n乙村 80")
    before = {p: p.read_bytes() for p in activity.folder.rglob("*") if p.is_file()}
    activity.check()
    activity.score()
    assert {p: p.read_bytes() for p in activity.folder.rglob("*") if p.is_file()} == before


def test_marks_in_another_order_give_the_same_numbers(activity: Any) -> None:
    rows = [["评委", "单位", "环境"]] + [
        [f"A{n}", unit, 60 + 7 * n % 31] for n in range(9) for unit in ("甲村", "乙村")
    ]
    first = activity.scored({"评分": rows}).content
    assert activity.scored({"评分": [rows[0], *reversed(rows[1:])]}).content == first
    assert json.dumps(first)


def test_problems_as_a_table_with_marked_copies(activity: Any, tmp_path: Any) -> None:
    path = activity.book({"评分": BAD})
    before = path.read_bytes()
    out = tmp_path / "检查" / "problems.xlsx"
    answer = activity.lsb("check", activity.folder, "--out", out)
    assert answer.code == 1
    assert str(out) in answer.out
    copy = openpyxl.load_workbook(tmp_path / "检查" / "problems-标注" / "2021Q4.xlsx")
    assert "901" in copy["评分"]["C2"].comment.text
    assert openpyxl.load_workbook(out).active["E2"].value == "C2"
    assert path.read_bytes() == before
    json_too = activity.lsb("check", activity.folder, "--json", "--out", out)
    assert json_too.errors == activity.check().errors
    assert str(out) in json_too.err
    for wrong in (path, tmp_path / "problems.csv", path / "problems.xlsx"):
        refused = activity.lsb("check", activity.folder, "--out", wrong)
        assert (refused.code, bool(refused.err)) == (2, True)
    assert path.read_bytes() == before


def test_worst_first_and_each_sheet_once(activity: Any) -> None:
    activity.book({"评分": BAD}, quarter="2021Q3")
    activity.book({"评分": BAD + "\nA01 甲村 902\nA01 丁村 1", "加减分": "单位 分值 事由\n丙村 1 表彰"})
    lines = activity.lsb("check", activity.folder).out.splitlines()
    assert [line for line in lines if line.startswith("错误")] == [
        "错误　2021Q4.xlsx　评分",
        "错误　2021Q4.xlsx　加减分",
        "错误　2021Q3.xlsx　评分",
    ]


@pytest.mark.parametrize(("arguments", "variable", "word"), [
    ((), "", "检查数据"), (("--lang", "en"), "", "check the data"), (("--lang=en",), "zh", "check the data"),
    ((), "en", "check the data"), (("--lang", "zh"), "en", "检查数据"),
])  # fmt: skip
def test_the_help_speaks_the_language_asked_for(
    activity: Any, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], variable: str, word: str
) -> None:
    monkeypatch.setenv("LSB_LANG", variable)
    for call in ((*arguments, "--help"), ("check", *arguments, "--help")):
        answer = activity.lsb(*call)
        assert answer.code == 0
        assert word in answer.out
        assert ("用法" in answer.out) == ("检查" in word)
    monkeypatch.delenv("LSB_LANG")
    activity.lsb("--version")


def test_a_wrong_quarter_is_told_in_english(activity: Any) -> None:
    answer = activity.lsb("--lang", "en", "check", activity.folder, "--quarter", "去年")
    assert answer.code == 2
    assert "is no quarter" in answer.err
    activity.lsb("--version")

import dataclasses
from fractions import Fraction
from pathlib import Path

import pytest

from lsb_nb.bundles import DataProblems, Records
from lsb_nb.records.load import load_activity
from lsb_nb.rules import RULES
from lsb_nb.scenarios import (
    Scenario,
    apply_scenario,
    check_scenario,
    check_workbook,
    read_scenario,
    write_scenario,
)
from lsb_nb.scheme import Criterion, Scheme
from lsb_nb.scheme_sheets import scheme_of


def scheme() -> Scheme:
    rules = {name: rule.default for name, rule in RULES.items()}
    criteria = [("承诺", "亮承诺", 25), ("环境", "赛实绩", 30), ("支部", "赛实绩", 20), ("汇报", "比干劲", 25)]
    return Scheme(
        tuple(Criterion(n, p, None, "评委打分", full * 10**6, Fraction(full)) for n, p, full in criteria),
        {"亮承诺": Fraction(25), "赛实绩": Fraction(50), "比干劲": Fraction(25)},
        rules,
    )


def test_a_scenario_reads_back_as_it_was_written(tmp_path: Path) -> None:
    scenario = Scenario(
        name="突出比干劲",
        reason="班子会议要求",
        activity="示例",
        quarter="2021Q4",
        workbook_sha256="0" * 64,
        created="2022-01-04T09:00:00",
        pillar_weights={"亮承诺": "20", "赛实绩": "45.5", "比干劲": "34.5"},
        rules={"加减分上限": "3"},
    )
    path = write_scenario(scenario, tmp_path / "a" / "情景.toml")
    assert read_scenario(path) == scenario
    assert [p.name for p in path.parent.iterdir()] == ["情景.toml"]


def test_an_existing_file_is_not_overwritten_unasked(tmp_path: Path) -> None:
    path = write_scenario(Scenario("甲", "因"), tmp_path / "s.toml")
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_scenario(Scenario("乙", "因"), path)
    assert path.read_bytes() == before
    write_scenario(Scenario("乙", "因"), path, overwrite=True)
    assert read_scenario(path).name == "乙"


def test_pillar_weights_replace_all_or_none() -> None:
    varied = apply_scenario(
        scheme(), Scenario("甲", "因", pillar_weights={"亮承诺": "1", "赛实绩": "1", "比干劲": "2"})
    )
    weights = varied.effective_weights()
    assert weights == {"承诺": Fraction(1, 4), "环境": Fraction(3, 20), "支部": Fraction(1, 10), "汇报": Fraction(1, 2)}
    with pytest.raises(DataProblems, match="比干劲"):
        apply_scenario(scheme(), Scenario("甲", "因", pillar_weights={"亮承诺": "1", "赛实绩": "1"}))


def test_criterion_weights_never_alter_their_pillar() -> None:
    varied = apply_scenario(scheme(), Scenario("甲", "因", criterion_weights={"环境": "1", "支部": "3"}))
    weights = varied.effective_weights()
    assert weights["环境"] == Fraction(1, 8)
    assert weights["支部"] == Fraction(3, 8)
    assert sum(weights.values()) == 1
    with pytest.raises(DataProblems, match="支部"):
        apply_scenario(scheme(), Scenario("甲", "因", criterion_weights={"环境": "1"}))


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(
            "甲", "因", pillar_weights={"亮承诺": "1", "赛实绩": "1", "比干劲": "1"}, rules={"板块权重": "亮承诺=1"}
        ),
        Scenario("甲", "因", pillar_weights={"亮承诺": "0", "赛实绩": "0", "比干劲": "0"}),
        Scenario("甲", "因", pillar_weights={"亮承诺": "-1", "赛实绩": "1", "比干劲": "1"}),
        Scenario("甲", "因", pillar_weights={"亮承诺": "1e2", "赛实绩": "1", "比干劲": "1"}),
        Scenario("甲", "因", pillar_weights={"亮承诺": "1", "赛实绩": "1", "比干劲": "9" * 400}),
        Scenario("甲", "因", rules={"部分完成计分": "推进中=0.333333333333333333"}),
        Scenario("甲", "因", rules={"等次名额": "优秀=30%、较差=10%"}),
        Scenario("甲", "因", criterion_weights={"卫生": "1"}),
        Scenario("甲", "因", rules={"合成": "几何"}),
        Scenario("甲", "因", rules={"合成方法": "相乘"}),
        Scenario("甲", "因", rules={"并列处理": "卫生"}),
        Scenario("甲", "因", rules={"不适用指标": "计满分", "标准化方法": "极差"}),
    ],
)
def test_what_cannot_be_applied(scenario: Scenario) -> None:
    with pytest.raises(DataProblems):
        apply_scenario(scheme(), scenario)


def test_what_is_left_out_stays() -> None:
    varied = apply_scenario(scheme(), Scenario("甲", "因", rules={"合成方法": "几何"}))
    assert varied.effective_weights() == scheme().effective_weights()
    assert dict(varied.rules) == dict(scheme().rules) | {"合成方法": "几何"}
    assert varied.digest() != scheme().digest()
    assert dataclasses.replace(varied, name="乙", reason="别因").digest() == varied.digest()


@pytest.mark.parametrize(
    "text",
    [
        'format = 2\nname = "甲"',
        'nam = "甲"',
        "name = [1",
        '[pillar_weights]\n"亮承诺" = 1\n[extra]\na = 1',
        "rules = 5",
        "format = true",
        "format = 0",
        "format = -1",
        '[pillar_weights]\n"亮承诺" = ' + "9" * 5000,
        '[pillar_weights]\n"亮承诺" = 1\n"亮 承诺" = 2',
        '[rules]\n"合成方法" = "几何"\n"合成 方法" = "算术"',
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataProblems) as caught:
        read_scenario(path)
    assert caught.value.problems["file"].tolist() == ["s.toml"]


def test_a_missing_or_binary_file(tmp_path: Path) -> None:
    with pytest.raises(DataProblems, match="找不到"):
        read_scenario(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(DataProblems, match="TOML 文件：不是 UTF-8 编码"):
        read_scenario(tmp_path / "b.toml")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('name = "甲"\nreason = 征求意见\n', "第 2 行第 10 个字符处写法不对"),
        ('name = "甲', "文件末尾不完整，或同一项写了两次"),
        ("x = " + "9" * 5000, "内容无法识别"),
    ],
)
def test_where_a_file_breaks_off(tmp_path: Path, text: str, where: str) -> None:
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataProblems, match=where):
        read_scenario(tmp_path / "s.toml")


def test_values_of_a_rule_are_laid_over_those_of_the_workbook() -> None:
    base = scheme()
    given = {"部分完成计分": {"已完成": Fraction(1), "推进中": Fraction(1, 2), "滞后": Fraction(1, 4)}}
    base = dataclasses.replace(base, rules={**base.rules, **given})
    varied = apply_scenario(base, Scenario("甲", "因", rules={"部分完成计分": "推进中=0.75", "等次分值": "好=95"}))
    assert varied.rule("部分完成计分") == {"已完成": 1, "推进中": Fraction(3, 4), "滞后": Fraction(1, 4)}
    assert varied.rule("等次分值") == {"好": 95, "较好": 80, "一般": 60, "较差": 40}


def test_a_number_of_a_file_that_is_too_large_is_named(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text('[pillar_weights]\n"亮承诺" = 1\n"赛实绩" = 1e308\n"比干劲" = 1', encoding="utf-8")
    with pytest.raises(DataProblems, match="小数点前最多 9 位"):
        apply_scenario(scheme(), read_scenario(path))


TOWN = Path(__file__).parents[1] / "data" / "demo-town"


@pytest.fixture(scope="module")
def town() -> Records:
    return load_activity(TOWN, quarters=["2021Q4"])


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_example_of_the_readme_fits_the_demo_it_names(readme: str, town: Records, tmp_path: Path) -> None:
    text = (TOWN.parents[1] / readme).read_text(encoding="utf-8")
    path = tmp_path / "s.toml"
    path.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    scenario = read_scenario(path)
    assert check_scenario(scenario, town, quarter="2021Q4").empty
    assert apply_scenario(scheme_of(town), scenario).pillar_weights == {"亮承诺": 30, "赛实绩": 40, "比干劲": 30}


@pytest.mark.parametrize(
    "given", [{"quarter": "2021Q3"}, {"quarter": "去年"}, {"activity": "别的活动"}, {"activity": "demo-street"}]
)
def test_a_scenario_made_for_something_else_is_refused(given: dict[str, str], town: Records) -> None:
    with pytest.raises(DataProblems) as caught:
        check_scenario(Scenario("甲", "因", **given), town, quarter="2021Q4", file="s.toml")
    assert caught.value.problems[["file", "value"]].to_numpy().tolist() == [["s.toml", next(iter(given.values()))]]


def test_a_scenario_of_an_older_workbook_is_a_warning(town: Records) -> None:
    fits = {"activity": "demo-town", "quarter": "2021年四季度", "workbook_sha256": str(town.sources["sha256"].iloc[0])}
    assert check_scenario(Scenario("甲", "因", **fits), town, quarter="2021Q4").empty
    content = (town.folder / "2021Q4.xlsx").read_bytes()
    assert check_workbook(Scenario("甲", "因", **fits), content, quarter="2021Q4").empty
    assert len(check_workbook(Scenario("甲", "因", **fits), content + b" ", quarter="2021Q4")) == 1
    told = check_scenario(Scenario("甲", "因", **fits | {"workbook_sha256": "0" * 64}), town, quarter="2021Q4")
    assert told["severity"].tolist() == ["warning"]

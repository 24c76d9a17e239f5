"""The report notebook on a small town: every section stands, missing sheets say so, no name is told, all is escaped."""

import ast
import datetime as dt
import importlib.util
import re
from pathlib import Path

import nbformat
import pytest

import lsb_nb as lsb
from lsb_nb.report.annexes import keep_annexes
from lsb_nb.schema import MICRO

ROOT = Path(__file__).parents[1]
_spec = importlib.util.spec_from_file_location("small_town", ROOT / "tests" / "analysis" / "small_town.py")
town = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(town)
_spec = importlib.util.spec_from_file_location("panels", ROOT / "tests" / "analysis" / "panels.py")
panels = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(panels)
EVIL = "<img src=x onerror=alert(1)>村"


def html_of(value):
    """What a reader without scripts sees of a cell's value; a widget gives its static table."""
    return str(value.island()) if isinstance(value, lsb.Explorer) else value._repr_html_()


def run(records, monkeypatch, **parameters):
    """Run the cells of the report notebook in this process and give what they show, the style sheet left out."""
    monkeypatch.setattr(lsb, "load_activity", lambda path, *, until: records, raising=False)
    names, shown = {}, []
    book = nbformat.reads((ROOT / "notebooks" / "06_report.ipynb").read_text(encoding="utf-8"), as_version=4)
    keep_annexes(book, parameters.get("annexes"))
    for cell in book.cells:
        tags, source = cell["metadata"].get("tags", []), "".join(cell["source"])
        if cell["cell_type"] != "code":
            continue
        body = ast.parse(source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        if "parameters" in tags:
            names |= parameters
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
            shown.append("" if value is None or "remove_output" in tags else html_of(value))
    # letters of a picture's code may spell anything
    return re.sub(r'base64,[^"]*', "base64,", "".join(shown))


def test_only_the_required_sheets(monkeypatch):
    html = run(town.make_records({"2021Q4": town.MARKS["2021Q4"]}), monkeypatch)
    for sheet in ("承诺台账", "点评"):
        assert f"本季未提供“{sheet}”，本节从略。" in html
    assert "升降" not in html
    assert "仅有本季数据" in html
    words = re.sub(r'base64,[^"]*', "", html)
    assert not re.search("None|nan|NaN|<NA>", words)
    assert html.count("alt=") == html.count("<img src=") == 4


def test_a_full_quarter_names_no_rater_and_no_person(monkeypatch):
    base = {"unit": "荷汀村", "person": "孙一平"}
    records = town.make_records(
        raters=[{"rater": "B07", "group": "班子成员", "person": "赵大江"}],
        corrections=[
            {"rater": "B07", "unit": "荷汀村", "criterion": "环境整治", "becomes": 9 * MICRO, "state": "mark"}
            | {"reason": "B07 录错", "handler": "钱三省"}
        ],
        commitments=[base | {"number": "C1", "commitment": "孙一平修路", "due": dt.date(2021, 12, 1), "state": "滞后"}],
        findings=[
            base
            | {
                "number": "W1",
                "finding": "堆物",
                "found": dt.date(2021, 11, 1),
                "due": dt.date(2021, 12, 1),
                "category": "环境",
            }
        ],
        photos=[base | {"place": "孙一平家门口", "stage": "整治前", "file": "a.jpg"}],
        comments=[base | {"role": "包村领导", "highlights": "赵大江说好", "problems": "无", "requirements": "无"}],
        adjustments=[{"unit": "荷汀村", "points": MICRO, "reason": "孙一平获奖"}],
        vetoes=[{"unit": "鹿吟村", "reason": "平安建设"}],
    )
    html = re.sub(r'base64,[^"]*', "", run(records, monkeypatch))  # a picture's letters may spell anything
    for name in ("B07", "赵大江", "孙一平", "钱三省"):
        assert name not in html
    assert "包村领导" in html
    assert "鹿吟村一票否决，保留得分，不参与排名。" in html
    assert "1 项问题逾期未销号，最长 30 天，涉及 1 个村。" in html


def test_texts_from_the_workbook_are_escaped(monkeypatch):
    marks = {"2021Q4": {EVIL if unit == "鹿吟村" else unit: row for unit, row in town.MARKS["2021Q4"].items()}}
    evil = {"unit": EVIL, "role": EVIL, "reason": EVIL, "highlights": EVIL, "points": MICRO, "category": EVIL}
    due = {"due": dt.date(2021, 12, 1), "state": "滞后", "number": EVIL, "commitment": EVIL, "finding": EVIL}
    found = due | {"found": dt.date(2021, 11, 1)}
    sheets = {"comments": [evil], "adjustments": [evil], "commitments": [evil | due], "findings": [evil | found]}
    html = run(town.make_records(marks, **sheets), monkeypatch)
    assert "onerror" in html
    assert "<img src=x" not in html


def test_the_last_place_is_not_told_in_words_where_it_is_not_published(monkeypatch):
    records = town.make_records()
    records.frames["rules"].loc[0] = ["2021Q4", "公布末位", "否", "2021Q4.xlsx", "规则", "B2"]
    html = run(records, monkeypatch)
    assert "分列末位" not in html
    assert "最低分" not in html
    assert "不单列末位" in html


def test_a_scenario_is_told_before_everything_else(monkeypatch, tmp_path):
    file = tmp_path / "突出承诺.toml"
    weights = '[pillar_weights]\n"亮承诺" = 80\n"赛实绩" = 10\n"比干劲" = 10\n'
    file.write_text(f'name = "突出承诺"\nreason = "供研判"\n{weights}', encoding="utf-8")
    html = run(town.make_records(), monkeypatch, scenario=str(file))
    assert 0 < html.index("本报告按情景“突出承诺”计分，不是公布结果。") < html.index('<ol class="key">')
    assert "计分方案：突出承诺" in html
    assert "--scenario 突出承诺.toml" in html
    assert str(tmp_path) not in html


@pytest.mark.parametrize("n", [1, 2])
def test_very_small_fields(monkeypatch, n):
    few = {quarter: dict(list(marks.items())[:n]) for quarter, marks in town.MARKS.items()}
    assert "鹿吟村" in run(town.make_records(few), monkeypatch)


NAMED = {"B01": "赵大江", "B02": "钱三省"}


def test_without_raters_the_certainty_of_ranks_is_one_sentence(monkeypatch):
    html = run(town.make_records(), monkeypatch)
    assert html.count("本季没有逐名评委的评分，不判断名次有多确定。") == 1
    assert "名次的可能范围" not in html
    annexed = run(town.make_records(), monkeypatch, annexes=["raters"])
    assert annexed.count("本季没有逐名评委的评分，不分析评委。") == 1
    assert annexed.count("<img src=") == html.count("<img src=")


def test_the_reader_is_told_how_certain_the_ranking_is(monkeypatch):
    html = run(panels.make_panel(), monkeypatch)
    assert html.count("名次的可能范围（95%）") == 1
    assert "怎么看：点是公布名次" in html
    assert "不能断定谁高谁低" in html
    for found in ("B01", "偏严", "赵大江", "给分起伏"):
        assert found not in html


@pytest.mark.parametrize("recusal", [False, True])
def test_the_annex_tells_codes_and_no_names(monkeypatch, recusal):
    records = panels.make_panel(recusal=recusal, rename=NAMED)
    html = run(records, monkeypatch, annexes=["raters"])
    for code in ("A01", "B03", "评委01", "评委02"):
        assert code in html
    for name in (*NAMED.values(), "干部A01", "干部B03"):
        assert name not in html
    assert html.count("怎么看：") == 7, "six figures and a table"
    assert "各评委的给分" in html


def test_a_split_panel_does_not_stop_the_report(monkeypatch):
    def split(marks):
        for rater, unit, criterion in list(marks):
            if (rater < "B05") != (unit < "示例5村"):
                del marks[rater, unit, criterion]

    html = run(panels.make_panel(9, 0, 8, change=split), monkeypatch, annexes=["raters"])
    assert "有的单位没有共同的评委，相互之间不判断先后。" in html


@pytest.mark.parametrize("method", [{"标准化方法": "标准分"}, {"合成方法": "几何"}])
def test_other_methods_do_not_stop_the_annex(monkeypatch, method):
    html = run(panels.make_panel(rules=method), monkeypatch, annexes=["raters"])
    assert html.count("公布总分不是满分制算术合成") == 1
    assert "各评委的给分" in html


@pytest.mark.parametrize(("units", "leaders", "cadres"), [(1, 2, 3), (2, 1, 1), (3, 0, 1)])
def test_very_small_panels(monkeypatch, units, leaders, cadres):
    assert "示例1村" in run(panels.make_panel(units, leaders, cadres), monkeypatch, annexes=["raters"])


def test_names_with_signs_of_formulas_html_and_markdown(monkeypatch):
    odd = {
        "承诺$兑现": (30, "</script>", "实$地看$"),
        "环境<b>整治": (50, "赛|实绩", "实$地看$"),
        "$\\frac{现场$": (20, "**比**", "台|上比"),
    }
    monkeypatch.setattr(town, "CRITERIA", odd)
    marks = {
        quarter: {"荷$汀_村^2$" if unit == "荷汀村" else unit: row for unit, row in rows.items()}
        for quarter, rows in town.MARKS.items()
    }
    html = run(town.make_records(marks), monkeypatch)
    for name in ("荷$汀_村^2$", "承诺$兑现", "&lt;/script&gt;", "赛|实绩", "**比**", "$\\frac{现场$"):
        assert name in html
    assert "</script>" not in html


def test_a_field_without_a_ranked_unit(monkeypatch):
    vetoes = [{"unit": unit, "reason": "平安建设"} for unit in town.MARKS["2021Q4"]]
    html = run(town.make_records(vetoes=vetoes), monkeypatch)
    assert "没有参与排名的单位，不比较失分" in html
    assert "没有参与排名的单位，不比较差距" in html
    assert "仅有本季数据" not in html
    assert "各项指标均未失分" not in html
    assert not re.search(r"\bnan\b|\bNaN\b|<NA>", html)

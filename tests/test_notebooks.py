"""Rules of the notebooks: short cells without functions, prose first, parameters tagged, stored without outputs."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

import lsb_nb
from lsb_nb.report.annexes import keep_annexes, switched_on

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PARAMETERS = ("path", "quarter", "scenario", "lang", "annexes", "names")


def cells(path):
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", [])


@pytest.fixture(params=NOTEBOOKS, ids=[path.name for path in NOTEBOOKS])
def notebook(request):
    return request.param


def test_the_report_notebook_is_there():
    assert FOLDER / "06_report.ipynb" in NOTEBOOKS


def test_cells_are_short_and_define_nothing(notebook):
    for cell in cells(notebook):
        if cell["cell_type"] != "code":
            continue
        assert len(source(cell).splitlines()) <= 8, source(cell)
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, defined) for node in ast.walk(ast.parse(source(cell)))), source(cell)


def test_stored_without_outputs(notebook):
    for cell in cells(notebook):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None


def test_every_cell_has_an_id_of_its_own(notebook):
    ids = [cell["id"] for cell in cells(notebook)]
    assert len(set(ids)) == len(ids)


def test_prose_comes_before_code(notebook):
    kinds = [cell["cell_type"] for cell in cells(notebook)]
    assert kinds[0] == "markdown"
    prose = [source(cell) for cell in cells(notebook) if cell["cell_type"] == "markdown"]
    assert prose[0].startswith("# ")
    assert "code" not in kinds[: kinds.index("markdown")]


def test_the_first_code_cell_holds_the_parameters(notebook):
    code = [cell for cell in cells(notebook) if cell["cell_type"] == "code"]
    assert "parameters" in tags(code[0])
    assigned = [node.targets[0].id for node in ast.parse(source(code[0])).body if isinstance(node, ast.Assign)]
    assert set(assigned) <= set(PARAMETERS)
    assert {"path", "lang"} <= set(assigned)


def test_names_of_the_package_exist(notebook):
    for cell in cells(notebook):
        if cell["cell_type"] == "code":
            for node in ast.walk(ast.parse(source(cell))):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "lsb":
                    assert node.attr in lsb_nb.__all__, node.attr


def test_words_for_a_figure_name_its_type_of_chart(notebook):
    for cell in cells(notebook):
        said = re.findall(r'say_scale\("(\w+)"', source(cell))
        if said and "as_figure" in source(cell):
            assert re.findall(r'say_alt\("(\w+)"', source(cell)) == said, source(cell)


def test_no_local_path(notebook):
    text = notebook.read_text(encoding="utf-8")
    assert "/home/" not in text
    assert str(FOLDER.parent) not in text
    assert ":\\\\" not in text


def test_report_sections_are_in_order():
    heads = [
        source(cell).splitlines()[0] for cell in cells(FOLDER / "06_report.ipynb") if source(cell).startswith("## ")
    ]
    *sections, annex = heads
    numerals = [head[3:].split("、")[0] for head in sections]
    order = "一二三四五六七八九十"
    expected = [order[i] if i < 10 else f"十{order[i - 10]}" for i in range(len(sections))]
    assert numerals == expected
    titles = [head.split("、")[1] for head in sections]
    assert titles.index("比变化") + 1 == titles.index("名次有多确定") == titles.index("什么会改变名次") - 1
    assert annex == "## 附录：评委分析"


def test_the_annex_stands_last_and_is_off():
    given = cells(FOLDER / "06_report.ipynb")
    shown = [cell for cell in given if "remove_cell" not in tags(cell)]
    tagged = ["annex-raters" in tags(cell) for cell in shown]
    assert tagged == sorted(tagged)
    assert 1 < sum(tagged) < len(shown)
    book = nbformat.reads((FOLDER / "06_report.ipynb").read_text(encoding="utf-8"), as_version=4)
    assert switched_on(book) == []
    assert keep_annexes(book) == []
    assert "评委分析" not in json.dumps(book, ensure_ascii=False).replace("为评委分析；分发的报告不带", "")


def test_key_sentences_point_at_the_sections_they_speak_of():
    """The numerals in `say_key` are those of the headings."""
    heads = [source(cell).splitlines()[0] for cell in cells(FOLDER / "06_report.ipynb")]
    for numeral, words in {"二": "总体", "四": "差距", "五": "变化", "六": "确定", "八": "承诺"}.items():
        found = [head for head in heads if head.startswith(f"## {numeral}、")]
        assert len(found) == 1
        assert words in found[0]

"""Annexes: off unless switched on, and then nothing of them is run or printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment
from nbformat import v4

from lsb_nb.cli import main
from lsb_nb.report.annexes import AnnexError, keep_annexes, switched_on
from lsb_nb.report.exporter import TEMPLATES
from lsb_nb.report.run import write_report


def annexed(cell, name: str = "raters"):
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), f"annex-{name}"]
    return cell


def parameters(source: str, tag: str = "parameters"):
    return v4.new_code_cell(source, metadata={"tags": [tag]})


@pytest.fixture
def book(notebook_file, tmp_path):
    ran = str(tmp_path / "ran")
    return notebook_file(
        parameters("path = quarter = scenario = lang = None\nannexes = []"),
        "## 一、正文",
        "print('正文照印')",
        annexed(v4.new_markdown_cell("## 附录：评委")),
        annexed(v4.new_code_cell(f"open({ran!r}, 'w').close()\nprint('B07 偏严')")),
    )


@pytest.fixture
def activity(tmp_path):
    folder = tmp_path / "示例街道"
    folder.mkdir()
    (folder / "2021Q4.xlsx").touch()
    return folder


def test_off_nothing_of_it_is_run_or_printed(book, activity, tmp_path):
    made = write_report(activity, "2021Q4", notebook=book, out=tmp_path, progress=print)
    html = made.read_text(encoding="utf-8")
    assert "正文照印" in html
    assert "附录" not in html
    assert "B07 偏严" not in html
    assert not (tmp_path / "ran").exists()


def test_on_it_stands_at_its_place_and_the_analyst_is_told(book, activity, tmp_path):
    lines: list[str] = []
    made = write_report(activity, "2021Q4", notebook=book, out=tmp_path, annexes=["raters"], progress=lines.append)
    html = made.read_text(encoding="utf-8")
    assert html.index("正文照印") < html.rindex("附录：评委") < html.index("B07 偏严")
    assert "提示：报告带有附录（raters），供内部研判，不宜分发" in lines


def test_an_annex_the_notebook_lacks_is_refused_with_those_it_has(book, activity, tmp_path, capsys):
    call = ["report", str(activity), "--quarter", "2021Q4", "--notebook", str(book), "--out", str(tmp_path / "out")]
    assert main([*call, "--annex", "评委"]) == 2
    assert "没有附录“评委”；可用的附录：raters" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_line_hands_annexes_on(book, activity, tmp_path, capsys):
    call = ["report", str(activity), "--quarter", "2021Q4", "--notebook", str(book), "--out", str(tmp_path / "out")]
    assert main([*call, "--annex", "raters"]) == 0
    path = Path(capsys.readouterr().out.splitlines()[-1])
    assert "B07 偏严" in path.read_text(encoding="utf-8")


def test_the_exporter_leaves_out_what_the_notebook_does_not_switch_on(export, shown):
    cells = [parameters("annexes = []"), annexed(v4.new_markdown_cell("## 附录")), annexed(shown(text="B07 偏宽"))]
    html, _exporter = export("## 一、正文", *cells)
    assert "B07 偏宽" not in html
    assert "附录" not in html
    cells[0] = parameters("annexes = ['raters']")
    assert "B07 偏宽" in export("## 一、正文", *cells)[0]
    assert "B07 偏宽" in export("## 一、正文", *cells, parameters("lang = 'zh'", "injected-parameters"))[0]
    assert "B07 偏宽" not in export("## 一、正文", *cells, parameters("annexes = []", "injected-parameters"))[0]


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("annexes = []", []),
        ("annexes = ['raters', 'x']", ["raters", "x"]),
        ("annexes = ('raters',)", ["raters"]),
        ("annexes = 'raters'", ["raters"]),
        ("annexes = ['raters']\nannexes = []", []),
        ("path = 'a'", []),
        ("annexes = None", []),
        ("annexes = [7]", []),
        ("annexes = list(everything)", []),
        ("annexes = ['raters'", []),
    ],
)
def test_only_a_plain_list_of_names_switches_on(source, names):
    assert switched_on(v4.new_notebook(cells=[parameters(source)])) == names


def test_a_cell_of_two_annexes_needs_both():
    def book():
        return v4.new_notebook(cells=[annexed(annexed(v4.new_code_cell("1")), "weights"), v4.new_code_cell("2")])

    both, one = book(), book()
    assert keep_annexes(both, ["raters", "weights"]) == ["raters", "weights"]
    assert len(both.cells) == 2
    assert keep_annexes(one, ["raters"]) == ["raters"]
    assert [cell.source for cell in one.cells] == ["2"]


def test_a_notebook_without_annexes_says_so():
    with pytest.raises(AnnexError, match="没有附录“raters”；可用的附录：无"):
        keep_annexes(v4.new_notebook(cells=[]), ["raters"])


def test_a_page_for_leaders_never_shows_an_annex():
    page = TEMPLATES / "lsb_voila" / "index.html.j2"
    style, cell = "{% block notebook_css %}{% endblock %}", "{% block any_cell scoped %}{{ cell.source }}{% endblock %}"
    texts = {
        "base": style + "{% for cell in cells %}" + cell + "{% endfor %}",
        "voila/templates/lab/index.html.j2": "{% extends 'base' %}" + style + cell,
        "page": page.read_text(encoding="utf-8"),
    }
    texts["spinner.macro.html.j2"] = "{% macro css() %}{% endmacro %}"
    cells = [v4.new_code_cell("SHOWN"), annexed(v4.new_code_cell("B07")), parameters("TAGGED")]
    resources = {"base_url": "/", "include_js": str}
    shown = Environment(loader=DictLoader(texts)).get_template("page").render(cells=cells, resources=resources)
    assert "SHOWN" in shown
    assert "TAGGED" in shown
    assert "B07" not in shown

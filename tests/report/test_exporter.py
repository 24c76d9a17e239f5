"""The exporter: masthead, sections, what is shown, what is hidden, and what hostile text can do (nothing)."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from nbformat import v4

from lsb_nb.report.page import policy

MAST = (
    '<header class="mast"><div class="org">示例街道党工委</div><h1>2021年第四季度观摩评比分析报告</h1>'
    '<div class="meta"><span>11 个社区</span><span class="demo">示例数据</span></div></header>'
)
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAC0lEQVR4nGNgAAEAAAYAAf6MZ8gAAAAASUVORK5CYII="


def body(html: str) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def test_masthead_leaves_the_flow_and_gives_the_title(export, shown):
    html, _exporter = export("# 操作说明\n\n给分析员的话", shown(html=MAST), "## 一、要点\n\n正文")
    page = body(html)
    assert page.title.string == "2021年第四季度观摩评比分析报告"
    assert [h.get_text() for h in page.find_all("h1")] == ["2021年第四季度观摩评比分析报告"]
    assert page.body.find("header", class_="mast").find_parent("main") is None
    assert "给分析员的话" not in html
    assert page.footer.select_one(".demo").get_text() == "示例数据"


def test_without_a_masthead_the_first_heading_is_the_title(export):
    page = body(export("# 我的<报告>\n\n开头", "# 另一章")[0])
    assert page.title.string == "我的<报告>"
    assert [h.get_text() for h in page.find_all("h1")] == ["我的<报告>"]
    assert "开头" in page.main.get_text()
    assert page.select_one("main h2").get_text() == "另一章"


def test_sections_carry_the_numeral_and_are_listed(export, shown):
    html, _exporter = export(
        shown(html=MAST), "前言", "## 一、本季要点", shown(html="<p>甲</p>"), "## 补充\n\n### 小节\n\n文", "## 二、总体"
    )
    page = body(html)
    assert [section.get("id") for section in page.select("main > section")] == [None, "s一", "s2", "s二"]
    listed = [(a["href"], a.get_text()) for a in page.select("nav.toc a")]
    assert listed == [("#s一", "一、本季要点"), ("#s2", "补充"), ("#s二", "二、总体")]
    assert [(a["href"], a.get_text()) for a in page.select("details.mtoc a")] == listed
    assert page.select_one("#s一 p").get_text() == "甲"
    assert page.select_one("#s2 h3").get_text() == "小节"


def test_two_headings_of_one_numeral_keep_two_ids(export):
    page = body(export("## 一、甲", "## 一、乙")[0])
    ids = [section["id"] for section in page.select("main > section")]
    assert len(set(ids)) == 2


def test_stray_end_tags_cannot_break_the_page(export, shown):
    html, _exporter = export("## 一、甲", shown(html="</section></main><div><table><tr><td>未关"), "## 二、乙\n\n后文")
    assert "后文" in body(html).select_one("main > section#s二").get_text()


def test_code_errors_and_warnings_are_not_shown(export):
    cell = v4.new_code_cell("SECRET_CODE()")
    cell.outputs = [
        v4.new_output("stream", name="stderr", text="STDERR"),
        v4.new_output("error", ename="E", evalue="EVALUE", traceback=["TRACE"]),
        v4.new_output("stream", name="stdout", text="\x1b[31m印出\x1b[0m的话"),
        v4.new_output("execute_result", data={"text/plain": "<Axes: title={'center': '图'}>"}),
        v4.new_output("execute_result", data={"text/plain": "<x.Thing at 0x7f00aa>"}),
        v4.new_output("display_data", data={"application/javascript": "JSCODE", "text/plain": "<IPython.JS object>"}),
        v4.new_output("execute_result", data={"text/plain": "42"}),
    ]
    html, _exporter = export(cell, v4.new_raw_cell("RAWCELL"))
    for hidden in ("SECRET_CODE", "STDERR", "EVALUE", "TRACE", "Axes", "0x7f", "JSCODE", "RAWCELL", "In&nbsp;"):
        assert hidden not in html
    assert [pre.get_text() for pre in body(html).find_all("pre")] == ["印出的话", "42"]


@pytest.mark.parametrize("tag", ["remove_cell", "remove_output"])
def test_tagged_cells_stay_out(export, shown, tag):
    cell = shown(html="<p>不给读者看</p>")
    cell.metadata["tags"] = [tag]
    assert "不给读者看" not in export(cell)[0]


HOSTILE = ["</script><img src=x onerror=alert(1)>", "{{7*7}}", "{% raw %}", "\u202e倒写\u202c", "党🎉建",
           "<!--section 0-->", "&lt;b&gt;", "$('#x')", "</style><script>alert(1)</script>"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(export, shown, text):
    from lsb_nb.markup import text as escaped

    printed = v4.new_code_cell("x")
    printed.outputs = [v4.new_output("stream", name="stdout", text=text)]
    heading = v4.new_code_cell("x")
    heading.outputs = [v4.new_output("display_data", data={"text/html": f"<h2>{escaped(text)}</h2>"})]
    mast = shown(html=f'<header class="mast"><h1>{escaped(text)}</h1></header>')
    html, _exporter = export(mast, heading, printed, shown(html=f'<td title="{escaped(text)}">{escaped(text)}</td>'))
    page = body(html)
    assert page.find("script") is None
    assert page.find("img") is None
    assert page.title.get_text() == text
    for place in ("h1", "h2", "pre", "td", "nav.toc a"):
        assert page.select_one(place).get_text() == text
    assert page.select_one("td")["title"] == text


def test_raw_html_of_prose_is_harmless(export):
    picture, script = "<img src='http://x.example/a.png' alt='村口照片'>", "<script>alert(1)</script>"
    html, exporter = export(f"前{picture}后{script}\n\n<meta http-equiv=refresh content=0>")
    assert "x.example" not in html
    assert "<script" not in html
    assert "refresh" not in html
    assert "前村口照片后" in body(html).main.get_text()
    assert any("http://x.example/a.png" in note for note in exporter.notes)


def test_policy_allows_only_the_scripts_it_is_given():
    script = "document.title += '甲'"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy([script])
    assert "script-src 'none';" in policy([])
    for rule in ("default-src 'none'", "img-src data:", "font-src data:", "base-uri 'none'", "form-action 'none'"):
        assert rule in policy([])


def test_page_names_no_other_file(export, shown):
    html, _exporter = export(shown(html=MAST), shown(png=PNG, metadata={"image/png": {"alt": "一张图"}}), "## 一、甲")
    assert re.findall(r"(?:src|href)=[\"']?(?!#|data:)[^\"'> ]+", html) == []
    assert re.findall(r"url\((?!data:)", html) == []
    head = body(html).head
    assert [tag.get("http-equiv") for tag in head.find_all("meta")].index("Content-Security-Policy") == 1
    assert html.lstrip().startswith("<!doctype html>")


def test_pictures_get_words(export, shown):
    html, exporter = export(
        shown(png=PNG, metadata={"image/png": {"alt": "说明甲"}}),
        shown(html=f'<figure class="fig"><h3>标题乙</h3><img width="672" src="data:image/png;base64,{PNG}"></figure>'),
    )
    assert [image["alt"] for image in body(html).find_all("img")] == ["说明甲", "标题乙"]
    assert exporter.notes == []
    html, exporter = export(shown(png=PNG), shown(svg="<svg xmlns='http://www.w3.org/2000/svg'/>"))
    assert [image["alt"] for image in body(html).find_all("img")] == ["图", "图"]
    assert len(exporter.notes) == 1


def test_frames_are_aligned_and_scroll(export, shown):
    import pandas as pd

    frame = pd.DataFrame({"村": ["甲", "乙"], "得分": [91.2, 88.1], "升降": ["−1", "+2"]})
    with pd.option_context("display.max_rows", 1):
        long = pd.DataFrame({"a": range(30)})._repr_html_()
    page = body(export(shown(html=frame._repr_html_()), shown(html=long))[0])
    table = page.select_one("div.scroll[tabindex='0'] > table.dataframe")
    assert [th.get("class") for th in table.select("thead th")] == [None, None, ["n"], ["n"]]
    assert [td.get("class") for td in table.select("tbody tr:first-child td")] == [None, ["n"], ["n"]]
    assert not table.has_attr("border")
    assert "共 30 行、1 列" in page.get_text()
    assert "rows ×" not in page.get_text()


def test_machine_paths_are_shortened(export, shown, tmp_path):
    folder = tmp_path / "示例街道"
    printed = v4.new_code_cell("x")
    printed.outputs = [v4.new_output("stream", name="stdout", text=f"{folder}/2021Q4.xlsx {folder}别处 {Path.home()}")]
    cell = shown(html=f'<p title="{folder}">{folder}</p>')
    html, _exporter = export(printed, cell, f"见 {folder}/a", hidden_paths=[str(folder)])
    assert str(folder) + "/" not in html
    assert f"{folder.name}/2021Q4.xlsx" in html
    assert f'<p title="{folder.name}">{folder.name}</p>' in html
    assert str(Path(sys.prefix)) not in html
    assert os.getcwd() not in html


def test_missing_characters_become_a_note(export):
    html, exporter = export("## 一、甲\n\n党🎉建")
    assert "这些字，由阅读者的电脑显示：🎉" in body(html).footer.get_text()
    assert any("🎉" in note for note in exporter.notes)
    assert "电脑显示" not in export("## 一、漷縣①▲▼■□●—−“”")[0]


def test_nbconvert_knows_the_exporter(notebook_file, tmp_path):
    book = notebook_file("# 标题", "## 一、甲")
    line = [sys.executable, "-m", "nbconvert", "--to", "lsb_report", "--output-dir", str(tmp_path / "out"), str(book)]
    subprocess.run(line, check=True, capture_output=True)
    assert 'id="s一"' in (tmp_path / "out" / "book.html").read_text(encoding="utf-8")

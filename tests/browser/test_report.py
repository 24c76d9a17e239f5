"""The report in a browser: silent, accessible, fits a phone, prints on A4."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ACTIVITIES = ("demo-street", "demo-town", "demo-sandtable")


@pytest.fixture(scope="module", params=ACTIVITIES)
def report(request, report_of) -> Path:
    return report_of(request.param)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_report_is_silent_accessible_and_fits(report, visit, width, height):
    visited = visit(report, width=width, height=height)
    visited.shot(f"{report.parents[1].name}-{width}")
    visited.assert_quiet()
    assert visited.overflow() <= 0
    visited.assert_accessible(contrast=width != 1024)
    assert visited.page.evaluate("document.fonts.check(\"700 16px 'LSB Sans'\")")
    loaded = visited.page.evaluate("[...document.fonts].map(font => font.weight + font.status)")
    assert sorted(loaded) == ["400loaded", "700loaded"]


def test_contents_list_leads_to_every_section(report, visit):
    page = visit(report).page
    links = page.eval_on_selector_all("nav.toc a", "links => links.map(link => link.getAttribute('href'))")
    sections = page.eval_on_selector_all("main > section[id]", "all => all.map(one => '#' + one.id)")
    assert links == sections
    assert len(links) >= 8
    inner = page.eval_on_selector_all("main a[href^='#']", "links => links.map(link => link.getAttribute('href'))")
    assert set(inner) <= {*sections}
    page.click("nav.toc a:last-child")
    assert page.evaluate("window.scrollY") > 0


@pytest.mark.parametrize(("width", "scripts"), [(1100, True), (1280, True), (1920, True), (1280, False)])
def test_contents_list_and_explorer_never_cut_each_other(report, visit, width, scripts):
    page = visit(report, width=width, scripts=scripts).page
    met = """() => {
        const list = document.querySelector("nav.toc").getBoundingClientRect();
        if (getComputedStyle(document.querySelector("nav.toc")).visibility === "hidden") return "away";
        const one = document.querySelector(".lsb-island").getBoundingClientRect();
        const apart = one.right <= list.left || one.left >= list.right || one.bottom <= list.top
            || one.top >= list.bottom;
        return apart ? "apart" : "cut";
    }"""
    top = page.evaluate("document.querySelector('.lsb-island').getBoundingClientRect().top + window.scrollY")
    seen = []
    for past in range(-900, 1500, 100):
        page.evaluate("y => window.scrollTo(0, y)", top + past)
        page.wait_for_timeout(30)
        seen.append(page.evaluate(met))
    assert "cut" not in seen
    assert seen[0] == seen[-1] == "apart", "it is there before and after"


def test_contents_list_folds_on_a_phone(report, visit):
    page = visit(report, width=390, height=844).page
    assert not page.is_visible("nav.toc")
    assert not page.is_visible(".mtoc a")
    page.click(".mtoc summary")
    assert page.is_visible(".mtoc a >> nth=0")


def test_skip_link_comes_first(report, visit):
    page = visit(report).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") > 0


def test_pictures_keep_a_readable_size_on_a_phone(report, visit):
    page = visit(report, width=390, height=844).page
    shares = page.eval_on_selector_all(
        ".scroll img[width]", "all => all.map(one => one.getBoundingClientRect().width / one.getAttribute('width'))"
    )
    assert shares
    assert min(shares) >= 0.79


def test_quotation_marks_are_not_a_han_character_wide_in_english(report, visit):
    page = visit(report).page
    wide = """(lang) => {
        document.documentElement.lang = lang;
        const mark = document.createElement("span");
        mark.textContent = "“";
        document.querySelector("main p, p").append(mark);
        return mark.getBoundingClientRect().width / parseFloat(getComputedStyle(mark).fontSize);
    }"""
    assert page.evaluate(wide, "zh-CN") == pytest.approx(1, abs=0.1)
    assert page.evaluate(wide, "en") < 0.6


def test_report_prints_on_a4(report, visit, tmp_path):
    visited = visit(report)
    path = visited.page.context.pages[0].pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", path)
    assert boxes
    for width, height in boxes:
        assert (round(float(width)), round(float(height))) == (595, 842)
    assert 4 <= len(boxes) <= 40
    page = visited.page
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})
    for hidden in (".toc", ".mtoc", ".skip"):
        assert not page.is_visible(hidden)
    wide = page.evaluate(
        """() => [...document.querySelectorAll('main *')]
            .filter(one => one.getBoundingClientRect().right > 674)
            .map(one => one.tagName + '.' + one.className).slice(0, 5)"""
    )
    assert wide == []


def test_without_scripts_the_report_is_whole(report, visit):
    page = visit(report, scripts=False).page
    assert page.locator("table.rank tbody tr").count() >= 11
    assert page.locator("h1").count() == 1


def test_own_script_runs_and_a_strangers_does_not(visit, tmp_path):
    from nbformat import v4

    from lsb_nb.report.exporter import ReportExporter

    cell = v4.new_code_cell("x")
    cell.outputs = [v4.new_output("display_data", data={"text/html": "<p id=p>甲</p>"})]
    exporter = ReportExporter()
    finish = exporter._finish

    def with_script(cells: str):
        exporter.page.scripts.append("document.title = '乙 <\\u002fscript>'")
        return finish(cells)

    exporter.register_filter("report_page", with_script)
    html, _resources = exporter.from_notebook_node(v4.new_notebook(cells=[cell]))
    (tmp_path / "own.html").write_text(html, encoding="utf-8")
    visited = visit(tmp_path / "own.html")
    assert visited.page.title() == "乙 </script>"
    visited.assert_quiet()
    stranger = html.replace('<p id="p">', "<p id=p onclick='document.title=1'>").replace(
        "</main>", "<script>document.title = '丙'</script></main>"
    )
    assert stranger != html
    (tmp_path / "stranger.html").write_text(stranger, encoding="utf-8")
    visited = visit(tmp_path / "stranger.html")
    visited.page.click("#p")
    assert visited.page.title() == "乙 </script>"
    assert any("Content Security Policy" in line for line in visited.complaints)


def test_an_explorer_lives_on_in_the_report(visit, tmp_path):
    from nbformat import v4

    import lsb_nb as lsb
    from lsb_nb.report.exporter import ReportExporter
    from lsb_nb.widgets.explorer import Explorer

    records = lsb.load_activity(Path(__file__).parents[2] / "data" / "demo-street")
    explorer = Explorer(lsb.score(records, "2021Q4"))
    cell = v4.new_code_cell("x")
    cell.outputs = [v4.new_output("display_data", data=explorer._repr_mimebundle_()[0])]
    html, _resources = ReportExporter().from_notebook_node(
        v4.new_notebook(cells=[cell, v4.new_code_cell("y", outputs=cell.outputs)])
    )
    assert html.count("lsbWidget =") == 1
    (tmp_path / "live.html").write_text(html, encoding="utf-8")
    for width in (1440, 390):
        visited = visit(tmp_path / "live.html", width=width)
        visited.shot(f"explorer-in-report-{width}")
        assert visited.page.locator(".lsb-island input[type=range]").count() > 10
        assert visited.page.locator(".lsb-static").count() == 0
        visited.assert_quiet()
        assert visited.overflow() <= 0
    still = visit(tmp_path / "live.html", scripts=False)
    assert still.page.locator(".lsb-static").count() == 2


def test_a_wide_table_scrolls_on_a_phone_and_fits_on_paper(visit, tmp_path):
    import pandas as pd
    from nbformat import v4

    import lsb_nb as lsb
    from lsb_nb.report.exporter import ReportExporter

    names = [f"{way}·{mean}" for way in ("满分", "极差", "标准分", "位次分") for mean in ("算术", "几何", "调和")]
    table = pd.DataFrame({name: range(1, 37) for name in names}, index=[f"示例{i}村" for i in range(36)])
    cell = v4.new_code_cell("x")
    html = str(lsb.table_methods(table.astype("Int64")))
    cell.outputs = [v4.new_output("display_data", data={"text/html": html})]
    page_html, _resources = ReportExporter().from_notebook_node(v4.new_notebook(cells=[cell]))
    (tmp_path / "wide.html").write_text(page_html, encoding="utf-8")
    visited = visit(tmp_path / "wide.html", width=390, height=844)
    page = visited.page
    assert visited.overflow() <= 0
    assert (
        page.evaluate("(() => { const box = document.querySelector('.scroll'); return box.scrollWidth - 390 })()") > 100
    )
    lines = "all => Math.max(...all.map(one => one.getBoundingClientRect().height))"
    assert page.eval_on_selector_all(".led th", lines) < 40, "headings stand on one line"
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})
    rights = page.eval_on_selector_all(
        "main *", "all => Math.max(...all.map(one => one.getBoundingClientRect().right))"
    )
    assert rights <= 674
    places = page.eval_on_selector_all(
        ".led tr > :first-child", "all => all.map(one => getComputedStyle(one).position)"
    )
    assert set(places) == {"static"}

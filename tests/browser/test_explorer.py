"""The explorer as readers meet it: an offline page without a kernel, under a strict policy."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from lsb_nb.scenarios import apply_scenario, read_scenario
from lsb_nb.scheme import Scheme
from lsb_nb.scoring.composite import score
from lsb_nb.scoring.rescore import rescore
from lsb_nb.widgets.explorer import Explorer

pytestmark = pytest.mark.browser
NASTY = "</script><img src=x onerror=alert(1)>"
SET = """([kind, name, value, live]) => {
  const same = (x) => x.dataset.kind === kind && x.dataset.name === name;
  const node = [...document.querySelectorAll('input[type=range]')].find(same);
  node.value = value;
  node.dispatchEvent(new Event('input', { bubbles: true }));
  if (!live) node.dispatchEvent(new Event('change', { bubbles: true }));
  return node.dataset.weight;
}"""
ROWS = "[...document.querySelectorAll('[data-unit]')].map((x) => [x.dataset.unit, x.dataset.rank, x.dataset.score])"
WEIGHTS = """(kind) => Object.fromEntries([...document.querySelectorAll(`input[data-kind=${kind}]`)]
  .map((x) => [x.dataset.name, x.dataset.weight]))"""


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory, quarters: Any) -> Callable[[Any], Path]:
    """Write the page of some scores once: ``pages(scores)``."""
    folder = tmp_path_factory.mktemp("explorer")
    made: dict[int, tuple[Any, Path]] = {}

    def write(scores: Any, **options: Any) -> Path:
        if id(scores) not in made:
            explorer = Explorer(scores, history=quarters.make_history(scores), **options)
            path = folder / f"{len(made)}.html"
            path.write_text(quarters.page(explorer.bundle()), encoding="utf-8")
            made[id(scores)] = (scores, path)
        return made[id(scores)][1]

    return write


@pytest.fixture(scope="session")
def town(quarters: Any) -> Any:
    return quarters.make_quarter(36)


@pytest.fixture
def open_town(visit: Any, pages: Any, town: Any) -> Any:
    def open_page(**options: Any) -> Any:
        visited = visit(pages(town), **options)
        visited.page.wait_for_selector('.lsb-explorer[data-ready="1"]')
        return visited

    return open_page


def published(scores: Any) -> list[list[str]]:
    frame = scores.units
    return [
        [str(unit), "" if rank != rank or rank is None else str(int(rank)), "" if value != value else f"{value:.2f}"]
        for unit, rank, value in zip(
            frame.index, frame["rank"].astype(object).where(frame["rank"].notna(), None), frame["score"], strict=True
        )
    ]


@pytest.mark.parametrize("count", [11, 36, 300])
def test_rows_are_the_published_ranking(visit: Any, pages: Any, quarters: Any, count: int) -> None:
    scores = quarters.make_quarter(count)
    path = pages(scores)
    visited = visit(path)
    assert visited.page.evaluate(ROWS) == published(scores)
    visited.assert_quiet()
    assert path.stat().st_size < 400_000
    assert visited.page.locator(".lsb-static").count() == 0


def test_any_weights_give_what_python_publishes(open_town: Any, town: Any) -> None:
    page = open_town().page
    chance = random.Random(3)
    scheme: Scheme = town.scheme
    import dataclasses

    for _step in range(25):
        kind = chance.choice(["pillar", "criterion"])
        names = list(scheme.pillar_weights) if kind == "pillar" else [c.name for c in scheme.criteria]
        page.evaluate(
            SET, [kind, chance.choice(names), chance.choice([0, 100, 12.5, round(chance.random() * 100, 1)]), False]
        )
        pillar = {name: float(w) for name, w in page.evaluate(WEIGHTS, "pillar").items()}
        criterion = {name: float(w) for name, w in page.evaluate(WEIGHTS, "criterion").items()}
        assert sum(pillar.values()) == pytest.approx(100, abs=1e-9)
        assert sum(criterion.values()) == pytest.approx(100, abs=1e-9)
        criteria = tuple(dataclasses.replace(c, weight=Fraction(criterion[c.name])) for c in scheme.criteria)
        weights = {name: Fraction(w) for name, w in pillar.items()}
        varied = dataclasses.replace(scheme, criteria=criteria, pillar_weights=weights)
        assert page.evaluate(ROWS) == published(rescore(town, varied))


def test_locks_zero_and_the_sum(open_town: Any) -> None:
    page = open_town().page
    page.locator("input[data-kind=pillar][data-name=赛实绩]").locator("xpath=../..").locator(".lx-lock").click()
    assert page.locator("input[data-kind=pillar][data-name=赛实绩]").is_disabled()
    page.evaluate(SET, ["pillar", "亮承诺", 100, False])
    assert page.evaluate(WEIGHTS, "pillar") == {"亮承诺": "50", "赛实绩": "50", "比干劲": "0"}
    page.evaluate(SET, ["pillar", "亮承诺", 0, False])
    assert page.evaluate(WEIGHTS, "pillar") == {"亮承诺": "0", "赛实绩": "50", "比干劲": "50"}
    page.locator("input[data-kind=pillar][data-name=赛实绩]").locator("xpath=../..").locator(".lx-lock").click()
    number = page.get_by_label("人居环境整治权重，分")
    number.fill("20")
    number.press("Enter")
    assert float(page.evaluate(WEIGHTS, "criterion")["人居环境整治"]) == pytest.approx(20)


def test_undo_takes_back_a_drag_at_once_and_reset_is_undone_too(open_town: Any) -> None:
    page = open_town().page
    before = page.evaluate(ROWS)
    for value in range(20, 80, 5):
        page.evaluate(SET, ["pillar", "亮承诺", value, value < 75])
    moved = page.evaluate(ROWS)
    assert moved != before
    page.click("[data-role=undo]")
    assert page.evaluate(ROWS) == before
    assert page.locator("[data-role=undo]").is_disabled()
    page.click("[data-role=redo]")
    assert page.evaluate(ROWS) == moved
    page.click("[data-role=reset]")
    assert page.evaluate(ROWS) == before
    page.keyboard.press("Control+z")
    assert page.evaluate(ROWS) == moved


def test_keys_move_a_slider_in_one_step_and_stay_inside(open_town: Any) -> None:
    page = open_town().page
    page.evaluate("window.heard = 0; document.addEventListener('keydown', () => window.heard++)")
    slider = page.locator("input[data-kind=pillar][data-name=亮承诺]")
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    assert float(slider.get_attribute("data-weight")) == pytest.approx(31.2)
    page.keyboard.press("Home")
    assert slider.get_attribute("data-weight") == "0"
    assert page.evaluate("window.heard") == 0
    page.keyboard.press("Control+z")
    assert slider.get_attribute("data-weight") == "30"
    row = page.locator(".lx-unit[tabindex='0']").first
    row.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    third = page.evaluate("document.activeElement.closest('[data-unit]').dataset.rank")
    assert third == "4"
    assert page.locator(".lx-u h3").inner_text() == page.evaluate("document.activeElement.textContent")


def test_a_real_drag_and_a_finger_move_a_slider(chromium: Any, open_town: Any, pages: Any, town: Any) -> None:
    page = open_town().page
    box = page.locator("input[data-kind=pillar][data-name=比干劲]").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.22, box["y"] + box["height"] / 2)
    page.mouse.down()
    for part in (0.3, 0.5, 0.7):
        page.mouse.move(box["x"] + box["width"] * part, box["y"] + box["height"] / 2)
    assert page.locator(".lsb-explorer.lx-live").count() == 1
    page.mouse.up()
    assert page.locator(".lsb-explorer.lx-live").count() == 0
    assert 60 < float(page.evaluate(WEIGHTS, "pillar")["比干劲"]) < 80
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone = context.new_page()
    phone.goto(pages(town).as_uri())
    phone.tap("button[data-tab=w]")
    phone.locator("input[data-kind=pillar][data-name=比干劲]").scroll_into_view_if_needed()
    box = phone.locator("input[data-kind=pillar][data-name=比干劲]").bounding_box()
    assert box["height"] >= 36
    phone.touchscreen.tap(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    assert 65 < float(phone.evaluate(WEIGHTS, "pillar")["比干劲"]) < 85
    context.close()


def test_a_scenario_is_downloaded_and_scores_the_same_on_the_command_line(
    open_town: Any, town: Any, tmp_path: Path
) -> None:
    visited = open_town()
    page = visited.page
    page.evaluate(SET, ["pillar", "比干劲", 33.3, False])
    page.evaluate(SET, ["criterion", "随机问答", 70, False])
    page.click("[data-role=save]")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.role") == "save"
    page.click("[data-role=save]")
    page.fill("[name=scenario]", "突出/比干劲 {{7*7}}")
    page.fill("[name=reason]", "试算\n两行")
    with page.expect_download() as download:
        page.click("[data-role=confirm]")
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "2021Q4-突出-比干劲-{{7-7}}.toml"
    scenario = read_scenario(file)
    assert (scenario.name, scenario.reason) == ("突出/比干劲 {{7*7}}", "试算\n两行")
    varied = rescore(town, apply_scenario(town.scheme, scenario))
    assert page.evaluate(ROWS) == published(varied)
    assert "突出/比干劲 {{7*7}}" in page.locator(".lx-say").inner_text()
    page.click("[data-role=reset]")
    page.click("[data-key=scenarios]")
    assert page.locator(".lx-heads bdi").all_inner_texts() == ["公布", "突出/比干劲 {{7*7}}"]
    ranks = varied.units["rank"]
    official = town.units["rank"]
    for unit in town.units.index[:35]:
        cell = page.locator(f"[data-unit='{unit}'] .lx-cols > span").nth(1)
        change = int(official[unit] - ranks[unit])
        sign = f"▲{change}" if change > 0 else f"▼{-change}" if change < 0 else "·"
        assert cell.locator("b").inner_text() == str(ranks[unit])
        assert cell.locator(".lx-d").inner_text() == sign
    page.evaluate(SET, ["pillar", "比干劲", 50, False])
    page.click("[data-role=save]")
    page.fill("[name=scenario]", "突出/比干劲 {{7*7}}")
    page.fill("[name=reason]", "再算")
    page.click("[data-role=confirm]")
    assert "是否覆盖" in page.locator("[role=alert]").inner_text()
    visited.assert_quiet()


def test_references_levels_measures_search_pins_and_top(visit: Any, pages: Any, quarters: Any) -> None:
    scores = quarters.make_quarter(300)
    visited = visit(pages(scores))
    page = visited.page
    second = scores.units.index[1]
    gap = scores.units["score"].iloc[0] - scores.units["score"].iloc[1]
    assert f"{gap:.2f}" in page.locator(".lx-u h4").first.inner_text()
    page.select_option("select[data-role=reference]", "full")
    assert f"{100 - scores.units['score'].iloc[1]:.2f}" in page.locator(".lx-u h4").first.inner_text()
    page.select_option("select[data-role=reference]", label=scores.units.index[9])
    assert scores.units.index[9] in page.locator(".lx-u h4").first.inner_text()
    page.select_option("select[data-role=reference]", "median")
    assert "中位水平" in page.locator(".lx-u h4").first.inner_text()
    page.select_option("select[data-role=level]", "p1")
    by_pillar = scores.published_pillars["赛实绩"][scores.units["rank"].notna()].sort_values(
        ascending=False, kind="stable"
    )
    assert page.evaluate(ROWS)[0][0] in by_pillar.index[by_pillar == by_pillar.iloc[0]]
    page.click("[data-key=percent]")
    assert page.locator("[data-unit] .lx-t").first.inner_text() == f"{by_pillar.iloc[0]:.2f}%"
    page.select_option("select[data-role=level]", "c0")
    best = scores.published_criteria["年度承诺完成"][scores.units["rank"].notna()].max()
    assert page.locator("[data-unit] .lx-t").first.inner_text() == f"{best:.2f}%"
    page.select_option("select[data-role=level]", "t0")
    page.select_option("select[data-role=top]", "20")
    assert [row[0] for row in page.evaluate(ROWS)] == scores.units.index[:20].tolist()
    page.fill("input[type=search]", scores.units.index[250])
    assert [row[0] for row in page.evaluate(ROWS)] == [scores.units.index[250]]
    page.locator("[data-unit] .lx-unit").click()
    page.click("[data-role=pin]")
    page.fill("input[type=search]", "")
    assert page.locator("[data-pinned]").get_attribute("data-pinned") == scores.units.index[250]
    assert second in [row[0] for row in page.evaluate(ROWS)]
    visited.assert_quiet()


def test_past_a_tick_the_named_unit_leads(open_town: Any, town: Any) -> None:
    page = open_town().page
    ticks = page.evaluate(
        """[...document.querySelectorAll('[data-tip=first]')].map((t) => {
             const r = t.closest('.lx-s').querySelector('input[type=range]');
             return [r.dataset.kind, r.dataset.name, Number(t.dataset.at), t.dataset.to, Number(r.value)]; })"""
    )
    assert ticks
    leader = town.units.index[0]
    for kind, name, at, to, now in ticks:
        way = 1 if at > now else -1
        page.evaluate(SET, [kind, name, at + way * 0.3, False])
        assert page.evaluate(ROWS)[0][0] == to
        page.click("[data-role=undo]")
        page.evaluate(SET, [kind, name, at - way * 0.3, False])
        assert page.evaluate(ROWS)[0][0] == leader
        page.click("[data-role=reset]")
    assert "第一名由" in page.locator(".lx-tip").inner_text()


STATES: dict[str, Callable[[Any], object]] = {
    "official": lambda page: None,
    "changed, locked, pinned": lambda page: (
        page.evaluate(SET, ["criterion", "人居环境整治", 60, False]), page.locator(".lx-lock").first.click(),
        page.locator(".lx-pin").first.click(),
    ),
    "columns": lambda page: (page.click("[data-key=columns]"), page.fill("input[type=search]", "鹿")),
    "lost": lambda page: page.click("[data-key=lost]"),
    "scenarios": lambda page: (page.evaluate(SET, ["pillar", "比干劲", 40, False]), page.click("[data-key=scenarios]")),
    "percent": lambda page: (
        page.click("[data-key=percent]"), page.click("summary"), page.fill("input[type=search]", "没有"),
    ),
    "dialog": lambda page: (page.evaluate(SET, ["pillar", "比干劲", 40, False]), page.click("[data-role=save]")),
    "zero": lambda page: page.evaluate(SET, ["pillar", "比干劲", 100, False]),
}  # fmt: skip


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_any_state(open_town: Any, dark: bool) -> None:
    for name, act in STATES.items():
        visited = open_town()
        visited.page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        act(visited.page)
        assert visited.violations() == [], name
        visited.assert_quiet()


@pytest.mark.parametrize("width", [360, 390, 768, 1024, 1280, 1920])
def test_no_width_overflows_and_every_width_is_accessible(open_town: Any, width: int) -> None:
    visited = open_town(width=width, height=740)
    visited.page.emulate_media(reduced_motion="reduce")
    tabs = "wru" if width < 700 else "-"
    for tab in tabs:
        if tab != "-":
            visited.page.click(f"button[data-tab={tab}]")
        assert visited.overflow() <= 0
        assert visited.violations() == []
    if width < 700:
        visited.page.focus("button[data-tab=u]")
        visited.page.keyboard.press("ArrowLeft")
        assert visited.page.locator("button[data-tab=r]").get_attribute("aria-selected") == "true"
        small = visited.page.evaluate(
            """[...document.querySelectorAll('.lsb-explorer button, .lsb-explorer select')]
               .filter((x) => x.offsetParent && x.getBoundingClientRect().height < 36).length"""
        )
        assert small == 0


def test_dark_is_dark_and_motion_can_be_off(open_town: Any) -> None:
    page = open_town().page
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    colour = page.evaluate("getComputedStyle(document.querySelector('.lsb-explorer')).backgroundColor")
    assert colour == "rgb(20, 24, 28)"
    page.evaluate(SET, ["pillar", "比干劲", 70, False])
    assert page.evaluate("document.getAnimations().filter((a) => a.playState === 'running').length") == 0


def test_paper_shows_the_official_table_and_says_what_the_screen_shows(open_town: Any, town: Any) -> None:
    page = open_town().page
    page.evaluate(SET, ["pillar", "比干劲", 70, False])
    page.emulate_media(media="print")
    assert not page.locator(".lx-main").is_visible()
    assert page.locator(".lx-print").is_visible()
    assert "未保存的权重调整" in page.locator(".lx-print p").inner_text()
    first = page.locator(".lx-print tbody tr").first.locator("td, th").all_inner_texts()
    assert first[:3] == ["1", town.units.index[0], f"{town.units['score'].iloc[0]:.2f}"]
    assert page.locator(".lx-print tbody tr").count() == 36


def test_without_scripts_the_table_stands(visit: Any, pages: Any, town: Any) -> None:
    visited = visit(pages(town), scripts=False)
    rows = visited.page.locator(".lsb-static tbody tr")
    assert rows.count() == 36
    assert town.units.index[0] in rows.first.inner_text()


def test_nothing_typed_in_a_workbook_runs_or_breaks_the_page(visit: Any, quarters: Any, tmp_path: Path) -> None:
    units = [NASTY, "{{7*7}}", "\u202e\u2067村 RTL", "😀村", "${alert(1)}", "a\\b'\"c", "長" * 40]
    criteria = [(NASTY + "甲", 50, "<b>P</b>"), ("{n}", 20, "<b>P</b>"), ("\u202e乙", 30, "$&")]
    marks = {(u, k): criteria[k][1] * (0.9 - 0.05 * ((u + 2 * k) % 7)) for u in range(len(units)) for k in range(3)}
    records = quarters.make_records(units, criteria, {key: round(mark, 2) for key, mark in marks.items()})
    scores = score(records)
    path = tmp_path / "nasty.html"
    path.write_text(quarters.page(Explorer(scores, history=quarters.make_history(scores)).bundle()), encoding="utf-8")
    visited = visit(path, width=1024)
    page = visited.page
    page.on("dialog", lambda dialog: pytest.fail("a name ran"))
    assert page.evaluate(ROWS) == published(scores)
    page.evaluate(SET, ["criterion", NASTY + "甲", 10, False])
    page.click("[data-role=save]")
    page.fill("[name=scenario]", NASTY)
    page.fill("[name=reason]", NASTY)
    with page.expect_download():
        page.click("[data-role=confirm]")
    page.click("[data-key=scenarios]")
    page.fill("input[type=search]", "</script>")
    assert page.locator("[data-unit]").count() == 1
    assert page.locator("img").count() == 0
    assert page.locator(".lx-unit", has_text=NASTY).count() >= 1
    assert visited.overflow() <= 0
    assert visited.violations() == []
    visited.assert_quiet()


def test_english(visit: Any, quarters: Any, town: Any, tmp_path: Path) -> None:
    from lsb_nb.locale.catalogue import translations
    from lsb_nb.widgets.seed import messages

    english = translations()
    words = {text: english[text] for text in messages()}
    bundle = Explorer(town).bundle()
    seed = {**bundle["seed"], "lang": "en", "words": words}
    path = tmp_path / "en.html"
    path.write_text(quarters.page({**bundle, "seed": seed}), encoding="utf-8")
    visited = visit(path, width=1280, height=720)
    visited.page.evaluate(SET, ["pillar", "比干劲", 60, False])
    assert "villages change places" in visited.page.locator(".lx-say").inner_text()
    assert visited.overflow() <= 0
    assert visited.violations() == []
    visited.assert_quiet()

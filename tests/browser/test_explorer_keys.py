"""The explorer by keys alone, and by a finger alone: every control reached, and nothing lost on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lsb_nb.widgets.explorer import Explorer

pytestmark = pytest.mark.browser
READY = '.lsb-explorer[data-ready="1"]'
TOLD = ".lsb-explorer [role=status]"
WEIGHTS = "[...document.querySelectorAll('input[data-kind=pillar]')].map((x) => Number(x.dataset.weight))"
LEADER = "document.querySelector('[data-unit]').dataset.unit"
HIDDEN = """() => {
  const at = document.activeElement;
  const box = at.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return !(top && (at.contains(top) || top.contains(at)));
}"""
SMALL = """() => [...document.querySelectorAll('.lsb-explorer :is(button, input, select, textarea, summary)')]
  .filter((each) => each.checkVisibility())
  .map((each) => [each, each.getBoundingClientRect(), parseFloat(getComputedStyle(each).fontSize)])
  .filter(([each, box, font]) => box.height < 40 || box.width < 40
    || (each.matches('input:not([type=range]), select, textarea') && font < 16))
  .map(([each, box, font]) => [each.outerHTML.slice(0, 90), box.width, box.height, font])"""


@pytest.fixture(scope="module")
def town_page(tmp_path_factory: pytest.TempPathFactory, quarters: Any) -> Callable[[int], Path]:
    """Write an explorer between two stretches of other text: ``town_page(units)``."""
    folder = tmp_path_factory.mktemp("keys")

    def write(units: int) -> Path:
        path = folder / f"{units}.html"
        if not path.exists():
            scores = quarters.make_quarter(units)
            text = quarters.page(Explorer(scores, history=quarters.make_history(scores)).bundle())
            aside = '<div style="height:1500px"><a href="#a">a</a></div>'
            head, body, tail = text.partition("<body>")
            assert body
            path.write_text(head + body + aside + tail.replace("</body>", aside + "</body>"), encoding="utf-8")
        return path

    return write


class Keys:
    """A reader without a mouse."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def at(self, selector: str) -> bool:
        """Tell whether the focus is there."""
        return self.page.evaluate("(s) => document.activeElement.matches(s)", selector)

    def to(self, selector: str, key: str = "Tab") -> None:
        """Go on with one key until the focus is there; each stop shows its ring and is not covered."""
        for _step in range(90):
            if self.at(selector):
                return
            self.page.keyboard.press(key)
            if self.at(".lsb-explorer *"):
                ring = self.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert ring == "solid", selector
                assert not self.page.evaluate(HIDDEN), self.page.evaluate("document.activeElement.outerHTML")
        pytest.fail(f"never reached: {selector}")

    def press(self, *keys: str, stays: bool = True) -> str:
        """Press keys; the focus stays where it was; gives what a screen reader is told."""
        held = self.page.evaluate_handle("document.activeElement")
        for key in keys:
            self.page.keyboard.press(key)
        if stays:
            assert self.page.evaluate("(held) => document.activeElement === held", held), keys
        assert self.at(".lsb-explorer *")
        return self.page.locator(TOLD).inner_text()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_whole_explorer_by_keys_alone(visit: Any, town_page: Any, width: int) -> None:
    visited = visit(town_page(36), width=width, height=740)
    page, keys = visited.page, Keys(visited.page)
    page.wait_for_selector(READY)
    page.emulate_media(reduced_motion="reduce")

    def tab(name: str) -> None:
        if width < 700:
            keys.to("[role=tab]", "Shift+Tab")
            while not keys.at(f"[data-tab={name}]"):
                keys.press("ArrowRight", stays=False)

    if width < 700:
        keys.to("[role=tab]")
        tab("w")
    keys.to(".lx-w input[type=number]")
    page.keyboard.press("Control+a")
    page.keyboard.type("44")
    assert "名次有变化" in keys.press("Enter")
    moved = page.evaluate(WEIGHTS)
    assert moved[0] == pytest.approx(44)
    page.keyboard.press("Control+a")
    keys.press("Delete", "Tab", stays=False)
    assert page.evaluate(WEIGHTS) == moved  # an emptied box is no weight of 0
    keys.to(".lx-w input[type=number]", "Shift+Tab")
    keys.press("ArrowUp", "ArrowUp", "ArrowUp")
    keys.to(".lx-lock")
    keys.press("Control+z")
    assert page.evaluate(WEIGHTS) == moved  # a burst of keys is one step
    keys.press("Enter")
    assert page.locator("input[data-kind=pillar]").first.is_disabled()
    keys.press("Space")
    keys.to(".lx-fold")
    keys.press("Enter")
    keys.to("input[type=range][data-kind=criterion]")
    keys.press("PageUp", "ArrowRight", "Shift+ArrowLeft")
    keys.to("[data-role=undo]", "Shift+Tab")
    keys.press("Enter")
    keys.to("[data-role=redo]")
    keys.press("Enter", stays=False)
    keys.to("[data-role=reset]")
    assert keys.press("Enter", stays=False).startswith("公布方案")
    keys.press("Enter", stays=False)
    keys.to("[data-role=save]")
    keys.press("Enter", stays=False)
    keys.press("Escape", stays=False)
    assert keys.at("[data-role=save]")
    keys.press("Enter", stays=False)
    page.keyboard.type("甲")
    keys.press("Tab", stays=False)
    page.keyboard.type("试算")
    keys.to("[data-role=confirm]")
    with page.expect_download():
        keys.press("Enter", stays=False)
    assert keys.at("[data-role=save]")
    tab("r")
    keys.to("[data-role=level]")
    assert page.evaluate(LEADER) in keys.press("ArrowDown").partition("；")[2]
    keys.press("Home")
    keys.to("[data-role=base]")
    assert "无变化" in keys.press("ArrowDown")
    keys.to("[data-role=top]")
    keys.press("ArrowDown")
    assert 10 <= page.locator("[data-unit]").count() <= 11
    keys.press("Home")
    keys.to("[data-role=search]")
    page.keyboard.type("zz")
    assert page.locator(".lx-none").inner_text() == "没有名称含“zz”的单位。"
    keys.press("Escape")
    assert page.locator("[data-unit]").count() == 36
    for key in ("percent", "columns", "lost", "scenarios"):
        keys.to(f"[data-key={key}]")
        keys.press("Space")
        assert page.locator(f"[data-key={key}]").get_attribute("aria-pressed") == "true"
    keys.to(".lx-rows:not(.lx-pins) .lx-unit")
    keys.press("End", "ArrowUp", stays=False)
    chosen = page.evaluate("document.activeElement.closest('[data-unit]').dataset.unit")
    assert page.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    told = keys.press("Enter", stays=width >= 700)
    assert told.startswith(f"{chosen}，")
    assert page.locator(".lx-u h3").is_visible()
    assert 0 <= page.locator(".lx-u h3").bounding_box()["y"] < 740 or width >= 700
    keys.to("[data-role=pin]")
    keys.press("Enter")
    keys.to("[data-role=reference]")
    assert "中位水平" in keys.press("ArrowDown")
    keys.to(".lx-u summary")
    keys.press("Enter")
    page.locator(".lx-u tbody tr").nth(3).wait_for()  # the browser opens it a moment later
    tab("r")
    keys.to(".lx-pins .lx-unit", "Tab" if width < 700 else "Shift+Tab")
    tab("w")
    keys.to(".lx-saved button", "Tab" if width < 700 else "Shift+Tab")
    if not keys.at("[aria-label=载入情景甲]"):
        keys.press("Shift+Tab", stays=False)
    keys.press("Control+z")
    assert "情景：甲" in keys.press("Enter")
    keys.press("Tab", stays=False)
    keys.press("Enter", stays=False)
    assert page.locator(".lx-saved").is_hidden()
    keys.to("a", "Tab")  # no trap: the rest of the page follows
    visited.assert_quiet()


def test_a_key_burst_that_ends_in_a_step_to_a_saved_scenario_lands_there(visit: Any, town_page: Any) -> None:
    page = visit(town_page(36)).page
    page.wait_for_selector(READY)
    keys = Keys(page)
    keys.to("input[type=range]")
    keys.press("PageUp")
    keys.to("[data-role=save]", "Shift+Tab")
    keys.press("Enter", stays=False)
    page.keyboard.type("甲")
    keys.press("Tab", stays=False)
    page.keyboard.type("试算")
    keys.press("Tab", "Tab", stays=False)
    with page.expect_download():
        keys.press("Enter", stays=False)
    while page.locator(".lx-fold[aria-expanded=false]").count():
        keys.to(".lx-fold[aria-expanded=false]")
        keys.press("Enter")
    keys.to(".lx-saved button")
    keys.press("Shift+Tab", "ArrowLeft", stays=False)
    assert keys.at("input[type=range]")
    keys.press("Tab", stays=False)
    assert keys.at("[aria-label=载入情景甲]")


class Finger:
    """A finger on a phone."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.wire = page.context.new_cdp_session(page)

    def tap(self, selector: str, place: int = 0) -> None:
        """Touch what is in view, bringing it there first."""
        what = self.page.locator(selector).nth(place)
        what.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
        box = what.bounding_box()
        self.tap_at(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def tap_at(self, x: float, y: float) -> None:
        """Touch a place; the browser makes a click of it, in its own time."""
        self.page.evaluate(
            "() => { tapped = 0; addEventListener('click', () => { tapped = 1 }, { capture: true, once: true }) }"
        )
        self.page.touchscreen.tap(x, y)
        self.page.wait_for_function("tapped === 1")

    def swipe(self, x: float, y: float, across: float, down: float) -> float:
        """Draw a finger over the glass; gives by how much the page went."""
        before = self.page.evaluate("scrollY")
        self.touch("touchStart", x, y)
        for part in range(1, 11):
            self.touch("touchMove", x + across * part / 10, y + down * part / 10)
            self.page.wait_for_timeout(16)
        self.touch("touchEnd")
        after = None
        while after != (after := self.page.evaluate("scrollY")):  # until it rests
            self.page.wait_for_timeout(400)
        return after - before

    def touch(self, kind: str, *point: float) -> None:
        """Send one touch to the browser, as the glass does."""
        points = [{"x": point[0], "y": point[1]}] if point else []
        self.wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


@pytest.fixture
def phone(chromium: Any, town_page: Any) -> Iterator[Callable[[int], Any]]:
    """Open the page on a phone: ``phone(units)``."""
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )

    def open_page(units: int) -> Any:
        page = context.new_page()
        page.goto(town_page(units).as_uri())
        page.wait_for_selector(READY)
        return page

    yield open_page
    context.close()


def test_the_whole_explorer_by_touch(phone: Any) -> None:
    page = phone(36)
    finger = Finger(page)
    assert page.evaluate(SMALL) == []
    finger.tap("[data-tab=w]")
    assert page.evaluate(SMALL) == []
    first = page.evaluate(WEIGHTS)
    slider = page.locator("input[data-kind=pillar]").first
    slider.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    went = finger.swipe(box["x"] + 12 + (box["width"] - 24) * first[0] / 100, middle, box["width"] / 3, 5)
    moved = page.evaluate(WEIGHTS)
    assert went == 0
    assert first[0] + 25 < moved[0] < first[0] + 45
    for across in (0.1, 0.9):  # a page that is scrolled over a slider leaves it alone
        box = slider.bounding_box()
        x, y = box["x"] + box["width"] * across, box["y"] + box["height"] / 2
        assert finger.swipe(x, y, 2, -160 if across < 0.5 else 160)
        assert page.evaluate(WEIGHTS) == moved
    assert float(slider.input_value()) == pytest.approx(moved[0], abs=0.1)
    finger.tap("[data-role=undo]")
    assert page.evaluate(WEIGHTS) == first
    finger.tap("[data-role=redo]")
    finger.tap("[data-role=save]")
    assert page.evaluate(SMALL) == []
    finger.tap("[name=scenario]")
    page.keyboard.type("甲")
    finger.tap("[name=reason]")
    page.keyboard.type("试算")
    with page.expect_download():
        finger.tap("[data-role=confirm]")
    assert page.evaluate(SMALL) == []
    finger.tap("[data-role=reset]")
    finger.tap(".lx-saved button")
    assert page.evaluate(WEIGHTS) == moved
    finger.tap("[data-tab=r]")
    for key in ("percent", "columns", "lost", "scenarios", "score"):
        finger.tap(f"[data-key={key}]")
    row = page.locator("[data-unit] .lx-b").nth(8)
    row.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    box = row.bounding_box()
    assert finger.swipe(box["x"] + 9, box["y"], 3, -150) > 100
    chosen = page.locator("[data-unit]").nth(33).get_attribute("data-unit")
    finger.tap("[data-unit] .lx-unit", 33)
    head = page.locator(".lx-u h3")
    assert head.inner_text() == chosen
    fixed = page.locator(".lx-say").bounding_box()
    assert fixed["y"] + fixed["height"] <= head.bounding_box()["y"] < 400  # its own head, not what follows far below
    finger.tap(".lx-u summary")
    assert page.evaluate(SMALL) == []
    finger.tap_at(180, 20)  # the tab of the ranking, which stays at the top
    again = page.locator(f"[data-unit={chosen}]").bounding_box()
    assert 100 < again["y"] < 740  # back at the row one came from


def test_a_long_list_does_not_hold_the_page(phone: Any) -> None:
    page = phone(300)
    finger = Finger(page)
    page.locator("[data-unit]").first.evaluate("(node) => node.scrollIntoView({ block: 'center' })")
    page.evaluate("() => { const list = document.querySelector('.lx-scroll'); list.scrollTop = list.scrollHeight; }")
    box = page.locator(".lx-scroll").bounding_box()
    assert finger.swipe(200, max(box["y"], 0) + 300, 2, -200) > 100

"""A browser for the tests, and the checks that every page of ours must pass."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SHOTS = HERE / "shots"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def _beside(name: str, path: Path) -> Any:
    """Give a module of the tests that stands in no package; the same one each time."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def quarters() -> Any:
    """Makers of invented quarters, and the page around an explorer."""
    return _beside("lsb_tests_quarters", HERE.parent / "widgets" / "quarters.py")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The browser, started once."""
    from playwright.sync_api import sync_playwright

    finder = _beside("find_browser", HERE / "find_browser.py")
    path = finder.find_browser()
    if path is None:
        pytest.fail("no browser: run python tests/browser/find_browser.py")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(finder.FLAGS))
        yield browser
        browser.close()


class Visit:
    """One open page and all it complained about."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", self._request)
        page.on("pageerror", lambda error: self.complaints.append(f"pageerror: {error}"))
        page.on("console", self._console)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.requests.append(request.url)

    def _console(self, message: Any) -> None:
        # a refused script, style or picture is reported here too ("violates the following Content Security Policy")
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def overflow(self) -> int:
        """CSS px by which the page is wider than its window."""
        return self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    def violations(self, *, contrast: bool = True) -> list[str]:
        """WCAG 2.2 A and AA violations that axe finds, with the first element of each.

        Looking at contrasts takes axe most of its time; a page whose colours were looked at needs it once.
        """
        from axe_playwright_python.sync_playwright import Axe

        rules = {"color-contrast": {"enabled": contrast}}
        result = Axe().run(self.page, options={"runOnly": {"type": "tag", "values": AXE_TAGS}, "rules": rules})
        return [
            f"{each['id']} ×{len(each['nodes'])}: {each['help']}: {each['nodes'][0]['html'][:200]} "
            f"{json.dumps(each['nodes'][0].get('any', [])[:1], ensure_ascii=False)[:300]}"
            for each in result.response["violations"]
        ]

    def assert_quiet(self) -> None:
        """Nothing was fetched, nothing failed, nothing was refused."""
        assert self.requests == []
        assert self.complaints == []

    def assert_accessible(self, *, contrast: bool = True) -> None:
        """Axe has nothing to say."""
        assert self.violations(contrast=contrast) == []

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page in `tests/browser/shots`, for looking at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """Open a file or an address: ``visit(path, width=390)`` gives a `Visit`."""
    contexts = []

    def open_page(target: Path | str, *, width: int = 1440, height: int = 900, scripts: bool = True) -> Visit:
        # axe is brought in by the tests themselves, so the page's own policy has to let it pass only then
        context = chromium.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
        contexts.append(context)
        visited = Visit(context.new_page())
        visited.page.goto(target.as_uri() if isinstance(target, Path) else target)
        visited.page.evaluate("document.fonts.ready.then(() => 0)") if scripts else None
        return visited

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def report_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Write the report of a demo activity once per session; LSB_REPORTS names a folder with finished ones."""
    made: dict[str, Path] = {}
    root = Path(__file__).parents[2]

    def report(activity: str) -> Path:
        if activity not in made:
            from lsb_nb.report.run import write_report

            ready = Path(os.environ.get("LSB_REPORTS", "none")) / activity / "2021Q4" / "report.html"
            made[activity] = (
                ready
                if ready.exists()
                else write_report(
                    root / "data" / activity,
                    "2021Q4",
                    out=tmp_path_factory.mktemp("reports"),
                    progress=lambda _line: None,
                )
            )
        return made[activity]

    return report

"""The island: data stays data, the script is one plain script."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from lsb_nb.report import island

NASTY = ["</script><img src=x onerror=alert(1)>", "{{7*7}}", "\u202e村\u2028", "😀", "<!--", "&lt;", "]]>"]


def bundle() -> dict[str, Any]:
    seed = {"units": NASTY, "n": [1, None, 0.5]}
    rows = [["1", name, "90.00"] for name in NASTY]
    return {
        "format": 1,
        "widget": "explorer",
        "seed": seed,
        "table": {"caption": NASTY[0], "head": ["名次", "单位", "总分"], "rows": rows},
    }


def test_data_comes_out_as_it_went_in_and_nothing_else() -> None:
    html = island.island_html(bundle())
    soup = BeautifulSoup(html, "html.parser")
    scripts = soup.find_all("script")
    assert len(scripts) == 1
    assert scripts[0]["type"] == "application/json"
    assert json.loads(scripts[0].string) == bundle()["seed"]
    assert not soup.find_all("img")
    assert [cell.get_text() for cell in soup.select("tbody th")] == NASTY
    assert "<" not in scripts[0].string
    assert ">" not in scripts[0].string


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        island.island_json({"x": float("nan")})


def test_the_script_is_plain_and_parses(tmp_path: Path) -> None:
    script = island.island_script()
    assert not re.search(r"^\s*(?:import|export)\b", script, re.MULTILINE)
    assert "</script" not in script.lower()
    assert "eval(" not in script
    assert "innerHTML" not in script
    file = tmp_path / "x.js"
    file.write_text(script, encoding="utf-8")
    from shutil import which

    if (node := which("node")) is not None:
        subprocess.run([node, "--check", str(file)], check=True, timeout=60)
    assert len(script.encode()) < 150_000


@pytest.mark.parametrize(
    "module",
    [
        "import x from 'y';\nexport default {};",
        "export default {};\nexport default {};",
        "const a = 1;",
        "export default {};\nconst s = '</script>';",
        "export default {};\nexport { a };",
        "export default {};\nconst m = import('x');",
    ],
)
def test_a_module_that_would_not_work_as_a_script_is_refused(tmp_path: Path, monkeypatch: Any, module: str) -> None:
    (tmp_path / "bad.mjs").write_text(module, encoding="utf-8")
    monkeypatch.setattr(island, "_WIDGETS", tmp_path)
    with pytest.raises(ValueError, match="must"):
        island.island_script("bad")

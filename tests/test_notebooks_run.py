"""Notebooks 02 to 05 run to the end on any activity: what there is nothing to say about is one sentence."""

import ast
import importlib.util
import json
import re
from pathlib import Path

import pytest

import lsb_nb as lsb

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ("02_gaps", "03_trends", "04_raters", "05_ledgers")


def _load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tests" / "analysis" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


town, panels = _load("small_town"), _load("panels")


def _vetoed(records):
    """Every unit vetoed."""
    rows = [{"unit": unit, "reason": "平安建设"} for unit in records.at("2021Q4").units["unit"]]
    sheet = panels.factory.make_records(units=["甲村"], criteria=list(panels.CRITERIA), vetoes=rows)
    records.frames["vetoes"] = sheet.frames["vetoes"].assign(quarter="2021Q4")
    return records


def _tied(marks):
    for _rater, _unit, criterion in list(marks):
        marks[_rater, _unit, criterion] = 20.0


TOWNS = {
    "one unit": lambda: panels.make_panel(1, 2, 3),
    "two units": lambda: panels.make_panel(2, 3, 4),
    "one rater in each group": lambda: panels.make_panel(6, 1, 1),
    "one rater, two units": lambda: panels.make_panel(2, 1, 1),
    "one quarter": lambda: panels.make_panel(8, 3, 4),
    "two quarters without raters and ledgers": lambda: town.make_records(),
    "all vetoed": lambda: _vetoed(panels.make_panel(6, 3, 4)),
    "all tied": lambda: panels.make_panel(6, 3, 4, change=_tied),
}


def run(name, records, monkeypatch, *, annexes=frozenset({"annex-raters"}), **parameters):
    """Run a notebook's cells in this process and give the words that it shows."""
    monkeypatch.setattr(lsb, "load_activity", lambda path, *, until=None: records, raising=False)
    names, shown = {}, []
    for cell in json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        tags, source = cell["metadata"].get("tags", []), "".join(cell["source"])
        if cell["cell_type"] != "code" or {f"annex-{name}" for name in ("raters", "names")} & set(tags) - annexes:
            continue
        body = ast.parse(source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        try:
            exec(compile(ast.Module(body, []), "cell", "exec"), names)
            names |= parameters if "parameters" in tags else {}
            value = None if last is None else eval(compile(ast.Expression(last.value), "cell", "eval"), names)
        except Exception as error:
            raise AssertionError(f"{name}, cell {cell['id']}:\n{source}") from error
        if value is not None and "remove_output" not in tags:
            html = getattr(value, "_repr_html_", None)
            assert html is not None, f"{cell['id']} shows a bare {type(value).__name__}"
            shown.append(html())
    return re.sub(r'base64,[^"]*', "base64,", "".join(shown))


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("which", TOWNS)
def test_it_runs_to_the_end(name, which, monkeypatch):
    html = run(name, TOWNS[which](), monkeypatch)
    assert 'class="dataframe' not in html, "a raw table, with the headings of the code"
    assert not re.search(r"\bNone\b|\bnan\b|\bNaN\b|<NA>|Empty DataFrame", html)


def test_rater_codes_are_printed_only_in_the_annex(monkeypatch):
    records = panels.make_panel(rename={"A01": "甲一", "B01": "乙二"})
    quiet = run("04_raters", records, monkeypatch, annexes=frozenset())
    told = run("04_raters", records, monkeypatch)
    for code in ("评委01", "A02", "B03"):
        assert code not in quiet
        assert code in told


def test_photos_are_those_of_the_activity(monkeypatch):
    html = run("05_ledgers", town.make_records(), monkeypatch)
    assert "本季未提供“照片”，本节从略。" in html

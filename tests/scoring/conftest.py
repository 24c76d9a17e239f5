"""Records in memory for the tests of scoring."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path

import pytest

from lsb_nb.bundles import Records


@pytest.fixture(scope="session")
def make() -> Callable[..., Records]:
    """Give `factory.make_records`."""
    spec = importlib.util.spec_from_file_location("factory", Path(__file__).parent / "factory.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    make_records: Callable[..., Records] = module.make_records
    return make_records

"""Load a quarter, score it, see where the gaps are, and say how certain it is.

The face hands on the good names of the rooms below, each imported when it is first used.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_FACE = {
    "DataProblems": "schema",
    "Records": "schema",
    "Scores": "schema",
    "Scheme": "scheme",
    "apply_scenario": "scenarios",
    "read_scenario": "scenarios",
    "write_scenario": "scenarios",
    "load_activity": "records.load",
    "load_quarter": "records.load",
    "check_activity": "records.load",
    "score": "scoring.composite",
}

__all__ = ["__version__", *sorted(_FACE)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name in _FACE:
        value = getattr(importlib.import_module(f"lsb_nb.{_FACE[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lsb_nb' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

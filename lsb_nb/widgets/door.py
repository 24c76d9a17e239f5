"""`Door` and `ProblemTable`: what the panels need of the page beyond ipywidgets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from lsb_nb.i18n import _
from lsb_nb.numbers import is_missing

_HERE = Path(__file__).parent


class Door(anywidget.AnyWidget):
    """Links to files beside the notebook, and the way to have JupyterLab save it.

    Attributes
    ----------
    links : list of dict
        ``text``, ``path`` (from the notebook's folder, with slashes) and ``kind``, ``notebook`` or ``page``.
    """

    _esm = _HERE / "door.mjs"
    _css = _HERE / "panels.css"
    links: Any = traitlets.List().tag(sync=True)
    ask = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._then: Callable[[Mapping[str, Any]], None] | None = None
        self.observe(self._answered, "answer")

    def save_notebook(self, then: Callable[[Mapping[str, Any]], None]) -> None:
        """Ask the page to save the notebook; `then` is called with its answer.

        The answer has ``status`` (``saved``, ``dirty``, ``failed``, or ``asked`` where the page could only press
        Ctrl+S), ``path`` below the server's root and ``cells``, pairs of kind and source as they stand on the page,
        or None.
        """
        self._then = then
        self.ask = {"id": int(self.ask.get("id", 0)) + 1}

    def _answered(self, change: Any) -> None:
        then, self._then = self._then, None
        if then is not None and change["new"].get("id") == self.ask.get("id"):
            then(change["new"])


class ProblemTable(anywidget.AnyWidget):
    """The check result: one row for each problem; a button where 更正 can settle it sets `picked`."""

    _esm = _HERE / "problems.mjs"
    _css = _HERE / "panels.css"
    rows: Any = traitlets.List().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    picked = traitlets.Dict().tag(sync=True)

    def __init__(self, **options: Any) -> None:
        words = {
            "caption": _("检查结果"), "show": _("显示哪些"), "all": _("全部"), "error": _("错误"),
            "warning": _("提示"), "severity": _("类别"), "file": _("文件"), "sheet": _("工作表"), "cell": _("单元格"),
            "value": _("表上的值"), "reason": _("问题"), "hint": _("怎么办"), "act": _("处理"), "fix": _("更正…"),
            "more": _("再显示其余 {n} 条"),
        }  # fmt: skip
        super().__init__(words=words, **options)

    def show(self, problems: pd.DataFrame, fixable: Sequence[bool]) -> None:
        """Show problems (`PROBLEM_COLUMNS`); `fixable` says of each row whether 更正 can settle it."""
        names = ("severity", "file", "sheet", "cell", "value", "reason", "hint")
        self.rows = [
            {name: None if is_missing(row[name]) else str(row[name]) for name in names} | {"fix": bool(fix)}
            for row, fix in zip(problems.to_dict("records"), fixable, strict=True)
        ]

"""Annexes: cells that stay out of a report unless the notebook's parameter ``annexes`` names them.

A cell belongs to the annex NAME by its tag ``annex-NAME``. What is left out is never run, so that nothing of it, not
even its data, can reach the page.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Any

from lsb_nb.i18n import _

TAG = "annex-"
_PARAMETERS = {"parameters", "injected-parameters"}


class AnnexError(ValueError):
    """An annex was asked for that the notebook does not have."""


def known_annexes(notebook: Any) -> list[str]:
    """List the annexes a notebook has, in the order of its cells."""
    return list(dict.fromkeys(name for cell in notebook.cells for name in _annexes_of(cell)))


def switched_on(notebook: Any) -> list[str]:
    """Read the parameter ``annexes``: a list of names, or one name; anything else switches nothing on.

    The last parameter cell that sets it counts, as it would if the notebook were run.
    """
    chosen: list[str] = []
    for cell in notebook.cells:
        if cell.cell_type == "code" and _PARAMETERS & set(cell.metadata.get("tags", ())):
            chosen = _read(cell.source, chosen)
    return chosen


def keep_annexes(notebook: Any, names: Iterable[str] | None = None) -> list[str]:
    """Take the cells of every annex out of a notebook that is not switched on.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Its list of cells is replaced.
    names : iterable of str, optional
        Annexes to keep. Not given: those its parameter ``annexes`` names.

    Returns
    -------
    list of str
        The annexes that stay.

    Raises
    ------
    AnnexError
        If `names` holds an annex that the notebook does not have; the message lists those it has.
    """
    known = known_annexes(notebook)
    if unknown := [name for name in names or () if name not in known]:
        raise AnnexError(
            _("没有附录“{name}”；可用的附录：{known}").format(name=unknown[0], known="、".join(known) or _("无"))
        )
    chosen = set(switched_on(notebook) if names is None else names)
    notebook.cells = [cell for cell in notebook.cells if chosen.issuperset(_annexes_of(cell))]
    return [name for name in known if name in chosen]


def _annexes_of(cell: Any) -> list[str]:
    return [tag.removeprefix(TAG) for tag in cell.metadata.get("tags", ()) if tag.startswith(TAG)]


def _read(source: str, before: list[str]) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    chosen = before
    for node in body:
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "annexes" for to in node.targets):
            try:
                value = ast.literal_eval(node.value)
            except ValueError:
                value = []
            names = [value] if isinstance(value, str) else value
            chosen = [name for name in names if isinstance(name, str)] if isinstance(names, list | tuple | set) else []
    return chosen

"""Small notebooks for the tests of the report."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

with warnings.catch_warnings():
    # jupyter's own deprecation notices are not ours to mend
    warnings.simplefilter("ignore")
    import nbclient  # noqa: F401
    import nbconvert.exporters.html  # noqa: F401
    from nbformat import v4, write


@pytest.fixture
def shown() -> Callable[..., Any]:
    """Make a code cell that has already shown something: ``shown(html="<b>…")``, ``shown(png=…)``."""
    kinds = {
        "html": "text/html",
        "png": "image/png",
        "svg": "image/svg+xml",
        "text": "text/plain",
        "md": "text/markdown",
    }

    def cell(source: str = "SECRET_CODE()", *, metadata: dict[str, Any] | None = None, **data: str) -> Any:
        made = v4.new_code_cell(source)
        bundle = {kinds[kind]: value for kind, value in data.items()}
        made.outputs = [v4.new_output("display_data", data=bundle, metadata=metadata or {})]
        return made

    return cell


@pytest.fixture
def export() -> Callable[..., Any]:
    """Export cells without running them; gives (html, exporter)."""

    def run(*cells: Any, **options: Any) -> tuple[str, Any]:
        from lsb_nb.report.exporter import ReportExporter

        exporter = ReportExporter(**options)
        ready = [v4.new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
        html, _resources = exporter.from_notebook_node(v4.new_notebook(cells=ready))
        return html, exporter

    return run


@pytest.fixture
def notebook_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a notebook to a file: text starting with ``# `` or ``## `` is markdown, other text is code."""

    def make(*cells: Any, name: str = "book.ipynb") -> Path:
        built = []
        for cell in cells:
            if not isinstance(cell, str):
                built.append(cell)
            elif cell.startswith(("# ", "## ")):
                built.append(v4.new_markdown_cell(cell))
            else:
                built.append(v4.new_code_cell(cell))
        folder = tmp_path / "books"
        folder.mkdir(exist_ok=True)
        # a kernel of this name exists nowhere: the report must not ask for it
        metadata = {"kernelspec": {"name": "somebody-elses", "display_name": "x", "language": "python"}}
        write(v4.new_notebook(cells=built, metadata=metadata), folder / name)
        return folder / name

    return make

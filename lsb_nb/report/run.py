"""`lsb report`: set a notebook's parameters, run it from the top, publish the result as one HTML file."""

from __future__ import annotations

import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lsb_nb.faults import why
from lsb_nb.i18n import _, language, use_language
from lsb_nb.quarters import parse_quarter
from lsb_nb.report.annexes import keep_annexes
from lsb_nb.report.kernel import CellError, execute
from lsb_nb.report.naming import command_line, report_name, say_written
from lsb_nb.report.prose import restore_prose
from lsb_nb.swap import replacing

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "notebooks", _PACKAGE.parent / "notebooks")


def notebooks_folder() -> Path:
    """Give the folder of the shipped notebooks."""
    return next((folder for folder in _PLACES if folder.is_dir()), _PLACES[-1])


class ReportError(RuntimeError):
    """The report could not be made; the message says where and why, and an earlier report is as it was."""


def write_report(
    path: str | Path,
    quarter: str,
    *,
    scenario: str | Path | None = None,
    notebook: str | Path | None = None,
    out: str | Path = "exports",
    lang: str = "zh",
    annexes: Sequence[str] | None = None,
    progress: Callable[[str], None] = print,
) -> Path:
    """Run the report notebook on one quarter and write the report.

    Parameters
    ----------
    path : path
        The activity's folder, or one quarter's workbook.
    quarter : str
        In any spelling that `parse_quarter` reads.
    scenario : path, optional
        A scenario file; the report says prominently that it is not the published result.
    notebook : path, optional
        A notebook to run instead of the one that comes along. It is read, never changed.
    out : path
        The folder for all reports.
    lang : {'zh', 'en'}
        The report's language.
    annexes : sequence of str, optional
        Annexes to print, which a distributed report leaves out: ``raters`` in the notebook that comes along. Not given:
        those that the notebook's own parameter ``annexes`` names, none in the one that comes along.
    progress : callable
        Called with one line of text at a time.

    Returns
    -------
    Path
        ``out/<activity>/<quarter>/report.html``; another scheme, language or notebook than the published report's has a
        name of its own (`report_name`).

    Raises
    ------
    ReportError
        If the notebook cannot be read, a cell fails, or the file cannot be written.
    AnnexError
        For an annex that the notebook does not have; a ValueError.
    ValueError
        For an unknown language or a quarter that is none.
    """
    activity = Path(path).resolve()
    quarter = parse_quarter(quarter)
    source = _find(notebook)
    name = (activity if activity.is_dir() else activity.parent).name
    folder = Path(out).resolve() / name / quarter
    target = folder / report_name(lang, scenario=scenario, notebook=notebook, annexes=annexes or ())
    command = command_line(
        path, quarter, scenario=scenario, notebook=notebook, out=out, lang=lang, annexes=annexes or ()
    )
    parameters: dict[str, Any] = {
        "path": str(activity),
        "quarter": quarter,
        "scenario": str(Path(scenario).resolve()) if scenario else None,
        "lang": lang,
    }
    if annexes is not None:
        parameters["annexes"] = list(annexes)
    printed: list[str] = []

    def read() -> Any:
        opened = with_parameters(_read(source), parameters)
        restore_prose(opened.cells)
        printed.extend(keep_annexes(opened, annexes))
        return opened

    with _speaking(lang), tempfile.TemporaryDirectory(prefix="lsb-report-", ignore_cleanup_errors=True) as scratch:
        progress(_("打开 {name}").format(name=source.name))
        try:
            finished = execute(
                read,
                cwd=source.parent,
                scratch=Path(scratch),
                lang=lang,
                command=command,
                progress=lambda cell, cells: progress(_("执行第 {cell}/{cells} 格").format(cell=cell, cells=cells)),
                meanwhile=_warm,
            )
        except CellError as error:
            raise ReportError(_explain(error, target)) from None
        progress(_("排版"))
        from lsb_nb.report.exporter import ReportExporter

        exporter = ReportExporter(hidden_paths=[str(activity), str(source.parent), str(target.parents[2])])
        html, _resources = exporter.from_notebook_node(finished, {"metadata": {"path": str(source.parent)}})
        # the notebook itself may switch an annex on
        target = folder / report_name(lang, scenario=scenario, notebook=notebook, annexes=printed)
        _replace(target, html)
        progress(say_written(target))
        if printed:
            progress(_("提示：报告带有附录（{names}），供内部研判，不宜分发").format(names="、".join(printed)))
        for note in exporter.notes:
            progress(_("提示：{note}").format(note=note))
    return target


def with_parameters(notebook: Any, parameters: dict[str, Any]) -> Any:
    """Put the parameters in a cell after the one tagged ``parameters``, as papermill does.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        Changed in place. An earlier injected cell is replaced; without a tagged cell the new one comes first.
    parameters : dict
        Names and values; values are text, None, or lists of text.

    Returns
    -------
    nbformat.NotebookNode
        The same notebook.
    """
    from nbformat.v4 import new_code_cell

    def tagged(cell: Any, tag: str) -> bool:
        return cell.cell_type == "code" and tag in cell.metadata.get("tags", ())

    cells = [cell for cell in notebook.cells if not tagged(cell, "injected-parameters")]
    source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    place = next((index + 1 for index, cell in enumerate(cells) if tagged(cell, "parameters")), 0)
    cells.insert(place, new_code_cell(source, metadata={"tags": ["injected-parameters"]}))
    notebook.cells = cells
    return notebook


def _warm() -> None:
    """Import what the last step needs, at a time when this process would only wait."""
    import fontTools.subset  # noqa: F401

    import lsb_nb.report.exporter  # noqa: F401


def _find(notebook: str | Path | None) -> Path:
    if notebook is not None:
        if not Path(notebook).is_file():
            raise ReportError(_("找不到笔记本：{path}").format(path=notebook))
        return Path(notebook).resolve()
    for folder in _PLACES:
        if (folder / "06_report.ipynb").is_file():
            return folder / "06_report.ipynb"
    raise ReportError(_("找不到报告笔记本 06_report.ipynb，请重新安装 lsb_nb。"))


def _read(source: Path) -> Any:
    with warnings.catch_warnings():
        # a notebook of an older make lacks cell ids; nbformat adds them and says so at length
        warnings.simplefilter("ignore")
        import nbformat

        try:
            return nbformat.read(source, as_version=4)
        except Exception as error:
            # nbformat trusts the shape before it checks it: a wrong file may fail anywhere
            raise ReportError(
                _("“{name}”不是能用的笔记本文件：{reason}").format(name=source.name, reason=_last_line(str(error)))
            ) from None


def _explain(error: CellError, target: Path) -> str:
    first = next((line.strip() for line in error.source.splitlines() if line.strip()), "")
    if error.name == "DeadKernelError":
        reason = _("计算进程意外结束，可能是内存不足")
    elif error.name == "DataProblems":
        reason = _last_line(error.text)
    else:
        reason = f"{error.name}: {_last_line(error.text)}" if error.text.strip() else error.name
    text = _("报告没有生成。第 {number} 格出错（{first}）：{reason}").format(
        number=error.number, first=first, reason=reason
    )
    return text + ("\n" + _("原有报告未改动：{path}").format(path=target) if target.exists() else "")


def _last_line(text: str) -> str:
    lines = [line for line in re.sub(r"\x1b\[[0-9;]*m", "", text).splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _replace(target: Path, html: str) -> None:
    """Write beside the target, then swap: a reader sees the old report or the new one, never half of one."""
    try:
        with replacing(target) as stream:
            stream.write(html.encode("utf-8"))
    except OSError as error:
        raise ReportError(_("不能写入 {path}：{reason}").format(path=target, reason=why(error))) from None


@contextmanager
def _speaking(lang: str) -> Iterator[None]:
    before = language()
    use_language(lang)
    try:
        yield
    finally:
        use_language(before)

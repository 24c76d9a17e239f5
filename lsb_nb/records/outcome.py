"""Problems as a table one can act on: an .xlsx with links, and marked copies of the faulty files beside it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.records.contain import CHILD, converse
from lsb_nb.records.files import RATER_FOLDER
from lsb_nb.records.ledger import cell_position, problem_rows, rank_problems
from lsb_nb.records.problem_table import Copy, fill_table
from lsb_nb.records.refusals import word_refusal
from lsb_nb.records.workbook import load_file
from lsb_nb.swap import replacing

if TYPE_CHECKING:
    import pandas as pd

COPIES = "标注"
"""The folder of copies is called like the table, with this word after it."""
TIME_LIMIT = 30.0
"""Seconds by the clock for one copy."""


def write_problems(
    problems: pd.DataFrame, path: str | os.PathLike[str], *, folder: str | os.PathLike[str] | None = None
) -> list[Path]:
    """Write problems as a table, and a marked copy of each faulty file beside it.

    Parameters
    ----------
    problems : pandas.DataFrame
        `lsb_nb.schema.PROBLEM_COLUMNS`, as from `lsb_nb.check_activity`, ``Records.problems`` or
        ``DataProblems.problems``.
    path : path
        The table, an .xlsx file. Copies go into a folder beside it: ``problems.xlsx`` and ``problems-标注/``.
    folder : path, optional
        The activity's folder, to which ``file`` is relative (default: ``problems.attrs["folder"]``, which the
        functions above set).

    Returns
    -------
    list of pathlib.Path
        The files written, the table first. A file that has an error gets a copy; one that cannot be opened gets none,
        and its rows say so.

    Raises
    ------
    ValueError
        If `path` does not end in .xlsx, is one of the files checked, or the folder is not known.
    OSError
        If a file cannot be written; the message names it. What was there before is left as it was.

    Notes
    -----
    The originals are only read. Copies are made by openpyxl in a contained child process; what it cannot carry over
    is listed in the README. Copies of .csv and .xls files hold the cells only.
    """
    table = Path(path)
    if table.suffix.lower() != ".xlsx":
        raise ValueError(_("“{path}”应以 .xlsx 结尾").format(path=table.name))
    known = folder if folder is not None else problems.attrs.get("folder")
    if known is None:
        raise ValueError(_("请用 folder= 指明活动文件夹"))
    root = Path(known)
    rows = problem_rows(rank_problems(problems))
    files = {str(row["file"]): root / str(row["file"]) for row in rows if row["file"]}
    copies_folder = marked_folder(table)
    if _is_data(table, root, [*files.values()], copies_folder):
        raise ValueError(_("“{path}”会覆盖被检查的文件，请换一个文件名").format(path=table))
    table.parent.mkdir(parents=True, exist_ok=True)
    faulty = {str(row["file"]) for row in rows if row["severity"] == "error" and row["file"]}
    copies = _write_copies({name: files[name] for name in files if name in faulty}, rows, copies_folder)
    with replacing(table) as stream:
        fill_table(rows, files, copies, table.parent).save(stream)
    return [table, *(table.parent / copy.path for copy in copies.values() if copy.path)]


def marked_folder(table: str | os.PathLike[str]) -> Path:
    """Give the folder of the marked copies that belong to a table of problems."""
    return Path(table).with_name(f"{Path(table).stem}-{COPIES}")


def _is_data(table: Path, root: Path, sources: Sequence[Path], copies_folder: Path) -> bool:
    """Say whether the table would stand where data are read, or where its copies would overwrite some."""
    if any(_same(table, source) or source.resolve().is_relative_to(copies_folder.resolve()) for source in sources):
        return True
    if not table.resolve().is_relative_to(root.resolve()):
        return False
    try:
        parse_quarter(table.stem)
    except ValueError:
        return RATER_FOLDER in table.resolve().parts
    return True


def _same(first: Path, second: Path) -> bool:
    try:
        return first.samefile(second)
    except OSError:
        return first.resolve() == second.resolve()


def _write_copies(files: dict[str, Path], rows: Sequence[dict[str, Any]], folder: Path) -> dict[str, Copy]:
    """Write the marked copies; one that cannot be made does not stop the others."""
    copies: dict[str, Copy] = {}
    queue: list[tuple[str, str, bytes]] = []
    for name, path in files.items():
        data, refused = load_file(path)
        if refused:
            copies[name] = _no_copy(*refused)
            continue
        notes = [
            [row["sheet"], *cell_position(row["cell"]), row["severity"], _note(row)]
            for row in rows
            if row["file"] == name
        ]
        request = {"size": len(data), "suffix": path.suffix.lower(), "notes": notes}
        queue.append((name, json.dumps(request), data))
    while queue:
        done = 0
        requests = [(line, data) for _name, line, data in queue]
        libraries = ["python_calamine", "openpyxl", "et_xmlfile", "PIL"]
        for (name, _line, _data), (answer, content) in zip(
            queue, converse(CHILD, "annotate", libraries, requests, seconds=TIME_LIMIT), strict=False
        ):
            done += 1
            if "refused" in answer:
                copies[name] = _no_copy(*answer["refused"])
                continue
            place = folder / (name if name.lower().endswith(".xlsx") else f"{name}.xlsx")
            with replacing(place) as stream:
                stream.write(content)
            said = _("标注副本（只有单元格内容，原格式未保留）") if answer["plain"] else _("标注副本")
            copies[name] = Copy(place.relative_to(folder.parent).as_posix(), said)
        queue = queue[done:]
    return copies


def _no_copy(code: str, detail: str) -> Copy:
    return Copy(None, _("没有副本：{reason}").format(reason=word_refusal(code, detail)[0]))


def _note(row: dict[str, Any]) -> str:
    """Word one problem as a comment."""
    kind = _("错误") if row["severity"] == "error" else _("提示")
    if row["cell"] is None:
        kind += _("（整张表）") if row["sheet"] else _("（整个文件）")
    hint = "" if row["hint"] is None else f"\n→ {row['hint']}"
    return f"{kind}　{row['reason']}{hint}"

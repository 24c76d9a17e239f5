"""Which files of a folder are an activity's workbooks and rater sheets, and which only look like them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.records.ledger import Found, Place, problem
from lsb_nb.records.workbook import RATER_SUFFIXES, SUFFIXES

RATER_FOLDER = "评分表"
UNREADABLE = (".et", ".xlsm", ".xlsb", ".ods")
"""Spreadsheets that are refused with the way out."""


def list_quarters(path: str | os.PathLike[str]) -> list[str]:
    """List the quarters of an activity's folder, oldest first, without reading a workbook."""
    return sorted(find_workbooks(Path(path), []))


def find_workbooks(folder: Path, notes: list[Found]) -> dict[str, list[Path]]:
    """List an activity's workbooks by quarter; note files that look like workbooks but are not named by a quarter."""
    found: dict[str, list[Path]] = {}
    for file in sorted(folder.iterdir()) if folder.is_dir() else ():
        if file.name.startswith(("~$", ".")) or file.is_dir() or file.suffix.lower() not in (*SUFFIXES, *UNREADABLE):
            continue
        quarter = quarter_of(file)
        if quarter is None:
            hint = _("季度工作簿应命名为 2021Q4.xlsx 这样的形式")
            notes.append(problem("warning", Place("", file.name), _("文件名不是季度，没有读取"), hint))
            continue
        found.setdefault(quarter, []).append(file)
    for quarter, files in found.items():
        good = [file for file in files if file.suffix.lower() in SUFFIXES]
        for file in files:
            if good and file not in good:
                place = Place(quarter, file.name)
                notes.append(problem("warning", place, _("这一季度已有工作簿，没有读取这个文件")))
        found[quarter] = good or files
    return found


def quarter_of(file: Path) -> str | None:
    """Give the quarter that a file or folder is named by; None where it is not."""
    try:
        return parse_quarter(file.stem)
    except ValueError:
        return None


def rater_files(folder: Path, quarter: str, notes: list[Found]) -> list[Path]:
    """List the rater sheets of a quarter, by file name; note files that are not read."""
    own = [place for place in sorted(folder.iterdir()) if place.is_dir() and _is_of(place, quarter)]
    strays = [inner for place in own for inner in (place, *sorted(place.iterdir())) if inner.name != RATER_FOLDER]
    _note_strays(folder, strays, quarter, notes, into=quarter)
    files = [
        file
        for place in own
        if (place / RATER_FOLDER).is_dir()
        for file in (place / RATER_FOLDER).iterdir()
        if file.is_file() and not file.name.startswith(("~$", ".")) and file.name not in ("Thumbs.db", "desktop.ini")
    ]
    files.sort(key=lambda file: (file.name, str(file)))
    good = {file.stem for file in files if file.suffix.lower() in RATER_SUFFIXES}
    found = []
    for file in files:
        suffix = file.suffix.lower()
        if suffix in RATER_SUFFIXES or (suffix in UNREADABLE and file.stem not in good):
            found.append(file)
        else:
            place = Place(quarter, file.relative_to(folder).as_posix())
            notes.append(problem("warning", place, _("不是电子表格，或已有同名的表，没有读取这个文件")))
    return found


def _note_strays(folder: Path, places: Iterable[Path], quarter: str, notes: list[Found], *, into: str) -> None:
    """Note folders with spreadsheets that look like those of raters, but stand where none are read.

    `into` is the quarter whose folder they are told to be put into.
    """
    for place in places:
        try:
            names = [Path(name) for name in os.listdir(place) if not name.startswith(("~$", "."))]
        except OSError:  # no folder, or one that may not be looked into
            continue
        if count := sum(name.suffix.lower() in (*RATER_SUFFIXES, *UNREADABLE) for name in names):
            where = Place(quarter, place.relative_to(folder).as_posix())
            reason = _("这个文件夹里的 {n} 份表格没有读取").format(n=count)
            hint = _("评委表放进 {folder}").format(folder=f"{into}/{RATER_FOLDER}/")
            notes.append(problem("warning", where, reason, hint))


def _is_of(place: Path, quarter: str) -> bool:
    return (quarter_of(place) or place.name) == quarter


def note_orphans(folder: Path, quarters: Iterable[str], notes: list[Found]) -> None:
    """Note folders of rater sheets whose quarter has no workbook."""
    for place in sorted(folder.iterdir()):
        quarter = quarter_of(place)
        if quarter and quarter not in quarters and (place / RATER_FOLDER).is_dir():
            where = Place(quarter, f"{place.name}/{RATER_FOLDER}")
            notes.append(problem("warning", where, _("这一季度没有工作簿，评分表没有读取"), _("补上这一季度的工作簿")))
    _note_strays(folder, [folder / RATER_FOLDER], "", notes, into=max(quarters, default="2021Q4"))

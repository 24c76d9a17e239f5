"""Load a quarter or a whole activity: files to checked `Records`, every problem raised at once."""

from __future__ import annotations

import contextlib
import gc
import itertools
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from lsb_nb.bundles import DataProblems, Records
from lsb_nb.i18n import _
from lsb_nb.quarters import consecutive_before
from lsb_nb.records.files import find_workbooks, note_orphans, quarter_of, rater_files
from lsb_nb.records.ledger import Found, Place, problem, problems_frame
from lsb_nb.records.names import Spelling
from lsb_nb.records.quarter import Reading, read_quarter
from lsb_nb.records.sheets import LETTERED, Letters, empty_frame
from lsb_nb.records.workbook import stream_books
from lsb_nb.schema import SHEETS, SOURCE_COLUMNS

HISTORY = 7
"""Earlier quarters that 进步计算 looks at, at most."""
_ON_ERROR = ("raise", "keep")


def load_quarter(path: str | os.PathLike[str], *, on_error: str = "raise") -> Records:
    """Load one quarter's workbook and the rater sheets beside it.

    Parameters
    ----------
    path : path
        The workbook, named by its quarter (``2021Q4.xlsx``); ``2021Q4/评分表/`` beside it is read too.
    on_error : {'raise', 'keep'}
        Raise the errors, or keep them in ``Records.problems``.

    Returns
    -------
    Records
        With this one quarter.

    Raises
    ------
    DataProblems
        Once, with every error and warning, unless `on_error` is ``'keep'``.
    """
    file = Path(path)
    folder = file.resolve().parent
    _refuse_option(on_error)
    return _finish(folder, _read(folder, {quarter_of(file) or file.stem: [file]}, Spelling({}, [])), on_error)


def load_activity(
    path: str | os.PathLike[str],
    *,
    quarters: Sequence[str] | None = None,
    until: str | None = None,
    on_error: str = "raise",
    open_photos: bool = False,
) -> Records:
    """Load the quarters of an activity.

    Parameters
    ----------
    path : path
        The activity's folder; or one workbook, which stands for its quarter.
    quarters : sequence of str, optional
        The quarters wanted (default: all; for a workbook, its own). Where a criterion of one is 进步计算, the up to 7
        consecutive quarters before it are loaded as well; others are not looked at.
    until : str, optional
        Instead of `quarters`: this quarter and its past. An earlier quarter with errors is left out with a warning,
        unless 进步计算 of this one needs it; later quarters are not looked at.
    on_error : {'raise', 'keep'}
        Raise the errors, or keep them in ``Records.problems``.
    open_photos : bool
        Warn of photos of the quarters wanted that are there and cannot be opened, too; takes the time of opening each.

    Returns
    -------
    Records

    Raises
    ------
    DataProblems
        Once, with every error and warning, unless `on_error` is ``'keep'``.
    KeyError
        If a quarter of `quarters`, or `until`, has no workbook; the message lists those there are.
    """
    _refuse_option(on_error)
    place = Path(path)
    folder = place.resolve() if place.is_dir() else place.resolve().parent
    notes: list[Found] = []
    files = find_workbooks(folder, notes)
    if not place.is_dir():
        own = quarter_of(place) or place.stem
        files[own] = [place]
        quarters = [own] if quarters is None and until is None else quarters
    if until is not None:
        quarters = [*(quarter for quarter in sorted(files) if quarter < until), until]
    wanted = sorted(files) if quarters is None else list(dict.fromkeys(quarters))
    for quarter in wanted:
        if quarter not in files:
            raise KeyError(
                _("没有 {quarter} 这一季度，现有：{known}").format(
                    quarter=quarter, known="、".join(sorted(files)) or "—"
                )
            )
    if not wanted:
        hint = _("季度工作簿应命名为 2021Q4.xlsx 这样的形式")
        notes.append(problem("error", Place("", folder.name), _("活动文件夹里没有季度工作簿"), hint))
    if quarters is None:
        note_orphans(folder, files, notes)
    spelling = Spelling({}, [])
    readings = _read(folder, {quarter: files[quarter] for quarter in wanted}, spelling, open_photos)
    history = {
        earlier
        for quarter in (wanted if until is None else [until])
        if "进步计算" in readings[quarter].methods
        for earlier in consecutive_before(quarter, list(files))[-HISTORY:]
    }
    if more := history - set(readings):
        readings |= _read(folder, {quarter: files[quarter] for quarter in sorted(more)}, spelling)
    notes = notes if quarters is None else []
    if until is not None:
        for quarter in sorted(set(readings) - history - {until}):
            errors = sum(found.severity == "error" for found in readings[quarter].found)
            if errors:
                del readings[quarter]
                reason = _("这一季度的数据有 {n} 处错误，没有用来比较").format(n=errors)
                hint = _("用 lsb check 查看并改正后再出报告")
                notes.append(problem("warning", Place(until, files[quarter][0].name), reason, hint))
    return _finish(folder, readings, on_error, notes)


def _refuse_option(on_error: str) -> None:
    if on_error not in _ON_ERROR:
        raise ValueError(f"`on_error` must be one of {', '.join(map(repr, _ON_ERROR))}; not {on_error!r}.")


def _read(
    folder: Path, files: dict[str, list[Path]], spelling: Spelling, open_photos: bool = False
) -> dict[str, Reading]:
    """Read quarters, all their files in one batch; names are spelt as in the latest quarter."""
    batch: list[tuple[str, Path]] = []
    counts: dict[str, int] = {}
    notes: dict[str, list[Found]] = {}
    for quarter in sorted(files, reverse=True):
        workbooks = files[quarter]
        batch.append((workbooks[0].name, workbooks[0]))
        notes[quarter] = []
        raters = rater_files(folder, quarter, notes[quarter])
        batch += [(file.relative_to(folder).as_posix(), file) for file in raters]
        counts[quarter] = len(raters)
        for other in workbooks[1:]:
            reason = _("这一季度有两个工作簿：{a} 和 {b}").format(a=workbooks[0].name, b=other.name)
            notes[quarter].append(problem("error", Place(quarter, other.name), reason, _("只保留一个")))
    books = stream_books(batch)
    readings: dict[str, Reading] = {}
    with _without_collection():
        for quarter, count in counts.items():
            book = next(books)
            raters_of = itertools.islice(books, count)
            readings[quarter] = read_quarter(
                quarter, folder, book, raters_of,
                notes=notes[quarter], spelling=spelling, open_photos=open_photos,
            )  # fmt: skip
    return readings


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Look for no cycles: rows by the hundred thousand hold none, and the search takes a fifth of the time."""
    collected = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collected:
            gc.enable()


def _finish(folder: Path, readings: dict[str, Reading], on_error: str, notes: Sequence[Found] = ()) -> Records:
    ordered = sorted(readings)
    problems = problems_frame([*notes, *(found for quarter in ordered for found in readings[quarter].found)])
    problems.attrs["folder"] = str(folder)
    if on_error == "raise" and (problems["severity"] == "error").any():
        raise DataProblems(problems)
    frames = {name: _join([readings[quarter].frames[name] for quarter in ordered], name) for name in SHEETS}
    sources = pd.DataFrame(
        [source for quarter in ordered for source in readings[quarter].sources], columns=list(SOURCE_COLUMNS)
    )
    name = (readings[ordered[-1]].name if ordered else None) or folder.name
    return Records(name, folder, tuple(ordered), frames, problems, sources)


def _join(parts: list[pd.DataFrame], name: str) -> pd.DataFrame:
    """Join the frames of quarters; categories are united, those of the latest quarter first."""
    if len(parts) == 1:
        return parts[0]
    filled = [part for part in parts if len(part)]
    if not filled:
        return parts[0] if parts else empty_frame(name)
    shared = {}
    for column in filled[0].columns:
        if isinstance(filled[0][column].dtype, pd.CategoricalDtype):
            names = dict.fromkeys(each for part in reversed(filled) for each in part[column].cat.categories)
            shared[column] = pd.CategoricalDtype(list(names))
    joined = pd.concat([part.astype(shared) for part in filled], ignore_index=True)
    if name in LETTERED:
        letters = (part.attrs.get("letters", {}) for part in filled)
        joined.attrs["letters"] = Letters({quarter: each for found in letters for quarter, each in found.items()})
    return joined

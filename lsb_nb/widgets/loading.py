"""Load, check and score one quarter for a panel; take an uploaded workbook into a folder."""

from __future__ import annotations

import dataclasses
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from lsb_nb.bundles import DataProblems, Records, Scores, problem_frame
from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.records.files import find_workbooks, list_quarters
from lsb_nb.records.load import load_activity
from lsb_nb.records.overrides import BACKUPS
from lsb_nb.records.workbook import SUFFIXES
from lsb_nb.scoring.composite import score
from lsb_nb.swap import replacing

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]|^\.+$|^\s|\s$')
Marks = dict[tuple[str, str, str | None, str | None], tuple[tuple[str, str, str], ...]]


@dataclasses.dataclass(frozen=True)
class Loaded:
    """What was read: `scores` is None where an error stands in the way; `marks` are those that 更正 may settle."""

    activity: Path
    quarter: str
    records: Records | None
    scores: Scores | None
    problems: pd.DataFrame
    marks: Marks

    @property
    def errors(self) -> int:
        """How many errors there are."""
        return int((self.problems["severity"] == "error").sum())


def load_checked(activity: Path, quarter: str, step: Callable[[str], None]) -> Loaded:
    """Load a quarter and its past, check and score it; problems are collected, never raised.

    Parameters
    ----------
    activity : Path
        The activity's folder.
    quarter : str
    step : callable
        Told in words what is being done.
    """
    step(_("读取 {quarter} 和以前各季").format(quarter=quarter))
    try:
        records = load_activity(activity, until=quarter, on_error="keep")
    except (KeyError, OSError) as error:
        reason = str(error.args[0]) if isinstance(error, KeyError) else str(error.strerror or error)
        row: dict[str, object] = {"severity": "error", "quarter": quarter, "file": activity.name, "reason": reason}
        return Loaded(activity, quarter, None, None, problem_frame([row]), {})
    marks: Marks = records.problems.attrs.get("marks", {})
    broken = bool((records.problems["severity"] == "error").any())
    parts, scores = [records.problems], None
    step(_("计分"))
    if not (broken and (records.at(quarter).units.empty or records.at(quarter).criteria.empty)):
        try:
            scores = score(records, quarter)
            parts.append(scores.problems)
        except DataProblems as error:
            found = error.problems
            parts.append(found[found["severity"] == "error"] if broken else found)
    filled = [part for part in parts if len(part)] or [problem_frame([])]
    problems = pd.concat(filled, ignore_index=True).drop_duplicates(ignore_index=True)
    order = problems["severity"].ne("error").sort_values(kind="stable").index
    problems = problems.loc[order].reset_index(drop=True)
    wrong = bool((problems["severity"] == "error").any())
    return Loaded(activity, quarter, records, None if wrong else scores, problems, marks)


def list_activities(root: Path) -> list[Path]:
    """List the folders below `root` that hold at least one quarter's workbook, by name."""
    if not root.is_dir():
        return []
    return [each for each in sorted(root.iterdir()) if each.is_dir() and list_quarters(each)]


def quarter_of(name: str) -> str:
    """Give the quarter a file is named by, "" where it is none."""
    try:
        return parse_quarter(Path(name).stem)
    except ValueError:
        return ""


def save_upload(root: Path, folder: str, quarter: str, name: str, content: bytes, *, replace: bool = False) -> Path:
    """Save an uploaded workbook as the workbook of one quarter.

    Parameters
    ----------
    root : Path
        The folder of all activities.
    folder : str
        The activity's folder below it; made where it is missing.
    quarter : str
        In any spelling of a quarter.
    name : str
        The file's own name; its ending is kept.
    content : bytes
    replace : bool
        Whether a workbook of that quarter may be replaced; the old one is kept in the folder 备份.

    Raises
    ------
    ValueError
        If the folder's name, the quarter or the kind of file will not do.
    FileExistsError
        If there is a workbook of that quarter and `replace` is not set.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise ValueError(
            _("“{name}”不能用：工作簿应为 {kinds}；WPS 文件请另存为 .xlsx").format(name=name, kinds="、".join(SUFFIXES))
        )
    if not folder or _FORBIDDEN.search(folder):
        raise ValueError(_("请填活动文件夹的名称，不含 {signs}").format(signs=r'\ / : * ? " < > |'))
    code = parse_quarter(quarter)
    place = root / folder
    old = find_workbooks(place, []).get(code, [])
    if old and not replace:
        raise FileExistsError(_("{path} 已存在，没有覆盖").format(path=f"{folder}/{old[0].name}"))
    target = place / f"{code}{suffix}"
    with replacing(target, fresh=not old) as stream:
        stream.write(content)
        for each in old:
            _put_aside(each)
    for each in old:
        if each != target:
            each.unlink()
    return target


def _put_aside(file: Path) -> None:
    """Keep a copy under the next free number."""
    place = file.parent / BACKUPS
    place.mkdir(exist_ok=True)
    number = 1
    while (copy := place / f"{file.stem}-{number}{file.suffix}").exists():
        number += 1
    shutil.copy2(file, copy)

"""`load_panel`: choose an activity and a quarter, load and check it, act on what the check found."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ipywidgets

from lsb_nb.bundles import DataProblems, Records, Scores
from lsb_nb.i18n import _
from lsb_nb.markup import Markup, text
from lsb_nb.records.files import find_workbooks, list_quarters
from lsb_nb.records.outcome import marked_folder, write_problems
from lsb_nb.report.copies import FOLDER, out_folder, relative_path, title_of, working_copies
from lsb_nb.schema import SHEETS
from lsb_nb.widgets.correcting import CorrectionForm
from lsb_nb.widgets.door import Door, ProblemTable
from lsb_nb.widgets.loading import Loaded, list_activities, load_checked
from lsb_nb.widgets.parts import Message, Progress, button, labelled, row_of, show_only
from lsb_nb.widgets.upload import UploadForm


def load_panel(
    path: str | os.PathLike[str] = "data", quarter: str = "", *, out: str | os.PathLike[str] | None = None
) -> LoadPanel:
    """Make the panel that loads a quarter; it loads at once what it is given.

    Parameters
    ----------
    path : path
        The activity's folder, or the folder of all activities.
    quarter : str
        Its latest quarter where none is given.
    out : path, optional
        The folder of the working copies; by default that of the notebook itself.

    Returns
    -------
    LoadPanel
        With ``records``, ``scores``, ``activity`` and ``quarter`` of what was loaded last.
    """
    return LoadPanel(Path(path), quarter, Path(out) if out is not None else out_folder(Path.cwd()))


class LoadPanel(ipywidgets.VBox):
    """See `load_panel`."""

    def __init__(self, path: Path, quarter: str, out: Path) -> None:
        path = path.resolve()
        alone = bool(path.is_dir() and list_quarters(path))
        self._root, self._out = path.parent if alone else path, out
        self._loaded: Loaded | None = None
        self.folders = labelled("activity", ipywidgets.Dropdown, _("活动"))
        self.quarters = labelled("quarters", ipywidgets.Dropdown, _("季度"))
        self.load = button("load", _("读取"), self._load, main=True)
        self.upload_switch = ipywidgets.ToggleButton(value=False, description=_("上传工作簿"))
        self.upload = UploadForm(self._root, self._uploaded)
        self.progress, self.message = Progress(), Message()
        self.problems, self.links = ProblemTable(), Door()
        self.table = button("table", _("另存问题清单和标注副本"), self._write_table)
        self.copies = button("copies", _("建立这一季的工作簿"), self._copy)
        self.form = CorrectionForm(self._corrected)
        show_only(self.upload, False)
        for box in (self.table, self.copies):
            show_only(box, False)
        top = row_of(self.folders, self.quarters, self.load, self.upload_switch)
        act = row_of(self.table, self.copies)
        found = [self.message, self.problems, act, self.form, self.links]
        super().__init__([top, self.upload, self.progress, *found])
        self.add_class("lsb-panel")
        self.folders.observe(self._folder_chosen, "value")
        self.quarters.observe(self._quarter_chosen, "value")
        self.upload_switch.observe(lambda change: show_only(self.upload, change["new"]), "value")
        self.problems.observe(self._picked, "picked")
        self._list_folders(path if alone else None, quarter)
        if alone and self.quarters.value:
            self._load()

    # ------------------------------------------------------------------ what the next cells use
    @property
    def activity(self) -> Path:
        """The folder of the activity that was loaded."""
        return self._given().activity

    @property
    def quarter(self) -> str:
        """The quarter that was loaded."""
        return self._given().quarter

    @property
    def records(self) -> Records:
        """What was loaded, the quarter and its past; raises `DataProblems` where an error stands in the way."""
        loaded = self._without_errors()
        assert loaded.records is not None
        return loaded.records

    @property
    def scores(self) -> Scores:
        """The quarter's scores under the published scheme; raises `DataProblems` like `records`."""
        loaded = self._without_errors()
        assert loaded.scores is not None
        return loaded.scores

    def summary(self) -> Markup:
        """Say in a few sentences what was loaded and what the check found."""
        if self._loaded is None:
            return Markup(f"<p>{text(_('还没有读取数据：在上面选活动和季度，按“读取”。'))}</p>")
        return Markup("".join(f"<p>{text(sentence)}</p>" for sentence in say_loaded(self._loaded)))

    def _given(self) -> Loaded:
        if self._loaded is None:
            raise ValueError(_("还没有读取数据：在上面选活动和季度，按“读取”。"))
        return self._loaded

    def _without_errors(self) -> Loaded:
        loaded = self._given()
        if loaded.scores is None:
            raise DataProblems(loaded.problems)
        return loaded

    # ------------------------------------------------------------------ choosing
    def _list_folders(self, wanted: Path | None, quarter: str) -> None:
        found = list_activities(self._root)
        if wanted is not None and wanted not in found:
            found.append(wanted)
        self.folders.options = [(folder.name, str(folder)) for folder in found]
        if not found:
            self.message.say(_("{path} 里没有活动。可以上传一个工作簿。").format(path=self._root.name), "lp-wrong")
            return
        self.folders.value = str(wanted if wanted is not None else found[0])
        self._folder_chosen({"new": self.folders.value}, quarter)

    def _folder_chosen(self, change: Any, quarter: str = "") -> None:
        known = list_quarters(change["new"]) if change["new"] else []
        self.quarters.options = known
        if known:
            self.quarters.value = quarter if quarter in known else known[-1]
            if quarter and quarter not in known:
                self.message.say(
                    _("没有 {quarter} 这一季度，现有：{known}").format(quarter=quarter, known="、".join(known)),
                    "lp-wrong",
                )
        self._quarter_chosen(change)

    def _quarter_chosen(self, _change: Any) -> None:
        now = (self.folders.value, self.quarters.value)
        same = self._loaded is not None and now == (str(self._loaded.activity), self._loaded.quarter)
        self.load.description = _("重新读取") if same else _("读取")
        self.load.disabled = not self.quarters.value

    def _uploaded(self, path: Path) -> None:
        self.upload_switch.value = False
        self._list_folders(path.parent.resolve(), path.stem)
        self._load(_("已保存：{path}").format(path=f"{path.parent.name}/{path.name}"))

    # ------------------------------------------------------------------ loading
    def _load(self, before: str = "") -> None:
        self.form.close_form()
        self.load.disabled = True
        self.progress.start(3)
        try:
            activity, quarter = Path(self.folders.value), self.quarters.value
            self._loaded = load_checked(activity, quarter, self.progress.step)
        finally:
            self.progress.stop()
            self.load.disabled = False
        loaded = self._loaded
        fixable = [loaded.records is not None and bool(self._marks_of(row)) for row in self._rows()]
        self.problems.show(loaded.problems, fixable)
        show_only(self.table, len(loaded.problems) > 0)
        css = "lp-say" if loaded.scores is not None else "lp-say lp-wrong"
        self.message.say(say_loaded(loaded), css, before=before)
        self._quarter_chosen(None)
        self._link()

    def _rows(self) -> list[dict[Any, Any]]:
        assert self._loaded is not None
        return self._loaded.problems.to_dict("records")

    def _marks_of(self, row: dict[str, Any]) -> tuple[tuple[str, str, str], ...]:
        assert self._loaded is not None
        where = (row["quarter"], row["file"], row["sheet"], row["cell"])
        return self._loaded.marks.get(where, ()) if row["severity"] == "error" else ()

    def _picked(self, change: Any) -> None:
        place = change["new"].get("row")
        if self._loaded is None or self._loaded.records is None or place is None or place >= len(self._rows()):
            return
        row = self._rows()[place]
        workbooks = find_workbooks(self._loaded.activity, []).get(row["quarter"], [])
        if (marks := self._marks_of(row)) and workbooks:
            value = "" if row["value"] is None else str(row["value"])
            self.form.open_form(self._loaded.records, workbooks[0], row["quarter"], marks, value)

    def _write_table(self) -> None:
        """Write the problems as a table to hand on, with marked copies of the faulty files."""
        loaded = self._given()
        place = self._out / loaded.activity.name / loaded.quarter / _("问题清单.xlsx")
        try:
            table, *copies = write_problems(loaded.problems, place, folder=loaded.activity)
        except (OSError, ValueError) as error:
            self.message.say(getattr(error, "strerror", None) or str(error), "lp-wrong")
            return
        said = _("已写入 {path}").format(path=relative_path(table, self._out.parent))
        copied = _("标注副本 {n} 份，在 {folder}；请在原文件里改正").format(
            n=len(copies), folder=marked_folder(table).name
        )
        self.message.say([said, copied if copies else ""])
        here = relative_path(table, Path.cwd())
        self.links.links = [{"text": _("打开：{path}").format(path=table.name), "path": here, "kind": "page"}]

    def _corrected(self, sentence: str) -> None:
        self._load(sentence)

    def _link(self) -> None:
        """Lead on to the quarter's own notebooks, once its data are right; make them only when asked to."""
        self.links.links = []
        show_only(self.copies, False)
        if self._loaded is None or self._loaded.scores is None:
            return
        own = self._out / self._loaded.activity.name / self._loaded.quarter / FOLDER
        if own.resolve() == Path.cwd().resolve():
            self._lead(sorted(own.glob("[0-9]*.ipynb")))
        else:
            show_only(self.copies, True)

    def _copy(self) -> None:
        assert self._loaded is not None
        try:
            self._lead(working_copies(self._loaded.activity, self._loaded.quarter, self._out))
        except OSError as error:
            self.message.say(_("不能写入 {path}：{reason}").format(path=self._out, reason=error.strerror), "lp-wrong")
        except ValueError as error:
            self.message.say(str(error), "lp-wrong")

    def _lead(self, copies: Sequence[Path]) -> None:
        here = Path.cwd()
        self.links.links = [
            {"text": f"{copy.name[:2]} {title_of(copy)}", "path": relative_path(copy, here), "kind": "notebook"}
            for copy in copies
            if not (copy.name.startswith("00") and copy.parent.resolve() == here.resolve())
        ]


def say_loaded(loaded: Loaded) -> list[str]:
    """Say what was loaded, what is missing, and what to do about errors."""
    warnings = len(loaded.problems) - loaded.errors
    counts = _("{errors} 处错误，{warnings} 处提示").format(errors=loaded.errors, warnings=warnings)
    if loaded.scores is None or loaded.records is None:
        return [
            _("{activity} {quarter}：{counts}。").format(
                activity=loaded.activity.name, quarter=loaded.quarter, counts=counts
            ),
            _("改正错误以前不能计分。在 Excel 里改好并保存，再按“重新读取”；评分的错误也可以按“更正…”，写明理由。"),
        ]
    quarter = loaded.records.at(loaded.quarter)
    marks = int((quarter.ratings["state"] == "mark").sum())
    sizes = _("{units} 个单位、{criteria} 项指标、{raters} 名评委、{marks} 个评分").format(
        units=len(quarter.units), criteria=len(quarter.criteria), raters=len(quarter.raters), marks=marks
    )
    counts = _("{sizes}；{counts}").format(sizes=sizes, counts=counts)
    absent = [SHEETS[name].title for name in _SECTIONS if not len(quarter.frames[name])]
    return [
        _("{activity} {quarter}：{counts}。").format(
            activity=loaded.records.name, quarter=loaded.quarter, counts=counts
        ),
        _("本季没有{sheets}，相应各节从略。").format(sheets=_("、").join(absent)) if absent else "",
    ]


_SECTIONS = ("commitments", "findings", "comments", "photos", "monthly", "tasks")

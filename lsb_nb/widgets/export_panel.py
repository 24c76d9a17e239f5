"""`export_panel`: the report from this very notebook as the analyst has finished it, run again from the top."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ipywidgets

from lsb_nb.analysis.scenarios import FOLDER, list_scenarios
from lsb_nb.bundles import DataProblems
from lsb_nb.i18n import LANGUAGES, _
from lsb_nb.quarters import parse_quarter
from lsb_nb.report.copies import out_folder, relative_path
from lsb_nb.report.finished import NotSaved, annexes_of, read_cells, require_finished
from lsb_nb.report.run import ReportError, write_report
from lsb_nb.scenarios import read_scenario
from lsb_nb.widgets.door import Door
from lsb_nb.widgets.parts import Message, Progress, button, labelled, row_of, show_only
from lsb_nb.widgets.saving import file_name

if TYPE_CHECKING:
    from lsb_nb.widgets.explorer import Explorer

SLIDERS = ":sliders"
"""Stands in the list of schemes for the weights of the explorer as they are now."""
GRACE = 2.0
"""Seconds by which the clock of a file system may be behind."""
_NAMES = {"zh": "中文", "en": "English"}


def export_panel(
    path: str | os.PathLike[str], quarter: str, *, lang: str = "zh", scenario: str | os.PathLike[str] | None = None,
    annexes: Sequence[str] = (), explorer: Explorer | None = None, notebook: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
) -> ExportPanel:  # fmt: skip
    """Make the panel that exports the notebook it stands in.

    Parameters
    ----------
    path : path
        The activity's folder, or one quarter's workbook.
    quarter : str
    lang : {'zh', 'en'}
        The language chosen at first.
    scenario : path, optional
        The scenario chosen at first.
    annexes : sequence of str
        Annexes switched on at first; the notebook's own tags say which there are.
    explorer : Explorer, optional
        Its weights can be saved as a scenario and exported in one step.
    notebook : path, optional
        The notebook's file; by default the one that the kernel was started for.
    out : path, optional
        The folder of all exports; by default that of the working copies.

    Returns
    -------
    ExportPanel
        ``report`` is the path of the report written last.
    """
    given = os.environ.get("JPY_SESSION_NAME") if notebook is None else notebook
    folder = out_folder(Path.cwd()) if out is None else Path(out)
    return ExportPanel(
        Path(path).resolve(), parse_quarter(quarter), lang=lang, scenario=str(scenario or ""), annexes=annexes,
        explorer=explorer, notebook=Path(given) if given else None, out=folder,
    )  # fmt: skip


class ExportPanel(ipywidgets.VBox):
    """See `export_panel`."""

    def __init__(
        self, path: Path, quarter: str, *, lang: str, scenario: str, annexes: Sequence[str], explorer: Explorer | None,
        notebook: Path | None, out: Path,
    ) -> None:  # fmt: skip
        self._path, self._quarter, self._explorer, self._out = path, quarter, explorer, out
        self._folder = path if path.is_dir() else path.parent
        self._notebook, self._here, self._asked = notebook, Path.cwd(), 0.0
        self.report: Path | None = None
        self.language = labelled(
            "language", ipywidgets.Dropdown, _("语言"), options=[(_NAMES[each], each) for each in LANGUAGES], value=lang
        )
        self.scheme = labelled("scheme", ipywidgets.Dropdown, _("方案"))
        self._list_schemes(scenario)
        self.name = labelled("name", ipywidgets.Text, _("情景名称"))
        self.reason = labelled("reason", ipywidgets.Text, _("理由"), placeholder=_("由谁决定、为什么"))
        self.replace = ipywidgets.Checkbox(value=False, description=_("替换同名的情景"), indent=False)
        self.annexes = {
            name: ipywidgets.Checkbox(value=name in annexes, description=_annex_name(name), indent=False)
            for name in self._known()
        }
        self.start = button("export", _("导出报告"), self._export, main=True)
        self.progress, self.message, self.links = Progress(), Message(), Door()
        self._naming = row_of(self.name, self.reason, self.replace)
        show_only(self._naming, False)
        show_only(self.replace, False)
        self.message.say()
        top = row_of(self.language, self.scheme, *self.annexes.values(), self.start)
        super().__init__([top, self._naming, self.progress, self.message, self.links])
        self.add_class("lsb-panel")
        self.scheme.observe(self._scheme_chosen, "value")
        self.name.observe(lambda _change: show_only(self.replace, False), "value")

    # ------------------------------------------------------------------ what can be chosen
    def _list_schemes(self, chosen: str = "") -> None:
        options = [(_("公布方案"), "")]
        for file in list_scenarios(self._folder, quarter=self._quarter):
            try:
                options.append((_("情景：{name}").format(name=read_scenario(file).name or file.stem), str(file)))
            except DataProblems:
                continue
        if self._explorer is not None:
            options.append((_("滑块上的权重，存为情景"), SLIDERS))
        known = {Path(value).resolve(): value for _text, value in options if value not in ("", SLIDERS)}
        wanted = Path(chosen).resolve() if chosen else None
        if wanted is not None and wanted not in known:
            options.append((_("情景：{name}").format(name=wanted.stem), str(wanted)))
            known[wanted] = str(wanted)
        self.scheme.options = options
        self.scheme.value = known[wanted] if wanted is not None else ""

    def _known(self) -> list[str]:
        try:
            return annexes_of(read_cells(self._notebook)) if self._notebook is not None else []
        except NotSaved:
            return []

    def _scheme_chosen(self, change: Any) -> None:
        show_only(self._naming, change["new"] == SLIDERS)

    # ------------------------------------------------------------------ the work
    def _export(self) -> None:
        """Save the scenario, then have the page save the notebook; the rest follows when it answers."""
        self.message.say()
        self.links.links = []
        try:
            self._save_scenario()
        except (OSError, ValueError) as error:
            self.message.say(getattr(error, "strerror", None) or str(error), "lp-wrong")
            return
        self.start.disabled = True
        self._asked = time.time()
        self.progress.start(1)
        self.progress.step(_("保存笔记本"), 0)
        self.links.save_notebook(self._saved)

    def _save_scenario(self) -> None:
        if self.scheme.value != SLIDERS or self._explorer is None:
            return
        if not self._explorer.changed():
            raise ValueError(_("滑块没有动过，与公布方案相同。"))
        file = self._folder / FOLDER / file_name(self._quarter, self.name.value.strip())
        try:
            self._explorer.scenario(self.name.value, self.reason.value, path=file, overwrite=self.replace.value)
        except FileExistsError as error:
            show_only(self.replace, True)
            raise ValueError(_("{why}。要替换请勾选后再导出。").format(why=error)) from None
        self.replace.value = False
        self._list_schemes(str(file))

    def _saved(self, answer: Mapping[str, Any]) -> None:
        """Run the notebook once it is known to be the one on the page."""
        try:
            notebook, cells = self._finished(answer)
            self._write(notebook, sum(cell["cell_type"] == "code" for cell in cells))
        except (NotSaved, ReportError, ValueError, OSError) as error:
            self.message.say(str(error).splitlines(), "lp-wrong")
        finally:
            self.progress.stop()
            self.start.disabled = False

    def _finished(self, answer: Mapping[str, Any]) -> tuple[Path, list[dict[str, Any]]]:
        if answer["status"] not in ("saved", "asked"):
            why = answer.get("why") or _("还有没保存的改动")
            raise NotSaved(_("笔记本没有存上：{why}。先按 Ctrl+S 保存，再按“导出报告”。").format(why=why))
        # a notebook that was renamed stands beside the one the kernel was started for
        renamed = self._here / str(answer.get("path", "")).rpartition("/")[2]
        places = [place for place in (renamed, self._notebook) if place is not None and place.is_file()]
        if not places:
            raise NotSaved(_("找不到这个笔记本的文件，请用 notebook= 指明。"))
        found = require_finished(
            places[0], seen=answer.get("cells"), since=self._asked - GRACE, run=None if answer.get("cells") else _last()
        )
        return places[0], found

    def _write(self, notebook: Path, cells: int) -> None:
        scenario = self.scheme.value or None
        annexes = [name for name, box in self.annexes.items() if box.value]
        self.progress.start(cells + 3)
        self.report = write_report(
            self._path, self._quarter, scenario=scenario, notebook=notebook, out=self._out, lang=self.language.value,
            annexes=annexes if self.annexes else None, progress=self.progress.step,
        )  # fmt: skip
        self.message.say(
            [_("报告已生成，用的是刚才保存的 {name}，从头重新运行。").format(name=notebook.name)], "lp-say"
        )
        place = relative_path(self.report, self._here)
        shown = relative_path(self.report, self._out.parent)
        self.links.links = [{"text": _("打开报告：{path}").format(path=shown), "path": place, "kind": "page"}]


def _annex_name(name: str) -> str:
    if name == "raters":
        return _("附录：评委分析（供内部研判，不宜分发）")
    return _("附录：{name}").format(name=name)


def _last() -> str | None:
    """Give what the kernel ran last."""
    from IPython import get_ipython

    shell = get_ipython()
    inputs = [] if shell is None else shell.user_ns.get("In", [])
    return str(inputs[-1]) if len(inputs) > 1 else None

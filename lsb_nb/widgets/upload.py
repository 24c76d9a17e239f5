"""`UploadForm`: a workbook from the analyst's computer into the folder of an activity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets

from lsb_nb.i18n import _
from lsb_nb.widgets.loading import list_activities, quarter_of, save_upload
from lsb_nb.widgets.parts import Message, button, labelled, row_of, show_only


class UploadForm(ipywidgets.VBox):
    """Choose a file, a folder and a quarter, and save; what is there already is replaced only when told to.

    Parameters
    ----------
    root : Path
        The folder of all activities.
    saved : callable
        Called with the path of the saved workbook.
    """

    def __init__(self, root: Path, saved: Callable[[Path], None]) -> None:
        self._root, self._saved = root, saved
        self.file = ipywidgets.FileUpload(accept=".xlsx,.xls", description=_("选择文件"))
        names = [folder.name for folder in list_activities(root)]
        self.folder = labelled(
            "folder", ipywidgets.Combobox, _("活动文件夹"), options=names, placeholder=_("选一个，或写新的名称")
        )
        self.quarter = labelled("quarter", ipywidgets.Text, _("季度"), placeholder="2021Q4")
        self.replace = ipywidgets.Checkbox(
            value=False, description=_("替换已有的工作簿（原件存入“备份”）"), indent=False
        )
        self.save = button("save", _("保存到文件夹"), self._save, main=True)
        self.message = Message()
        show_only(self.replace, False)
        self.message.say()
        fields = row_of(self.file, self.folder, self.quarter)
        super().__init__([fields, row_of(self.replace, self.save), self.message])
        self.add_class("lp-form")
        self.file.observe(self._chosen, "value")
        for field in (self.folder, self.quarter):
            field.observe(self._changed, "value")

    def _chosen(self, change: Any) -> None:
        if change["new"]:
            self.quarter.value = quarter_of(change["new"][0]["name"]) or self.quarter.value
            self._changed(change)

    def _changed(self, _change: Any) -> None:
        self.replace.value = False
        show_only(self.replace, False)
        self.message.say()

    def _save(self) -> None:
        if not self.file.value:
            self.message.say(_("请先选择一个工作簿文件"), "lp-wrong")
            return
        chosen = self.file.value[0]
        folder, quarter = self.folder.value.strip(), self.quarter.value.strip()
        try:
            path = save_upload(
                self._root, folder, quarter, chosen["name"], bytes(chosen["content"]), replace=self.replace.value
            )
        except FileExistsError as error:
            self.message.say(_("{why}。要替换请勾选后再保存。").format(why=error), "lp-wrong")
            show_only(self.replace, True)
        except (OSError, ValueError) as error:
            self.message.say(getattr(error, "strerror", None) or str(error), "lp-wrong")
        else:
            self.file.value = ()  # the notebook keeps the state of its widgets, and must not keep the file
            self.replace.value = False
            show_only(self.replace, False)
            self.message.say()
            self._saved(path)

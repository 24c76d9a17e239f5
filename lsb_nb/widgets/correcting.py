"""`CorrectionForm`: override a mark with a reason; the workbook's sheet 更正 records it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import ipywidgets

from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.numbers import is_missing
from lsb_nb.records.overrides import Correction, add_corrections, check_correction
from lsb_nb.widgets.parts import Message, button, labelled, row_of, show_only


class CorrectionForm(ipywidgets.VBox):
    """What a mark becomes, why and by whose decision.

    Parameters
    ----------
    written : callable
        Called with a sentence once the rows stand in the workbook.
    """

    def __init__(self, written: Callable[[str], None]) -> None:
        self._written = written
        self._marks: Sequence[tuple[str, str, str]] = ()
        self._workbook = Path()
        self._full: int | None = None
        self.about = Message()
        self.becomes = labelled("becomes", ipywidgets.Text, _("更正为"), placeholder=_("分数、缺席或不适用"))
        self.reason = labelled("reason", ipywidgets.Text, _("理由"), placeholder=_("写入报告的数据说明"))
        self.handler = labelled("handler", ipywidgets.Text, _("经办"), placeholder=_("由谁决定"))
        self.message = Message()
        buttons = row_of(
            button("write", _("写入“更正”表"), self._write, main=True), button("cancel", _("取消"), self.close_form)
        )
        fields = row_of(self.becomes, self.reason, self.handler)
        super().__init__([self.about, fields, buttons, self.message])
        self.add_class("lp-form")
        self.close_form()

    def open_form(
        self, records: Records, workbook: Path, quarter: str, marks: Sequence[tuple[str, str, str]], value: str
    ) -> None:
        """Ask about the marks of one cell.

        Parameters
        ----------
        records : Records
            Gives the full marks.
        workbook : Path
            The quarter's workbook.
        quarter : str
        marks : sequence of (rater, unit, criterion)
            More than one where a cell is merged.
        value : str
            What stands in the cell.
        """
        self._marks, self._workbook = marks, workbook
        criteria = records.criteria[records.criteria["quarter"] == quarter]
        full = criteria.loc[criteria["criterion"] == marks[0][2], "full_marks"]
        self._full = None if not len(full) or is_missing(full.iloc[0]) else int(full.iloc[0])
        most = "—" if self._full is None else f"{self._full / 10**6:g}"
        sentences = [
            _("评委 {rater} 给{unit}“{criterion}”的评分，表上是“{value}”，满分 {full}。").format(
                rater=rater, unit=unit, criterion=criterion, value=value, full=most
            )
            for rater, unit, criterion in marks
        ]
        self.about.say([*sentences, _("原来的格子不动，更正连同理由写进工作簿的“更正”表，报告的数据说明逐条列出。")])
        self.becomes.value = self.reason.value = ""
        self.message.say()
        show_only(self, True)
        self.becomes.focus()

    def close_form(self) -> None:
        """Put the form away."""
        show_only(self, False)

    def _write(self) -> None:
        texts = (self.becomes.value.strip(), self.reason.value.strip(), self.handler.value.strip())
        rows = [Correction(*mark, *texts) for mark in self._marks]
        try:
            for row in rows:
                check_correction(row, full=self._full)
            copy = add_corrections(self._workbook, rows)
        except ValueError as error:
            self.message.say(str(error), "lp-wrong")
            return
        self.close_form()
        self._written(
            _("已写入 {name} 的“更正”表，原件存为 {copy}。").format(
                name=self._workbook.name, copy=f"{copy.parent.name}/{copy.name}"
            )
        )

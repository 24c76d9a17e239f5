"""What is known while one quarter is read, and the one place where its problems are noted."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, NamedTuple

from lsb_nb.records.headers import Header, Sheet
from lsb_nb.records.ledger import Found, Place, problem
from lsb_nb.records.names import Roll, make_roll
from lsb_nb.records.workbook import Cell


class Signature(NamedTuple):
    """One more cell ``评委：…`` on a rater's sheet.

    `rater` is the index of the one named `first`, -1 where nobody knows that name.
    """

    place: Place
    rater: int
    first: str
    name: str
    row: int
    column: int


@dataclasses.dataclass
class Context:
    """What is known while one quarter is read.

    `sheets` are the workbook's sheets that stand once; `full` holds the full marks by criterion index (None where
    unreadable), `methods` the 计分方式 (empty where unreadable); `tables` and `rows` say where the rows of a frame came
    from, `left_out` what was read of rows that are not in it. `open_photos` asks to look whether each photo can be
    opened, `signed` are names on a rater's sheet beside the one it is counted for.
    """

    quarter: str
    folder: Path
    file: str
    date1904: bool = False
    found: list[Found] = dataclasses.field(default_factory=list)
    units: Roll = dataclasses.field(default_factory=lambda: make_roll("单位", grows=True))
    criteria: Roll = dataclasses.field(default_factory=lambda: make_roll("指标", grows=True))
    raters: Roll = dataclasses.field(default_factory=lambda: make_roll("评委", grows=True))
    groups: Roll = dataclasses.field(default_factory=lambda: make_roll("评委组", grows=True))
    full: list[int | None] = dataclasses.field(default_factory=list)
    methods: list[str] = dataclasses.field(default_factory=list)
    sheets: dict[str, Sheet] = dataclasses.field(default_factory=dict)
    tables: dict[str, tuple[Sheet, Header]] = dataclasses.field(default_factory=dict)
    rows: dict[str, list[int]] = dataclasses.field(default_factory=dict)
    left_out: dict[str, list[tuple[int, dict[str, Any]]]] = dataclasses.field(default_factory=dict)
    open_photos: bool = False
    signed: list[Signature] = dataclasses.field(default_factory=list)

    def note(
        self, severity: str, place: Place, reason: str, hint: str | None = None, *, row: int = -1, column: int = -1,
        value: Cell | None = None,
    ) -> None:  # fmt: skip
        """Note a problem of a cell."""
        self.found.append(problem(severity, place, reason, hint, row=row, column=column, value=value))

    def note_cell(
        self, severity: str, sheet: Sheet, row: int, column: int, reason: str, hint: str | None = None
    ) -> None:
        """Note a problem of a cell of a sheet, at the cell that holds the value where cells are merged."""
        row, column = sheet.anchors.get((row, column), (row, column))
        value = sheet.rows[row][column] if column >= 0 else None
        self.note(severity, sheet.place, reason, hint, row=row, column=column, value=value)

    def note_row(self, name: str, index: int, column: str, severity: str, reason: str, hint: str | None = None) -> None:
        """Note a problem of a row of a frame, at one of its columns."""
        self.note_at(name, self.rows[name][index], column, severity, reason, hint)

    def note_at(self, name: str, row: int, column: str, severity: str, reason: str, hint: str | None = None) -> None:
        """Note a problem of a row of the sheet that a frame was read from, at one of its columns."""
        sheet, header = self.tables[name]
        self.note_cell(severity, sheet, row, header.columns.get(column, -1), reason, hint)

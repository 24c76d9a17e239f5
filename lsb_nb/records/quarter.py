"""Read one quarter: its workbook and rater sheets to frames, names settled first, then marks, then the checks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from lsb_nb.i18n import _
from lsb_nb.quarters import parse_quarter
from lsb_nb.records import marks
from lsb_nb.records.checks import CHECKS
from lsb_nb.records.columns import check_note
from lsb_nb.records.context import Context
from lsb_nb.records.corrections import corrected, make_ratings, settle_errors
from lsb_nb.records.headers import Sheet, open_sheet, strip_note
from lsb_nb.records.ledger import Found, Place
from lsb_nb.records.mark_checks import check_block
from lsb_nb.records.names import Spelling, add_alias, add_name, find_name, make_roll, nearest, spell_names
from lsb_nb.records.sheets import empty_frame, read_frame
from lsb_nb.records.workbook import Book
from lsb_nb.schema import DEFAULT_GROUP, METHODS, SHEETS, frame_columns
from lsb_nb.text import key

_TITLES = {key(title): name for name, spec in SHEETS.items() for title in (spec.title, *spec.aliases)}
_BY_CRITERION = re.compile("(?:评分|打分|打分表)[·・•‧](.+)")


class Reading(NamedTuple):
    """What one quarter's files say."""

    frames: dict[str, pd.DataFrame]
    found: list[Found]
    sources: list[tuple[str, str, str, int]]
    name: str | None
    methods: frozenset[str]


def read_quarter(
    quarter: str,
    folder: Path,
    book: Book,
    raters: Iterable[Book],
    *,
    notes: Sequence[Found] = (),
    spelling: Spelling | None = None,
    open_photos: bool = False,
) -> Reading:
    """Read one quarter.

    Parameters
    ----------
    quarter : str
        Its code; another text where the file is not named by a quarter, which is an error.
    folder : Path
        The activity's folder.
    book : Book
        The workbook.
    raters : iterable of Book
        The rater sheets, by file name. All are taken, each when it is needed, so that they may still be on their way.
    notes : sequence of Found
        Problems met before.
    spelling : Spelling, optional
        How later quarters write names; completed here, so that one name has one spelling.
    open_photos : bool
        Note photos that cannot be opened, too.

    Returns
    -------
    Reading
    """
    context = Context(quarter, folder, book.file, book.date1904, list(notes), open_photos=open_photos)
    frames = {name: empty_frame(name) for name in SHEETS}
    sources: list[tuple[str, str, str, int]] = []
    list(_take([book], sources, context))
    raters = _take(raters, sources, context)
    refused = book.refusal is not None
    try:
        parse_quarter(quarter)
    except ValueError:
        refused = True
        hint = _("改为 2021Q4.xlsx 这样的文件名")
        context.note("error", Place(quarter, book.file), _("文件名“{name}”不是季度").format(name=quarter), hint)
    if refused:
        list(raters)
        return Reading(frames, context.found, sources, None, frozenset())
    of_marks = _sort_sheets(book, context)
    sheets = context.sheets
    _read_names(sheets, frames, context, Spelling({}, []) if spelling is None else spelling)
    # Where every name is listed, nothing waits for the marks: the other sheets are read while those are on their way.
    waits = any(roll.grows for roll in (context.units, context.criteria, context.raters))
    if not waits:
        _read_others(sheets, frames, context)
    _read_marks(of_marks, raters, frames, context)
    if waits:
        _read_others(sheets, frames, context)
    if not len(frames["raters"]):
        frames["raters"] = _make_raters(context, book.file)
    for check in CHECKS.values():
        check(frames, context)
    items = dict(zip(map(key, frames["activity"]["item"]), frames["activity"]["content"], strict=True))
    return Reading(frames, context.found, sources, items.get("活动名称"), frozenset(context.methods))


def _take(books: Iterable[Book], sources: list[tuple[str, str, str, int]], context: Context) -> Iterator[Book]:
    """Pass books on as they come; note the file, and why it was refused."""
    for book in books:
        if book.sha256:
            sources.append((context.quarter, book.file, book.sha256, book.size))
        if book.refusal:
            context.note("error", Place(context.quarter, book.file), *book.refusal)
        yield book


def _sort_sheets(book: Book, context: Context) -> list[tuple[Sheet, str | None]]:
    """Tell the sheets by title: put those that stand once into the context, give the sheets of marks in order."""
    once = context.sheets
    of_marks: list[tuple[Sheet, str | None]] = []
    for order, grid in enumerate(book.grids):
        if not any(cell != "" for row in grid.rows for cell in row):
            continue
        place = Place(context.quarter, book.file, grid.title, order)
        title = key(grid.title)
        name = _TITLES.get(title)
        if name == "ratings":
            of_marks.append((open_sheet(grid, place), None))
        elif match := _BY_CRITERION.fullmatch(title):
            of_marks.append((open_sheet(grid, place), match[1]))
        elif name is None:
            titles = make_roll("", [spec.title for spec in SHEETS.values()])
            near = nearest(titles, title, 1)
            context.note(
                "warning", place, _("不认识的工作表“{title}”，没有读取").format(title=grid.title),
                _("如果是“{near}”表，请改正表名").format(near=near[0]) if near
                else _("要读取的表，改用这些表名之一：{names}").format(names="、".join(titles.names)),
            )  # fmt: skip
        elif name in once:
            context.note(
                "error", place, _("“{a}”和“{b}”是同一种工作表").format(a=once[name].place.sheet, b=grid.title),
                _("合并为一张，或删去其中一张"),
            )  # fmt: skip
        else:
            once[name] = open_sheet(grid, place)
    return of_marks


def _read_names(
    sheets: dict[str, Sheet], frames: dict[str, pd.DataFrame], context: Context, spelling: Spelling
) -> None:
    """Read 单位, 指标 and 评委, in this order, and fill the rolls by which everything else is matched."""
    if "units" in sheets:
        frames["units"] = read_frame("units", sheets["units"], context)
        context.units = make_roll("单位", suffixes=True)
        _list_names("units", "unit", frames, context, spelling)
        _list_aliases(frames["units"], context)
        context.units.grows = not len(frames["units"])
        if not context.units.grows:
            spelling.units.append(context.units)
    if "criteria" in sheets:
        frames["criteria"] = read_frame("criteria", sheets["criteria"], context)
        context.criteria = make_roll("指标")
        _list_names("criteria", "criterion", frames, context, spelling)
        context.criteria.grows = not len(frames["criteria"])
        full = frames["criteria"]["full_marks"]
        context.full = [None if missing else int(value) for value, missing in zip(full, full.isna(), strict=True)]
        methods = [key(text) if text else METHODS[0] for text in frames["criteria"]["method"]]
        context.methods = [method if method in METHODS else "" for method in methods]
    if "raters" in sheets:
        frames["raters"] = read_frame("raters", sheets["raters"], context)
        context.raters = make_roll("评委")
        _list_names("raters", "rater", frames, context, spelling)
        context.raters.grows = not len(frames["raters"])


def _list_names(name: str, column: str, frames: dict[str, pd.DataFrame], context: Context, spelling: Spelling) -> None:
    """Put a frame's names on their roll; a name that stands twice is an error, and its first row counts."""
    roll = {"units": context.units, "criteria": context.criteria, "raters": context.raters}[name]
    keep = []
    written = frames[name][column].tolist()
    spelt = spell_names(name, written, spelling)
    if spelt != written:
        frames[name][column] = pd.Series(spelt, dtype=object)
    for index, text in enumerate(spelt):
        size = len(roll.names)
        add_name(roll, text, suffixes=name == "units")
        keep.append(len(roll.names) > size)
        if keep[-1] and ":" in key(text):
            reason = _("“{name}”像是说明，却读作{what}名称").format(name=text, what=_(roll.what))
            context.note_row(name, index, column, "warning", reason, _("是说明的，移到另一张工作表，或只留这一格"))
        elif not keep[-1]:
            context.note_row(
                name, index, column, "error", _("{what}“{name}”重复").format(what=_(roll.what), name=text),
                _("只保留一行，或改写名称以示区别"),
            )  # fmt: skip
    for own, text in zip(written, spelt, strict=True):
        if key(own) != key(text):
            add_alias(roll, own, roll.keys[key(text)])
    for index in (index for index, kept in enumerate(keep) if not kept):
        read = {str(column): value for column, value in frames[name].iloc[index].items()}
        context.left_out.setdefault(name, []).append((context.rows[name][index], read))
    frames[name] = frames[name].loc[keep].reset_index(drop=True)
    context.rows[name] = [row for row, kept in zip(context.rows.get(name, []), keep, strict=True) if kept]


def _list_aliases(units: pd.DataFrame, context: Context) -> None:
    for index, aliases in enumerate(units["aliases"]):
        for alias in aliases:
            taken = add_alias(context.units, alias, index)
            if taken != index:
                context.note_row(
                    "units", index, "aliases", "error",
                    _("别名“{alias}”已属于“{name}”").format(alias=alias, name=context.units.names[taken]),
                    _("一个别名只能给一个单位，删去或改写"),
                )  # fmt: skip


def _read_others(sheets: dict[str, Sheet], frames: dict[str, pd.DataFrame], context: Context) -> None:
    for name in SHEETS:
        if name in sheets and name not in ("units", "criteria", "raters", "corrections", "ratings"):
            frames[name] = read_frame(name, sheets[name], context)


def _read_marks(
    of_marks: Sequence[tuple[Sheet, str | None]],
    raters: Iterable[Book],
    frames: dict[str, pd.DataFrame],
    context: Context,
) -> None:
    memo = marks.Memo()
    read: list[marks.Block] = []
    found_by_block: list[list[tuple[int, Found]]] = []

    def keep(block: marks.Block | None) -> None:
        if block is not None:
            read.append(block)
            found_by_block.append(check_block(block, context, memo))

    for sheet, title in of_marks:
        if title is None:
            keep(marks.read_ratings(sheet, context, memo))
            continue
        found = find_name(context.criteria, title)
        base, note = strip_note(title)
        if not isinstance(found, int) and note is not None:
            found = find_name(context.criteria, base)
            if isinstance(found, int):
                check_note(sheet, -1, -1, note, found, context)
        if not isinstance(found, int):
            context.note("error", sheet.place, *found)
            found = -1
        keep(marks.read_by_criterion(sheet, found, context, memo))
    for book in raters:
        for block in _read_rater_book(book, context, memo):
            keep(block)
    listed = len(context.raters.names)
    settled: dict[tuple[int, int, int], int] = {}
    if "corrections" in context.sheets:
        frames["corrections"] = read_frame("corrections", context.sheets["corrections"], context)
        settled = corrected(frames["corrections"], context)
    for triple, index in settled.items():
        if triple[0] >= listed:
            context.note_row(
                "corrections", index, "rater", "warning", _("这名评委在评分中没有出现"), _("核对评委名称是否写错")
            )
    context.found += settle_errors(read, found_by_block, set(settled), context)
    frames["ratings"] = make_ratings(read, frames["corrections"], settled, context)


def _read_rater_book(book: Book, context: Context, memo: marks.Memo) -> list[marks.Block | None]:
    """Read a rater's file: every sheet with 单位 and a criterion in its header, else the first that is filled."""
    stem = book.file.rpartition("/")[2].rpartition(".")[0]
    sheets = [
        open_sheet(grid, Place(context.quarter, book.file, grid.title or None, order))
        for order, grid in enumerate(book.grids)
        if any(cell != "" for row in grid.rows for cell in row)
    ]
    chosen = sheets if len(sheets) == 1 else [sheet for sheet in sheets if marks.holds_marks(sheet, context)]
    for sheet in sheets:
        if chosen and not any(sheet is each for each in chosen):
            context.note("warning", sheet.place, _("这张工作表没有单位和指标，没有读取"), _("删去多余的工作表"))
    if not sheets and not book.refusal:
        context.note("warning", Place(context.quarter, book.file), _("评委表是空的"))
    return [marks.read_rater_sheet(sheet, stem, context, memo) for sheet in chosen or sheets[:1]]


def _make_raters(context: Context, file: str) -> pd.DataFrame:
    """List the raters of a workbook whose sheet 评委 names none, in order of first appearance, all in one group."""
    columns: dict[str, Any] = dict.fromkeys(frame_columns("raters"))
    # where such a sheet is filled and could not be read, nobody knows their groups
    unread = "raters" in context.left_out or ("raters" in context.sheets and "raters" not in context.tables)
    group = None if unread else DEFAULT_GROUP
    columns |= {"quarter": context.quarter, "group": group, "file": file}
    frame = pd.DataFrame({**columns, "rater": pd.Series(context.raters.names, dtype=object)}, dtype=object)
    frame["recused"] = [()] * len(frame)
    return frame[frame_columns("raters")]

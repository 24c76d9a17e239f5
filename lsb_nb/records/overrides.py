"""Write rows of 更正 into a workbook: one sheet of the file is changed, every other part stays byte for byte.

A library that reads and writes whole workbooks would drop stored results of formulas, pictures and controls.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path
from typing import NamedTuple

from lsb_nb.i18n import _
from lsb_nb.records import clean
from lsb_nb.records.headers import find_header, open_sheet
from lsb_nb.records.ledger import Place, column_letters
from lsb_nb.records.limits import range_words
from lsb_nb.records.workbook import read_books
from lsb_nb.schema import SHEETS
from lsb_nb.text import key, parse_decimal

BACKUPS = "备份"
"""Folder beside the workbook that keeps it as it was before a correction was written."""
_SHEET = SHEETS["corrections"]
_BOOK, _RELS, _TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
_PART = "xl/worksheets/lsb-corrections.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_WORKSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ROW = re.compile(r"<((?:\w+:)?)row\b([^>]*?)(?:/>|>.*?</\1row>)", re.DOTALL)


class Correction(NamedTuple):
    """One row of 更正: whose mark, what it becomes (a mark, 缺席 or 不适用), why, and who decided."""

    rater: str
    unit: str
    criterion: str
    becomes: str
    reason: str
    handler: str


def check_correction(row: Correction, *, full: int | None = None) -> None:
    """Refuse a correction that the next reading would refuse.

    Parameters
    ----------
    row : Correction
    full : int, optional
        Full marks of the criterion in millionths of a point.

    Raises
    ------
    ValueError
        Says which of 更正为, 理由 and 经办 is missing or wrong, and what is allowed.
    """
    for name, text in ((_("更正为"), row.becomes), (_("理由"), row.reason), (_("经办"), row.handler)):
        if not text.strip():
            raise ValueError(_("请填写“{name}”").format(name=name))
    try:
        mark = clean.read_mark(row.becomes)
    except clean.Unreadable as error:
        raise ValueError(_("{why}；更正为分数、缺席或不适用").format(why=error.reason)) from None
    if mark.state == "mark" and (mark.micro < 0 or (full is not None and mark.micro > full)):
        raise ValueError(range_words(row.becomes, mark.micro, -1 if full is None else full)[0])


def add_corrections(workbook: str | os.PathLike[str], rows: Sequence[Correction]) -> Path:
    """Add rows to the sheet 更正 of a workbook, which is made where it is missing.

    Parameters
    ----------
    workbook : path
        An .xlsx file. It is replaced in one step; a copy of what it was is kept in the folder 备份 beside it.
    rows : sequence of Correction

    Returns
    -------
    Path
        The copy.

    Raises
    ------
    ValueError
        If the file cannot take the rows; the message says what to do instead, and the file is as it was.
    """
    file = Path(workbook)
    by_hand = _("请在 Excel 里打开工作簿，在“更正”表里写上这一行")
    if file.suffix.lower() != ".xlsx":
        raise ValueError(_("{name} 不是 .xlsx，不能代为写入；{hint}").format(name=file.name, hint=by_hand))
    try:
        with zipfile.ZipFile(file) as source:
            parts = [(info, source.read(info)) for info in source.infolist()]
        changed = _changed({info.filename: data for info, data in parts}, file, rows)
        return _write(file, parts, changed)
    except (KeyError, UnicodeDecodeError, zipfile.BadZipFile, _Unusual):
        raise ValueError(_("{name} 的写法少见，不能代为写入；{hint}").format(name=file.name, hint=by_hand)) from None
    except PermissionError:
        raise ValueError(_("{name} 正被别的程序打开，请先关闭再试").format(name=file.name)) from None
    except OSError as error:
        raise ValueError(
            _("不能写入 {path}：{reason}").format(path=file.name, reason=error.strerror or error)
        ) from None


class _Unusual(Exception):  # noqa: N818 - a verdict on a file, not a fault
    """The file is not laid out as Excel, WPS and the usual libraries lay it out."""


def _changed(parts: dict[str, bytes], file: Path, rows: Sequence[Correction]) -> dict[str, bytes]:
    """Give the parts that change."""
    book = parts[_BOOK].decode("utf-8")
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        if key(unescape(_attribute(tag, "name"))) == key(_SHEET.title):
            part = _part_of(parts, _attribute(tag, r"\w+:id"))
            return {part: _with_rows(parts[part].decode("utf-8"), file, rows).encode()}
    return _with_sheet(parts, book, rows)


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"\s{name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", tag)
    if match is None:
        raise _Unusual
    return match[1] if match[1] is not None else match[2]


def _part_of(parts: dict[str, bytes], relation: str) -> str:
    for tag in re.findall(r"<(?:\w+:)?Relationship\b[^>]*>", parts[_RELS].decode("utf-8")):
        if _attribute(tag, "Id") == relation:
            target = unescape(_attribute(tag, "Target"))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise _Unusual


def _with_rows(xml: str, file: Path, rows: Sequence[Correction]) -> str:
    """Add rows below the last one that holds something; empty rows there are used."""
    grids = [grid for grid in read_books([(file.name, file)])[0].grids if key(grid.title) == key(_SHEET.title)]
    if len(grids) != 1:
        raise _Unusual
    names = [column.name for column in _SHEET.columns]
    header = find_header(open_sheet(grids[0], Place("", file.name)), _SHEET.columns, names)
    start = re.search(r"<((?:\w+:)?)sheetData\s*(/?)>", xml)
    if start is None or (header is None and any(cell != "" for row in grids[0].rows for cell in row)):
        raise _Unusual
    columns = header.columns if header is not None else {name: index for index, name in enumerate(names)}
    filled = [index for index, row in enumerate(grids[0].rows, start=1) if any(cell != "" for cell in row)]
    prefix, number = start[1], max(filled, default=0)
    if start[2]:
        xml = xml[: start.start()] + f"<{prefix}sheetData></{prefix}sheetData>" + xml[start.end() :]
    if header is None:
        number += 1
        xml = _put(xml, number, _row_xml(number, {i: c.header for i, c in enumerate(_SHEET.columns)}, prefix), prefix)
    for row in rows:
        number += 1
        texts = {columns[name]: text for name, text in zip(names, row, strict=True)}
        xml = _put(xml, number, _row_xml(number, texts, prefix), prefix)
    return re.sub(
        r"(<(?:\w+:)?dimension\b[^>]*\sref=\"[A-Z]+\d+:)([A-Z]+)(\d+)\"",
        lambda match: f'{match[1]}{match[2]}{max(int(match[3]), number)}"',
        xml,
        count=1,
    )


def _put(xml: str, number: int, made: str, prefix: str) -> str:
    """Put a row in its place: over an empty one of its number, else before the next higher, else at the end."""
    for match in _ROW.finditer(xml):
        at = int(_attribute(f" {match[2]}", "r")) if re.search(r"\br\s*=", match[2]) else None
        if at is None:
            raise _Unusual
        if at == number:
            return xml[: match.start()] + made + xml[match.end() :]
        if at > number:
            return xml[: match.start()] + made + xml[match.start() :]
    end = xml.rindex(f"</{prefix}sheetData>")
    return xml[:end] + made + xml[end:]


def _row_xml(number: int, texts: dict[int, str], prefix: str = "") -> str:
    cells = []
    for column, text in sorted(texts.items()):
        place = f'<{prefix}c r="{column_letters(column)}{number}"'
        try:
            if key(text) != text:
                raise ValueError
            parse_decimal(text)
            cells.append(f"{place}><{prefix}v>{text}</{prefix}v></{prefix}c>")
        except ValueError:
            kept = escape(_CONTROL.sub("", text), quote=False)
            inner = f'<{prefix}is><{prefix}t xml:space="preserve">{kept}</{prefix}t></{prefix}is>'
            cells.append(f'{place} t="inlineStr">{inner}</{prefix}c>')
    return f'<{prefix}row r="{number}">{"".join(cells)}</{prefix}row>'


def _with_sheet(parts: dict[str, bytes], book: str, rows: Sequence[Correction]) -> dict[str, bytes]:
    """Add the sheet at the end of the workbook."""
    tags = list(re.finditer(r"<((?:\w+:)?)sheet\b[^>]*?(?:/>|></\1sheet>)", book))
    relations, types = parts[_RELS].decode("utf-8"), parts[_TYPES].decode("utf-8")
    if not tags or _PART in parts:
        raise _Unusual
    last = tags[-1]
    identity = 1 + max(int(_attribute(tag[0], "sheetId")) for tag in tags)
    link = re.search(r"\s(\w+:id)\s*=", last[0])
    ends = [re.search(r"</(\w+:)?Relationships\s*>", relations), re.search(r"</(\w+:)?Types\s*>", types)]
    if link is None or ends[0] is None or ends[1] is None:
        raise _Unusual
    declared = "".join(re.findall(r"\sxmlns:\w+=\"[^\"]*\"", last[0]))  # some writers declare the link's prefix here
    tag = f'<{last[1]}sheet{declared} name="{_SHEET.title}" sheetId="{identity}" {link[1]}="rIdLsb"/>'
    relation = f'<{ends[0][1] or ""}Relationship Id="rIdLsb" Type="{_LINK}" Target="/{_PART}"/>'
    kind = f'<{ends[1][1] or ""}Override PartName="/{_PART}" ContentType="{_WORKSHEET}"/>'
    lines = [{i: column.header for i, column in enumerate(_SHEET.columns)}, *(dict(enumerate(row)) for row in rows)]
    data = "".join(_row_xml(number, texts) for number, texts in enumerate(lines, start=1))
    sheet = f'<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="{_MAIN}"><sheetData>{data}</sheetData>'
    return {
        _BOOK: (book[: last.end()] + tag + book[last.end() :]).encode(),
        _RELS: (relations[: ends[0].start()] + relation + relations[ends[0].start() :]).encode(),
        _TYPES: (types[: ends[1].start()] + kind + types[ends[1].start() :]).encode(),
        _PART: f"{sheet}</worksheet>".encode(),
    }


def _write(file: Path, parts: Sequence[tuple[zipfile.ZipInfo, bytes]], changed: dict[str, bytes]) -> Path:
    """Write beside the workbook, keep a copy of it, swap; give the copy."""
    copy = file.parent / BACKUPS / f"{file.stem}-{dt.datetime.now():%Y%m%d-%H%M%S-%f}{file.suffix}"
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".lsb-", suffix=file.suffix)
    try:
        with os.fdopen(handle, "wb") as stream, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
            for info, data in parts:
                target.writestr(info, changed.get(info.filename, data), compress_type=info.compress_type)
            for name in changed.keys() - {info.filename for info, _data in parts}:
                target.writestr(name, changed[name])
        if read_books([(file.name, Path(temporary))])[0].refusal is not None:
            raise _Unusual
        copy.parent.mkdir(exist_ok=True)
        shutil.copy2(file, copy)
        os.chmod(temporary, file.stat().st_mode)
        os.replace(temporary, file)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return copy

"""Bytes of one file to raw grids, inside the contained child.

Imported by `child` under its bare name, with `guard` and `biff` beside it; standard library and python_calamine only.
The answer for each file is one line of JSON, ``{"sheets": [[title, height, width, merges], …], "known": …,
"cells": […], "size": …}`` or ``{"refused": [code, detail]}``. A cell is text, a number, or ``{"odd": kind, "text": …}``
for what is neither. Every different cell is sent once in a batch: `cells` are those that come after the first `known`
ones sent before, and the `size` bytes after the line are the places of the sheets' cells among them, 4 bytes each.
`json` is not imported here, since that takes as long as reading ten files.
"""

from __future__ import annotations

import gc
import io
import struct
from itertools import chain, islice

import guard  # type: ignore[import-not-found]
import odd_cells  # type: ignore[import-not-found]
import python_calamine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO
else:
    Any = object

MEMORY = 576 * 2**20
"""Address space of a child; two of them and the parent stay below 1.5 GB."""
CPU_SECONDS = 10
"""Processor time for one file."""
MAX_TEXT = 32 * 2**20
"""Characters of all cells of one file: they may share one long text, so that a small file holds much."""
MAX_MERGES = 20_000
MOST_KNOWN = 20_000
"""Different cells that are remembered from one file to the next."""
_PLAIN = frozenset({float, str})
_ESCAPES = {code: f"\\u{code:04x}" for code in (*range(32), 34, 92)}


def limit(memory: int = MEMORY) -> None:
    """Bound memory and forbid core dumps, where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue


def allow_time(seconds: int = CPU_SECONDS) -> None:
    """Grant processor time for one more file."""
    try:
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))
    except (ImportError, ValueError, OSError):
        return


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every file on `source`: a line ``length suffix``, then the bytes."""
    limit()
    # Grids hold no cycles; looking for them would only cost time.
    gc.disable()
    numbers = Numbers()
    while line := source.readline():
        length, suffix = line.decode("ascii").split()
        data = source.read(int(length))
        allow_time()
        content = b""
        try:
            sheets, date1904 = read(data, suffix)
            answer, content = pack(sheets, numbers)
            answer["date1904"] = date1904
        except guard.Refused as refusal:
            answer = {"refused": [refusal.code, refusal.detail]}
        except MemoryError:
            answer = {"refused": ["memory", ""]}
        except python_calamine.PasswordError:
            answer = {"refused": ["encrypted", ""]}
        except Exception as error:
            answer = {"refused": ["damaged", type(error).__name__]}
        if "refused" in answer or len(numbers) > MOST_KNOWN:
            numbers.clear()
        sink.write(to_json(answer).encode("utf-8", "replace") + b"\n")
        sink.write(content)
        sink.flush()


class Numbers(dict[Any, int]):
    """Cell -> its number, in the order of first appearance."""

    def __missing__(self, cell: Any) -> int:
        number = self[cell] = len(self)
        return number


class Odd(dict[str, str]):
    """A cell that is neither text nor number, as JSON has it, and such that equal ones count as one."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash((self["odd"], self["text"]))


def pack(sheets: list[Any], numbers: Numbers) -> tuple[dict[str, Any], bytes]:
    """Give the sizes of sheets and the cells that are not among `numbers` yet; and which cell stands where."""
    known = len(numbers)
    cells = chain.from_iterable(chain.from_iterable(rows for _title, rows, _merges in sheets))
    places = list(map(numbers.__getitem__, cells))
    longest = max((len(cell) for cell in numbers if type(cell) is str), default=0)
    if longest * len(places) > MAX_TEXT:
        refuse_bulk(sheets)
    content = struct.pack(f"={len(places)}I", *places)
    heads = [[title, len(rows), len(rows[0]) if rows else 0, merges] for title, rows, merges in sheets]
    fresh = ["" if type(cell) is str and cell.isspace() else cell for cell in islice(numbers, known, None)]
    return {"sheets": heads, "known": known, "cells": fresh, "size": len(content)}, content


def refuse_bulk(sheets: list[Any]) -> None:
    """Refuse cells that say too much together."""
    cells = chain.from_iterable(chain.from_iterable(rows for _title, rows, _merges in sheets))
    characters = sum(len(cell) for cell in cells if type(cell) is str)
    if characters > MAX_TEXT:
        raise guard.Refused("cells", f"{characters // 2**20} MB")


def to_json(value: Any) -> str:
    """Write what an answer is made of as JSON."""
    kind = type(value)
    if kind is str:
        return f'"{value.translate(_ESCAPES)}"'
    if kind is float:
        if value - value:
            return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
        # −0.0 is 0.0, which the numbers of cells cannot tell apart
        return repr(value + 0.0)
    if kind is list:
        return "[" + ",".join(map(to_json, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([f"{to_json(name)}:{to_json(part)}" for name, part in value.items()]) + "}"
    return repr(value).lower()


def read(data: bytes, suffix: str) -> tuple[list[Any], bool]:
    """Read the grids of one file, and whether its serial numbers count days from 1904."""
    kind = guard.sniff(data)
    if not data:
        raise guard.Refused("empty")
    if suffix == ".csv":
        return [["", read_csv(data, kind), []]], False
    if kind == "zip":
        parts = guard.check_zip(data)
        odd, date1904 = odd_cells.odd_cells(parts), odd_cells.counts_from_1904(parts)
    elif kind == "ole":
        odd, date1904 = check_ole(data)
    else:
        raise guard.Refused("renamed", kind)
    return read_sheets(data, odd), date1904


def check_ole(data: bytes) -> tuple[dict[int, list[tuple[int, int, str, str]]], bool]:
    """Refuse an old .xls file that is encrypted or too large; give its odd cells and whether it counts from 1904."""
    import biff  # type: ignore[import-not-found]

    streams = biff.streams(data)
    if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
        raise guard.Refused("encrypted")
    stream = streams.get("Workbook") or streams.get("Book")
    if not stream:
        raise guard.Refused("not_workbook")
    seen = biff.survey(stream)
    if seen.encrypted:
        raise guard.Refused("encrypted")
    if seen.rows * seen.columns > guard.MAX_CELLS:
        raise guard.Refused("cells", f"{seen.rows}×{seen.columns}")
    return seen.odd, seen.date1904


def read_sheets(data: bytes, odd: dict[int, list[tuple[int, int, str, str]]]) -> list[Any]:
    """Read every worksheet, in workbook order."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = []
    for index, entry in enumerate(book.sheets_metadata):
        if entry.typ != python_calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_index(index)
        if sheet.total_height * sheet.total_width > guard.MAX_CELLS:
            raise guard.Refused("cells", f"{sheet.total_height}×{sheet.total_width}")
        rows = sheet.to_python(skip_empty_area=False)
        if not _PLAIN.issuperset(map(type, chain.from_iterable(rows))):
            rows = [[cell if type(cell) in _PLAIN else plain(cell) for cell in row] for row in rows]
        if index in odd:
            for row, column, kind, text in odd[index]:
                put(rows, row, column, Odd(odd=kind, text=text))
            width = max(map(len, rows))
            rows = [row + [""] * (width - len(row)) for row in rows]
        sheets.append([entry.name, rows, clip(sheet.merged_cell_ranges or [], len(rows))])
    return sheets


def clip(merges: list[Any], height: int) -> list[list[int]]:
    """Cut merged ranges to the filled rows; refuse so many that filling them would hurt."""
    if len(merges) > MAX_MERGES:
        raise guard.Refused("cells", f"{len(merges)}")
    kept = [
        [top, left, min(bottom, height - 1), min(right, guard.MAX_COLUMNS)]
        for (top, left), (bottom, right) in merges
        if top < height
    ]
    area = sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in kept)
    if area > guard.MAX_CELLS:
        raise guard.Refused("cells", f"{area}")
    return kept


def put(rows: list[list[Any]], row: int, column: int, value: Any) -> None:
    """Set one cell, which may lie beyond the filled ones."""
    if row >= guard.MAX_ROWS or column >= guard.MAX_COLUMNS:
        raise guard.Refused("far", f"{row + 1}")
    rows += [[] for _missing in range(row + 1 - len(rows))]
    rows[row] += [""] * (column + 1 - len(rows[row]))
    rows[row][column] = value


def plain(cell: Any) -> Any:
    """Give a cell that is neither text nor a float as JSON can carry it."""
    if isinstance(cell, bool):
        return Odd(odd="bool", text="TRUE" if cell else "FALSE")
    if isinstance(cell, int):
        return float(cell)
    if hasattr(cell, "year"):
        return Odd(odd="date", text=f"{cell.year:04d}-{cell.month:02d}-{cell.day:02d}")
    return Odd(odd="time", text=str(cell))


def read_csv(data: bytes, kind: str) -> list[list[str]]:
    """Read a .csv file in UTF-8, with or without a byte order mark, or GB18030."""
    import csv

    if kind in ("zip", "ole"):
        raise guard.Refused("renamed", kind)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or kind == "binary":
        raise guard.Refused("text_encoding")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise guard.Refused("text_encoding")
    rows: list[list[str]] = []
    cells = 0
    for row in csv.reader(io.StringIO(text, newline="")):
        rows.append(row)
        cells += len(row)
        if len(rows) > guard.MAX_ROWS or len(row) > guard.MAX_COLUMNS or cells > guard.MAX_CELLS:
            raise guard.Refused("cells", f"{len(rows)}")
    width = max(map(len, rows), default=0)
    if width * len(rows) > guard.MAX_CELLS:
        raise guard.Refused("cells", f"{len(rows)}×{width}")
    return [row + [""] * (width - len(row)) for row in rows]

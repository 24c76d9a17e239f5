"""Bytes of one faulty file to a marked copy, inside a contained child: cells filled, comments beside them.

Imported by `child` under its bare name, with `guard` and `parse` beside it; standard library, python_calamine and
openpyxl only. A request is a line of JSON, ``{"size", "suffix", "notes": [[sheet, row, column, severity, text], …]}``
with the file's bytes after it; the answer is ``{"size", "plain"}`` with the copy's bytes, or ``{"refused": […]}``.
"""

from __future__ import annotations

import io
import json
import re
import sys
import warnings

# Both would be found in the site folder and would cost more than they give here.
for name in ("numpy", "lxml"):
    sys.modules[name] = None  # type: ignore[assignment]

import guard  # type: ignore[import-not-found]  # noqa: E402
import openpyxl  # noqa: E402
import parse  # type: ignore[import-not-found]  # noqa: E402
from openpyxl.comments import Comment  # noqa: E402
from openpyxl.styles import PatternFill  # noqa: E402
from openpyxl.utils import get_column_letter  # noqa: E402

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, BinaryIO

MEMORY = 2**30
"""Address space: openpyxl needs more than the reader, and there is one child only."""
CPU_SECONDS = 15
"""Processor time for one copy."""
MOST_COMMENTS = 2000
"""Comments of one copy; spreadsheet programs open files with more of them slowly. Further cells are only filled."""
MOST_TEXT = 32767
"""Characters of one cell."""
FILLS = {
    severity: PatternFill("solid", start_color=colour, end_color=colour)
    for severity, colour in (("error", "FFFFC7CE"), ("warning", "FFFFEB9C"))
}
MOST_SPREAD = 500_000
"""Cells under merged and linked ranges; with more of them the copy holds the bare cells only."""
AUTHOR = "lsb_nb"
_RANGE = rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^>]*?\bref\s*=\s*[\"']([A-Za-z]+)(\d+):([A-Za-z]+)(\d+)"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer every request on `source`."""
    parse.limit(MEMORY)
    warnings.simplefilter("ignore")
    while line := source.readline():
        request = json.loads(line)
        data = source.read(request["size"])
        parse.allow_time(CPU_SECONDS)
        content = b""
        try:
            content, plain = annotate(data, request["suffix"], request["notes"])
            answer: dict[str, Any] = {"size": len(content), "plain": plain}
        except guard.Refused as refusal:
            answer = {"refused": [refusal.code, refusal.detail]}
        except MemoryError:
            answer = {"refused": ["memory", ""]}
        except Exception as error:
            answer = {"refused": ["damaged", type(error).__name__]}
        sink.write(json.dumps(answer).encode() + b"\n" + content)
        sink.flush()


def annotate(data: bytes, suffix: str, notes: list[list[Any]]) -> tuple[bytes, bool]:
    """Make the marked copy of one file.

    Returns
    -------
    bytes, bool
        The .xlsx file, and whether it holds the bare cells only: of .csv and .xls files, and where openpyxl cannot
        open what the reader could.
    """
    # Read as the check reads it: what that refuses gets no copy.
    grids, _date1904 = parse.read(data, suffix)
    parse.refuse_bulk(grids)
    book = None
    if suffix != ".csv" and guard.sniff(data) == "zip" and spread(guard.check_zip(data)) <= MOST_SPREAD:
        try:
            book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        except MemoryError:
            raise
        except Exception:
            book = None
    plain = book is None
    if book is None:
        book = rebuild(grids)
    mark(book, notes)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), plain


def spread(parts: dict[str, bytes]) -> int:
    """Count the cells under merged and linked ranges, each of which openpyxl would make."""
    count = 0
    for content in parts.values():
        for left, top, right, bottom in re.findall(_RANGE, content):
            width = abs(guard.column_number(right) - guard.column_number(left)) + 1
            low, high = (int(row.lstrip(b"0")[:9] or 0) for row in (top, bottom))
            count += width * (abs(high - low) + 1)
    return count


def rebuild(sheets: list[Any]) -> Any:
    """Write raw grids into a new workbook; a text that begins with ``=`` stays a text."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows, merges in sheets:
        page = book.create_sheet(re.sub(r"[\\/*?:\[\]]", "_", title)[:31] or "Sheet1")
        for y, row in enumerate(rows, 1):
            for x, cell in enumerate(row, 1):
                if cell != "":
                    put(page.cell(y, x), cell)
        for top, left, bottom, right in merges:
            page.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for x in range(1, min(page.max_column, 100) + 1):
            page.column_dimensions[get_column_letter(x)].width = 14
    if not book.worksheets:
        book.create_sheet("Sheet1")
    return book


def put(cell: Any, value: Any) -> None:
    """Set one cell to what `parse` read."""
    if isinstance(value, float):
        cell.value = value
        return
    if isinstance(value, dict) and value["odd"] == "percent":
        cell.value, cell.number_format = float(value["text"]), "0.##%"
        return
    text = value["text"] if isinstance(value, dict) else value
    cell.value, cell.data_type = _ILLEGAL.sub("", text)[:MOST_TEXT], "s"


def mark(book: Any, notes: list[list[Any]]) -> None:
    """Fill the cells that problems name and say in a comment what is wrong; what names no cell stands at A1."""
    pages = book.worksheets
    by_title = {page.title: page for page in pages}
    anchors: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}
    said: dict[tuple[str, int, int], list[str]] = {}
    for title, row, column, severity, text in notes:
        page = by_title.get(title, pages[0])
        here = row >= 0 and column >= 0
        at = (row + 1, column + 1) if here else (1, 1)
        if page.title not in anchors:
            anchors[page.title] = merged(page)
        at = anchors[page.title].get(at, at)
        if here:
            cell = page.cell(*at)
            if said.get((page.title, *at)) is None or severity == "error":
                cell.fill = FILLS[severity]
            page.row_dimensions[at[0]].hidden = False
            for columns in page.column_dimensions.values():
                if (columns.min or 0) <= at[1] <= (columns.max or 0):
                    columns.hidden = False
        page.sheet_state = "visible"
        said.setdefault((page.title, *at), []).append(text)
    for (title, row, column), texts in list(said.items())[:MOST_COMMENTS]:
        cell = by_title[title].cell(row, column)
        before = [cell.comment.text] if cell.comment else []
        text = _ILLEGAL.sub("", "\n".join(before + texts))[:MOST_TEXT]
        cell.comment = Comment(text, AUTHOR, height=24 + 22 * min(12, 1 + len(text) // 16), width=280)


def merged(page: Any) -> dict[tuple[int, int], tuple[int, int]]:
    """Map every cell under a merged range to the one that shows."""
    return {
        (row, column): (area.min_row, area.min_col)
        for area in page.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }

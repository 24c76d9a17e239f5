"""What a header that lacks a required column still tells: which one, and where the others stand."""

from __future__ import annotations

from lsb_nb.records.headers import (
    SEARCHED_ROWS,
    Header,
    Sheet,
    assemble,
    header_texts,
    is_data_row,
    known_headers,
    named_columns,
)
from lsb_nb.schema import Column
from lsb_nb.text import key

FEWEST = 2
"""Columns that a row must name to be taken for a header; one word such as 单位 also stands in titles."""


def missing_columns(sheet: Sheet, columns: tuple[Column, ...], required: list[str]) -> list[str]:
    """List the required columns that the best candidate for a header lacks, by their headers."""
    best = set(_candidate(sheet, columns, required)[1])
    return [column.header for column in columns if column.name in set(required) - best]


def half_header(sheet: Sheet, columns: tuple[Column, ...], required: list[str]) -> Header | None:
    """Give the best candidate for a header where it names enough columns that their cells can be checked."""
    row, named = _candidate(sheet, columns, required)
    if len(named) < FEWEST or not set(required) & set(named):
        return None
    exact = {key(column.header) for column in columns}
    return assemble(header_texts(sheet, row), known_headers(columns), exact, row)


def _candidate(sheet: Sheet, columns: tuple[Column, ...], required: list[str]) -> tuple[int, list[str]]:
    """Find the row that names the most required columns: its index, and the names of all that it has."""
    known = known_headers(columns)
    best: tuple[int, list[str]] = (0, [])
    for row in range(min(len(sheet.rows), SEARCHED_ROWS)):
        named = named_columns(sheet, row, known)
        names = [] if is_data_row(sheet, named, row) else list(dict.fromkeys(named.values()))
        if len(set(names) & set(required)) > len(set(best[1]) & set(required)):
            best = (row, names)
    return best

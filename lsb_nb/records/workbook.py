"""Spreadsheet files to raw grids: a batch goes through one contained child process, which guards and parses it."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from lsb_nb.records.contain import CHILD, converse
from lsb_nb.records.guard import MAX_FILE
from lsb_nb.records.refusals import word_refusal

SUFFIXES = (".xlsx", ".xls")
RATER_SUFFIXES = (".xlsx", ".xls", ".csv")
ALONE = 8
"""Fewer files than these go through one child; more are shared between two."""
TIME_LIMIT = 18.0
"""Seconds by the clock for one file."""


class Odd(NamedTuple):
    """A cell that is neither text nor plain number.

    Kind is ``bool``, ``date``, ``time``, ``error`` (an error value), ``formula`` (without a stored value) or
    ``percent`` (a number shown with a percent sign; the text is the number).
    """

    kind: str
    text: str


Cell = str | float | Odd


class Grid(NamedTuple):
    """One worksheet as stored: rows of equal width from A1 on, blanks as ``""``; merged ranges (r0, c0, r1, c1)."""

    title: str
    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]]


class Book(NamedTuple):
    """One file: its grids in workbook order, or why it was refused (reason, hint).

    `date1904` says that its serial numbers count days from 1904, as old Macintosh programs do.
    """

    file: str
    sha256: str
    size: int
    grids: list[Grid]
    refusal: tuple[str, str] | None
    date1904: bool = False


class _Job(NamedTuple):
    book: Book
    promise: Future[Book]
    suffix: str
    data: bytes


def read_books(files: Sequence[tuple[str, Path]]) -> list[Book]:
    """Read a batch of spreadsheet files; see `stream_books`."""
    return list(stream_books(files))


def stream_books(files: Sequence[tuple[str, Path]]) -> Iterator[Book]:
    """Read a batch of spreadsheet files in one or two contained child processes.

    Parameters
    ----------
    files : sequence of (str, Path)
        The name by which problems call the file, and its path. ``.xlsx``, ``.xls`` and ``.csv`` are read.

    Yields
    ------
    Book
        In the order of `files`, each as soon as it is there, while the children go on with the next ones. A file that
        cannot be read carries the reason; it never stops the others.
    """
    promised: list[Future[Book]] = [Future() for _file in files]
    queue: list[_Job] = []
    for (name, path), promise in zip(files, promised, strict=True):
        data, refused = load_file(path)
        if refused is None:
            book = Book(name, hashlib.sha256(data).hexdigest(), len(data), [], None)
            queue.append(_Job(book, promise, path.suffix.lower(), data))
        else:
            promise.set_result(Book(name, "", 0, [], word_refusal(*refused)))
    for part in [queue[0::2], queue[1::2]] if len(queue) >= ALONE and _idle() else [queue]:
        threading.Thread(target=_drain, args=(part,), daemon=True).start()
    for promise in promised:
        yield promise.result()


def _idle() -> bool:
    """Say whether a second child is worth its start, as long as reading 20 files: not where all processors are taken.

    The work of whoever asks is part of the load, so that less than one for each processor means that one is free.
    """
    cores = os.cpu_count() or 1
    try:
        return cores > 1 and os.getloadavg()[0] < cores
    except (AttributeError, OSError):
        return cores > 1


def _drain(queue: list[_Job]) -> None:
    """Keep the promises of a queue of files; a file that kills its child does not stop the rest."""
    try:
        while queue:
            done = 0
            cells = np.zeros(0, dtype=object)
            for job, (answer, content) in zip(queue, _ask(queue), strict=False):
                if "refused" in answer:
                    job.promise.set_result(job.book._replace(refusal=word_refusal(*answer["refused"])))
                else:
                    fresh = np.fromiter(answer.get("cells", ()), dtype=object)
                    cells = np.concatenate([cells[: answer.get("known", 0)], fresh])
                    grids = _unpack(answer["sheets"], cells, content)
                    job.promise.set_result(job.book._replace(grids=grids, date1904=answer.get("date1904", False)))
                done += 1
            queue = queue[done:]
    except BaseException as error:
        for job in queue:
            if not job.promise.done():
                job.promise.set_exception(error)


def _unpack(sheets: list[Any], cells: np.ndarray, content: bytes) -> list[Grid]:
    """Put the cells of an answer into rows; equal cells are one object."""
    numbers = np.frombuffer(content, dtype=np.uint32)
    grids = []
    start = 0
    for title, height, width, merges in sheets:
        stop = start + height * width
        rows = cells[numbers[start:stop]].reshape(height, width).tolist()
        grids.append(Grid(title, rows, [tuple(each) for each in merges]))
        start = stop
    return grids


def load_file(path: Path) -> tuple[bytes, tuple[str, str] | None]:
    """Read a file's bytes, unless its suffix, kind or size tells that it must not be; then code and detail of why."""
    suffix = path.suffix.lower()
    if suffix == ".et":
        return b"", ("et", "")
    if suffix not in RATER_SUFFIXES:
        return b"", ("suffix", suffix)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return b"", ("missing", "")
        if status.st_size > MAX_FILE:
            return b"", ("large", f"{status.st_size // 2**20} MB")
        return path.read_bytes(), None
    except OSError:
        return b"", ("missing", "")


def _ask(batch: Sequence[_Job]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Give the answers of one child; where it dies, the file it died on is refused and the answers end."""
    requests = [(f"{len(job.data)} {job.suffix}", job.data) for job in batch]
    libraries = ["python_calamine"]
    yield from converse(CHILD, "parse", libraries, requests, seconds=TIME_LIMIT, hook=_cell_or_answer)


def _cell_or_answer(value: dict[str, Any]) -> Any:
    return Odd(value["odd"], value["text"]) if "odd" in value else value

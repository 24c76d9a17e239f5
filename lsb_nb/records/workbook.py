"""Spreadsheet files to raw grids: a batch goes through one contained child process, which guards and parses it."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any, NamedTuple

from lsb_nb.records.guard import MAX_FILE
from lsb_nb.records.refusals import word_refusal

SUFFIXES = (".xlsx", ".xls")
RATER_SUFFIXES = (".xlsx", ".xls", ".csv")
ALONE = 8
"""Fewer files than these go through one child; more are shared between two."""
TIME_LIMIT = 30.0
TIME_PER_FILE = 2.0
"""Seconds a child may take for its batch: the first number, and the second for each file."""
SIGXCPU = 24
CHILD = Path(__file__).with_name("child.py")


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
    """One file: its grids in workbook order, or why it was refused (reason, hint)."""

    file: str
    sha256: str
    size: int
    grids: list[Grid]
    refusal: tuple[str, str] | None


class _Job(NamedTuple):
    at: int
    suffix: str
    data: bytes


def read_books(files: Sequence[tuple[str, Path]]) -> list[Book]:
    """Read a batch of spreadsheet files in one contained child process.

    Parameters
    ----------
    files : sequence of (str, Path)
        The name by which problems call the file, and its path. ``.xlsx``, ``.xls`` and ``.csv`` are read.

    Returns
    -------
    list of Book
        In the order of `files`. A file that cannot be read carries the reason; it never stops the others.
    """
    books: list[Book] = []
    queue: list[_Job] = []
    for index, (name, path) in enumerate(files):
        suffix = path.suffix.lower()
        data, refused = _load(path, suffix)
        books.append(
            Book(name, hashlib.sha256(data).hexdigest(), len(data), [], word_refusal(*refused) if refused else None)
        )
        if refused is None:
            queue.append(_Job(index, suffix, data))
    halves = [queue[0::2], queue[1::2]] if len(queue) >= ALONE and (os.cpu_count() or 1) > 1 else [queue]
    if len(halves) == 1:
        _drain(queue, books)
    else:
        with ThreadPoolExecutor(len(halves)) as pool:
            list(pool.map(lambda half: _drain(half, books), halves))
    return books


def _drain(queue: list[_Job], books: list[Book]) -> None:
    """Read a queue of files, each into its place in `books`; a file that kills its child does not stop the rest."""
    while queue:
        answers, cause = _ask(queue)
        for job, answer in zip(queue, answers, strict=False):
            if "refused" in answer:
                books[job.at] = books[job.at]._replace(refusal=word_refusal(*answer["refused"]))
            else:
                grids = [Grid(title, rows, [tuple(m) for m in merges]) for title, rows, merges in answer["sheets"]]
                books[job.at] = books[job.at]._replace(grids=grids)
        if len(answers) < len(queue):
            # The child died on the first file it did not answer; a new child reads those after it.
            index = queue[len(answers)].at
            books[index] = books[index]._replace(refusal=word_refusal(cause))
        queue = queue[len(answers) + 1 :]


def _load(path: Path, suffix: str) -> tuple[bytes, tuple[str, str] | None]:
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


def _ask(batch: Sequence[_Job]) -> tuple[list[dict[str, Any]], str]:
    """Give the answers of one child, and why it stopped where it did not answer every file."""
    spec = importlib.util.find_spec("python_calamine")
    assert spec is not None
    assert spec.origin is not None
    command = [sys.executable, "-I", "-S", str(CHILD), str(Path(spec.origin).parents[1])]
    environment = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    cause = "crash"
    with (
        tempfile.TemporaryFile() as sent,
        subprocess.Popen(
            command,
            stdin=_write(sent, batch),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as child,
    ):
        try:
            answered, _nothing = child.communicate(timeout=TIME_LIMIT + TIME_PER_FILE * len(batch))
        except subprocess.TimeoutExpired:
            child.kill()
            answered, _nothing = child.communicate()
            cause = "time"
    if child.returncode == -SIGXCPU:
        cause = "time"
    lines = answered.split(b"\n")[:-1][: len(batch)]
    return [json.loads(line, object_hook=_cell_or_answer) for line in lines], cause


def _write(sent: IO[bytes], batch: Sequence[_Job]) -> IO[bytes]:
    for job in batch:
        sent.write(f"{len(job.data)} {job.suffix}\n".encode())
        sent.write(job.data)
    sent.seek(0)
    return sent


def _cell_or_answer(value: dict[str, Any]) -> Any:
    return Odd(value["odd"], value["text"]) if "odd" in value else value

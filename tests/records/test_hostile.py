"""No hostile file takes the process down: each is refused in little time and memory, and the rest is still read."""

import importlib.util
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import psutil
import pytest

HERE = Path(__file__).parent
_spec = importlib.util.spec_from_file_location("hostile", HERE / "hostile.py")
hostile = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(hostile)

SECONDS = 20.0
"""Of the processors, over all processes; the clock of a busy machine says nothing about a file."""
BYTES = 1.5e9
"""Resident in all processes together, at any time."""
READ = """
import json, sys
from pathlib import Path
from lsb_nb.records.workbook import read_books
books = read_books([(Path(name).name, Path(name)) for name in sys.argv[1:]])
print(json.dumps([[book.refusal, [grid.rows for grid in book.grids]] for book in books]))
"""


class Run(NamedTuple):
    """What a process and its children did."""

    code: int
    out: str
    err: str
    seconds: float
    peak: float


def watched(*command: str) -> Run:
    """Run a program; add up the memory and processor time of all its processes as it goes."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        top = psutil.Process(process.pid)
        times: dict[int, float] = {}
        peak = 0.0
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            while not done.wait(0.01):
                held = 0
                for each in _family(top):
                    try:
                        held += each.memory_info().rss
                        used = each.cpu_times()
                        times[each.pid] = used.user + used.system
                    except psutil.Error:
                        continue
                peak = max(peak, held)

        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            out, err = process.communicate(timeout=280)
        finally:
            done.set()
            watcher.join()
            process.kill()
    assert time.perf_counter() - started < 280
    return Run(process.returncode, out, err, sum(times.values()), peak)


def _family(top: psutil.Process) -> list[psutil.Process]:
    try:
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("hostile")
    book = openpyxl.Workbook()
    book.active.title = "评分表"
    for row in (["单位", "环境"], ["甲子村", 20]):
        book.active.append(row)
    book.save(folder / "good.xlsx")
    found = hostile.make_all((folder / "good.xlsx").read_bytes())
    for each in found:
        (folder / each.name).write_bytes(each.content)
    return {"folder": folder, "good": folder / "good.xlsx", "all": {each.name: each for each in found}}


NAMES = [
    "empty.xlsx", "truncated.xlsx", "renamed text.xlsx", "renamed page.xls", "renamed picture.csv", "encrypted.xlsx",
    "ole of another kind.xls", "spreadsheet.et", "one long line.csv", "bomb.xlsx", "bomb that lies.xlsx",
    "shared strings, 2 TB.xlsx",
    "shared strings, 30 GB.xlsx", "shared strings, 100 MB.xlsx", "far corner.xlsx", "zeros before a far row.xlsx",
    "a far row of cells without addresses.xlsx", "entities.xlsx",
    "600 MB in a cell.xlsx", "600 MB that lies.xlsx", "parts.xlsx", "deep.xlsx", "types.xlsx", "no types.xlsx",
    "names.xlsx", "itself.xlsx", "zip64.xlsx", "merges.xlsx",
]  # fmt: skip


def test_the_list_is_complete(files: dict[str, Any]) -> None:
    assert list(files["all"]) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_is_refused_and_the_others_are_read(files: dict[str, Any], name: str) -> None:
    good = str(files["good"])
    run = watched(sys.executable, "-c", READ, good, str(files["folder"] / name), good)
    assert run.code == 0, run.err
    (first, rows), (refusal, read), (third, _rows) = json.loads(run.out)
    assert first is third is None
    assert rows == [[["单位", "环境"], ["甲子村", 20.0]]]
    word = files["all"][name].word
    if word is None:
        assert refusal or read == rows
    else:
        assert refusal
        assert word in refusal[0]
    assert not refusal or (refusal[1] and not read)
    assert run.seconds < SECONDS
    assert run.peak < BYTES


def test_all_in_one_activity_with_marked_copies(files: dict[str, Any], desk: Any, tmp_path: Path) -> None:
    """The command lives, names every file, reads the good rater's sheet, and writes the table."""
    desk.book({"评分": [["评委", "单位", "环境"], ["A1", "甲子村", 99]]})
    folder = desk.folder / "2021Q4" / "评分表"
    folder.mkdir(parents=True)
    for name in NAMES:
        (folder / name).write_bytes(files["all"][name].content)
    (folder / "good.xlsx").write_bytes(files["good"].read_bytes())
    table = tmp_path / "problems.xlsx"
    run = watched(sys.executable, "-m", "lsb_nb.cli", "check", str(desk.folder), "--json", "--out", str(table))
    assert run.code == 1, run.err
    errors = json.loads(run.out)["errors"]
    refused = {name for name, each in files["all"].items() if each.word}
    assert {"2021Q4/评分表/" + name for name in refused} <= {error["file"] for error in errors}
    assert "2021Q4/评分表/good.xlsx" not in {error["file"] for error in errors}
    assert openpyxl.load_workbook(table).active.max_row > len(refused)
    copies = {path.name for path in (tmp_path / "problems-标注").rglob("*.xlsx")}
    assert "2021Q4.xlsx" in copies
    assert not copies & refused
    assert run.peak < BYTES
    assert run.seconds < SECONDS * 3

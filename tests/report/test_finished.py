"""A notebook whose file is older than what was seen or run is refused."""

import json
import os
import time

import pytest

from lsb_nb.report.finished import NotSaved, annexes_of, read_cells, require_finished

CELLS = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# 甲\n", "乙"]},
    {"cell_type": "code", "metadata": {"tags": ["annex-raters", "x"]}, "source": "a = 1"},
]
SEEN = [["markdown", "# 甲\n乙"], ["code", "a = 1"]]


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "06.ipynb"
    path.write_text(json.dumps({"cells": CELLS}), encoding="utf-8")
    return path


def test_what_is_seen_must_stand_in_the_file(notebook):
    cells = require_finished(notebook, seen=SEEN, since=time.time() + 99)
    assert [cell["source"] for cell in cells] == ["# 甲\n乙", "a = 1"]
    for other in ([*SEEN, ["markdown", "我的话"]], SEEN[1:], [SEEN[0], ["code", "a = 2"]], [SEEN[0], ["raw", "a = 1"]]):
        with pytest.raises(NotSaved, match="不是眼前这一份"):
            require_finished(notebook, seen=other, since=0)


def test_where_the_page_is_not_known_the_file_must_be_new(notebook):
    written = notebook.stat().st_mtime
    require_finished(notebook, seen=None, since=written - 1, run="a = 1\n")
    with pytest.raises(NotSaved, match="比眼前的旧"):
        require_finished(notebook, seen=None, since=written - 1, run="a = 2")
    os.utime(notebook, (written - 60, written - 60))
    with pytest.raises(NotSaved, match="Ctrl"):
        require_finished(notebook, seen=None, since=written - 1)


@pytest.mark.parametrize("text", ["", "{}", '{"cells": [1]}', '{"cells": [{"source": 1}]}'])
def test_what_is_no_notebook_is_said(tmp_path, text):
    path = tmp_path / "x.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotSaved, match=r"打不开笔记本：x\.ipynb"):
        read_cells(path)
    with pytest.raises(NotSaved):
        read_cells(tmp_path / "none.ipynb")


def test_annexes_are_named_by_the_cells(notebook):
    assert annexes_of(read_cells(notebook)) == ["raters"]

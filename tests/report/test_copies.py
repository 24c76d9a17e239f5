"""Working copies: made once for each quarter, never written over, pointed at their data."""

import json
import re
from pathlib import Path

import pytest

from lsb_nb.i18n import use_language
from lsb_nb.report.copies import working_copies
from lsb_nb.report.prose import restore_prose
from lsb_nb.report.run import notebooks_folder


def parameters(path: Path) -> dict[str, str]:
    names: dict[str, str] = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            exec("".join(cell["source"]), names)
    return names


def test_every_shipped_notebook_is_copied_and_pointed_at_the_data(tmp_path):
    activity = tmp_path / "数据" / "甲镇"
    activity.mkdir(parents=True)
    copies = working_copies(activity, "2022Q1", tmp_path / "out")
    assert copies[0].name == "00_start.ipynb"
    assert [copy.name for copy in copies] == sorted(path.name for path in notebooks_folder().glob("[0-9]*.ipynb"))
    for copy in copies:
        assert copy.parent == tmp_path / "out" / "甲镇" / "2022Q1" / "notebooks"
        told = parameters(copy)
        assert told["quarter"] == "2022Q1"
        assert (copy.parent / told["path"]).resolve() == activity


def test_what_the_analyst_wrote_stays(tmp_path):
    copies = working_copies(tmp_path / "甲镇", "2022Q1", tmp_path / "out")
    copies[0].write_text("mine", encoding="utf-8")
    copies[1].unlink()
    again = working_copies(tmp_path / "甲镇", "2022Q1", tmp_path / "out")
    assert again == copies
    assert copies[0].read_text(encoding="utf-8") == "mine"
    assert copies[1].is_file()


def test_the_copy_speaks_the_language_of_the_day(tmp_path):
    use_language("en")
    try:
        copies = working_copies(tmp_path / "甲镇", "2022Q1", tmp_path / "out")
    finally:
        use_language("zh")
    assert parameters(copies[0])["lang"] == "en"
    cells = json.loads(copies[0].read_text(encoding="utf-8"))["cells"]
    shipped = json.loads((notebooks_folder() / "00_start.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[0]["source"].startswith("# Start here")
    cells[3]["source"] += "\nmine"
    restore_prose(cells)
    assert cells[0]["source"] == "".join(shipped[0]["source"])
    assert cells[3]["source"].endswith("mine")
    assert cells[3]["source"].startswith("## Choose")


def test_copies_of_another_activity_of_the_same_name_are_not_opened(tmp_path):
    first, second = tmp_path / "一" / "甲镇", tmp_path / "二" / "甲镇"
    for activity in (first, second):
        activity.mkdir(parents=True)
    copies = working_copies(first, "2022Q1", tmp_path / "out")
    with pytest.raises(ValueError, match="是另一个活动") as caught:
        working_copies(second, "2022Q1", tmp_path / "out")
    assert str(first) in str(caught.value)
    assert working_copies(first, "2022Q1", tmp_path / "out") == copies
    # A folder that has moved takes its copies along.
    first.rename(tmp_path / "甲镇")
    assert working_copies(second, "2022Q1", tmp_path / "out") == copies


def test_comments_in_code_speak_the_language_of_the_day_too(tmp_path):
    use_language("en")
    try:
        copies = working_copies(tmp_path / "甲镇", "2022Q1", tmp_path / "out")
    finally:
        use_language("zh")
    for copy in copies:
        for cell in json.loads(copy.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                assert not re.search("# .*[\u4e00-\u9fff]", "".join(cell["source"]))

"""Files written whole or not at all, for everybody the folder is for, never over another file unasked."""

import os
import stat
from pathlib import Path

import pytest

from lsb_nb import swap
from lsb_nb.swap import replacing, why_not


def write(path: Path, text: str = "新", *, fresh: bool = False) -> None:
    with replacing(path, fresh=fresh) as stream:
        stream.write(text.encode())


def test_a_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "a.txt")
        write(tmp_path / "b.txt", fresh=True)
    finally:
        os.umask(before)
    assert {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("a.txt", "b.txt")} == {0o640}


def test_a_fresh_file_never_replaces_one_that_has_come_in_the_meantime(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(FileExistsError) as caught:  # noqa: PT012, SIM117 - both come while the file is being written
        with replacing(path, fresh=True) as stream:
            stream.write(b"mine")
            path.write_text("theirs")
    assert caught.value.filename == str(path)
    assert path.read_text() == "theirs"
    assert [file.name for file in tmp_path.iterdir()] == ["a.txt"]


def test_without_links_a_fresh_file_is_still_fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_names: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(swap.os, "link", no_links)
    write(tmp_path / "a.txt", fresh=True)
    with pytest.raises(FileExistsError), replacing(tmp_path / "b.txt", fresh=True):
        (tmp_path / "b.txt").write_text("theirs")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.txt": "新", "b.txt": "theirs"}


def test_a_failure_leaves_neither_file_nor_folder(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "new" / "folder" / "a.txt"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_what_stands_in_the_way_is_known_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert why_not(tmp_path / "new" / "a.txt") is None
    assert isinstance(why_not(tmp_path), IsADirectoryError)
    assert isinstance(why_not(tmp_path / "file" / "a.txt"), NotADirectoryError)
    assert [file.name for file in tmp_path.iterdir()] == ["file"]

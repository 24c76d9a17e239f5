"""Ordinary mistakes on the command line: one sentence with the path, the reason, the way out; nothing left behind."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lsb_nb import cli, commands, swap
from lsb_nb.i18n import pick_language, use_language

TOWN = Path(__file__).parents[1] / "data" / "demo-town"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """One quarter of the demo, alone in its folder."""
    place = tmp_path / "小镇"
    place.mkdir()
    shutil.copy(TOWN / "2020Q3.xlsx", place)
    return place


@pytest.fixture
def lsb(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: object) -> tuple[int, str]:
        try:
            code = cli.main([str(each) for each in arguments])
        except SystemExit as error:
            code = int(error.code or 0)
        finally:
            use_language("zh")
        return code, capsys.readouterr().err

    return call


@pytest.mark.parametrize("name", ["文件/得分.xlsx", "夹.csv", "文件/得分.csv"])
def test_a_place_that_cannot_be_written_is_told_before_scoring(lsb: Any, town: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "文件").write_text("")
    (tmp_path / "夹.csv").mkdir()
    code, said = lsb("score", town, "--out", tmp_path / name)
    assert code == 2
    assert f"不能写入 {tmp_path / name}" in said
    assert "请换一个位置" in said
    assert len(said.splitlines()) == 1


def test_no_permission(lsb: Any, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(swap.tempfile, "TemporaryFile", refuse)
    code, said = lsb("--lang", "en", "score", town, "--out", tmp_path / "a.csv")
    assert (code, "no permission" in said, "choose another place" in said) == (2, True, True)
    code, said = lsb("report", town, "--out", tmp_path / "out")
    assert (code, "没有权限" in said) == (2, True)


def test_a_folder_that_cannot_be_read(lsb: Any, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(13, "Permission denied", str(town))

    monkeypatch.setitem(cli.COMMANDS, "check", refuse)
    code, said = lsb("check", town)
    assert code == 2
    assert said.splitlines() == [f"lsb check: 打不开 {town}：没有权限，或它正在 WPS、Excel 里打开；请核对路径和权限"]


@pytest.mark.parametrize("command", ["score", "report"])
def test_a_missing_scenario_is_wrong_usage_everywhere(lsb: Any, town: Path, command: str) -> None:
    code, said = lsb(command, town, "--scenario", "没有.toml")
    assert (code, "没有.toml" in said) == (2, True)


def test_a_report_looks_at_quarter_and_scenario_first(lsb: Any, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def stand_in(path: str, quarter: str, **_options: object) -> Path:
        made.append(quarter)
        return Path(path)

    monkeypatch.setattr("lsb_nb.report.run.write_report", stand_in)
    assert lsb("report", town)[0] == 0
    assert made == ["2020Q3"]
    code, said = lsb("report", town, "--quarter", "2031Q1")
    assert (code, "2020Q3" in said) == (2, True)
    scenario = town.parent / "s.toml"
    scenario.write_text('quarter = "2021Q4"\n', encoding="utf-8")
    code, said = lsb("report", town, "--scenario", scenario)
    assert (code, "情景是为 2021Q4 做的" in said) == (1, True)
    shutil.copy(TOWN / "2020Q4.xlsx", town)
    assert lsb("report", town)[0] == 2
    assert made == ["2020Q3"]


@pytest.mark.parametrize("name", ["9999Q4.xlsx", "0000Q1.xlsx"])
def test_years_that_no_quarter_has(lsb: Any, town: Path, name: str) -> None:
    shutil.copy(TOWN / "2020Q3.xlsx", town / name)
    assert lsb("check", town)[0] == 0
    assert lsb("check", town / name)[0] == 2


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (["score"], "还缺 PATH", "these are missing: PATH"),
        (["score", "x", "--outt", "y"], "不认识 --outt y", "not known: --outt y"),
        (["shout"], "只能是", "must be one of"),
        (["score", "x", "--quarter"], "--quarter 后面要写一个值", "--quarter needs a value"),
        (["serve", "x", "--port", "八"], "--port 应为整数", "--port must be a whole number"),
        (["score", "x", "--quarter", "去年"], "不是季度", "is no quarter"),
    ],
)
def test_what_argparse_refuses_is_said_in_the_language_in_use(lsb: Any, arguments: list[str], zh: str, en: str) -> None:
    for lang, word in (("zh", zh), ("en", en)):
        code, said = lsb("--lang", lang, *arguments)
        assert code == 2
        assert word in said.splitlines()[-1]
        assert said.startswith("用法：" if lang == "zh" else "usage: ")


@pytest.mark.parametrize(
    ("text", "lang"),
    [("fr", "zh"), ("zh_CN.UTF-8", "zh"), ("en_GB.UTF-8", "en"), ("EN", "en"), ("", "zh"), ("C", "zh")],
)
def test_a_language_that_there_is_not_is_chinese(text: str, lang: str) -> None:
    assert pick_language(text) == lang


def test_the_language_may_stand_on_either_side(lsb: Any) -> None:
    for arguments in (("--lang", "en", "check", "没有"), ("check", "没有", "--lang", "en")):
        assert "was not found" in lsb(*arguments)[1]


def test_an_unexpected_error_is_kept_for_the_user_alone(
    lsb: Any, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise ZeroDivisionError("by nought")

    monkeypatch.setitem(commands.COMMANDS, "check", fail)
    monkeypatch.setattr(cli.tempfile, "tempdir", str(tmp_path))
    code, said = lsb("check", town)
    assert (code, "ZeroDivisionError" in said) == (1, True)
    (log,) = tmp_path.glob("lsb_nb-error-*.log")
    assert log.stat().st_mode & 0o077 == 0
    assert "by nought" in log.read_text(encoding="utf-8")
    assert str(log) in said


def test_an_interrupt_is_one_sentence(lsb: Any, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_arguments: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    monkeypatch.setitem(cli.COMMANDS, "check", stop)
    assert lsb("check", town) == (130, "已中断，原有文件未改动。\n")

    def early() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build_parser", early)
    assert lsb("check", town) == (130, "已中断，原有文件未改动。\n")


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM there")
def test_term_leaves_no_temporary_folder(town: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "临时"
    scratch.mkdir()
    command = [sys.executable, "-m", "lsb_nb.cli", "report", str(town), "--out", str(tmp_path / "out")]
    run = subprocess.Popen(command, env={**os.environ, "TMPDIR": str(scratch)}, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not list(scratch.glob("lsb-report-*")) and time.monotonic() < end:
        time.sleep(0.05)
    run.terminate()
    assert run.wait(timeout=60) == 130
    assert list(scratch.glob("lsb-report-*")) == []
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["2020Q3.xlsx", "2020Q4.csv", "2020Q3/评分表/A01.xlsx"])
def test_scores_are_never_written_over_the_data(lsb: Any, town: Path, name: str) -> None:
    out = town / name
    out.parent.mkdir(parents=True, exist_ok=True)
    before = out.read_bytes() if out.exists() else None
    code, said = lsb("score", town, "--quarter", "2020Q3", "--out", out)
    assert code == 2
    assert f"“{out}”是原始数据的位置，请换一个文件名" in said
    assert (out.read_bytes() if out.exists() else None) == before
    assert lsb("score", town, "--quarter", "2020Q3", "--out", town / "排名.csv")[0] == 0


def test_what_is_no_notebook_is_not_served(lsb: Any, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    code, said = lsb("serve", tmp_path / "README.md", "--no-browser")
    assert code == 2
    assert "不是笔记本" in said


def test_a_suggested_token_can_be_typed(lsb: Any, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("{}")
    code, said = lsb("serve", tmp_path / "a.ipynb", "--ip", "0.0.0.0", "--no-browser")
    assert code == 2
    assert re.search(r"如 [0-9a-f]{8,}$", said.strip())


def test_an_interrupt_while_the_command_line_is_loaded_shows_no_traceback() -> None:
    # what is loaded is interrupted in its first line, as Ctrl-C would
    script = (
        "import builtins, runpy, sys\n"
        "load = builtins.__import__\n"
        "def stop(name, *rest, **more):\n"
        "    if name == 'lsb_nb.cli':\n"
        "        raise KeyboardInterrupt\n"
        "    return load(name, *rest, **more)\n"
        "builtins.__import__ = stop\n"
        "sys.argv = ['lsb', 'check', 'x']\n"
        "runpy.run_module('lsb_nb', run_name='__main__')\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (run.returncode, run.stderr) == (130, "")

"""Names of reports: no other run replaces the published one; the command printed in a report makes it again."""

from __future__ import annotations

import argparse
import os
import shlex
from pathlib import Path

import pytest

from lsb_nb import cli
from lsb_nb.report.naming import command_line, quoted, report_name


def scenario_file(folder: Path, name: str) -> Path:
    file = folder / "情景一.toml"
    file.write_text(f'name = "{name}"\n', encoding="utf-8")
    return file


def test_only_the_published_report_in_chinese_has_the_plain_name(tmp_path: Path) -> None:
    scenario = scenario_file(tmp_path, "突出 实绩")
    assert report_name() == report_name("zh", notebook="x/06_report.ipynb") == "report.html"
    names = {
        report_name("en"): "report.en.html",
        report_name(scenario=scenario): "report-突出-实绩.html",
        report_name("en", scenario=scenario): "report-突出-实绩.en.html",
        report_name(notebook="x/02_gaps.ipynb"): "report-02_gaps.html",
        report_name(annexes=["raters"]): "report-附录.html",
        report_name("en", scenario=scenario, notebook="我的.ipynb"): "report-突出-实绩-我的.en.html",
    }
    assert list(names) == list(names.values())


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("../../x", "x"), ("a/b:c", "a-b-c"), ("", "情景一"), ("...", "情景一"), ("en.html", "en-html"),
        ("\\u202egpj", "gpj"), ("长" * 90, "长" * 53),
    ],
)  # fmt: skip
def test_a_scenarios_name_hides_no_path(tmp_path: Path, name: str, part: str) -> None:
    assert report_name(scenario=scenario_file(tmp_path, name)) == f"report-{part}.html"


def test_a_file_that_is_no_scenario_names_the_report_by_its_stem(tmp_path: Path) -> None:
    file = tmp_path / "坏.toml"
    file.write_bytes(b"\xff\xfe=")
    assert report_name(scenario=file) == "report-坏.html"


@pytest.mark.skipif(os.name == "nt", reason="the quoting of POSIX shells")
@pytest.mark.parametrize("odd", ["甲 镇", "a'b", "$HOME", 'x"y', "a;b", "-x"])
def test_the_command_can_be_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.chdir(tmp_path)
    line = command_line(
        tmp_path / odd, "2021Q4", scenario=f"{odd}/情景.toml", notebook=f"{odd}.ipynb", out=f"{odd}/out", lang="en",
        annexes=["raters"],
    )  # fmt: skip
    words = shlex.split(line)
    assert words[0] == "lsb"
    given: argparse.Namespace = cli.build_parser().parse_args(words[1:])
    assert Path(given.path) == Path(odd)
    assert Path(given.scenario) == Path(odd, "情景.toml")
    assert Path(given.notebook) == Path(f"{odd}.ipynb")
    assert Path(given.out) == Path(odd, "out")
    assert (given.quarter, given.lang, given.annex) == ("2021Q4", "en", ["raters"])


def test_a_place_elsewhere_is_told_by_its_last_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    line = command_line(tmp_path / "甲镇", "2021Q4", out="exports")
    assert line == "lsb report 甲镇 --quarter 2021Q4"
    assert quoted("甲 镇") == '"甲 镇"'

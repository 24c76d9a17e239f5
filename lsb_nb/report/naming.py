"""What a report's file is called, and the command that makes it again."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from lsb_nb.i18n import _

COMMAND = "LSB_COMMAND"
"""The kernel's environment tells the notebook the command under this name."""
SHIPPED = "06_report"
"""A working copy of the report's own notebook makes the report itself."""
_UNSAFE = re.compile(r'[\\/:*?"<>|.\s]+')
_PLAIN = re.compile(r"[\w@%+=:,./-]+")


def report_name(
    lang: str = "zh",
    *,
    scenario: str | Path | None = None,
    notebook: str | Path | None = None,
    annexes: Sequence[str] = (),
) -> str:
    """Name a report's file, so that no other run replaces the published report.

    Returns
    -------
    str
        ``report.html`` for the published result in Chinese. A scenario's name, the stem of another notebook than the
        report's own, and 附录 where there is one, follow after a hyphen; another language before the ending:
        ``report-突出实绩.en.html``.
    """
    parts = [_scenario_name(Path(scenario))] if scenario else []
    parts += [Path(notebook).stem] if notebook and Path(notebook).stem != SHIPPED else []
    parts += ["附录"] if annexes else []
    words = "-".join(["report", *(_file_part(part) for part in parts)])
    return words[:60].rstrip("-") + ("" if lang == "zh" else f".{lang}") + ".html"


def command_line(
    path: str | Path,
    quarter: str,
    *,
    scenario: str | Path | None = None,
    notebook: str | Path | None = None,
    out: str | Path = "exports",
    lang: str = "zh",
    annexes: Sequence[str] = (),
) -> str:
    """Write the command that makes a report again, to be run in the folder that this one was run in.

    A path outside that folder is told by its last part only: a report names no folder of the machine.
    """
    words = ["lsb", "report", _told(path), "--quarter", quarter]
    words += ["--scenario", _told(scenario)] if scenario else []
    words += ["--notebook", _told(notebook)] if notebook else []
    words += ["--out", _told(out)] if _told(out) != "exports" else []
    words += ["--lang", lang] if lang != "zh" else []
    words += [word for name in annexes for word in ("--annex", name)]
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """Quote a word for the shell of this system, where it needs quoting."""
    if _PLAIN.fullmatch(word):
        return word
    if os.name == "nt":
        shown = subprocess.list2cmdline([word])
        return shown if shown.startswith('"') else f'"{shown}"'
    if "'" not in word and not re.search(r'["$`\\!]', word):
        return f'"{word}"'
    return "'" + word.replace("'", "'\"'\"'") + "'"


def say_written(target: Path) -> str:
    """Say which file was written, and that the published report is as it was where the file is another one."""
    if target.name == "report.html":
        return _("已写出 {file}").format(file=target.name)
    return _("已写出 {file}；公布方案的中文报告 report.html 不受影响").format(file=target.name)


def _told(path: str | Path) -> str:
    place = Path(path)
    try:
        inside = place.resolve().relative_to(Path.cwd().resolve()).as_posix()
    except ValueError:
        inside = place.resolve().name
    return f"./{inside}" if inside.startswith("-") else inside


def _scenario_name(file: Path) -> str:
    try:
        name = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("name")
    except (OSError, ValueError):
        name = None
    return name if isinstance(name, str) and _file_part(name) else file.stem


def _file_part(name: str) -> str:
    """Take from a name what no file name may hold."""
    visible = "".join("-" if unicodedata.category(letter) in ("Cc", "Cf") else letter for letter in name)
    return _UNSAFE.sub("-", visible).strip("-")

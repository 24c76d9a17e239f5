"""Working copies of the shipped notebooks: one set for each activity and quarter, never written over."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

from lsb_nb.i18n import _, language
from lsb_nb.quarters import parse_quarter
from lsb_nb.report.prose import translate_prose
from lsb_nb.report.run import notebooks_folder
from lsb_nb.swap import replacing

FOLDER = "notebooks"
"""Copies stand in ``<out>/<activity>/<quarter>/notebooks``."""


def working_copies(activity: Path, quarter: str, out: Path) -> list[Path]:
    """Copy the shipped notebooks for one activity and quarter, leaving every copy that is there already.

    Prose is in the language in use; a report made from a copy speaks its own language all the same.

    Parameters
    ----------
    activity : pathlib.Path
        The activity's folder.
    quarter : str
        Code such as ``2021Q4``.
    out : pathlib.Path
        Copies stand in ``out/<activity>/<quarter>/notebooks``.

    Returns
    -------
    list of pathlib.Path
        All copies in order; those that were there keep what the analyst wrote.

    Raises
    ------
    ValueError
        If the copies that are there belong to another activity whose folder has the same name.
    """
    place = out / activity.name / quarter / FOLDER
    place.mkdir(parents=True, exist_ok=True)
    copies = []
    for shipped in sorted(notebooks_folder().glob("[0-9]*.ipynb")):
        copy = place / shipped.name
        if not copy.exists():
            content = json.loads(shipped.read_text(encoding="utf-8"))
            translate_prose(content["cells"])
            _point_at(content, relative_path(activity, place), quarter)
            write_text(copy, json.dumps(content, ensure_ascii=False, indent=1) + "\n", fresh=True)
        elif (other := _points_at(copy)) and other != activity.resolve() and other.is_dir():
            reason = _("{place} 里是另一个活动（{other}）的笔记本，请用 --out 换一个文件夹")
            raise ValueError(reason.format(place=place, other=other))
        copies.append(copy)
    return copies


def title_of(notebook: Path) -> str:
    """Give a notebook's title: the first line of its first cell, else the file's name."""
    try:
        first = "".join(json.loads(notebook.read_text(encoding="utf-8"))["cells"][0]["source"])
    except (OSError, ValueError, LookupError, TypeError):
        return notebook.stem
    return first.partition("\n")[0].lstrip("# ").strip() or notebook.stem


def relative_path(target: Path, start: Path) -> str:
    """Give a path as seen from a folder, with slashes; the full path where there is no way from one to the other."""
    try:
        return Path(os.path.relpath(target.resolve(), start.resolve())).as_posix()
    except ValueError:  # another drive on Windows has no relative path
        return target.resolve().as_posix()


def _points_at(copy: Path) -> Path | None:
    """Give the activity's folder that a copy names in its parameters; None where it cannot be told."""
    try:
        cells = json.loads(copy.read_text(encoding="utf-8"))["cells"]
        lines = "\n".join("".join(c["source"]) for c in cells if "parameters" in c["metadata"].get("tags", []))
        told = re.search(r'^path = (".*")$', lines, flags=re.MULTILINE)
        return (copy.parent / json.loads(told[1])).resolve() if told else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def _point_at(content: dict[str, Any], path: str, quarter: str) -> None:
    values = {"path": path, "quarter": quarter, "lang": language()}
    for cell in content["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            lines = "".join(cell["source"]).splitlines()
            for index, line in enumerate(lines):
                name = line.partition("=")[0].strip()
                if name in values:
                    lines[index] = f"{name} = {json.dumps(values[name], ensure_ascii=False)}"
            cell["source"] = "\n".join(lines)


def out_folder(place: Path) -> Path:
    """Give the folder of all exports for notebooks that stand in `place`: their own where they are working copies."""
    if place.name == FOLDER and len(place.parts) > 3 and _is_quarter(place.parent):
        return place.parents[2]
    return place.parent / "exports"


def _is_quarter(place: Path) -> bool:
    try:
        return parse_quarter(place.name) == place.name
    except ValueError:
        return False


def write_text(path: Path, text: str, *, fresh: bool = False) -> None:
    """Write a file beside its place, then swap; with `fresh` a file that is there is kept."""
    try:
        with replacing(path, fresh=fresh) as stream:
            stream.write(text.encode("utf-8"))
    except FileExistsError:
        if not fresh:
            raise

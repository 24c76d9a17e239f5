"""The commands: each takes the parsed arguments and gives the exit code."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from lsb_nb.faults import cannot_write
from lsb_nb.i18n import _
from lsb_nb.opening import Usage, check_place, find_place, load_place, only_quarter
from lsb_nb.quarters import parse_quarter
from lsb_nb.swap import why_not
from lsb_nb.terminal import print_json, print_problems, problems_json, ranking_text

if TYPE_CHECKING:
    import pandas as pd

    from lsb_nb.bundles import Scores


def check(arguments: argparse.Namespace) -> int:
    """Print every problem of an activity or a workbook; write them as a table with marked copies where asked."""
    if arguments.out and Path(arguments.out).suffix.lower() != ".xlsx":
        raise Usage(_("--out 的文件名应以 .xlsx 结尾"))
    folder, quarter = find_place(arguments.path, arguments.quarter)
    problems = check_place(arguments.path, quarter)
    errors = int((problems["severity"] == "error").sum())
    if arguments.json:
        print_json(problems_json(problems))
    else:
        print_problems(problems)
        warnings = len(problems) - errors
        print(
            _("{name}：{errors} 处错误，{warnings} 处提示").format(name=folder.name, errors=errors, warnings=warnings)
        )
    if arguments.out:
        _write_problems(problems, folder, arguments.out, stream=sys.stderr if arguments.json else sys.stdout)
    return 1 if errors else 0


def _write_problems(problems: pd.DataFrame, folder: Path, out: str, *, stream: TextIO) -> None:
    from lsb_nb.records.outcome import marked_folder, write_problems

    try:
        table, *copies = write_problems(problems, out, folder=folder)
    except ValueError as error:
        raise Usage(str(error)) from None
    except OSError as error:
        raise Usage(cannot_write(error.filename2 or out, error)) from None
    print(_("已写入 {path}").format(path=table), file=stream)
    if copies:
        text = _("标注副本 {n} 份，在 {folder}；请在原文件里改正").format(n=len(copies), folder=marked_folder(out))
        print(text, file=stream)


def score(arguments: argparse.Namespace) -> int:
    """Print or write the ranking of one quarter."""
    from lsb_nb.scoring.output import as_json, write_table

    if arguments.out and Path(arguments.out).suffix.lower() not in (".csv", ".xlsx"):
        raise Usage(_("--out 的文件名应以 .csv 或 .xlsx 结尾"))
    _refuse_missing(arguments.scenario)
    if arguments.out:
        _refuse_source(Path(arguments.out), find_place(arguments.path, arguments.quarter)[0])
        _refuse_unwritable(Path(arguments.out))
    scores = _scores(arguments)
    if arguments.out:
        try:
            write_table(scores, arguments.out)
        except OSError as error:
            raise Usage(cannot_write(arguments.out, error)) from None
    if arguments.json:
        print_json(as_json(scores))
    else:
        print(ranking_text(scores))
        print_problems(scores.problems, stream=sys.stderr)
        if arguments.out:
            print(_("已写入 {path}").format(path=arguments.out))
    return 0


def _refuse_missing(*files: str | None) -> None:
    for file in files:
        if file and not Path(file).is_file():
            raise Usage(_("找不到文件：{path}").format(path=file))


def _refuse_source(out: Path, folder: Path) -> None:
    """Refuse to write where the activity's own data stand: a quarter's workbook, or anything among its rater sheets."""
    from lsb_nb.records.files import RATER_FOLDER

    place, folder = out.resolve(), folder.resolve()
    if not place.is_relative_to(folder):
        return
    try:
        source = place.parent == folder and bool(parse_quarter(place.stem))
    except ValueError:
        source = False
    if source or RATER_FOLDER in place.relative_to(folder).parts[:-1]:
        raise Usage(_("“{path}”是原始数据的位置，请换一个文件名").format(path=out))


def _refuse_unwritable(path: Path) -> None:
    """Refuse a place that cannot be written before any work is done."""
    error = why_not(path)
    if error is not None:
        raise Usage(cannot_write(path, error))


def _scores(arguments: argparse.Namespace) -> Scores:
    from lsb_nb.bundles import DataProblems

    try:
        return _score_quarter(arguments)
    except DataProblems:
        # Reading stops at its own errors; whoever scores shall see all that `check` sees.
        problems = check_place(arguments.path, find_place(arguments.path, arguments.quarter)[1])
        if (problems["severity"] == "error").any():
            raise DataProblems(problems) from None
        raise


def _score_quarter(arguments: argparse.Namespace) -> Scores:
    import pandas as pd

    from lsb_nb.scenarios import apply_scenario, check_scenario, read_scenario
    from lsb_nb.scheme_sheets import scheme_of
    from lsb_nb.scoring.composite import score

    _folder, quarter = find_place(arguments.path, arguments.quarter)
    records = load_place(arguments.path, quarter)
    if quarter is None:
        if len(records.quarters) > 1:
            raise Usage(_("有多个季度（{all}），请用 --quarter 指定").format(all="、".join(records.quarters)))
        quarter = records.quarters[0]
    scheme = None
    if arguments.scenario:
        scenario, file = read_scenario(arguments.scenario), Path(arguments.scenario).name
        told = check_scenario(scenario, records, quarter=quarter, file=file)
        records = dataclasses.replace(records, problems=pd.concat([records.problems, told], ignore_index=True))
        scheme = apply_scenario(scheme_of(records.at(quarter)), scenario, file=file)
    return score(records, quarter=quarter, scheme=scheme)


def report(arguments: argparse.Namespace) -> int:
    """Write the evaluation report of one quarter; the last line printed is its path."""
    from lsb_nb.records.files import find_workbooks
    from lsb_nb.report.annexes import AnnexError
    from lsb_nb.report.run import ReportError, write_report
    from lsb_nb.scenarios import check_quarter, check_workbook, read_scenario

    _refuse_missing(arguments.notebook, arguments.scenario)
    folder, quarter = find_place(arguments.path, arguments.quarter)
    quarter = only_quarter(folder, quarter)
    if arguments.scenario:
        scenario, file = read_scenario(arguments.scenario), Path(arguments.scenario).name
        check_quarter(scenario, quarter, file=file)
        workbook = find_workbooks(folder, []).get(quarter, [])
        if workbook:
            told = check_workbook(scenario, workbook[0].read_bytes(), quarter=quarter, file=file)
            print_problems(told, stream=sys.stderr)
    _refuse_unwritable(Path(arguments.out).resolve() / folder.name / quarter / "report.html")
    try:
        path = write_report(
            arguments.path,
            quarter,
            scenario=arguments.scenario,
            notebook=arguments.notebook,
            out=arguments.out,
            lang=arguments.lang,
            annexes=arguments.annex,
            progress=lambda line: print(line, file=sys.stderr, flush=True),
        )
    except AnnexError as error:
        raise Usage(str(error)) from None
    except ReportError as error:
        problems = check_place(arguments.path, quarter)
        if (problems["severity"] == "error").any():
            print_problems(problems, stream=sys.stderr)
        else:
            print(str(error), file=sys.stderr)
        return 1
    print(path)
    return 0


def template(arguments: argparse.Namespace) -> int:
    """Write a blank quarter workbook and rater sheets."""
    from lsb_nb.records.templates import write_templates

    try:
        written = write_templates(
            arguments.path,
            arguments.quarter,
            like=arguments.like,
            units=arguments.units,
            criteria=arguments.criteria,
            raters=arguments.raters,
        )
    except (ValueError, FileExistsError) as error:
        raise Usage(str(error)) from None
    except OSError as error:
        raise Usage(cannot_write(error.filename or arguments.path, error)) from None
    for path in written:
        print(path)
    return 0


def lab(arguments: argparse.Namespace) -> int:
    """Open working copies of the notebooks in JupyterLab."""
    from lsb_nb.lab import open_lab

    path = arguments.path or "data/demo-street"
    folder, quarter = find_place(path, arguments.quarter)
    if quarter is None:
        from lsb_nb.records.files import list_quarters

        quarters = list_quarters(folder)
        if not quarters:
            raise Usage(_("{path} 里没有季度工作簿（文件名如 2021Q4.xlsx）").format(path=path))
        quarter = quarters[-1]
    try:
        return open_lab(folder, quarter, Path(arguments.out), port=arguments.port, browser=not arguments.no_browser)
    except ValueError as error:
        raise Usage(str(error)) from None


def serve(arguments: argparse.Namespace) -> int:
    """Show a notebook as a page through Voila."""
    from lsb_nb import lab as room

    notebook = Path(arguments.path)
    if not notebook.is_file():
        raise Usage(_("找不到文件：{path}").format(path=arguments.path))
    if notebook.suffix != ".ipynb":
        raise Usage(_("“{path}”不是笔记本（.ipynb）").format(path=arguments.path))
    token = arguments.token or os.environ.get("LSB_TOKEN")
    options = {"ip": arguments.ip, "port": arguments.port, "token": token}
    try:
        return room.serve(notebook, **options, browser=not arguments.no_browser)
    except ValueError as error:
        raise Usage(str(error)) from None


COMMANDS = {"check": check, "score": score, "report": report, "template": template, "lab": lab, "serve": serve}

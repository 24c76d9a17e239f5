"""The command line: `lsb check | score | report | template | lab | serve`."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from lsb_nb import __version__
from lsb_nb.i18n import LANGUAGES, _, use_language
from lsb_nb.quarters import parse_quarter
from lsb_nb.terminal import print_json, print_problems, problems_json, ranking_text

if TYPE_CHECKING:
    import pandas as pd

    from lsb_nb.bundles import Records, Scores


class Usage(Exception):  # noqa: N818 - not an error of the data but of the call
    """The command was called in a way that cannot work; exit code 2."""


def _quarter(text: str) -> str:
    try:
        return parse_quarter(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def build_parser() -> argparse.ArgumentParser:
    """Make the parser of every subcommand."""
    parser = argparse.ArgumentParser(prog="lsb", description=_("“亮承诺、赛实绩、比干劲”观摩评比：检查、计分、出报告"))
    parser.add_argument("--version", action="version", version=f"lsb_nb {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="check|score|report|template|lab|serve")

    def add(name: str, text: str, *, path: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        if path:
            command.add_argument("path", metavar="PATH", help=_("活动文件夹，或一个季度的工作簿"))
        command.add_argument("--lang", choices=LANGUAGES, default=os.environ.get("LSB_LANG", "zh"), help=_("界面语言"))
        return command

    check = add("check", _("检查数据，一次列出全部问题"))
    check.add_argument("--quarter", type=_quarter, help=_("只检查这一季度，如 2021Q4"))
    check.add_argument("--json", action="store_true", help=_("输出 JSON"))

    score = add("score", _("按计分规则算分、排名"))
    score.add_argument("--quarter", type=_quarter, help=_("季度，如 2021Q4；只有一个季度时可省略"))
    score.add_argument("--scenario", metavar="FILE", help=_("情景文件（TOML）"))
    score.add_argument("--json", action="store_true", help=_("输出 JSON"))
    score.add_argument("--out", metavar="FILE", help=_("写入 .csv 或 .xlsx"))

    report = add("report", _("生成评比分析报告（一个 HTML 文件）"))
    report.add_argument("--quarter", type=_quarter, help=_("季度，如 2021Q4；只有一个季度时可省略"))
    report.add_argument("--scenario", metavar="FILE", help=_("情景文件（TOML）"))
    report.add_argument("--notebook", metavar="FILE", help=_("用这个笔记本生成，而不是自带的报告笔记本"))
    report.add_argument("--out", metavar="DIR", default="exports", help=_("输出文件夹，默认 exports"))
    report.add_argument(
        "--annex", metavar="NAME", action="append", help=_("附录，分发的报告不带；raters 为评委分析，只出代号")
    )

    template = add("template", _("生成空白工作簿和评委打分表"), path=False)
    template.add_argument("path", metavar="DIR", help=_("活动文件夹，不存在则新建"))
    template.add_argument("--quarter", type=_quarter, required=True, help=_("季度，如 2022Q1"))
    template.add_argument("--like", metavar="FILE", help=_("沿用这个工作簿的单位、指标、评委和规则"))
    template.add_argument("--units", metavar="A、B", help=_("单位，以顿号分隔，或每行一个单位的文本文件"))
    template.add_argument("--criteria", metavar="A=25、B=20", help=_("指标和满分；可写作 板块/指标=满分"))
    template.add_argument("--raters", metavar="A01、A02", help=_("评委；可写作 评委组/评委"))

    lab = add("lab", _("在 JupyterLab 里打开分析工作簿"), path=False)
    lab.add_argument("path", metavar="PATH", nargs="?", help=_("活动文件夹或工作簿；不给则打开示例"))
    lab.add_argument("--quarter", type=_quarter, help=_("季度，不给则取最近一季"))
    lab.add_argument("--out", metavar="DIR", default="exports", help=_("工作副本所在文件夹，默认 exports"))
    lab.add_argument("--port", type=int, help=_("端口"))
    lab.add_argument("--no-browser", action="store_true", help=_("不自动打开浏览器"))

    serve = add("serve", _("用 Voila 把笔记本作为网页展示（默认只限本机）"), path=False)
    serve.add_argument("path", metavar="NOTEBOOK", help=_("笔记本文件"))
    serve.add_argument("--ip", default="127.0.0.1", help=_("监听地址，默认只限本机"))
    serve.add_argument("--port", type=int, default=8866, help=_("端口，默认 8866"))
    serve.add_argument("--token", help=_("口令；不限本机时必须给出"))
    serve.add_argument("--no-browser", action="store_true", help=_("不自动打开浏览器"))
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 the data have errors or the work failed, 2 wrong usage.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = build_parser().parse_args(argv)
    from lsb_nb.bundles import DataProblems

    try:
        use_language(arguments.lang)
        return COMMANDS[arguments.command](arguments)
    except Usage as error:
        print(f"lsb {arguments.command}: {error}", file=sys.stderr)
        return 2
    except DataProblems as error:
        if getattr(arguments, "json", False):
            print_json(problems_json(error.problems))
        else:
            print_problems(error.problems, stream=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_("已中断，原有文件未改动。"), file=sys.stderr)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _unexpected(error)


def check(arguments: argparse.Namespace) -> int:
    """Print every problem of an activity or a workbook; also score, so that nothing is left to find later."""
    folder, quarter = _place(arguments.path, arguments.quarter)
    problems = _all_problems(arguments.path, quarter)
    errors = int((problems["severity"] == "error").sum())
    if arguments.json:
        print_json(problems_json(problems))
    else:
        print_problems(problems)
        warnings = len(problems) - errors
        print(
            _("{name}：{errors} 处错误，{warnings} 处提示").format(name=folder.name, errors=errors, warnings=warnings)
        )
    return 1 if errors else 0


def _all_problems(path: str, quarter: str | None) -> pd.DataFrame:
    import pandas as pd

    from lsb_nb.bundles import problem_frame

    records = _load(path, quarter, on_error="keep")
    quarters = [quarter] if quarter in records.quarters else records.quarters
    frames = [records.problems, *(_scoring_problems(records, each) for each in quarters)]
    kept = [frame for frame in frames if len(frame)] or [problem_frame([])]
    return pd.concat(kept, ignore_index=True).drop_duplicates(ignore_index=True)


def _scoring_problems(records: Records, quarter: str) -> pd.DataFrame:
    from lsb_nb.bundles import DataProblems, problem_frame
    from lsb_nb.scoring.composite import score

    known = records.problems[records.problems["quarter"] == quarter]
    broken = bool((known["severity"] == "error").any())
    if broken and (records.at(quarter).units.empty or records.at(quarter).criteria.empty):
        return problem_frame([])
    try:
        return score(records, quarter=quarter).problems
    except DataProblems as error:
        found = error.problems
        return found[found["severity"] == "error"] if broken else found


def score(arguments: argparse.Namespace) -> int:
    """Print or write the ranking of one quarter."""
    from lsb_nb.scoring.output import as_json, write_table

    if arguments.out and Path(arguments.out).suffix.lower() not in (".csv", ".xlsx"):
        raise Usage(_("--out 的文件名应以 .csv 或 .xlsx 结尾"))
    scores = _scores(arguments)
    if arguments.out:
        Path(arguments.out).parent.mkdir(parents=True, exist_ok=True)
        write_table(scores, arguments.out)
    if arguments.json:
        print_json(as_json(scores))
    else:
        print(ranking_text(scores))
        print_problems(scores.problems, stream=sys.stderr)
        if arguments.out:
            print(_("已写入 {path}").format(path=arguments.out))
    return 0


def _scores(arguments: argparse.Namespace) -> Scores:
    from lsb_nb.bundles import DataProblems

    try:
        return _score_quarter(arguments)
    except DataProblems:
        # Reading stops at its own errors; whoever scores shall see all that `check` sees.
        problems = _all_problems(arguments.path, _place(arguments.path, arguments.quarter)[1])
        if (problems["severity"] == "error").any():
            raise DataProblems(problems) from None
        raise


def _score_quarter(arguments: argparse.Namespace) -> Scores:
    from lsb_nb.scenarios import apply_scenario, read_scenario
    from lsb_nb.scheme import scheme_of
    from lsb_nb.scoring.composite import score

    _folder, quarter = _place(arguments.path, arguments.quarter)
    records = _load(arguments.path, quarter, on_error="raise")
    if quarter is None:
        if len(records.quarters) > 1:
            raise Usage(_("有多个季度（{all}），请用 --quarter 指定").format(all="、".join(records.quarters)))
        quarter = records.quarters[0]
    scheme = None
    if arguments.scenario:
        scenario = read_scenario(arguments.scenario)
        scheme = apply_scenario(scheme_of(records.at(quarter)), scenario, file=Path(arguments.scenario).name)
    return score(records, quarter=quarter, scheme=scheme)


def report(arguments: argparse.Namespace) -> int:
    """Write the evaluation report of one quarter; the last line printed is its path."""
    from lsb_nb.report.annexes import AnnexError
    from lsb_nb.report.run import ReportError, write_report

    for name in ("notebook", "scenario"):
        given = getattr(arguments, name)
        if given and not Path(given).is_file():
            raise Usage(_("找不到文件：{path}").format(path=given))
    _folder, quarter = _place(arguments.path, arguments.quarter)
    if quarter is None:
        raise Usage(_("请用 --quarter 指定季度，如 --quarter 2021Q4"))
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
        problems = _all_problems(arguments.path, quarter)
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
    for path in written:
        print(path)
    return 0


def lab(arguments: argparse.Namespace) -> int:
    """Open working copies of the notebooks in JupyterLab."""
    from lsb_nb.lab import open_lab

    path = arguments.path or "data/demo-street"
    folder, quarter = _place(path, arguments.quarter)
    if quarter is None:
        from lsb_nb.records.load import find_workbooks

        quarters = sorted(find_workbooks(folder, []))
        if not quarters:
            raise Usage(_("{path} 里没有季度工作簿（文件名如 2021Q4.xlsx）").format(path=path))
        quarter = quarters[-1]
    return open_lab(folder, quarter, Path(arguments.out), port=arguments.port, browser=not arguments.no_browser)


def serve(arguments: argparse.Namespace) -> int:
    """Show a notebook as a page through Voila."""
    from lsb_nb import lab as room

    notebook = Path(arguments.path)
    if not notebook.is_file():
        raise Usage(_("找不到文件：{path}").format(path=arguments.path))
    options = {"ip": arguments.ip, "port": arguments.port, "token": arguments.token}
    try:
        return room.serve(notebook, **options, browser=not arguments.no_browser)
    except ValueError as error:
        raise Usage(str(error)) from None


COMMANDS = {"check": check, "score": score, "report": report, "template": template, "lab": lab, "serve": serve}


def _place(path: str, quarter: str | None) -> tuple[Path, str | None]:
    """Find the activity's folder and the quarter a path stands for."""
    place = Path(path)
    if place.is_dir():
        return place.resolve(), quarter
    if not place.exists():
        raise Usage(_("找不到 {path}：应为活动文件夹，或一个季度的工作簿").format(path=path))
    try:
        own = parse_quarter(place.stem)
    except ValueError:
        raise Usage(_("工作簿的文件名应为季度，如 2021Q4.xlsx；现为 {name}").format(name=place.name)) from None
    if quarter not in (None, own):
        raise Usage(_("{name} 是 {own} 的工作簿，不是 {quarter}").format(name=place.name, own=own, quarter=quarter))
    return place.resolve().parent, own


def _load(path: str, quarter: str | None, *, on_error: str) -> Records:
    from lsb_nb.records.load import find_workbooks, load_activity

    if Path(path).is_dir():
        known = sorted(find_workbooks(Path(path), []))
        if not known:
            raise Usage(_("{path} 里没有季度工作簿（文件名如 2021Q4.xlsx）").format(path=path))
        if quarter not in (None, *known):
            raise Usage(_("没有 {quarter} 这一季度，现有：{all}").format(quarter=quarter, all="、".join(known)))
    return load_activity(path, quarters=None if quarter is None else [quarter], on_error=on_error)


def _unexpected(error: Exception) -> int:
    """Say one sentence; keep the trace, without texts that could hold names or marks, in a local log file."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"lsb_nb {__version__} {type(error).__name__}"]
    lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    log = Path(tempfile.gettempdir()) / "lsb_nb-error.log"
    try:
        log.write_text("\n".join(lines) + "\n", encoding="utf-8")
        where = _("；经过记录在 {log}").format(log=log)
    except OSError:
        where = ""
    kind = type(error).__name__
    print(_("程序出了意外错误（{kind}），没有写出任何文件{where}").format(kind=kind, where=where), file=sys.stderr)
    return 1


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()

"""The command line: `lsb check | score | report | template | lab | serve`."""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import re
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from lsb_nb import __version__
from lsb_nb.commands import COMMANDS
from lsb_nb.faults import cannot_open
from lsb_nb.i18n import LANGUAGES, _, language, pick_language, use_language
from lsb_nb.opening import Usage
from lsb_nb.quarters import parse_quarter
from lsb_nb.terminal import print_json, print_problems, problems_json


class _Parser(argparse.ArgumentParser):
    """Headings in the language in use: argparse itself has them in English only."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=_Formatter, add_help=False)
        self._positionals.title, self._optionals.title = _("参数"), _("选项")
        self.add_argument("-h", "--help", action="help", help=_("显示这些说明"))

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call, in the language in use, and leave with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, _("{prog}：{message}").format(prog=self.prog, message=_say_usage(message)) + "\n")


_USAGE = (
    (r"the following arguments are required: (?P<names>.*)", lambda: _("还缺 {names}")),
    (r"unrecognized arguments: (?P<names>.*)", lambda: _("不认识 {names}")),
    (
        r"argument (?P<name>.*?): invalid choice: (?P<value>.*?) \(choose from (?P<allowed>.*)\)",
        lambda: _("{name} 不能是 {value}，只能是：{allowed}"),
    ),
    (r"argument (?P<name>.*?): expected (?:one|at least one) argument", lambda: _("{name} 后面要写一个值")),
    (r"argument (?P<name>.*?): invalid int value: (?P<value>.*)", lambda: _("{name} 应为整数，不是 {value}")),
    (r"ambiguous option: (?P<name>.*) could match (?P<names>.*)", lambda: _("{name} 可以是 {names}，请写全")),
    (r"argument (?P<name>.*?): (?P<value>.*)", lambda: _("{name}：{value}")),
)


def _say_usage(message: str) -> str:
    """Word one of argparse's own messages, which are in English whatever the language."""
    for pattern, words in _USAGE:
        if match := re.fullmatch(pattern, message, re.DOTALL):
            return words().format(**match.groupdict())
    return message


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any], prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, _("用法：") if prefix is None else prefix)


def _quarter(text: str) -> str:
    try:
        return parse_quarter(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def build_parser() -> argparse.ArgumentParser:
    """Make the parser of every subcommand."""
    parser = _Parser(prog="lsb", description=_("“亮承诺、赛实绩、比干劲”观摩评比：检查、计分、出报告"))
    lang = parser.add_argument("--lang", choices=LANGUAGES, help=_("界面语言"))
    parser.add_argument("--version", action="version", version=f"lsb_nb {__version__}", help=_("显示版本"))
    names = "check|score|report|template|lab|serve"
    commands = parser.add_subparsers(dest="command", required=True, title=_("命令"), metavar=names)

    def add(name: str, text: str, *, path: bool = True) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text)
        if path:
            command.add_argument("path", metavar="PATH", help=_("活动文件夹，或一个季度的工作簿"))
        # Whatever stands before the command holds, unless it is said again after it.
        command.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=lang.help)
        return command

    check = add("check", _("检查数据，一次列出全部问题"))
    check.add_argument("--quarter", type=_quarter, help=_("只检查这一季度，如 2021Q4"))
    check.add_argument("--out", metavar="FILE", help=_("把问题写成 .xlsx 表，并在旁边存一份标出错处的副本"))
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
    of_criteria = _("指标和满分；可写作 板块/指标=满分，计分方式写在后面，如 A=25（等次测评）")
    template.add_argument("--criteria", metavar="A=25、B=20", help=of_criteria)
    template.add_argument("--raters", metavar="A01、A02", help=_("评委；可写作 评委组/评委，后面不写组的同属这一组"))

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
    serve.add_argument("--token", help=_("口令，也可放在环境变量 LSB_TOKEN 里；不限本机时必须给出"))
    serve.add_argument("--no-browser", action="store_true", help=_("不自动打开浏览器"))
    return parser


def _language_of(argv: Sequence[str]) -> str:
    """Find the language before anything is said, the help included: --lang, else LSB_LANG, else Chinese."""
    asked = pick_language(os.environ.get("LSB_LANG", ""))
    for word, after in itertools.pairwise([*argv, ""]):
        if word == "--lang" or word.startswith("--lang="):
            asked = word.partition("=")[2] or after
    return pick_language(asked)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 done, 1 the data have errors or the work failed, 2 wrong usage.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(encoding="utf-8", errors="replace")
        argv = sys.argv[1:] if argv is None else argv
        use_language(_language_of(argv))
        arguments = build_parser().parse_args(argv)
        arguments.lang = language()
        with _ending_on_request():
            return _run(arguments)
    except KeyboardInterrupt:
        print(_("已中断，原有文件未改动。"), file=sys.stderr)
        return 130


@contextlib.contextmanager
def _ending_on_request() -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, so that temporary folders go and the kernel is stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_ignored: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(arguments: argparse.Namespace) -> int:
    from lsb_nb.bundles import DataProblems

    try:
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
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if error.filename is None:
            return _unexpected(error)
        print(f"lsb {arguments.command}: {cannot_open(error)}", file=sys.stderr)
        return 2
    except Exception as error:
        return _unexpected(error)


def _unexpected(error: Exception) -> int:
    """Say one sentence; keep the trace in a log file that only the user can read, for its message may hold names."""
    frames = traceback.extract_tb(error.__traceback__)
    kind = type(error).__name__
    lines = [f"lsb_nb {__version__} {kind}: {error}"]
    lines += [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    try:
        handle, log = tempfile.mkstemp(prefix="lsb_nb-error-", suffix=".log", text=True)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as stream:
            stream.write("\n".join(lines) + "\n")
        where = _("；经过记录在 {log}，可能含有名称，请勿外传").format(log=log)
    except OSError:
        where = ""
    print(_("程序出了意外错误（{kind}）{where}").format(kind=kind, where=where), file=sys.stderr)
    return 1


def _exit() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _exit()

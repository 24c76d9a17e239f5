"""Open the workbook: working copies outside `notebooks/`, JupyterLab with our settings, Voila for leaders."""

from __future__ import annotations

import ipaddress
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsb_nb.i18n import _, language
from lsb_nb.records.guard import MAX_FILE
from lsb_nb.report.copies import relative_path, working_copies, write_text

SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "@jupyter-widgets/jupyterlab-manager/plugin": {"saveState": True},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
"""JupyterLab settings of the workbook: widget state is saved, nothing is fetched."""

_FONTS = Path(__file__).parent / "fonts"
_PAGE = Path(__file__).parent / "report" / "templates" / "lsb_voila" / "index.html.j2"
_CSS = """@font-face { font-family: "LSB Sans"; font-weight: 400; src: url("NotoSansSC-Regular.ttf"); }
@font-face { font-family: "LSB Sans"; font-weight: 700; src: url("NotoSansSC-Bold.woff2"); }
body {
  --lsb-fonts: "LSB Sans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif;
  --jp-ui-font-family: var(--lsb-fonts);
  --jp-content-font-family: var(--lsb-fonts);
  --jp-code-font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", "LSB Sans", monospace;
  --jp-code-font-family-default: var(--jp-code-font-family);
}
"""
"""Chinese is read on a computer without a Chinese font too, and looks as in the report."""

_LOCALES = {"zh": "zh_CN", "en": "en"}


def write_settings(place: Path) -> Path:
    """Write our JupyterLab settings under `place` and give the folder; a user's other settings there stay."""
    locale = {"@jupyterlab/translation-extension/plugin": {"locale": _LOCALES[language()]}}
    for name, values in {**SETTINGS, **locale}.items():
        file = place / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, json.dumps(values, indent=2) + "\n")
    return place


def write_fonts(place: Path) -> Path:
    """Write a style sheet and the fonts it names under `place` and give the folder."""
    place.mkdir(parents=True, exist_ok=True)
    write_text(place / "custom.css", _CSS)
    for font in (*_FONTS.glob("*.ttf"), *_FONTS.glob("*.woff2")):
        copy = place / font.name
        if not copy.exists() or copy.stat().st_size != font.stat().st_size:
            shutil.copyfile(font, copy)
    return place


def lab_environment(place: Path) -> dict[str, str]:
    """Give the environment in which JupyterLab takes our style sheet from `place`; the user's configuration stays."""
    from jupyter_core.paths import jupyter_config_dir

    write_fonts(place / "custom")
    paths = [os.environ.get("JUPYTER_CONFIG_PATH", ""), jupyter_config_dir()]
    given = {"JUPYTER_CONFIG_DIR": str(place), "JUPYTER_CONFIG_PATH": os.pathsep.join(path for path in paths if path)}
    return {**os.environ, **given}


def lab_command(root: Path, first: Path, settings: Path, *, port: int | None, browser: bool) -> list[str]:
    """Give the command that starts JupyterLab on this machine only, with its token."""
    command = [sys.executable, "-m", "jupyterlab", "--log-level=WARN", "--LabApp.log_level=WARN"]
    command += [f"--ServerApp.root_dir={root}", "--ServerApp.ip=127.0.0.1"]
    command += [f"--LabApp.default_url=/lab/tree/{relative_path(first, root)}", "--LabApp.news_url=None"]
    command += [
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
        "--LabApp.custom_css=True",
        # an uploaded workbook crosses in one message; what a workbook may weigh, and a third more for its spelling
        f"--ServerApp.tornado_settings={{'websocket_max_message_size': {MAX_FILE * 4 // 3 + 2**20}}}",
        "--LabApp.expose_app_in_browser=True",  # the export panel saves the notebook through it
    ]
    command += [f"--LabApp.user_settings_dir={settings}", f"--LabApp.workspaces_dir={settings.parent / 'workspaces'}"]
    if os.name == "posix" and os.geteuid() == 0:
        command.append("--allow-root")
    return command + ([] if port is None else [f"--ServerApp.port={port}"]) + ([] if browser else ["--no-browser"])


def open_lab(activity: Path, quarter: str, out: Path, *, port: int | None = None, browser: bool = True) -> int:
    """Start JupyterLab on the working copies of one quarter and stay until it ends.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    copies = working_copies(activity, quarter, out)
    settings = write_settings(out / ".lab" / "settings")
    root = Path(os.path.commonpath([Path.cwd().resolve(), out.resolve()]))
    if root == Path(root.anchor):
        root = out.resolve()
    print(_("工作簿：{path}").format(path=copies[0].parent), flush=True)
    print(_("JupyterLab 就要打开；用完后在这里按 Ctrl+C 结束，先保存笔记本。"), flush=True)
    command = lab_command(root, copies[0], settings, port=port, browser=browser)
    return subprocess.call(command, env=lab_environment(out.resolve() / ".lab" / "config"))


def is_local(address: str) -> bool:
    """Tell whether an address can be reached from this machine only."""
    try:
        return address == "localhost" or ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def serve(
    notebook: Path, *, ip: str = "127.0.0.1", port: int = 8866, token: str | None = None, browser: bool = True
) -> int:
    """Show a notebook as a page through Voila: on this machine by default, elsewhere only with a token.

    Raises
    ------
    ValueError
        If the address is not local and there is no token of at least 8 characters, or Voila is not installed.
    """
    from importlib.util import find_spec

    if find_spec("voila") is None:
        raise ValueError(_("没有安装 Voila：pip install voila"))
    if not is_local(ip):
        if not token or len(token) < 8:
            raise ValueError(
                _(
                    "{ip} 可从别的电脑访问：须用 --token 或环境变量 LSB_TOKEN 给出至少 8 个字符的口令，如 {example}"
                ).format(ip=ip, example=secrets.token_hex(6))
            )
        print(
            _("注意：{ip}:{port} 会把这个笔记本里的全部内容（含评委代码）和它能读到的数据展示给持有口令的人。").format(
                ip=ip, port=port
            ),
            file=sys.stderr,
            flush=True,
        )
    with tempfile.TemporaryDirectory(prefix="lsb-serve-") as place:
        environment = _voila_template(Path(place))
        environment.pop("LSB_TOKEN", None)
        command = [sys.executable, "-m", "voila", str(notebook), f"--Voila.ip={ip}", f"--port={port}"]
        command += ["--template=lsb", "--show_tracebacks=False", "--strip_sources=True"]
        command += ([] if browser else ["--no-browser"]) + (_voila_token(Path(place), token) if token else [])
        return subprocess.call(command, env=environment)


def _voila_token(place: Path, token: str) -> list[str]:
    """Write the token where only this user can read it and give the options that lead Voila there.

    On the command line anybody with an account on this computer could read it in the list of processes.
    """
    from jupyter_core.paths import jupyter_config_path

    private = place / "private"
    private.mkdir(mode=0o700)
    with open(
        os.open(private / "voila.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump({"Voila": {"token": token}}, file)
    # the first of them holds; a user's own configuration cannot take the token away
    return [f"--Voila.config_file_paths={path}" for path in (private, Path.cwd(), *jupyter_config_path())]


def _voila_template(place: Path) -> dict[str, str]:
    """Lay out our page for Voila under `place` and give the environment in which Voila finds it."""
    template = place / "voila" / "templates" / "lsb"
    write_fonts(template / "static")
    shutil.copyfile(_PAGE, template / "index.html.j2")
    (template / "conf.json").write_text('{"base_template": "lab"}\n', encoding="utf-8")
    paths = [str(place), os.environ.get("JUPYTER_PATH", "")]
    return {**os.environ, "JUPYTER_PATH": os.pathsep.join(path for path in paths if path)}

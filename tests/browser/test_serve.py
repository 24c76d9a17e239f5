"""A notebook shown to leaders through Voila: on this machine, behind a token elsewhere, nothing from outside."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
TOKEN = "aufschlag-2021"


def lsb(*words: str) -> list[str]:
    return [sys.executable, "-m", "lsb_nb.cli", "serve", *words]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The weights notebook behind a token, reachable from other computers; the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tmp_path_factory.mktemp("serve")
    command = lsb(str(ROOT / "notebooks" / "01_weights.ipynb"), "--no-browser", "--port", str(port))
    command += ["--ip", "0.0.0.0"]
    with (place / "log").open("wb") as log:
        server = subprocess.Popen(
            command, env=os.environ | {"LSB_TOKEN": TOKEN}, stdout=log, stderr=log, start_new_session=True
        )
        try:
            for _second in range(120):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/static/x", timeout=2).close()
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2):
                    break
                time.sleep(1)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)
    told = (place / "log").read_text(encoding="utf-8")
    assert "会把这个笔记本里的全部内容" in told, "it says what it exposes"
    assert TOKEN not in told


def status(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    answer = connection.getresponse().status
    connection.close()
    return answer


def test_other_addresses_demand_a_token() -> None:
    for words in ((), ("--token", "short")):
        run = subprocess.run(
            lsb(str(ROOT / "notebooks" / "01_weights.ipynb"), "--ip", "0.0.0.0", *words),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert run.returncode == 2
        assert "--token" in run.stderr


def test_without_the_token_nothing_is_shown(served: int) -> None:
    for path in ("/", "/?token=wrong", "/api/kernels", "/voila/files/01_weights.ipynb"):
        assert status(served, path) in (302, 403), path


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the list of processes is read from /proc")
def test_the_token_is_not_in_the_list_of_processes(served: int) -> None:
    lines = []
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            lines.append(each.read_bytes())
    ours = [line for line in lines if f"--port={served}".encode() in line]
    assert ours, "Voila is running"
    assert [line for line in lines if TOKEN.encode() in line] == []


def test_leaders_move_a_slider_and_nothing_comes_from_outside(served: int, chromium: Any) -> None:
    page = chromium.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    outside: list[str] = []
    own = (f"http://127.0.0.1:{served}/", f"ws://127.0.0.1:{served}/", "data:", "blob:")
    page.on("request", lambda request: None if request.url.startswith(own) else outside.append(request.url))
    page.goto(f"http://127.0.0.1:{served}/?token={TOKEN}", timeout=120_000)
    page.wait_for_selector(".lsb-explorer[data-ready='1']", timeout=120_000)
    before = page.locator(".lx-say").inner_text()
    slider = page.locator("input[type=range][data-kind=pillar]").first
    slider.focus()
    slider.press("PageUp")
    page.wait_for_function("old => document.querySelector('.lx-say').innerText !== old", arg=before)
    loaded = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => /LSB/.test(f.family)).map(f => f.status))"
    )
    assert loaded == ["loaded", "loaded"], "Chinese is shown without a Chinese font on the computer"
    assert outside == []
    page.context.close()

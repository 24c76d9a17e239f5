"""Run work on untrusted files in a child process of limited memory and time, and keep the parent alive."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

CHILD = Path(__file__).with_name("child.py")
SIGXCPU = 24


def converse(
    program: Path,
    work: str,
    libraries: Sequence[str],
    requests: Sequence[tuple[str, bytes]],
    *,
    seconds: float,
    hook: Callable[[dict[str, Any]], Any] | None = None,
) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Ask one child everything; where it dies, what it died on is refused and the answers end.

    Parameters
    ----------
    program : Path
        The child's script.
    work : str
        The module beside it that serves the requests.
    libraries : sequence of str
        Packages the child may import besides the standard library.
    requests : sequence of (str, bytes)
        A line, and the bytes that follow it.
    seconds : float
        How long the child may take for one of them, its start included.
    hook : callable, optional
        Given to `json.loads` as its object hook.

    Yields
    ------
    dict, bytes
        The answer's line, and the bytes that its ``size`` announces.
    """
    places = dict.fromkeys(place for name in libraries for place in _site(name))
    environment = {name: os.environ[name] for name in ("SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    late = threading.Event()
    with tempfile.TemporaryFile() as sent:
        for line, data in requests:
            sent.write(line.encode() + b"\n")
            sent.write(data)
        sent.seek(0)
        with subprocess.Popen(
            [sys.executable, "-I", "-S", str(program), work, *places],
            stdin=sent,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ) as child:
            assert child.stdout is not None

            done = threading.Event()
            deadline = time.monotonic() + seconds

            def watch() -> None:
                # one watch for the whole batch: starting a clock for each request costs more than some requests
                while not done.wait(min(max(deadline - time.monotonic(), 0.0), seconds)):
                    if time.monotonic() >= deadline:
                        late.set()
                        child.kill()
                        return

            threading.Thread(target=watch, daemon=True).start()
            try:
                for _request in requests:
                    deadline = time.monotonic() + seconds
                    answer, content = _receive(child.stdout, hook)
                    deadline = math.inf
                    if answer is None:
                        slow = late.is_set() or child.wait() == -SIGXCPU
                        yield {"refused": ["time" if slow else "crash", ""]}, b""
                        return
                    yield answer, content
            finally:
                done.set()
                child.kill()


def _receive(stream: IO[bytes], hook: Callable[[dict[str, Any]], Any] | None) -> tuple[dict[str, Any] | None, bytes]:
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None, b""
    answer: dict[str, Any] = json.loads(line, object_hook=hook)
    size = answer.get("size", 0)
    content = stream.read(size) if size else b""
    return (answer, content) if len(content) == size else (None, b"")


def _site(name: str) -> list[str]:
    spec = importlib.util.find_spec(name)
    return [] if spec is None or spec.origin is None else [str(Path(spec.origin).parents[1])]

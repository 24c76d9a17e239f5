"""Run a notebook in a fresh kernel of this very interpreter, away from anybody's settings."""

from __future__ import annotations

import asyncio
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lsb_nb.report.naming import COMMAND

_WARM = """
for _name in ("pandas", "matplotlib.pyplot", "seaborn", "scipy.stats", "python_calamine", "lsb_nb"):
    try:
        __import__(_name)
    except ImportError:
        pass
del _name
"""
"""What a report is about to need, imported while this process still imports nbclient."""


class CellError(Exception):
    """A cell stopped with an error.

    Attributes
    ----------
    number : int
        The cell's number among the code cells, from 1.
    source : str
        The cell's code.
    name, text : str
        The error's class and message as the kernel gave them.
    """

    def __init__(self, number: int, source: str, name: str, text: str) -> None:
        super().__init__(number, source, name, text)
        self.number, self.source, self.name, self.text = number, source, name, text


def execute(
    read: Callable[[], Any],
    *,
    cwd: Path,
    scratch: Path,
    lang: str,
    command: str = "",
    progress: Callable[[int, int], None],
    meanwhile: Callable[[], None],
) -> Any:
    """Execute a notebook, cell by cell.

    Parameters
    ----------
    read : callable
        Gives the notebook node. Called once the kernel is on its way, since reading imports nbformat, which is slow.
    cwd : Path
        The kernel's working folder.
    scratch : Path
        An empty folder for the connection file and the kernel's own settings.
    lang : str
        ``LSB_LANG`` in the kernel.
    command : str
        ``LSB_COMMAND`` in the kernel: how the run is repeated.
    progress : callable
        Told (cell, cells) before each code cell, in the caller's thread.
    meanwhile : callable
        What the caller's thread can do while the kernel starts.

    Returns
    -------
    nbformat.NotebookNode
        The notebook with outputs.

    Raises
    ------
    CellError
        If a cell fails, or the kernel dies in it.
    """
    steps: queue.Queue[tuple[int, int]] = queue.Queue()
    run = _Run(read, cwd, scratch, {"LSB_LANG": lang, COMMAND: command}, steps)
    run.thread.start()
    try:
        meanwhile()
        while run.thread.is_alive() or not steps.empty():
            # short waits: on Windows an endless one does not notice Ctrl-C
            with suppress(queue.Empty):
                progress(*steps.get(timeout=0.2))
    except BaseException:
        run.cancel()
        run.thread.join(timeout=20)
        raise
    if run.error is not None:
        raise run.error
    return run.result


class _Run:
    """One execution in its own thread with its own loop: works inside a notebook's running loop too."""

    def __init__(
        self,
        read: Callable[[], Any],
        cwd: Path,
        scratch: Path,
        told: dict[str, str],
        steps: queue.Queue[tuple[int, int]],
    ) -> None:
        self.read, self.cwd, self.scratch, self.told, self.steps = read, cwd, scratch, told, steps
        self.result: Any = None
        self.error: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self.task: asyncio.Task[Any] | None = None
        self.thread = threading.Thread(target=self._in_thread, name="lsb-report", daemon=True)

    def cancel(self) -> None:
        """Stop at the next await; the kernel is killed on the way out."""
        if self.loop is not None and self.task is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.task.cancel)

    def _in_thread(self) -> None:
        # pyzmq needs a loop that can watch sockets; the Windows default cannot
        factory = asyncio.SelectorEventLoop if sys.platform == "win32" else None
        try:
            with asyncio.Runner(loop_factory=factory) as runner:
                self.result = runner.run(self._main())
        except BaseException as error:
            self.error = error

    async def _main(self) -> Any:
        from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
        from jupyter_client.manager import AsyncKernelManager

        class ThisInterpreter(KernelSpecManager):
            """Whatever kernel a notebook names, it runs here."""

            def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
                command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
                return KernelSpec(argv=command, display_name=kernel_name, language="python")

        self.loop, self.task = asyncio.get_running_loop(), asyncio.current_task()
        manager = AsyncKernelManager(
            kernel_spec_manager=ThisInterpreter(),
            connection_file=str(self.scratch / "kernel.json"),
            # files in a private folder instead of ports, where the system has such sockets
            **({"transport": "ipc"} if os.name == "posix" else {"ip": "127.0.0.1"}),
        )
        try:
            await manager.start_kernel(
                cwd=str(self.cwd),
                env=_environment(self.scratch, self.told),
                extra_arguments=["--HistoryManager.enabled=False"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            with _warming(manager):
                return await self._cells(manager)
        finally:
            if manager.has_kernel:
                await manager.shutdown_kernel(now=True)
            await manager.cleanup_resources()

    async def _cells(self, manager: Any) -> Any:
        notebook = self.read()
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError, DeadKernelError

        numbers = {
            id(cell): number
            for number, cell in enumerate(
                (cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()), start=1
            )
        }
        reached: list[Any] = []

        def start(cell: Any, **_details: Any) -> None:
            if id(cell) in numbers:
                reached.append(cell)
                self.steps.put((numbers[id(cell)], len(numbers)))

        client = NotebookClient(notebook, km=manager, timeout=None, on_cell_start=start, record_timing=False)
        try:
            await client.async_execute()
        except (CellExecutionError, DeadKernelError) as error:
            if not reached:
                raise
            cell = reached[-1]
            name, text = getattr(error, "ename", "DeadKernelError"), getattr(error, "evalue", "")
            raise CellError(numbers[id(cell)], cell.source, name, text) from None
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
        return notebook


@contextmanager
def _warming(manager: Any) -> Iterator[None]:
    from jupyter_client.asynchronous.client import AsyncKernelClient

    # a client of its own session: two that share one would receive each other's answers
    client = AsyncKernelClient()
    client.load_connection_info(manager.get_connection_info())
    client.start_channels(shell=True, iopub=False, stdin=False, hb=False, control=False)
    client.execute(_WARM, silent=True, store_history=False)
    try:
        yield
    finally:
        client.stop_channels()


def _environment(scratch: Path, told: dict[str, str]) -> dict[str, str]:
    """Give the kernel's environment: the user's start-up files, settings and plotting backend stay out."""
    kept = {key: value for key, value in os.environ.items() if key not in ("PYTHONSTARTUP", "MPLBACKEND")}
    return kept | {
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_CONFIG_DIR": str(scratch / "config"),
        "JUPYTER_DATA_DIR": str(scratch / "data"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTER_NO_CONFIG": "1",
        **told,
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    }

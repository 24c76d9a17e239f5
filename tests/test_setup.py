"""The files that set up an environment agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = {
    re.sub(r"[-_.]+", "-", name).lower(): version
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.M)
}


def wanted() -> list[str]:
    project = PROJECT["project"]
    lines = [*project["dependencies"], *PROJECT["dependency-groups"]["dev"], *project["optional-dependencies"]["serve"]]
    lines += PROJECT["build-system"]["requires"]
    return [re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", line)[0]).lower() for line in lines]


def test_every_dependency_is_pinned() -> None:
    assert [name for name in wanted() if name not in PINS] == []


def test_lock_has_hashes_and_no_addresses() -> None:
    blocks = re.split(r"(?m)^(?=[A-Za-z0-9])", LOCK)
    pinned = [block for block in blocks if "==" in block.split("\n")[0]]
    assert len(pinned) == len(re.findall(r"(?m)^[A-Za-z0-9._-]+==", LOCK)) > 100
    assert [block.split()[0] for block in pinned if "--hash=sha256:" not in block] == []
    assert re.search(r"https?://|--index|--extra-index|--find-links", LOCK) is None


@pytest.mark.parametrize("name", ["Makefile", "启动.bat", "environment.yml", "README.md", "README.zh-CN.md"])
def test_the_package_is_built_with_what_is_pinned(name: str) -> None:
    """An isolated build would fetch a builder of any version, without a hash."""
    own = re.findall(r"pip install [^\n`]*--no-deps[^\n`]*", (ROOT / name).read_text(encoding="utf-8"))
    assert own
    assert [line for line in own if "--no-build-isolation" not in line] == []


def test_environment_is_the_thin_counterpart() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    lines = [line.strip().removeprefix("- ") for line in text.splitlines() if line.strip().startswith("- ")]
    assert f"python{PROJECT['project']['requires-python']}" in lines
    assert "-r requirements.lock" in lines
    assert "pip install --no-deps --no-build-isolation -e ." in text
    conda = lines[lines.index("conda-forge") + 1 : lines.index("pip:")]
    assert {re.match(r"[a-z]+", line)[0] for line in conda} == {"python", "pip"}


def test_windows_starter_uses_the_same_lock() -> None:
    text = (ROOT / "启动.bat").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in text
    # set up again when the lock has changed
    assert r"fc /b requirements.lock .venv\ready" in text
    assert r"copy /y requirements.lock .venv\ready" in text
    assert "lsb lab" in text

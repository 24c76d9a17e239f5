"""The English catalogue: which messages there are, which lack a translation; `make locale` compiles it.

The Chinese text is the message id. Messages are the arguments of ``_("…")`` in the package and in the explorer's
script, the prose cells of the shipped notebooks and the comments in their code, and `BY_NAME`. Translations stand in
``en/LC_MESSAGES/lsb_nb.po``.
"""

from __future__ import annotations

import ast
import json
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
PO = HERE / "en" / "LC_MESSAGES" / "lsb_nb.po"
BY_NAME = (
    "单位", "指标", "评委", "评委组", "加减分", "合计", "其余", "权重差异", "高于对照", "公布方案",
    "满分", "极差", "标准分", "位次分", "算术", "几何", "调和", "已完成", "推进中", "未启动", "滞后",
    "整治前", "整治中", "整治后",
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五", "十六",
)  # fmt: skip
"""Messages looked up through a variable: kinds of names, rows of gaps, the official scheme, values of rules, states of
commitments and stages of photos, numerals of sections."""
COMMENT = re.compile(r"(?<=  # ).*")
"""The words of a comment behind code."""
_IN_SCRIPT = re.compile(r'\b_\("((?:[^"\\]|\\.)*)"\)')


def messages() -> dict[str, str]:
    """Collect every message with the place where it is first used.

    Returns
    -------
    dict of str to str
        Message id -> ``file:line``.
    """
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for text, line in _in_source(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(text, f"{path.relative_to(PACKAGE.parent).as_posix()}:{line}")
    for path in sorted(PACKAGE.rglob("*.mjs")):
        for text in _IN_SCRIPT.findall(path.read_text(encoding="utf-8")):
            found.setdefault(text, path.relative_to(PACKAGE.parent).as_posix())
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
            source, place = "".join(cell["source"]), f"notebooks/{path.name}:{number}"
            for text in [source] if cell["cell_type"] == "markdown" else COMMENT.findall(source):
                found.setdefault(text, place)
    for text in BY_NAME:
        found.setdefault(text, "by name")
    found.pop("", None)
    return found


def _in_source(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "_"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node.args[0].value, node.lineno


def translations(po: Path = PO) -> dict[str, str]:
    """Read the catalogue: message id -> English, without the header and without empty translations."""
    from babel.messages.pofile import read_po

    with po.open("rb") as stream:
        return {str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id and entry.string}


def compiled(po: Path = PO) -> bytes:
    """Compile the catalogue into the bytes of a .mo file; they depend on the translations alone.

    Babel's own writer puts dates and its version into the header.
    """
    entries = {"": "Language: en\nContent-Type: text/plain; charset=utf-8\n"} | translations(po)
    pairs = sorted((text.encode(), english.encode()) for text, english in entries.items())
    start = 28 + 16 * len(pairs)
    tables, texts = b"", b""
    for column in zip(*pairs, strict=True):
        for text in column:
            tables += struct.pack("<2I", len(text), start + len(texts))
            texts += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start) + tables + texts


def missing() -> dict[str, str]:
    """Give the messages without an English translation, with their places."""
    have = translations()
    return {text: place for text, place in messages().items() if text not in have}


if __name__ == "__main__":
    PO.with_suffix(".mo").write_bytes(compiled())
    lacking = missing()
    for message, where in lacking.items():
        print(f"{where}: {message!r}")
    print(f"{len(lacking)} messages without English")
    sys.exit(bool(lacking))

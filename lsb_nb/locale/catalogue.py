"""The English catalogue: which messages there are, which lack a translation; `make locale` compiles it.

The Chinese text is the message id. Messages are the arguments of ``_("…")`` in the package and the prose cells of the
shipped notebooks. Translations stand in ``en/LC_MESSAGES/lsb_nb.po``.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = HERE.parent
NOTEBOOKS = PACKAGE.parent / "notebooks"
PO = HERE / "en" / "LC_MESSAGES" / "lsb_nb.po"


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
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
            if cell["cell_type"] == "markdown":
                found.setdefault("".join(cell["source"]), f"notebooks/{path.name}:{number}")
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


def compiled(po: Path = PO) -> bytes:
    """Compile the catalogue into the bytes of a .mo file."""
    from io import BytesIO

    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as stream:
        catalogue = read_po(stream, locale="en", charset="utf-8")
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing() -> dict[str, str]:
    """Give the messages without an English translation, with their places."""
    from babel.messages.pofile import read_po

    with PO.open("rb") as stream:
        have = {str(entry.id) for entry in read_po(stream, locale="en") if entry.id and entry.string}
    return {text: place for text, place in messages().items() if text and text not in have}


if __name__ == "__main__":
    PO.with_suffix(".mo").write_bytes(compiled())
    lacking = missing()
    for message, where in lacking.items():
        print(f"{where}: {message!r}")
    print(f"{len(lacking)} messages without English")
    sys.exit(bool(lacking))

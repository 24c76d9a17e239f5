"""Every sentence, heading and prose cell of the report has its English."""

import ast
import gettext
import io
import json
from pathlib import Path

import pytest

from lsb_nb import i18n
from lsb_nb.locale import catalogue

ROOT = Path(__file__).parents[1]
MODULES = (
    "numbers", "analysis/commitments", "analysis/method", "analysis/notes", "analysis/overview", "analysis/problems",
    "analysis/words", "analysis/words_problems", "figures/overview", "figures/profile", "figures/theme",
    "tables/layout", "tables/ledgers", "tables/notes", "tables/overview", "tables/ranking",
)  # fmt: skip


@pytest.fixture(scope="module")
def english():
    return catalogue.translations()


def messages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield first.value


@pytest.mark.parametrize("name", MODULES)
def test_every_message_has_its_english(english, name):
    lacking = [text for text in messages(ROOT / "lsb_nb" / f"{name}.py") if text and text not in english]
    assert not lacking


def test_every_prose_cell_of_the_report_has_its_english(english):
    notebook = json.loads((ROOT / "notebooks" / "06_report.ipynb").read_text(encoding="utf-8"))
    prose = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert [text for text in prose if text not in english] == []


def test_sentences_speak_english(monkeypatch):
    from lsb_nb.analysis.words import count_units, join_names, say_missing
    from lsb_nb.numbers import quarter_words

    monkeypatch.setitem(i18n._state, "lang", "en")
    compiled = io.BytesIO(catalogue.compiled())
    monkeypatch.setitem(i18n._state, "translations", gettext.GNUTranslations(compiled))
    assert quarter_words("2021Q4") == "2021 Q4"
    assert join_names(["甲", "乙"]) == "甲, 乙"
    assert count_units(3, "村") == "3 villages"
    assert say_missing("findings").startswith("No sheet “问题台账” this quarter")

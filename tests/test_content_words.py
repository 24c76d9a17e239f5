"""Every sentence, heading and prose cell of the report has its English, with the same fields."""

import ast
import gettext
import io
import json
import re
from pathlib import Path

import pytest
from babel.messages import mofile, pofile

from lsb_nb import i18n

ROOT = Path(__file__).parents[1]
PART = ROOT / "lsb_nb" / "locale" / "parts" / "content.po"
MODULES = (
    "numbers", "analysis/commitments", "analysis/method", "analysis/notes", "analysis/overview", "analysis/problems",
    "analysis/words", "analysis/words_problems", "figures/overview", "figures/profile", "figures/theme",
    "tables/layout", "tables/ledgers", "tables/notes", "tables/overview", "tables/ranking",
)  # fmt: skip
FREE = {"{year}年{month}月{day}日", "{year}年第{han}季度"}
"""Dates: the English wants other fields, which the call gives as well."""


@pytest.fixture(scope="module")
def catalogue():
    with PART.open("rb") as file:
        return pofile.read_po(file, locale="en")


def messages(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant):
                yield first.value


@pytest.mark.parametrize("name", MODULES)
def test_every_message_has_its_english(catalogue, name):
    lacking = [text for text in messages(ROOT / "lsb_nb" / f"{name}.py") if text and catalogue.get(text) is None]
    assert not lacking


def test_every_prose_cell_of_the_report_has_its_english(catalogue):
    notebook = json.loads((ROOT / "notebooks" / "06_report.ipynb").read_text(encoding="utf-8"))
    prose = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert [text for text in prose if catalogue.get(text) is None] == []


def test_the_english_has_the_same_fields(catalogue):
    for message in catalogue:
        if message.id and message.id not in FREE:
            fields = [set(re.findall(r"{(\w+)}", text)) for text in (message.id, message.string)]
            assert fields[1] <= fields[0], message.id


def test_the_english_has_no_chinese_but_names_of_rules(catalogue):
    for message in catalogue:
        assert not re.search(r"[\u3400-\u9fff]", message.string.replace("公布末位=否", "")), message.id


def test_sentences_speak_english(catalogue, monkeypatch):
    from lsb_nb.analysis.words import count_units, join_names, say_missing
    from lsb_nb.numbers import quarter_words

    buffer = io.BytesIO()
    mofile.write_mo(buffer, catalogue)
    buffer.seek(0)
    monkeypatch.setitem(i18n._state, "lang", "en")
    monkeypatch.setitem(i18n._state, "translations", gettext.GNUTranslations(buffer))
    assert quarter_words("2021Q4") == "2021 Q4"
    assert join_names(["甲", "乙"]) == "甲, 乙"
    assert count_units(3, "村") == "3 villages"
    assert say_missing("findings").startswith("No sheet “问题台账” this quarter")

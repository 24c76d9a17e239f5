"""One English catalogue: complete, compiled, with the same fields, and Chinese only where one must type it."""

import gettext
import io
import re

import pytest

from lsb_nb.locale import catalogue
from lsb_nb.rules import AGGREGATIONS, NORMALISATIONS, RULES
from lsb_nb.schema import COMMITMENT_STATES, METHODS, SHEETS
from lsb_nb.widgets import seed

FREE = {"{year}年{month}月{day}日", "{year}年第{han}季度", "第{han}档"}
"""Dates and ordinals: the English wants other fields, which the call gives as well."""
HAN = re.compile(r"[\u3400-\u9fff]")
TYPED = {
    *(sheet.title for sheet in SHEETS.values()),
    *(column.header for sheet in SHEETS.values() for column in sheet.columns),
    *RULES, *METHODS, *COMMITMENT_STATES, *NORMALISATIONS, *AGGREGATIONS,
    "是", "否", "并列", "不计", "缺席", "弃权", "请假", "不适用", "评分表", "东街村",
}  # fmt: skip
"""What a user finds in a workbook or has to type, in whatever language the program speaks."""


@pytest.fixture(scope="module")
def english():
    return catalogue.translations()


def test_the_compiled_catalogue_is_up_to_date():
    assert catalogue.PO.with_suffix(".mo").read_bytes() == catalogue.compiled(), "run `make locale`"


def test_gettext_reads_what_is_compiled(english):
    read = gettext.GNUTranslations(io.BytesIO(catalogue.compiled()))
    assert {text: read.gettext(text) for text in english} == english


def test_every_message_has_its_english():
    assert catalogue.missing() == {}


def test_the_sentences_of_the_explorer_are_among_the_messages():
    assert set(seed.messages()) <= set(catalogue.messages())


def test_the_english_has_the_same_fields(english):
    differ = {
        text: said
        for text, said in english.items()
        if text not in FREE and set(re.findall(r"{\w+[^{}]*}", text)) != set(re.findall(r"{\w+[^{}]*}", said))
    }
    assert differ == {}


def test_the_english_has_no_chinese_but_what_must_be_typed(english):
    names = re.compile("|".join(sorted(map(re.escape, TYPED), key=len, reverse=True)))
    quoted = re.compile(r"“[^”]*”|`[^`]*`")
    date = re.compile(r"(?:\d+年)?\d+月(?:\d+日)?")
    left = {text: names.sub("", date.sub("", quoted.sub("", said))) for text, said in english.items()}
    assert {text: said for text, said in left.items() if HAN.search(said)} == {}

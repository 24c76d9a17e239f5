"""The embedded fonts hold the report's characters, and say which they lack."""

from __future__ import annotations

import base64
import io

import pytest
from fontTools.ttLib import TTFont

from lsb_nb.report.fonts import font_faces, missing_characters, subset

TEXT = "亮承诺、赛实绩、比干劲 91.90（+1.20）漷縣▲▼■□●①—−"


@pytest.mark.parametrize("weight", [400, 700])
def test_subset_holds_exactly_the_text(weight):
    font = TTFont(io.BytesIO(base64.b64decode(subset(TEXT, weight))))
    assert font.flavor == "woff2"
    assert set(font.getBestCmap()) == {ord(character) for character in TEXT}
    assert font["OS/2"].usWeightClass == weight
    assert font["maxp"].numGlyphs <= len(set(TEXT)) + 4


def test_same_text_gives_the_same_font():
    assert subset(TEXT, 400) == subset("".join(reversed(TEXT)), 400)


def test_another_weight_is_refused():
    with pytest.raises(ValueError, match=r"`weight` must be one of \[400, 700\]; not 500\."):
        subset(TEXT, 500)


def test_missing_characters_are_the_visible_ones():
    assert missing_characters(TEXT + "\n\u200b\ufe0f\u202e") == []
    assert missing_characters("党🎉建✗🎉") == ["✗", "🎉"]


def test_characters_the_font_lacks_are_passed_over():
    assert set(TTFont(io.BytesIO(base64.b64decode(subset("党🎉", 700)))).getBestCmap()) == {0x20, ord("党")}


@pytest.mark.parametrize("weight", [400, 700])
def test_both_weights_cover_what_offices_type(weight):
    codes = set()
    for high in range(0x81, 0xFF):
        codes |= {ord(c) for low in range(0x40, 0xFF) for c in bytes([high, low]).decode("gbk", "ignore")}
    text = "".join(map(chr, codes - {0x7F, 0x2252}))  # ≒ is the one character of GBK that the free font lacks
    from lsb_nb.report import fonts

    assert {ord(c) for c in text} <= fonts._known(weight)


def test_faces_name_both_weights():
    faces = font_faces("党")
    assert faces.count("@font-face") == 2
    assert "font-weight:400" in faces
    assert "font-weight:700" in faces

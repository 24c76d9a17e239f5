"""Labels are pushed apart, as little as needed."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsb_nb.figures.labels import fold, spread


@given(st.lists(st.floats(0, 100), max_size=30), st.floats(0.1, 5))
def test_spread_keeps_order_and_distance(places, gap):
    spots = spread(places, gap)
    pairs = sorted(zip(places, spots, strict=True))
    assert all(b - a >= gap - 1e-6 for (_p, a), (_q, b) in itertools.pairwise(pairs))
    assert sum(spots) == pytest.approx(sum(places), abs=1e-6)


def test_what_is_far_apart_stays():
    assert spread([1.0, 5.0, 3.0], 1.0) == [1.0, 5.0, 3.0]
    assert spread([2.0, 2.0], 1.0) == [1.5, 2.5]


def test_names_fold_and_end_with_an_ellipsis():
    assert fold("人居环境整治", 0.26) == "人居\n环境\n整治"
    assert fold("人居环境整治", 0.26, lines=1) == "人…"
    assert fold("", 1.0) == ""


def test_latin_words_part_at_spaces_or_with_a_hyphen():
    assert fold("Living environment score", 0.9).split("\n") == ["Living", "environment", "score"]
    assert fold("Adjustments", 0.5).split("\n") == ["Adjus-", "tments"]
    assert fold("亮承诺commitment", 0.5).split("\n") == ["亮承诺", "commi-", "tment"]
    assert fold("12abcdefg", 0.3).split("\n")[0] == "12"
    assert fold("Living environment", 0.9, lines=1) == "Living env…"

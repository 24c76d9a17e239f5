"""Names match by spelling, alias and suffix, never by similarity."""

import pytest

from lsb_nb.records.names import SUFFIXES, add_alias, find_name, make_roll, unit_forms


def units(*names: str):
    return make_roll("单位", names, suffixes=True)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_is_stripped(suffix: str) -> None:
    assert find_name(units("甲子", "乙丑"), "甲子" + suffix) == 0
    assert find_name(units("甲子" + suffix, "乙丑"), "甲子") == 0


@pytest.mark.parametrize(
    ("listed", "written"),
    [
        ("甲子村", "甲子村村委会"), ("甲子村", "甲子村委会"), ("甲子村", "甲子 村"), ("甲子村", "甲子"), ("甲子社区",
        "甲子社区居委会"),
        ("甲子社区居委会", "甲子居委会"), ("甲子村", "甲子村党支部"), ("甲子村", "甲子行政村"), ("ABC村", "ＡＢＣ"),
    ],
)  # fmt: skip
def test_one_candidate_matches(listed: str, written: str) -> None:
    assert find_name(units("乙丑村", listed), written) == 1


def test_only_the_longest_suffix_goes_and_something_must_remain() -> None:
    assert unit_forms("甲子社区居委会") == {"甲子社区居委会", "甲子"}
    assert unit_forms("村") == {"村"}
    assert unit_forms("社区") == {"社区"}
    assert unit_forms("甲子村村委会") == {"甲子村村委会", "甲子村"}


def test_an_exact_name_beats_a_stripped_one() -> None:
    roll = units("东街村", "东街社区")
    assert find_name(roll, "东街村") == 0
    assert find_name(roll, "东街社区") == 1


def test_two_candidates_are_an_error_that_names_both() -> None:
    reason, hint = find_name(units("东街村", "东街社区"), "东街")
    assert "东街村" in reason
    assert "东街社区" in reason
    assert "别名" in hint


def test_an_alias_beats_a_suffix() -> None:
    roll = units("东街村", "东街社区")
    add_alias(roll, "东街", 1)
    assert find_name(roll, "东 街") == 1


def test_similar_is_not_equal_but_is_a_hint() -> None:
    reason, hint = find_name(units("东关街", "西关街"), "东街")
    assert "东街" in reason
    assert "东关街" in hint


def test_criteria_and_raters_know_no_suffix() -> None:
    assert isinstance(find_name(make_roll("评委", ["甲子村"]), "甲子"), tuple)


def test_a_roll_that_grows_adds_each_spelling_once() -> None:
    roll = make_roll("评委", grows=True)
    assert [find_name(roll, name) for name in ("B1", "Ｂ1", "B 1", "B2")] == [0, 0, 0, 1]
    assert roll.names == ["B1", "B2"]

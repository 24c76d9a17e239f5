from fractions import Fraction

import pytest

from lsb_nb.rules import RULES, parse_rule, split_pairs


@pytest.mark.parametrize("text", ["班子=60、中层=40", "班子＝６０，中层：40", " 班子 = 60 , 中层 = 40 "])
def test_separators_of_pairs(text: str) -> None:
    assert parse_rule("评委组权重", text) == {"班子": 60, "中层": 40}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("回避", "对"),
        ("去极值最少评委数", "2"),
        ("去极值最少评委数", "5.5"),
        ("去极值口径", "整体"),
        ("评委组权重", "班子"),
        ("评委组权重", "班子=-1"),
        ("评委组权重", "班子=60%"),
        ("评委组权重", "班子=0、中层=0"),
        ("评委组权重", "班子=1、班子=2"),
        ("等次分值", "好=101"),
        ("等次分值", "优=90"),
        ("部分完成计分", "推进中=1.5"),
        ("部分完成计分", "已完成=0.9"),
        ("部分完成计分", "快好了=0.5"),
        ("部分完成计分", "推进中=0.333333333333333333"),
        ("等次分值", "好=99.99999999999999"),
        ("评委组权重", "班子=0.12345678901234567891"),
        ("评委组权重", "班子=" + "9" * 400),
        ("加减分上限", "1000000000"),
        ("加减分上限", "-1"),
        ("等次线", "优秀=90、良好=90"),
        ("等次线", "优秀=80、良好=90"),
        ("等次线", "优秀=90、较差=80、一般=60"),
        ("等次名额", "优秀=60%、良好=50%"),
        ("标准化方法", "百分比"),
        ("合成方法", "加法"),
        ("公布末位", ""),
        ("并列处理", ""),
    ],
)
def test_values_that_cannot_be_read(rule: str, text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - each message is checked below
        parse_rule(rule, text)
    assert any("\u4e00" <= char <= "\u9fff" for char in str(caught.value))


def test_an_unknown_rule_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="去极值口径"):
        parse_rule("去极值", "6")


def test_values_as_meant() -> None:
    assert parse_rule("回避", "是") is True
    assert parse_rule("加减分上限", "不计") == 0
    assert parse_rule("加减分上限", "3.5") == Fraction(7, 2)
    assert parse_rule("等次名额", "优秀=30%、良好=0.5") == (("优秀", Fraction(3, 10)), ("良好", Fraction(1, 2)))
    assert parse_rule("等次线", "一般=60、优秀=90") == (("优秀", 90), ("一般", 60))
    assert parse_rule("并列处理", "并列") == ()
    assert parse_rule("并列处理", "赛实绩、人居环境") == ("赛实绩", "人居环境")
    assert parse_rule("去极值 最少评委数", "７") == 7


def test_defaults_are_those_of_the_rules_page() -> None:
    assert RULES["去极值最少评委数"].default == 6
    assert dict(RULES["等次分值"].default) == {"好": 100, "较好": 80, "一般": 60, "较差": 40}
    assert [name for name, rule in RULES.items() if rule.default is True] == ["公布末位"]


def test_pairs_need_a_name_and_a_value() -> None:
    for text in ("", "=5", "班子=", "、"):
        with pytest.raises(ValueError, match="名称=数值"):
            split_pairs(text)

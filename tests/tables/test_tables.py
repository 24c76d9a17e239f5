"""The other tables: a missing sheet is one sentence, nothing names a person, everything is escaped."""

import datetime as dt
import inspect
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import lsb_nb
from lsb_nb.i18n import use_language
from lsb_nb.schema import SHEETS
from lsb_nb.tables import layout, ledgers, notes, overview

EVIL = "<img src=x onerror=alert(1)>"


def rows(html):
    soup = BeautifulSoup(html, "html.parser")
    return [[cell.get_text(" ", strip=True) for cell in tr.find_all(["td", "th"])] for tr in soup.select("tbody tr")]


@pytest.fixture
def facts():
    return pd.Series(
        {
            "kind": "村", "units": 5, "ranked": 3, "criteria": 4, "raters": 9, "mean": 89.37, "mean_before": 88.0,
            "mean_change": 1.37, "first": ("鹿吟村",), "first_score": 91.9, "last": ("荷汀村", "枫渡村"),
            "last_score": 88.1, "show_last": True, "findings": 12, "closed": 9, "overdue": 2,
        },
        dtype=object,
    )  # fmt: skip


@pytest.fixture
def bands():
    return pd.DataFrame({"count": [1, 2, 0]}, index=["优秀", "良好", "一般"])


def test_tiles(facts, bands):
    soup = BeautifulSoup(overview.table_tiles(facts, bands), "html.parser")
    tiles = [tile.get_text("|", strip=True) for tile in soup.select(".tiles > div")]
    assert tiles == [
        "平均分|89.37|上季度 88.00（+1.37）",
        "最高分|91.90|鹿吟村",
        "最低分|88.10|荷汀村、枫渡村",
        "等次|1 / 2|优秀 / 良好",
        "逾期未销号|2 项|共 12 项，已销号 9 项",
    ]
    assert len(soup.select(".od")) == 1


def test_the_last_is_not_told_where_it_is_not_published(facts, bands):
    facts["show_last"] = False
    html = overview.table_tiles(facts, bands)
    assert "荷汀村" not in html
    assert "参与排名" in html


def test_five_tiles_without_a_ledger(facts, bands):
    facts["findings"] = None
    soup = BeautifulSoup(overview.table_tiles(facts, bands), "html.parser")
    assert len(soup.select(".tiles > div")) == 5
    assert "未提供问题台账" in soup.get_text()


def test_key_sentences_link_to_their_sections():
    html = overview.table_key([("鹿吟村 91.90 分列第一。", "二"), (EVIL, "五")], strong=["鹿吟村"])
    assert "<b>鹿吟村</b>" in html
    assert '<a href="#s二">见二</a>' in html
    assert "<img" not in html


def test_parts_are_shaded_by_the_printed_share(ranking, parts):
    soup = BeautifulSoup(overview.table_parts(parts, ranking), "html.parser")
    first = soup.select("tbody tr")[0].select("td")
    assert first[0].get_text() == "27.10"
    assert first[0]["class"] == ["c1"], "2.9 of 30 is 9.7%"
    assert first[1]["class"] == ["c1"]
    assert soup.select("tbody tr")[-1].select("th")[0].get_text() == "平均"
    assert len(soup.select("tbody tr")) == 5, "an unrated unit has no row; the mean has one"


def test_a_part_left_out_is_hatched(ranking, parts):
    parts.loc[0, "points"] = float("nan")
    cell = BeautifulSoup(overview.table_parts(parts, ranking), "html.parser").select("tbody td")[0]
    assert cell["class"] == ["cna"]
    assert cell.get_text() == "—"


def test_without_segments_one_sentence(ranking, parts):
    html = overview.table_parts(parts.iloc[:0], ranking)
    assert "<table" not in html
    assert "从略" in html


@pytest.mark.parametrize(
    ("table", "sheet"), [(ledgers.table_commitments, "commitments"), (ledgers.table_comments, "comments")]
)
def test_a_missing_sheet_leaves_one_sentence(table, sheet):
    html = table(pd.DataFrame(columns=["unit"]))
    assert html == f"<p>本季未提供“{SHEETS[sheet].title}”，本节从略。</p>"


def test_commitments_show_rate_and_lag():
    table = pd.DataFrame(
        {"due": [4, 3, 0], "kept": [3, 3, 0], "lagging": [1, 0, 0], "open": [1, 0, 0], "later": [2, 0, 1]}
        | {"rate": [0.75, 1.0, float("nan")]},
        index=["鹿吟村", "荷汀村", "枫渡村"],
    )
    html = ledgers.table_commitments(table)
    assert rows(html)[0] == ["鹿吟村", "4", "3", "75%", "1", "2"]
    assert rows(html)[2][3] == "—"
    assert html.count('class="od"') == 1


def overdue(n):
    return pd.DataFrame(
        {"number": [f"C{i}" for i in range(n)], "unit": "鹿吟村", "commitment": EVIL, "due": dt.date(2021, 12, 3)}
        | {"days": 28, "state": ["滞后", "推进中"] * (n // 2)}
    )


def test_overdue_commitments_are_cut_with_a_count():
    html = ledgers.table_overdue_commitments(overdue(30))
    assert len(rows(html)) == 20
    assert "另有 10 项，见工作簿“承诺台账”。" in html
    assert rows(html)[0][3:] == ["2021-12-03", "28 天", "滞后"]
    assert "<img" not in html


def test_adjustments_keep_their_signs():
    frame = pd.DataFrame({"unit": ["鹿吟村"], "points": [-1.0], "reason": [EVIL], "counted": [-0.5]})
    assert rows(ledgers.table_adjustments(frame))[0] == ["鹿吟村", "−1.00", EVIL, "−0.50"]
    assert "<img" not in ledgers.table_adjustments(frame)
    assert "本季无加减分" in ledgers.table_adjustments(frame.iloc[:0])


def test_vetoes_keep_the_score_and_have_no_place():
    frame = pd.DataFrame({"unit": ["锦帆村"], "reason": ["平安建设"], "score": [85.0]})
    assert rows(ledgers.table_vetoes(frame))[0] == ["锦帆村", "平安建设", "85.00", "不排名"]


def test_weights_add_up_and_split_when_long():
    weights = pd.DataFrame(
        {"criterion": [f"指标{i}" for i in range(12)], "pillar": "甲", "segment": None, "method": "评委打分"}
        | {"full_marks": 100 / 12, "weight": 100 / 12}
    )
    html = notes.table_weights(weights)
    assert 'class="two halves"' in html
    assert rows(html)[-1] == ["合计", "", "", "100", "100"]


def test_methods_and_states_are_said_in_the_language_in_use():
    weights = {
        "criterion": ["甲"],
        "pillar": "乙",
        "segment": None,
        "method": "台账计算",
        "full_marks": 1.0,
        "weight": 1.0,
    }
    late = {"number": ["1"], "unit": "丙村", "commitment": "丁", "due": "2021-12-01", "days": 30, "state": "推进中"}
    use_language("en")
    try:
        assert "From the ledger" in notes.table_weights(pd.DataFrame(weights))
        assert "Under way" in ledgers.table_overdue_commitments(pd.DataFrame(late))
    finally:
        use_language("zh")
    assert "推进中" in ledgers.table_overdue_commitments(pd.DataFrame(late))


def test_provenance_is_escaped():
    html = notes.table_provenance(pd.DataFrame({"item": EVIL, "value": EVIL, "code": True, "fold": [False, True]}))
    assert "<img" not in html
    assert html.count("<details") == 1


def test_the_style_for_notebooks_stays_inside_cells():
    css = layout.page_style()
    assert css.startswith("<style>.jp-RenderedHTMLCommon.jp-RenderedHTMLCommon{")
    assert "@page" not in css
    assert css.count("{") == css.count("}")
    assert "@media screen and (max-width: 860px)" in css, "phones get the report's own rules"
    assert "body[data-jp-theme-light=false] .jp-RenderedHTMLCommon.jp-RenderedHTMLCommon{--ink:" in css, "dark theme"


@pytest.mark.parametrize("module", [layout, ledgers, notes, overview])
def test_tables_compute_nothing_and_know_no_person(module):
    source = inspect.getsource(module)
    for word in ('"person"', '"handler"', '"rater"'):
        assert word not in source


def test_comments_stand_under_a_title_of_their_own_and_paper_shows_every_column():
    said = {"unit": ["荷汀村"], "role": ["包村领导"], "highlights": ["好"], "problems": ["无"], "requirements": ["无"]}
    html = str(ledgers.table_comments(pd.DataFrame(said)))
    assert html.startswith("<h3>点评意见（按名次）</h3>")
    styles = Path(lsb_nb.__file__).parent / "report" / "templates" / "lsb_report"
    assert ".led .hide" not in (styles / "print.css").read_text(encoding="utf-8")
    assert "font-size: 12px" not in (styles / "narrow.css").read_text(encoding="utf-8")

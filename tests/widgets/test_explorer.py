"""What Python sees of the explorer, and what it saves."""

from __future__ import annotations

import json
import re
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import traitlets

from lsb_nb.analysis.gaps import measure_gaps
from lsb_nb.analysis.whatif import tipping_points
from lsb_nb.bundles import DataProblems
from lsb_nb.report.island import MIME
from lsb_nb.scenarios import Scenario, apply_scenario, read_scenario
from lsb_nb.scoring.composite import score
from lsb_nb.widgets.explorer import Explorer
from lsb_nb.widgets.saving import file_name
from lsb_nb.widgets.seed import build_seed, in_sheet_order, messages, static_table
from lsb_nb.widgets.weights import TOTAL, apportion, decimal_texts, whole_weights

ROOT = Path(__file__).parents[2]


@pytest.fixture
def town(quarters: Any) -> Any:
    return quarters.make_quarter(12)


def test_untouched_it_is_the_published_quarter(town: Any) -> None:
    explorer = Explorer(town)
    assert not explorer.changed()
    again = explorer.scores()
    assert again.units["rank"].equals(town.units["rank"])
    assert again.units["score"].equals(town.units["score"])
    assert again.structure.equals(town.structure)
    ranks = explorer.ranks()
    assert (ranks["change"].dropna() == 0).all()
    assert list(ranks.columns) == ["rank", "score", "official", "change"]
    assert explorer.weights.sum() == pytest.approx(100)
    assert explorer.weights["人居环境整治"] == 14


def test_weights_can_be_moved_from_python(town: Any) -> None:
    explorer = Explorer(town)
    explorer.set_weights({"亮承诺": 1, "赛实绩": 0, "比干劲": 1})
    assert explorer.changed()
    weights = explorer.weights
    assert weights["人居环境整治"] == 0
    assert weights.sum() == pytest.approx(100)
    assert sum(explorer.state["pillar"]) == TOTAL
    want = score_of(town, explorer)
    assert explorer.scores().units["score"].equals(want.units["score"])
    explorer.reset()
    assert not explorer.changed()
    with pytest.raises(DataProblems):
        explorer.set_weights({"没有": 1})


def score_of(town: Any, explorer: Explorer) -> Any:
    from lsb_nb.scoring.rescore import rescore

    return rescore(town, explorer.scheme())


def test_nobody_can_send_weights_that_do_not_add_up(town: Any) -> None:
    explorer = Explorer(town)
    state = dict(explorer.state)
    for wrong in (
        {**state, "pillar": [TOTAL, 1, 0]},
        {**state, "pillar": [TOTAL + 1, -1, 0]},
        {**state, "pillar": [TOTAL]},
        {**state, "inner": [0.5] * 15},
        {},
    ):
        with pytest.raises(traitlets.TraitError):
            explorer.state = wrong
    assert explorer.state == state


def test_a_scenario_comes_back_from_its_file_to_the_last_digit(quarters: Any, tmp_path: Path) -> None:
    records = quarters.make_records(
        ["东", "南", "西"],
        [("甲", 1, "P"), ("乙", 1, "P"), ("丙", 1, "P"), ("丁", 5, "Q")],
        {(u, k): (u * 3 + k * 2 + 1) % 7 / 7 * (5 if k == 3 else 1) for u in range(3) for k in range(4)},
    )
    town = score(records)
    explorer = Explorer(town, records=records, folder=tmp_path)
    whole = [33333333333, 66666666667]
    explorer.state = {**explorer.state, "pillar": whole}
    made = explorer.scenario("少看 P", "试算")
    file = tmp_path / "2021Q4-少看-P.toml"
    back = read_scenario(file)
    assert back == made
    assert back.criterion_weights == {}
    assert back.workbook_sha256 == "ab" * 32
    again = score(records, scheme=apply_scenario(town.scheme, back))
    assert again.units["score"].equals(explorer.scores().units["score"])
    assert again.pillars.equals(explorer.scores().pillars)


def test_a_file_is_never_replaced_unasked(town: Any, tmp_path: Path) -> None:
    explorer = Explorer(town, folder=tmp_path)
    explorer.set_weights({"亮承诺": 1, "赛实绩": 1, "比干劲": 1})
    explorer.scenario("等权", "一")
    with pytest.raises(FileExistsError):
        explorer.scenario("等权", "二")
    assert read_scenario(tmp_path / "2021Q4-等权.toml").reason == "一"
    explorer.scenario("等权", "二", overwrite=True)
    assert read_scenario(tmp_path / "2021Q4-等权.toml").reason == "二"
    assert [path.name for path in tmp_path.iterdir()] == ["2021Q4-等权.toml"]
    for name, reason in (("", "x"), ("x", " ")):
        with pytest.raises(ValueError, match="名称和理由"):
            explorer.scenario(name, reason)


def test_the_button_asks_before_it_replaces(town: Any, tmp_path: Path) -> None:
    explorer = Explorer(town, folder=tmp_path)
    state = dict(explorer.state)
    asked = {
        "id": 1,
        "name": "甲",
        "reason": "乙",
        "pillar": [0, TOTAL, 0],
        "inner": state["inner"],
        "overwrite": False,
    }
    explorer.request = asked
    assert explorer.reply == {"id": 1, "status": "saved", "file": "2021Q4-甲.toml", "why": ""}
    assert read_scenario(tmp_path / "2021Q4-甲.toml").pillar_weights == {"亮承诺": "0", "赛实绩": "100", "比干劲": "0"}
    explorer.request = {**asked, "id": 2}
    assert explorer.reply["status"] == "exists"
    explorer.request = {**asked, "id": 3, "overwrite": True}
    assert explorer.reply["status"] == "saved"
    explorer.request = {**asked, "id": 4, "name": ""}
    assert explorer.reply["status"] == "error"
    without = Explorer(town)
    without.request = {**asked, "id": 5}
    assert without.reply["status"] == "kept"


def test_a_criterion_revived_in_a_dead_pillar_gives_it_no_weight(quarters: Any, tmp_path: Path) -> None:
    criteria = [("甲", 1, "P", "1"), ("乙", 1, "Q", "0"), ("丙", 1, "Q", "0")]
    records = quarters.make_records(
        ["东", "南"], criteria, {(0, 0): 0.5, (0, 1): 1, (0, 2): 1, (1, 0): 0.6, (1, 1): 0, (1, 2): 0},
        rules={"板块权重": "P=1、Q=3"},
    )  # fmt: skip
    town = score(records)
    explorer = Explorer(town, folder=tmp_path)
    assert explorer.state["pillar"] == [TOTAL, 0]
    explorer.state = {**explorer.state, "inner": [TOTAL, TOTAL, 0]}
    made = explorer.scenario("甲", "乙")
    again = score(records, scheme=apply_scenario(town.scheme, made))
    assert again.units["score"].tolist() == explorer.scores().units["score"].tolist() == [60, 50]


def test_page_and_python_write_the_same_scenario(town: Any, tmp_path: Path, node: str) -> None:
    explorer = Explorer(town)
    inner = list(explorer.state["inner"])
    inner[5], inner[6] = inner[5] + 1, inner[6] - 1
    explorer.state = {"pillar": [12345678901, 60000000000, TOTAL - 72345678901], "inner": inner, "name": ""}
    name, reason = '引号"与\\和表情😀', "两行\n理由 </script>"
    mine = explorer.scenario(name, reason)
    script = tmp_path / "page.mjs"
    script.write_text(
        f"import * as lsb from {json.dumps((ROOT / 'lsb_nb/widgets/explorer.mjs').as_uri())};\n"
        f"const M = lsb.prepare({json.dumps(explorer.seed)});\n"
        f"const W = {json.dumps({k: explorer.state[k] for k in ('pillar', 'inner')})};\n"
        f"const texts = {json.dumps([name, reason, mine.created])};\n"
        "process.stdout.write(lsb.scenarioText(M, W, ...texts));",
        encoding="utf-8",
    )
    text = subprocess.run([node, str(script)], capture_output=True, check=True, timeout=60).stdout
    file = tmp_path / "x.toml"
    file.write_bytes(text)
    theirs = read_scenario(file)
    for field in ("name", "reason", "activity", "quarter", "created"):
        assert getattr(theirs, field) == getattr(mine, field)
    for field in ("pillar_weights", "criterion_weights"):
        assert {k: Fraction(v) for k, v in getattr(theirs, field).items()} == {
            k: Fraction(v) for k, v in getattr(mine, field).items()
        }


def test_gaps_and_tipping_points_are_those_of_the_analysis(quarters: Any, tmp_path: Path, node: str) -> None:
    town = quarters.make_quarter(14, seed=5)
    seed = build_seed(town)
    units = in_sheet_order(town).index.tolist()
    script = tmp_path / "page.mjs"
    script.write_text(
        f"import * as lsb from {json.dumps((ROOT / 'lsb_nb/widgets/explorer.mjs').as_uri())};\n"
        + f"const M = lsb.prepare({json.dumps(seed)});\n"
        + (ROOT / "tests/js/views.mjs").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    page = json.loads(subprocess.run([node, str(script)], capture_output=True, check=True, timeout=60).stdout)
    for reference in ("best", "median", "full"):
        frame = measure_gaps(town, reference)
        for u, unit in enumerate(units):
            rows = frame[frame["unit"] == unit]
            mine = page["gaps"][reference][u]
            values = [*mine["values"], mine["weights"], mine["adjustment"]]
            assert len(rows) == len(values)
            for value, points, shown, printed in zip(values, rows["points"], rows["shown"], mine["shown"], strict=True):
                if points != points:
                    assert value is None
                else:
                    assert value == pytest.approx(-points, abs=1e-9)
                    assert printed == round(shown * 100)
    pillars = town.structure["pillar"]
    frame = tipping_points(
        town.full, town.structure["weight"], pillars=pillars, adjustments=town.units["adjustment"], pairs="all"
    )
    ranked = town.units.index[town.units["rank"].notna()]
    frame = frame[(frame["better"] == ranked[0]) & frame["worse"].isin(ranked) & frame["tie_weight"].notna()]
    names = {"pillar": list(town.pillars.columns), "criterion": list(town.full.columns)}
    assert page["tips"]
    for kind, index, at, to in page["tips"]:
        name = names[kind][index]
        rows = frame[(frame["criterion"] == name) & (frame["kind"] == kind) & (frame["worse"] == units[to])]
        scale = 1.0 if kind == "pillar" else town.structure["pillar_weight"][name]
        assert (rows["tie_weight"] - at / 100 * scale).abs().min() < 1e-7, (name, at, rows)


def test_scenarios_lie_beside_the_official_scheme(town: Any, quarters: Any) -> None:
    thirds = dict.fromkeys(("亮承诺", "赛实绩", "比干劲"), "1")
    equal = Scenario("等权", "对照", pillar_weights=thirds)
    beside = Explorer(town, scenarios=[equal], history=quarters.make_history(town))
    assert [entry["name"] for entry in beside.seed["saved"]] == ["等权"]
    assert not beside.changed()
    beside.state = {**beside.state, "pillar": list(whole_weights(apply_scenario(town.scheme, equal)).pillar)}
    assert set(beside.scheme().pillar_weights.values()) == {Fraction(1)}, "the exact thirds of the scenario"
    assert beside.seed["history"]["quarters"][-1] == "2021Q4"
    assert len(beside.seed["history"]["score"][0]) == 12


def test_started_from_a_scenario_it_can_go_back_to_the_official_scheme(town: Any, tmp_path: Path) -> None:
    scenario = Explorer(town).scenario("照旧", "占位")
    import dataclasses

    from lsb_nb.scoring.rescore import rescore

    scenario = dataclasses.replace(scenario, pillar_weights={"亮承诺": "10", "赛实绩": "10", "比干劲": "80"})
    varied = rescore(town, apply_scenario(town.scheme, scenario))
    explorer = Explorer(varied, official=town)
    assert explorer.state["name"] == "照旧"
    assert explorer.changed()
    assert explorer.seed["start"]["pillars"] == ["10", "10", "80"]
    assert "base" not in explorer.seed
    assert explorer.bundle()["table"]["rows"] == static_table(town)["rows"]
    explorer.reset()
    assert explorer.scores().units["score"].equals(town.units["score"])


def test_where_a_scenario_changes_rules_official_places_come_along(quarters: Any) -> None:
    import dataclasses

    town = quarters.make_quarter(12)
    scheme = apply_scenario(
        town.scheme, dataclasses.replace(Explorer(town).scenario("几何", "试算"), rules={"合成方法": "几何"})
    )
    from lsb_nb.scoring.rescore import rescore

    explorer = Explorer(rescore(town, scheme), official=town)
    base = explorer.seed["base"]
    units = in_sheet_order(town)
    assert base["cents"] == [round(value * 100) for value in units["score"]]
    assert base["rank"] == [
        0 if rank is None else rank for rank in units["rank"].astype(object).where(units["rank"].notna(), None)
    ]


def test_the_bundle_holds_unit_level_scores_only(town: Any, quarters: Any) -> None:
    explorer = Explorer(town, history=quarters.make_history(town), folder=Path("/secret/place"))
    data, _metadata = explorer._repr_mimebundle_()
    assert data[MIME] == explorer.bundle()
    text = json.dumps(data[MIME], ensure_ascii=False, allow_nan=False)
    assert "/secret" not in text
    assert "rater" not in text
    assert set(data[MIME]) == {"format", "widget", "seed", "table"}
    known = """activity adjustments base criteria den filled format full history invented lang method notes noun
    official pillars plain quarter ranges rules saved scores sha256 start tie units vetoed words"""
    assert set(data[MIME]["seed"]) <= set(known.split())
    assert "<table" in data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in data


def test_every_sentence_of_the_page_has_an_english_one() -> None:
    from lsb_nb.locale.catalogue import translations

    known = translations()
    for text in messages():
        assert known.get(text), text
        assert set(re.findall(r"\{\w+\}", known[text])) <= set(re.findall(r"\{\w+\}", text)), text
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "lsb_nb/widgets").glob("*.py"))
    for text in re.findall(r'\b_\("((?:[^"\\]|\\.)*)"\)', code):
        assert text in known, text
    script = (ROOT / "lsb_nb/widgets/explorer.mjs").read_text(encoding="utf-8")
    outside = re.sub(r'//.*|/\*.*?\*/|\b_\("(?:[^"\\]|\\.)*"\)', "", script)
    outside = re.sub(r"/\*.*?\*/", "", outside, flags=re.DOTALL)
    assert not re.findall(r'"[^"\n]*[\u4e00-\u9fff][^"\n]*"', outside)


def test_decimals_and_shares() -> None:
    assert decimal_texts([Fraction(1, 3), Fraction(2, 3)]) == ["1", "2"]
    assert decimal_texts([Fraction(1, 10**5), Fraction("99.5")]) == ["0.00001", "99.5"]
    assert apportion([Fraction(1)] * 3, 100) == [34, 33, 33]


@pytest.mark.parametrize("name", ["../../x", "a\\b/c:d", "CON.", "\u202egpj", "换\n行", "长" * 99])
def test_a_file_name_cannot_leave_its_folder(name: str) -> None:
    made = file_name("2021Q4", name)
    assert re.fullmatch(r'2021Q4-[^\\/:*?"<>|\s.]*\.toml', made)
    assert len(made) <= 65
    assert "\u202e" not in made

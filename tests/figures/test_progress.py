"""Ledgers and the contact sheet as pictures."""

import itertools

import pandas as pd
import pytest
from matplotlib.colors import to_hex, to_rgb

import lsb_nb as lsb
from lsb_nb.figures.theme import RED

SIZES = (11, 20, 36)


@pytest.fixture(params=SIZES)
def quarter(request, demo):
    records, history, code = demo(request.param)
    return records, history[code], code


@pytest.mark.parametrize("by", ["category", "unit"])
def test_promises_add_up_and_late_is_red(quarter, by, overlapping):
    records, _scores, code = quarter
    table = lsb.summarise_promises(lsb.measure_promises(records, code), by=by)
    ax = lsb.plot_promises(table)
    assert sum(bar.get_width() for bar in ax.patches) == table["total"].sum()
    red = sum(bar.get_width() for bar in ax.patches if to_hex(bar.get_facecolor()).upper() == RED)
    assert red == table["late"].sum()
    assert overlapping(ax.figure) == []


@pytest.mark.parametrize("by", ["category", "source", "unit"])
def test_findings_add_up_and_overdue_is_red(quarter, by, overlapping):
    records, _scores, code = quarter
    table = lsb.summarise_findings(lsb.measure_findings(records, code), by=by)
    ax = lsb.plot_findings(table)
    assert sum(bar.get_width() for bar in ax.patches) == table["total"].sum()
    red = sum(bar.get_width() for bar in ax.patches if to_hex(bar.get_facecolor()).upper() == RED)
    assert red == table["overdue"].sum()
    assert overlapping(ax.figure) == []


def test_countdown_ends_with_names_and_numbers(quarter, overlapping):
    records, _scores, code = quarter
    table = lsb.measure_countdown(records, code)
    ax = lsb.plot_countdown(table)
    last = table[table["day"] == table["day"].max()]
    assert [text.get_text() for text in ax.texts] == [f"{r.label} {r.open}" for r in last.itertuples()]
    assert len({line.get_marker() for line in ax.lines}) == len({line.get_color() for line in ax.lines}) == 3
    assert min(ax.get_yticks()) == 0
    assert overlapping(ax.figure) == []


def test_carry_over_and_tasks(quarter, overlapping):
    records, scores, code = quarter
    carried = lsb.measure_carry_over(records, code)
    ax = lsb.plot_carry_over(carried)
    assert sum(bar.get_width() for bar in ax.patches) == len(carried)
    tasks = lsb.draft_tasks(lsb.measure_findings(records, code), lsb.fix_first(scores), quarter=code)
    drawn = lsb.plot_tasks(tasks)
    assert sum(bar.get_width() for bar in drawn.patches) == len(tasks)
    assert overlapping(drawn.figure) == []


def test_contact_sheet_has_a_frame_for_every_stage(demo, overlapping):
    records, _history, code = demo(36)
    photos = lsb.measure_photos(records, code)
    unit = photos.loc[photos["status"] != "ok", "unit"].iloc[0]
    copies = lsb.prepare_photos(photos, records, edge=120, units=[unit])
    figure = lsb.plot_photos(copies)
    assert len(figure.axes) == len(copies)
    pictures = sum(len(ax.images) for ax in figure.axes)
    assert pictures == (copies["status"] == "ok").sum()
    assert any("未提供" in text.get_text() for ax in figure.axes for text in ax.texts)
    assert overlapping(figure) == []


def test_empty_ledgers_give_empty_axes():
    empty = pd.DataFrame
    assert not lsb.plot_carry_over(empty(columns=["unit", "now"])).has_data()
    assert not lsb.plot_tasks(empty(columns=["unit", "source"])).has_data()
    assert not lsb.plot_countdown(empty(columns=["label", "day", "open"])).has_data()
    assert not lsb.plot_findings(empty(columns=["category", "total"])).has_data()


@pytest.mark.parametrize("by", ["category", "unit"])
def test_every_count_is_printed_in_its_bar_or_beside_it(quarter, by, overlapping):
    records, _scores, code = quarter
    promises = lsb.summarise_promises(lsb.measure_promises(records, code), by=by)
    findings = lsb.summarise_findings(lsb.measure_findings(records, code), by=by)
    # one long bar leaves others too narrow for a number
    uneven = promises.assign(kept=promises["kept"].where(promises.index != promises.index[0], 900))
    uneven["total"] = uneven[["kept", "late", "later"]].sum(axis=1)
    for ax in (lsb.plot_promises(promises), lsb.plot_findings(findings), lsb.plot_promises(uneven)):
        names = [text.get_text() for text in ax.get_legend().get_texts()]
        for name, bars in zip(names, ax.containers, strict=True):
            for row, bar in enumerate(bars.patches):
                beside = [
                    words for t in ax.texts if hasattr(t, "xy") and t.xy[1] == row for words in t.get_text().split("，")
                ]
                inside = [t.get_text() for t in ax.texts if not hasattr(t, "xy") and t.get_position()[1] == row
                          and bar.get_x() < t.get_position()[0] < bar.get_x() + bar.get_width()]  # fmt: skip
                said = f"{bar.get_width():.0f}"
                assert not bar.get_width() or inside == [said] or f"{name} {said}" in beside
        assert overlapping(ax.figure) == []


@pytest.mark.parametrize("plot", ["promises", "findings", "carried", "tasks"])
def test_parts_of_a_bar_differ_in_a_grey_print_and_have_a_key(quarter, plot):
    records, scores, code = quarter
    findings = lsb.measure_findings(records, code)
    ax = {
        "promises": lambda: lsb.plot_promises(lsb.summarise_promises(lsb.measure_promises(records, code))),
        "findings": lambda: lsb.plot_findings(lsb.summarise_findings(findings)),
        "carried": lambda: lsb.plot_carry_over(lsb.measure_carry_over(records, code)),
        "tasks": lambda: lsb.plot_tasks(lsb.draft_tasks(findings, lsb.fix_first(scores), quarter=code)),
    }[plot]()
    colours = [to_rgb(bars.patches[0].get_facecolor()) for bars in ax.containers]
    greys = sorted(0.299 * red + 0.587 * green + 0.114 * blue for red, green, blue in colours)
    assert min(b - a for a, b in itertools.pairwise(greys)) > 0.15
    keys = [(handle.get_facecolor()[:3], text.get_text()) for handle, text in
            zip(ax.get_legend().get_patches(), ax.get_legend().get_texts(), strict=True)]  # fmt: skip
    assert [colour for colour, _words in keys] == colours
    assert len({words for _colour, words in keys}) == 3

"""Names of 16 characters stand whole, apart, and on the page in every figure; of very many units the ends are drawn."""

import numpy as np
import pandas as pd
import pytest

import lsb_nb as lsb

NAMED = ("unit", "worst", "first", "better", "worse", "teacher")


def lengthen(frame, units):
    """Give a frame whose units have names of 16 characters that differ at the end only."""
    names = {unit: f"青山绿水示范片区东街联合社区{i:02d}" for i, unit in enumerate(units)}
    long = frame.rename(index=names)
    for column in NAMED:
        if column in long:
            long[column] = long[column].replace(names)
    long.attrs = dict(frame.attrs)
    return long


def results(demo, n):
    """Yield name, plot and frame of every result about units."""
    records, scored, quarter = demo(n)
    scores, before = scored[quarter], lsb.scores_before(scored, quarter=quarter)
    unit = scores.units.index[scores.units["rank"].notna()][-1]
    fixes = lsb.fix_first(scores)
    teachers = lsb.find_teachers(scores)
    change, findings = lsb.measure_change(before, scores), lsb.measure_findings(records, quarter)
    promises, progress = lsb.measure_promises(records, quarter), lsb.measure_progress(scored)
    yield "gaps", lsb.plot_gaps, lsb.measure_gaps(scores, "full", decimals=1)
    yield "top", lsb.plot_top_gaps, lsb.measure_top_gaps(scores, top=10)
    yield "fixes", lsb.plot_fixes, fixes
    yield "teachers", lsb.plot_teachers, teachers[teachers["unit"] == unit]
    yield "history", lsb.plot_history, lsb.measure_history(scored)
    yield "grid", lsb.plot_history_grid, lsb.measure_history(scored)
    yield "change", lsb.plot_change, change
    yield "parts", lsb.plot_change_parts, change
    yield "drive", lsb.plot_drive, progress
    yield "progress", lsb.plot_progress, progress
    yield "tipping", lsb.plot_tipping, lsb.measure_tipping(scores)
    yield "left out", lsb.plot_leave_one_out, lsb.measure_leave_one_out(scores)
    yield "methods", lsb.plot_methods, lsb.compare_methods(records, quarter)
    yield "rank sets", lsb.plot_rank_sets, lsb.sets_from_separation(lsb.separate_ranks(records, scores))
    yield "adjusted", lsb.plot_adjusted, lsb.adjusted_ranking(records, scores, on_error="keep")
    yield "promises", lsb.plot_promises, lsb.summarise_promises(promises)
    yield "findings", lsb.plot_findings, lsb.summarise_findings(findings, by="unit")
    yield "carried", lsb.plot_carry_over, lsb.measure_carry_over(records, quarter)
    yield "months", lsb.plot_months, lsb.compare_months(records, scores)
    yield "tasks", lsb.plot_tasks, lsb.draft_tasks(findings, fixes, quarter=quarter, promises=promises)


@pytest.mark.parametrize("n", [11, 20, 36])
def test_long_names_stand_whole_apart_and_on_the_page(demo, overlapping, n):
    units = demo(n)[1][demo(n)[2]].units.index
    wrong = {}
    for name, plot, frame in results(demo, n):
        drawn = plot(lengthen(frame, units))
        figure = drawn if name == "grid" else drawn.figure
        figure.canvas.draw()
        axes = figure.axes
        words = [text.get_text() for ax in axes for text in (*ax.texts, *ax.get_yticklabels(), ax._left_title)]
        cut = [said for said in words if "…" in said and "东街联合" in said]
        if found := overlapping(figure) + cut:
            wrong[name] = found
    assert wrong == {}


def many(n=100):
    """Yield name, plot and a hand-made frame of `n` units for every figure with a row per unit."""
    units = [f"示例{i}村" for i in range(n)]
    at = np.arange(n)
    index, places = pd.Index(units, name="unit"), pd.array(at + 1, dtype="Int64")
    parts = {"performance": 1.0, "scheme": 0.0, "adjustment": 0.0, "present": "both"}
    yield "parts", lsb.plot_change_parts, pd.DataFrame({"change": 1.0, **parts}, index)
    yield "methods", lsb.plot_methods, pd.DataFrame({"满分·算术": places, "极差·算术": places}, index)
    yield "left out", lsb.plot_ranks_left_out, pd.DataFrame({"all": places, "环境": places}, index)
    yield "months", lsb.plot_months, pd.DataFrame({"2021-12": places, "rank": places, "apart": 0.0}, index)
    fixes = {"unit": units, "criterion": "环境", "attainable": 1.0, "kept": True}
    yield "fixes", lsb.plot_fixes, pd.DataFrame(fixes)
    yield "tasks", lsb.plot_tasks, pd.DataFrame({"unit": units, "source": "gap"})
    yield "carried", lsb.plot_carry_over, pd.DataFrame({"unit": units, "now": "open"})
    counts = {"unit": units, "total": 2, "kept": 1, "late": 1, "later": 0, "longest": 3}
    yield "promises", lsb.plot_promises, pd.DataFrame(counts)
    yield (
        "rank sets",
        lsb.plot_rank_sets,
        pd.DataFrame({"rank": places, "low": 1, "high": n, "tier": np.where(at < 20, 1, 3)}, index),
    )
    yield "shares", lsb.plot_acceptability, pd.DataFrame(np.eye(n), index, at + 1)
    adjusted = pd.DataFrame({"raw_rank": at + 1, "adjusted_rank": at + 1, "move": 0}, index)
    yield "adjusted", lsb.plot_adjusted, adjusted
    gaps = {"unit": units, "rank": places, "pillar": "赛实绩", "criterion": "环境", "kind": "criterion", "shown": 1.0}
    yield "gaps", lsb.plot_gaps, pd.DataFrame({**gaps, "total": 1.0})


@pytest.mark.parametrize(("name", "plot", "frame"), [pytest.param(*case, id=case[0]) for case in many()])
def test_of_very_many_units_the_ends_are_drawn_on_one_page_and_the_cut_is_told(name, plot, frame, overlapping):
    ax = plot(frame)
    assert ax.figure.get_size_inches()[1] < 10.3, "A4 between its margins"
    assert "虚线处略去中间 60 个" in ax.get_xlabel()
    words = " ".join(text.get_text() for text in (*ax.texts, *ax.get_yticklabels()))
    assert all(f"示例{i}村" in words for i in (0, 19, 80, 99)), name
    assert "示例20村" not in words
    solid = [line.get_ydata()[0] for line in ax.lines if line.get_ls() == "-" and len(set(line.get_ydata())) == 1]
    assert 19.5 not in solid, "no other rule hides the dashed line of the cut"
    assert overlapping(ax.figure) == []

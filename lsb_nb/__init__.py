"""Load a quarter, score it, see where the gaps are, and say how certain it is.

The face hands on the good names of the rooms below, each imported when it is first used.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_ROOMS = {
    "bundles": "DataProblems Records Scores",
    "scheme": "Scheme",
    "scenarios": "apply_scenario read_scenario write_scenario",
    "records.load": "load_activity load_quarter",
    "checking": "check_activity",
    "records.outcome": "write_problems",
    "scoring.composite": "score",
    "scoring.rescore": "rescore",
    "widgets.explorer": "Explorer",
    "widgets.load_panel": "load_panel",
    "widgets.export_panel": "export_panel",
    "analysis.scenarios": "load_scenarios measure_scenarios",
    "analysis.past": "scheme_for score_history scores_before",
    "analysis.overview": "measure_overview measure_ranking measure_bands measure_parts",
    "analysis.commitments": "measure_commitments measure_overdue_commitments measure_promises summarise_promises",
    "analysis.problems": """
        measure_best measure_common_losses measure_finding_kinds measure_not_applicable measure_single_gaps""",
    "analysis.notes": """
        measure_adjustments measure_comments measure_corrections measure_data_notes measure_vetoes
        measure_warnings""",
    "analysis.method": "measure_provenance measure_weights say_rules",
    "analysis.words": """
        run_on say_effect say_glyphs say_left_out say_parts say_pillars say_profile say_scenario say_spread
        say_strip say_subtitle say_ties""",
    "analysis.words_problems": """
        say_adjustments say_best say_commitments say_common say_key say_not_applicable say_parts_note
        say_overdue say_single""",
    "figures.theme": "as_figure missing_glyphs",
    "figures.overview": "plot_scores",
    "figures.profile": "plot_profile",
    "i18n": "use_language",
    "tables.layout": "page_style missing_sheet paragraph two_columns beside",
    "tables.overview": "table_key table_masthead table_parts table_tiles",
    "tables.ranking": "table_ranking",
    "tables.ledgers": """
        table_adjustments table_comments table_commitments table_common table_finding_kinds table_highlights
        table_overdue_commitments table_single table_vetoes""",
    "tables.notes": "table_corrections table_data_notes table_provenance table_rules table_warnings table_weights",
    "analysis.gaps": "measure_gaps measure_pillar_gaps measure_top_gaps measure_waterfall",
    "analysis.strengths": "find_teachers fix_first measure_noise measure_strengths rank_strengths",
    "analysis.change": "measure_change measure_change_parts measure_movers split_change",
    "analysis.trends": "measure_history measure_progress shared_history",
    "analysis.drive": "drive_index fit_gain fit_slopes measure_growth shrink",
    "analysis.whatif": "leave_one_out tipping_points",
    "analysis.joint": "least_moved nearest_tie",
    "analysis.tipping": "compare_methods measure_leave_one_out measure_tipping",
    "analysis.progress": "compare_months measure_carry_over measure_countdown measure_findings summarise_findings",
    "analysis.photos": "measure_photos prepare_photos",
    "analysis.tasks": "draft_tasks",
    "analysis.words_gaps": """
        headline say_explained say_fix_first say_fixes say_gap say_gaps say_strengths say_teachers say_top_gaps""",
    "analysis.words_trends": """
        say_change say_history say_movers say_paths say_progress say_progress_unit say_regression
        say_unit_change say_unused""",
    "analysis.words_whatif": "say_leave_one_out say_methods say_tight say_tipping",
    "analysis.words_progress": """
        say_carry_over say_countdown say_days_to_close say_findings say_months say_photos say_promises
        say_repeats say_tasks""",
    "analysis.words_scales": "say_alt say_grid_title say_list_title say_scale",
    "figures.gaps": "plot_gaps plot_top_gaps plot_waterfall",
    "figures.strengths": "plot_fixes plot_strengths plot_teachers",
    "figures.progress": """
        plot_months plot_carry_over plot_countdown plot_findings plot_photos plot_promises plot_tasks""",
    "figures.trends": "plot_change plot_change_parts plot_history plot_history_grid",
    "figures.drive": "plot_drive plot_progress",
    "figures.whatif": "plot_leave_one_out plot_methods plot_ranks_left_out plot_tipping",
    "tables.gaps": "table_fixes table_strengths table_teachers table_top_gaps table_waterfall",
    "tables.heat": "table_gaps",
    "tables.trends": "table_change table_history table_movers table_progress",
    "tables.whatif": "table_leave_one_out table_methods table_effect table_scenarios table_tipping",
    "tables.progress": """
        table_carry_over table_countdown table_findings table_months table_plan table_photos table_promises
        table_repeats table_tasks""",
    "analysis.raters": """
        adjust_tables adjusted_ranking audit_raters fit_severity icc kendall_w krippendorff_alpha
        measure_agreement measure_halo measure_panel_curve measure_panel_curves panel_marks panel_totals
        rater_tables raters_needed variance_components""",
    "analysis.certainty": "measure_leave_one_rater measure_rank_shares separate_ranks",
    "analysis.ranks": """
        draw_totals draw_weights find_blocks leave_one_rater missing_rank_range prob_above rank_acceptability
        rank_sets separate_units sets_from_separation share_ranks tiers weigh_scores""",
    "analysis.words_raters": """
        say_acceptability say_adjusted say_agreement say_audit say_leave_one_rater say_missing_range
        say_missing_ranges say_panels say_own_units say_prob_above say_raters_needed say_severities say_severity
        say_sheets""",
    "analysis.words_ranks": """
        say_approximate say_blocks say_first say_how say_limit say_rank_certainty say_rank_set say_tiers
        say_unjudged""",
    "tables.raters": "table_agreement table_icc table_people table_raters table_sheets",
    "figures.raters": "plot_adjusted plot_agreement plot_panel_curve plot_severity",
    "figures.ranks": "plot_acceptability plot_rank_sets",
}
_FACE = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = ["__version__", *sorted(_FACE)]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for (PEP 562)."""
    if name in _FACE:
        value = getattr(importlib.import_module(f"lsb_nb.{_FACE[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lsb_nb' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

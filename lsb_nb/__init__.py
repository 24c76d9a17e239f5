"""Load a quarter, score it, see where the gaps are, and say how certain it is.

The face hands on the good names of the rooms below, each imported when it is first used.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_FACE = {
    "DataProblems": "schema",
    "Records": "schema",
    "Scores": "schema",
    "Scheme": "scheme",
    "apply_scenario": "scenarios",
    "read_scenario": "scenarios",
    "write_scenario": "scenarios",
    "load_activity": "records.load",
    "load_quarter": "records.load",
    "check_activity": "records.load",
    "score": "scoring.composite",
    "scheme_for": "analysis.overview",
    "score_history": "analysis.overview",
    "scores_before": "analysis.overview",
    "measure_overview": "analysis.overview",
    "measure_ranking": "analysis.overview",
    "measure_bands": "analysis.overview",
    "measure_parts": "analysis.overview",
    "measure_commitments": "analysis.commitments",
    "measure_overdue_commitments": "analysis.commitments",
    "measure_best": "analysis.problems",
    "measure_common_losses": "analysis.problems",
    "measure_finding_kinds": "analysis.problems",
    "measure_not_applicable": "analysis.problems",
    "measure_single_gaps": "analysis.problems",
    "measure_adjustments": "analysis.notes",
    "measure_comments": "analysis.notes",
    "measure_corrections": "analysis.notes",
    "measure_data_notes": "analysis.notes",
    "measure_vetoes": "analysis.notes",
    "measure_warnings": "analysis.notes",
    "measure_provenance": "analysis.method",
    "measure_weights": "analysis.method",
    "say_rules": "analysis.method",
    "run_on": "analysis.words",
    "say_glyphs": "analysis.words",
    "say_left_out": "analysis.words",
    "say_parts": "analysis.words",
    "say_pillars": "analysis.words",
    "say_profile": "analysis.words",
    "say_scenario": "analysis.words",
    "say_spread": "analysis.words",
    "say_strip": "analysis.words",
    "say_subtitle": "analysis.words",
    "say_ties": "analysis.words",
    "say_adjustments": "analysis.words_problems",
    "say_best": "analysis.words_problems",
    "say_commitments": "analysis.words_problems",
    "say_common": "analysis.words_problems",
    "say_key": "analysis.words_problems",
    "say_not_applicable": "analysis.words_problems",
    "say_overdue": "analysis.words_problems",
    "say_single": "analysis.words_problems",
    "as_figure": "figures.theme",
    "missing_glyphs": "figures.theme",
    "plot_scores": "figures.overview",
    "plot_profile": "figures.profile",
    "use_language": "i18n",
    "page_style": "tables.layout",
    "paragraph": "tables.layout",
    "two_columns": "tables.layout",
    "table_key": "tables.overview",
    "table_masthead": "tables.overview",
    "table_parts": "tables.overview",
    "table_tiles": "tables.overview",
    "table_ranking": "tables.ranking",
    "table_adjustments": "tables.ledgers",
    "table_comments": "tables.ledgers",
    "table_commitments": "tables.ledgers",
    "table_common": "tables.ledgers",
    "table_finding_kinds": "tables.ledgers",
    "table_highlights": "tables.ledgers",
    "table_overdue_commitments": "tables.ledgers",
    "table_single": "tables.ledgers",
    "table_vetoes": "tables.ledgers",
    "table_corrections": "tables.notes",
    "table_data_notes": "tables.notes",
    "table_provenance": "tables.notes",
    "table_rules": "tables.notes",
    "table_warnings": "tables.notes",
    "table_weights": "tables.notes",
}

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

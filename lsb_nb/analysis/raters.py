"""Raters: how severe, how consistent, how far they agree, how many are enough. The face of the rooms that answer."""

from __future__ import annotations

from lsb_nb.analysis.adjusting import adjusted_ranking
from lsb_nb.analysis.agreement import icc, kendall_w, krippendorff_alpha, measure_halo
from lsb_nb.analysis.audit import TOTAL, RaterAudit, audit_raters, measure_agreement
from lsb_nb.analysis.components import (
    measure_panel_curve,
    measure_panel_curves,
    measure_reliability,
    measure_squares,
    raters_needed,
    variance_components,
)
from lsb_nb.analysis.design import connected_parts
from lsb_nb.analysis.favour import own_units, permute_own_units
from lsb_nb.analysis.panel import code_raters, group_shares, panel_marks, panel_totals, rater_tables, read_marks
from lsb_nb.analysis.severity import SeverityFit, adjust_tables, fit_severity

__all__ = [
    "TOTAL",
    "RaterAudit",
    "SeverityFit",
    "adjust_tables",
    "adjusted_ranking",
    "audit_raters",
    "code_raters",
    "connected_parts",
    "fit_severity",
    "group_shares",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "measure_agreement",
    "measure_halo",
    "measure_panel_curve",
    "measure_panel_curves",
    "measure_reliability",
    "measure_squares",
    "own_units",
    "panel_marks",
    "panel_totals",
    "permute_own_units",
    "rater_tables",
    "raters_needed",
    "read_marks",
    "variance_components",
]

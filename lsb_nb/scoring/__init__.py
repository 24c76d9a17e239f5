"""Marks to criterion scores, totals, ranks and bands, as the scoring rules say, exact to the published digit."""

"""Run a notebook afresh and turn it into one HTML file. Knows notebooks, not scores."""

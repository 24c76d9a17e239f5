"""Frames as HTML tables, in the classes of the report's style sheet; nothing is computed here."""

"""Invented source of the three demo activities: places, people and marks are all fictitious."""

"""Spreadsheets to checked frames, with every problem at its cell; blank workbooks and marked copies."""

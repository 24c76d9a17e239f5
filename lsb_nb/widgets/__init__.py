"""Widgets: traits in, one pure function called. The only importer of anywidget."""

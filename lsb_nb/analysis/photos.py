"""Photos before, during and after: what is there, what is missing or broken, and copies that are safe to hand out."""

from __future__ import annotations

from typing import Any

import pandas as pd

from lsb_nb.analysis.privacy import hide_names
from lsb_nb.bundles import Records
from lsb_nb.i18n import _
from lsb_nb.pictures import copy_picture, inspect_picture
from lsb_nb.schema import STAGES

EDGE = 1200
"""Longest side of a copy, pixels."""


def measure_photos(records: Records, quarter: str) -> pd.DataFrame:
    """Say for every place and stage whether a usable photo is there.

    Parameters
    ----------
    records : Records
        Holds the quarter; files lie under `Records.folder`.
    quarter : str
        ``2021Q4``.

    Returns
    -------
    pandas.DataFrame
        Three rows per unit and place, in the order of the sheet: ``unit, place, stage, file, taken, status``,
        ``width, height`` (pixels; NA unless ok) and ``told`` (the file as it may be told: no person is named).
        Status: ``ok``; ``absent`` (the sheet has no such stage); ``missing`` (no such file); ``outside`` (of the
        folder); ``oversized`` (above 30 MB or 50 million pixels, not opened); ``broken`` (not a picture that can be
        read). A second photo of a stage gives a row of its own.
    """
    rows = records.at(quarter).photos.to_dict("records")
    table: list[tuple[Any, ...]] = []
    for unit, place in dict.fromkeys((row["unit"], row["place"]) for row in rows):
        own = [row for row in rows if (row["unit"], row["place"]) == (unit, place)]
        extra = [stage for stage in dict.fromkeys(row["stage"] for row in own) if stage not in STAGES]
        for stage in (*STAGES, *extra):
            found = [row for row in own if row["stage"] == stage]
            if not found:
                table.append((unit, place, stage, None, None, "absent", pd.NA, pd.NA, None))
            for row in found:
                status, size = inspect_picture(records.folder, str(row["file"]))
                told = str(row["file"]).replace("\\", "/")
                table.append((unit, place, stage, row["file"], row["taken"], status, *(size or (pd.NA, pd.NA)), told))
    columns = ["unit", "place", "stage", "file", "taken", "status", "width", "height", "told"]
    frame = pd.DataFrame(table, columns=columns).astype({"width": "Int64", "height": "Int64"})
    return hide_names(frame, records, columns=["place", "told"])


def prepare_photos(
    photos: pd.DataFrame, records: Records, *, edge: int = 480, units: list[str] | None = None
) -> pd.DataFrame:
    """Make copies to hand out: turned upright, downscaled, with stage and date in the corner and nothing hidden.

    Parameters
    ----------
    photos : pandas.DataFrame
        From `measure_photos`.
    records : Records
        Where the files lie.
    edge : int
        Longest side in pixels, at most 1200.
    units : list of str, optional
        Only these.

    Returns
    -------
    pandas.DataFrame
        The rows of `photos` with ``image``: a WebP picture as base64 text without EXIF (no place, time or camera), None
        unless the status is ``ok``. A picture that fails only when it is copied becomes ``broken``.

    Raises
    ------
    ValueError
        If `edge` is not between 16 and 1200.
    """
    if not 16 <= edge <= EDGE:
        raise ValueError(f"`edge` must be between 16 and {EDGE}; not {edge!r}.")
    rows = photos if units is None else photos[photos["unit"].isin(units)]
    images, states = [], []
    row: Any
    for row in rows.itertuples():
        taken = "" if pd.isna(row.taken) else f"{row.taken:%Y-%m-%d}"
        label = " ".join(part for part in (_(row.stage or ""), taken) if part)
        image = copy_picture(records.folder, str(row.file), edge, label) if row.status == "ok" else None
        images.append(image)
        states.append("broken" if row.status == "ok" and image is None else row.status)
    columns = {"status": pd.Series(states, index=rows.index, dtype=object)}
    return rows.assign(**columns, image=pd.Series(images, index=rows.index, dtype=object)).reset_index(drop=True)

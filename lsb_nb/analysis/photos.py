"""Photos before, during and after: what is there, what is missing or broken, and copies that are safe to hand out."""

from __future__ import annotations

import base64
import io
import warnings
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd
from PIL import Image, ImageDraw, ImageFont, ImageOps

from lsb_nb.analysis.privacy import hide_names
from lsb_nb.bundles import Records
from lsb_nb.schema import STAGES

MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
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
        Three rows per unit and place, in the order of the sheet: ``unit, place, stage, file, taken, status`` and
        ``width, height`` (pixels; NA unless ok). Status: ``ok``; ``absent`` (the sheet has no such stage);
        ``missing`` (no such file); ``outside`` (of the folder); ``oversized`` (above 30 MB or 50 million pixels, not
        opened); ``broken`` (not a picture that can be read). A second photo of a stage gives a row of
        its own. No person is named.
    """
    rows = records.at(quarter).photos.to_dict("records")
    table: list[tuple[Any, ...]] = []
    for unit, place in dict.fromkeys((row["unit"], row["place"]) for row in rows):
        own = [row for row in rows if (row["unit"], row["place"]) == (unit, place)]
        extra = [stage for stage in dict.fromkeys(row["stage"] for row in own) if stage not in STAGES]
        for stage in (*STAGES, *extra):
            found = [row for row in own if row["stage"] == stage]
            if not found:
                table.append((unit, place, stage, None, None, "absent", pd.NA, pd.NA))
            for row in found:
                status, size = _inspect(records.folder, str(row["file"]))
                table.append((unit, place, stage, row["file"], row["taken"], status, *size))
    columns = ["unit", "place", "stage", "file", "taken", "status", "width", "height"]
    frame = pd.DataFrame(table, columns=columns).astype({"width": "Int64", "height": "Int64"})
    return hide_names(frame, records, columns=["place"])


def _inspect(folder: Path, file: str) -> tuple[str, tuple[Any, Any]]:
    nothing = (pd.NA, pd.NA)
    path = (folder / file.replace("\\", "/")).resolve()
    if not path.is_relative_to(folder.resolve()):
        return "outside", nothing
    if not path.is_file():
        return "missing", nothing
    if path.stat().st_size > MOST_BYTES:
        return "oversized", nothing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                size = picture.size
                if size[0] * size[1] > MOST_PIXELS:
                    return "oversized", nothing
                # Decodes the smallest version that shows whether the data are whole.
                picture.draft("RGB", (64, 64))
                picture.load()
    except Image.DecompressionBombError:
        return "oversized", nothing
    except (OSError, ValueError, SyntaxError, EOFError):
        return "broken", nothing
    return "ok", size


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
        unless the status is ``ok``.

    Raises
    ------
    ValueError
        If `edge` is not between 16 and 1200.
    """
    if not 16 <= edge <= EDGE:
        raise ValueError(f"`edge` must be between 16 and {EDGE}; not {edge!r}.")
    rows = photos if units is None else photos[photos["unit"].isin(units)]
    images = []
    row: Any
    for row in rows.itertuples():
        label = " ".join(part for part in (row.stage, "" if pd.isna(row.taken) else f"{row.taken:%Y-%m-%d}") if part)
        images.append(
            _copy(records.folder / str(row.file).replace("\\", "/"), edge, label) if row.status == "ok" else None
        )
    return rows.assign(image=pd.Series(images, index=rows.index, dtype=object)).reset_index(drop=True)


def _copy(path: Path, edge: int, label: str) -> str:
    with Image.open(path) as picture:
        picture.draft("RGB", (edge, edge))
        upright = ImageOps.exif_transpose(picture)
        small = upright.convert("RGBA") if upright.mode in ("P", "LA", "RGBA", "PA") else upright.convert("RGB")
    small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", small.size, "white")
    sheet.paste(small, mask=small if small.mode == "RGBA" else None)
    _burn(sheet, label)
    # A fresh image carries no metadata; only pixels are saved.
    stream = io.BytesIO()
    sheet.save(stream, "WEBP", quality=75, method=6)
    return base64.b64encode(stream.getvalue()).decode("ascii")


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    data = (resources.files("lsb_nb") / "fonts" / "NotoSansSC-Regular.ttf").read_bytes()
    return ImageFont.truetype(io.BytesIO(data), size)


def _burn(picture: Image.Image, label: str) -> None:
    size = max(10, max(picture.size) // 17)
    draw = ImageDraw.Draw(picture)
    left, top, right, bottom = draw.textbbox((0, 0), label, font=_font(size))
    pad = size // 3
    high = bottom - top + 2 * pad
    draw.rectangle((0, picture.height - high, right - left + 2 * pad, picture.height), fill="white")
    draw.text((pad - left, picture.height - high + pad - top), label, fill="#1B1F24", font=_font(size))

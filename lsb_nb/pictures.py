"""Opening a picture that may be anything: its state, and a small upright copy with nothing hidden in it."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import resources
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from lsb_nb.folders import find_inside, is_file

MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
LEAST = (120, 90)
"""Least size of a copy, pixels."""
FORMATS = ("JPEG", "MPO", "PNG", "WEBP", "BMP", "GIF", "TIFF", "JPEG2000", "AVIF")
"""What is opened. Others are refused: EPS, for one, would start another program."""


def inspect_picture(folder: Path, file: str) -> tuple[str, tuple[int, int] | None]:
    """Give the state of a picture, as `measure_photos` names it, and its size (pixels) where it is ``ok``."""
    path = find_inside(folder, file)
    if path is None:
        return "outside", None
    if not is_file(path):
        return "missing", None
    try:
        if path.stat().st_size > MOST_BYTES:
            return "oversized", None
    except (OSError, ValueError):
        return "missing", None
    try:
        with _opened(path) as picture:
            size = picture.size
            if size[0] * size[1] > MOST_PIXELS:
                return "oversized", None
            # Decodes the smallest version that shows whether the data are whole.
            picture.draft("RGB", (64, 64))
            picture.load()
    except Image.DecompressionBombError:
        return "oversized", None
    except Exception:
        # A decoder raises whatever a damaged file leads it to; none of it may stop a report.
        return "broken", None
    return "ok", size


def copy_picture(folder: Path, file: str, edge: int, label: str) -> str | None:
    """Give a WebP picture as base64 text, its longest side `edge` pixels, `label` in the corner; None if it fails."""
    path = find_inside(folder, file)
    if path is None:
        return None
    try:
        with _opened(path) as picture:
            picture.draft("RGB", (edge, edge))
            small = _plain(_upright(picture))
        small.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    except Exception:
        return None
    # a sheet that the label fits on, however small or narrow the picture is
    size = (max(small.width, min(edge, LEAST[0])), max(small.height, min(edge, LEAST[1])))
    sheet = Image.new("RGB", size, "white")
    corner = ((size[0] - small.width) // 2, (size[1] - small.height) // 2)
    sheet.paste(small, corner, small if small.mode == "RGBA" else None)
    _burn(sheet, label)
    # A fresh image carries no metadata; only pixels are saved.
    stream = io.BytesIO()
    sheet.save(stream, "WEBP", quality=75, method=6)
    return base64.b64encode(stream.getvalue()).decode("ascii")


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    Image.init()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(path, formats=[name for name in FORMATS if name in Image.OPEN]) as picture:
            yield picture


def _upright(picture: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:
        # A picture whose notes cannot be read is shown as it lies.
        return picture


def _plain(picture: Image.Image) -> Image.Image:
    """Give a picture of 8 bits a channel; the scale of deeper ones is told by their brightest point."""
    if picture.mode == "F" or picture.mode.startswith("I"):
        deep = np.nan_to_num(np.asarray(picture, dtype=float))
        top = next((step for step in (1, 255, 65535) if deep.max() <= step), deep.max())
        return Image.fromarray((deep.clip(0, None) / top * 255).astype(np.uint8)).convert("RGB")
    return picture.convert("RGBA" if picture.mode in ("P", "LA", "RGBA", "PA", "La", "RGBa") else "RGB")


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

"""Small drawn scenes for 整治前, 整治中 and 整治后: no photograph of a real place is used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

SCENES = ("村口道路", "坑塘", "房前屋后")
STAGES = ("整治前", "整治中", "整治后")
SIZE = (320, 240)

PALETTE = {
    "sky": (214, 228, 236),
    "grey": (196, 200, 202),
    "hill": (168, 190, 170),
    "grass": (142, 176, 116),
    "weed": (150, 148, 92),
    "soil": (182, 160, 128),
    "road": (150, 152, 154),
    "line": (238, 238, 230),
    "wall": (236, 228, 212),
    "dirty": (204, 192, 172),
    "roof": (150, 84, 68),
    "door": (112, 84, 62),
    "glass": (150, 184, 204),
    "trunk": (116, 88, 64),
    "leaf": (86, 138, 84),
    "water": (128, 176, 200),
    "murky": (132, 140, 112),
    "waste": (94, 88, 84),
    "paper": (240, 240, 236),
    "plastic": (70, 110, 176),
    "flower": (222, 120, 130),
    "cart": (222, 150, 60),
    "vest": (228, 104, 48),
    "skin": (226, 186, 156),
    "ink": (60, 66, 72),
}
INDEX = {name: i for i, name in enumerate(PALETTE)}

# Letters as dots, so that the word does not depend on a font of the machine.
LETTERS = {
    "D": ("110", "101", "101", "101", "110"),
    "E": ("111", "100", "110", "100", "111"),
    "M": ("10001", "11011", "10101", "10001", "10001"),
    "O": ("111", "101", "101", "101", "111"),
}


def draw(path: Path, scene: int, stage: int, seed: int) -> None:
    """Draw one picture and save it as a PNG of few colours.

    Parameters
    ----------
    scene, stage : int
        Places in `SCENES` and `STAGES`.
    seed : int
        The same seed gives the same place in all three stages.
    """
    place, litter = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
    image = Image.new("P", SIZE, INDEX["grey" if stage == 0 else "sky"])
    image.putpalette([channel for colour in PALETTE.values() for channel in colour])
    pen = ImageDraw.Draw(image)
    horizon = int(place.integers(96, 116))
    hills = [(x, horizon - int(place.integers(6, 34))) for x in range(0, 361, 40)]
    pen.polygon([(0, horizon), *hills, (320, horizon)], fill=INDEX["hill"])
    pen.rectangle((0, horizon, 320, 240), fill=INDEX[("weed", "soil", "grass")[stage]])
    _trees(pen, np.random.default_rng([seed, 3]), horizon, stage)
    (_road, _pond, _yard)[scene](pen, place, horizon, stage)
    _litter(pen, litter, horizon, stage)
    if stage == 1:
        _crew(pen, place)
    _stamp(pen)
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, optimize=True)


def _house(pen: ImageDraw.ImageDraw, x: int, y: int, width: int, stage: int) -> None:
    height = width * 3 // 5
    pen.rectangle((x, y - height, x + width, y), fill=INDEX["dirty" if stage == 0 else "wall"], outline=INDEX["ink"])
    pen.polygon(
        [(x - 8, y - height), (x + width // 2, y - height - width // 3), (x + width + 8, y - height)],
        fill=INDEX["roof"],
    )
    pen.rectangle((x + width // 2 - 7, y - height // 2, x + width // 2 + 7, y), fill=INDEX["door"])
    for window in (x + 8, x + width - 22):
        pen.rectangle(
            (window, y - height + 10, window + 14, y - height + 24), fill=INDEX["glass"], outline=INDEX["ink"]
        )


def _road(pen: ImageDraw.ImageDraw, place: np.random.Generator, horizon: int, stage: int) -> None:
    bend = int(place.integers(120, 200))
    pen.polygon(
        [(bend - 8, horizon), (bend + 8, horizon), (250, 240), (70, 240)], fill=INDEX["soil" if stage == 0 else "road"]
    )
    if stage == 2:
        for i in range(5):
            y = horizon + 14 + 24 * i
            x = bend + (160 - bend) * (y - horizon) // (240 - horizon)
            pen.rectangle((x - 1 - i // 2, y, x + 1 + i // 2, y + 10), fill=INDEX["line"])
    _house(pen, 20, horizon + 30, int(place.integers(56, 76)), stage)


def _pond(pen: ImageDraw.ImageDraw, place: np.random.Generator, horizon: int, stage: int) -> None:
    _house(pen, int(place.integers(190, 220)), horizon + 20, int(place.integers(54, 70)), stage)
    left = int(place.integers(30, 60))
    pen.ellipse(
        (left, horizon + 40, left + 220, 226), fill=INDEX[("murky", "dirty", "water")[stage]], outline=INDEX["ink"]
    )
    if stage == 2:
        for x in range(left + 20, left + 210, 19):
            pen.line((x, horizon + 30, x, horizon + 46), fill=INDEX["line"], width=2)
        pen.line((left + 20, horizon + 35, left + 205, horizon + 35), fill=INDEX["line"], width=2)


def _yard(pen: ImageDraw.ImageDraw, place: np.random.Generator, horizon: int, stage: int) -> None:
    _house(pen, int(place.integers(60, 100)), horizon + 62, int(place.integers(110, 136)), stage)
    if stage == 0:
        pen.polygon([(230, 190), (250, 140), (286, 132), (308, 190)], fill=INDEX["waste"])
    if stage == 2:
        pen.rectangle((0, 196, 320, 206), fill=INDEX["line"])
        for x in range(6, 320, 16):
            pen.rectangle((x, 186, x + 4, 214), fill=INDEX["line"], outline=INDEX["ink"])


def _trees(pen: ImageDraw.ImageDraw, place: np.random.Generator, horizon: int, stage: int) -> None:
    spots = [
        (int(x), horizon + int(y)) for x, y in zip(place.integers(8, 312, 6), place.integers(4, 20, 6), strict=True)
    ]
    for x, y in spots[: (2, 3, 6)[stage]]:
        pen.rectangle((x - 2, y - 26, x + 2, y), fill=INDEX["trunk"])
        pen.ellipse((x - 14, y - 54, x + 14, y - 22), fill=INDEX["leaf"])
    flowers = list(zip(place.integers(4, 316, 30), place.integers(214, 236, 30), strict=True))
    for x, y in flowers if stage == 2 else ():
        pen.ellipse((int(x) - 2, int(y) - 2, int(x) + 2, int(y) + 2), fill=INDEX["flower"])


def _litter(pen: ImageDraw.ImageDraw, litter: np.random.Generator, horizon: int, stage: int) -> None:
    count = 46
    pieces = zip(
        litter.integers(4, 312, count),
        litter.integers(horizon + 34, 232, count),
        litter.integers(0, 3, count),
        strict=True,
    )
    for x, y, kind in list(pieces)[: (count, 12, 0)[stage]]:
        colour = INDEX[("waste", "paper", "plastic")[kind]]
        pen.rectangle((int(x), int(y), int(x) + 3 + 2 * int(kind == 0), int(y) + 3), fill=colour)


def _crew(pen: ImageDraw.ImageDraw, place: np.random.Generator) -> None:
    x = int(place.integers(120, 190))
    pen.rectangle((x, 176, x + 52, 200), fill=INDEX["cart"], outline=INDEX["ink"])
    for wheel in (x + 6, x + 36):
        pen.ellipse((wheel, 194, wheel + 12, 206), fill=INDEX["ink"])
    for worker in (x - 26, x + 70):
        pen.ellipse((worker, 158, worker + 10, 168), fill=INDEX["skin"])
        pen.rectangle((worker, 168, worker + 10, 188), fill=INDEX["vest"])
        pen.rectangle((worker + 1, 188, worker + 9, 204), fill=INDEX["ink"])
        pen.line((worker + 12, 170, worker + 18, 206), fill=INDEX["trunk"], width=2)


def _stamp(pen: ImageDraw.ImageDraw) -> None:
    """Write DEMO into the upper right corner: the picture is invented and says so."""
    pen.rectangle((262, 6, 314, 24), fill=INDEX["paper"], outline=INDEX["ink"])
    left = 268
    for letter in "DEMO":
        for row, dots in enumerate(LETTERS[letter]):
            for column, dot in enumerate(dots):
                if dot == "1":
                    pen.rectangle(
                        (left + 2 * column, 10 + 2 * row, left + 2 * column + 1, 11 + 2 * row), fill=INDEX["ink"]
                    )
        left += 2 * len(LETTERS[letter][0]) + 3

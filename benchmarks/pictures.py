"""How much of what drawn pictures give away is covered, how much else, and what it costs.

::

    python -m benchmarks.pictures [--half a|b|all] [--finder engine|oracle] [--kinds chat,letter,...]

Pictures come from `saferedact.testing`: chats of three kinds, light and dark, in two sizes of letters;
letters and forms, also turned and as skewed scans; street signs; number plates on one row and two. Half
"a" of names, messages and templates was there while rules were written, half "b" was not. A name or
identifier counts as covered if at least .95 of each of its words lies under regions, with the policy's
margins; another word counts as covered at .5. The finder ``oracle`` knows what was written, and so
measures reading alone; ``engine`` is the one of the library.
"""

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from saferedact.detectors.identities import finder_in_pictures
from saferedact.detectors.ocr import TextReader
from saferedact.detectors.text_in_image import TextInImageDetector
from saferedact.geometry import clip, dilate, round_outward
from saferedact.pipeline.look import look
from saferedact.policy import load_policy
from saferedact.testing.chats import APPS, chat_screenshot
from saferedact.testing.drawing import DrawnPicture, scanned, turned
from saferedact.testing.papers import form, letter, number_plate, street_sign
from saferedact.testing.people import Half
from saferedact.text.spans import TextSpan

COVERED, TOUCHED = 0.95, 0.5
ALIKE = 80  # of 100: how alike a stretch of read text must be to what was written


def drawn(half: Half) -> Iterator[tuple[str, Callable[[], DrawnPicture]]]:
    """Yield the kind of each picture of a half and what draws it."""
    for seed in range(4):
        for app in APPS:
            for dark in (False, True):
                for size in (15, 24):
                    yield (
                        f"chat {app}",
                        lambda a=app, s=seed, d=dark, z=size: chat_screenshot(
                            a, s, half=half, dark=d, size=z
                        ),
                    )
    for seed in range(4):
        for size in (14, 24):
            yield "letter", lambda s=seed, z=size: letter(s, half=half, size=z)
            yield "form", lambda s=seed, z=size: form(s, half=half, size=z)
        for degrees in (90, 180, 270):
            yield (
                f"letter turned {degrees}",
                lambda s=seed, d=degrees: turned(letter(s, half=half, size=18), d),
            )
        yield "letter at 10 degrees", lambda s=seed: turned(letter(s, half=half, size=20), 10)
        yield "scan", lambda s=seed: scanned(letter(s, half=half, size=18), s, degrees=2.5)
        yield "scan", lambda s=seed: scanned(form(s, half=half, size=18), s, degrees=-1.5)
    for seed in range(8):
        yield "sign", lambda s=seed: street_sign(s, half=half, size=24 + 8 * (s % 3))
        for rows in (1, 2):
            yield (
                f"plate, {rows} row",
                lambda s=seed, r=rows: number_plate(
                    s, half=half, size=20 + 10 * (s % 3), rows=r, yellow=bool(s % 2)
                ),
            )


def oracle(picture: DrawnPicture) -> Callable[[str], Sequence[TextSpan]]:
    """Make a finder that knows what was written."""
    from rapidfuzz import fuzz

    secrets = sorted(set(zip(picture.secrets(), picture.labels, strict=True)))

    def stretches(secret: str, flat: str, offset: int) -> Iterator[tuple[int, int]]:
        found = fuzz.partial_ratio_alignment(secret, flat, score_cutoff=ALIKE)
        if found is not None and found.dest_end - found.dest_start >= len(secret) // 2:
            start, end = found.dest_start, found.dest_end
            yield offset + start, offset + end
            yield from stretches(secret, flat[:start], offset)
            yield from stretches(secret, flat[end:], offset + end)

    def find(text: str) -> list[TextSpan]:
        flat = text.replace("\n", " ").replace("\t", " ").lower()
        return [
            TextSpan(*span, label, "known", 0.9, "oracle")
            for secret, label in secrets
            for span in stretches(secret.lower(), flat, 0)
        ]

    return find


def covered_shares(picture: DrawnPicture, boxes: np.ndarray) -> np.ndarray:
    """Share of each word's quad that lies under boxes."""
    import cv2

    height, width = picture.pixels.shape[:2]
    mask = np.zeros((height, width), dtype=np.uint8)
    for x1, y1, x2, y2 in boxes.astype(int).tolist():
        mask[y1:y2, x1:x2] = 1
    shares = []
    for quad in picture.quads:
        word = np.zeros_like(mask)
        cv2.fillPoly(word, [np.floor(quad).astype(np.int32)], 1)
        shares.append(mask[word == 1].mean() if word.any() else 1.0)
    return np.array(shares)


def main() -> None:
    """Measure, and print one line for each kind of picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("a", "b", "all"), default="all")
    parser.add_argument("--finder", choices=("engine", "oracle"), default="engine")
    parser.add_argument("--kinds", default="", help="beginnings of kinds, by commas")
    parser.add_argument("--share", type=float, default=1.0, help="of the pictures, by chance")
    parser.add_argument("--save", type=Path, help="folder for pictures with a missed secret")
    options = parser.parse_args()
    policy = load_policy("release")
    chance = random.Random(0)
    reader = TextReader(threads=1)
    engine = finder_in_pictures(policy, None)
    for half in ("a", "b") if options.half == "all" else (options.half,):
        tally: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(6))
        for kind, draw in drawn(half):
            if not kind.startswith(tuple(options.kinds.split(","))):
                continue
            if chance.random() > options.share:
                continue
            picture = draw()
            finder = oracle(picture) if options.finder == "oracle" else engine
            detector = TextInImageDetector(finder, reader=reader)
            clock = time.process_time()
            hits = list(look(picture.pixels, [detector], policy, orientation_known=True))
            clock = time.process_time() - clock
            size_wh = picture.pixels.shape[1::-1]
            boxes = [
                clip(round_outward(dilate(hit.xyxy, hit.rule.dilate, minimum=2.0)), size_wh)
                for hit in hits
            ]
            shares = covered_shares(picture, np.concatenate([np.empty((0, 4)), *boxes]))
            secret = picture.secret >= 0
            whole = [
                bool((shares[picture.secret == number] >= COVERED).all())
                for number in range(len(picture.labels))
            ]
            over = int((shares[~secret] >= TOUCHED).sum())
            row = (1, len(whole), sum(whole), int((~secret).sum()), over, clock)
            tally[kind] += row
            tally["all"] += row
            if kind.startswith("chat"):
                tally["all chats"] += row
            if options.save and not all(whole):
                save(options.save / f"{half}-{kind}-{int(tally[kind][0])}.png", picture, boxes)
        print(f"half {half}, finder {options.finder}")
        print(
            f"{'kind':24}{'pictures':>9}{'secrets':>9}{'covered':>9}{'other':>7}{'over':>7}{'CPU s':>7}"
        )
        for kind, (count, secrets, whole, other, over, clock) in sorted(tally.items()):
            print(
                f"{kind:24}{count:9.0f}{secrets:9.0f}{whole / secrets:9.3f}"
                f"{other:7.0f}{over / max(other, 1):7.3f}{clock / count:7.2f}"
            )


def save(path: Path, picture: DrawnPicture, boxes: list[np.ndarray]) -> None:
    """Write a picture with its covers as outlines."""
    from PIL import Image, ImageDraw

    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(picture.pixels)
    for box in np.concatenate([np.empty((0, 4)), *boxes]).tolist():
        ImageDraw.Draw(image).rectangle(box, outline=(255, 0, 0), width=2)
    image.save(path)


if __name__ == "__main__":
    main()

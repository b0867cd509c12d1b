"""What is measured on by default: pictures, clips, pages and texts made by a seed, with their truth.

Faces are the portrait of scikit-image (NASA, public domain), pasted into photographs without living
beings; so figures of recall are of one person in many sizes, lights and places, and say how detectors
compare, not how many faces of a real crowd they find. For that, bring labelled material of your own.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from benchmarks.video_clips import background

PORTRAIT = (slice(0, 230), slice(130, 320))
"""Rows and columns of the portrait that are pasted: the head with some of its surroundings."""

FACE = (52.0, 56.0, 140.0, 174.0)
"""The face in them, brow to chin and ear to ear, in pixels, by eye: x1 y1 x2 y2."""

RATE = 30


@dataclass(frozen=True, slots=True)
class Crowd:
    """A picture and the boxes of its faces, shape (n, 4), in pixels."""

    pixels: np.ndarray
    faces: np.ndarray


def portrait():
    """Return the head of the portrait, RGB."""
    from skimage import data

    return data.astronaut()[PORTRAIT]


def face_at(left, top, width, *, mirrored=False):
    """Box of the face of a head that is pasted at a place, `width` pixels wide."""
    whole = PORTRAIT[1].stop - PORTRAIT[1].start
    scale = width / whole
    x1, y1, x2, y2 = FACE
    if mirrored:
        x1, x2 = whole - x2, whole - x1
    return [left + x1 * scale, top + y1 * scale, left + x2 * scale, top + y2 * scale]


def crowd(size_wh, faces, *, seed=0, face_px=(10, 90)):
    """Paste heads into a photograph, none over another.

    Parameters
    ----------
    size_wh : (int, int)
        Of the picture, in pixels.
    faces : int
        How many. Fewer are pasted if there is no room for more.
    seed : int
        Of places, sizes and light.
    face_px : (int, int)
        Least and largest width of a face, in pixels; sizes between are equally likely by logarithm.

    Returns
    -------
    Crowd
        The picture and its truth.
    """
    import cv2

    rng = np.random.default_rng(seed)
    width, height = size_wh
    canvas = background(size_wh, seed)[:height, :width].copy()
    head = portrait()
    tall, wide = head.shape[:2]
    taken, boxes = np.zeros((height, width), dtype=bool), []
    for _ in range(faces):
        face = np.exp(rng.uniform(*np.log(face_px)))
        w = max(4, round(face * wide / (FACE[2] - FACE[0])))
        h = round(w * tall / wide)
        if w >= width or h >= height:
            continue
        for _ in range(60):
            x, y = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
            if not taken[y : y + h, x : x + w].any():
                break
        else:
            continue
        small = cv2.resize(head, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32)
        mirrored = bool(rng.random() < 0.5)
        small = small[:, ::-1] if mirrored else small
        small = small * rng.uniform(0.5, 1.1) + rng.normal(0, rng.uniform(0, 8), small.shape)
        canvas[y : y + h, x : x + w] = np.clip(small, 0, 255)
        taken[y : y + h, x : x + w] = True
        boxes.append(face_at(x, y, w, mirrored=mirrored))
    return Crowd(canvas, np.array(boxes, np.float32).reshape(-1, 4))


def write_picture(path, pixels, **options):
    """Write a picture in the format of the path's suffix."""
    from PIL import Image

    Image.fromarray(pixels).save(path, **options)
    return path


def clip(path, *, seconds, size_wh=(1280, 720), faces=2, speed=6, seed=1, crf=18):
    """Write a clip of heads that move in lanes of their own over a panned photograph.

    Returns
    -------
    ndarray, shape (frames, faces, 4)
        The box of every face in every frame, in pixels.
    """
    import av
    import cv2

    rng = np.random.default_rng(seed)
    width, height = size_wh
    frames = round(seconds * RATE)
    ground = background(size_wh, seed)
    lanes = max(1, faces)
    tall = height // lanes
    head = portrait()
    aspect = head.shape[0] / head.shape[1]
    sides = [
        int(min(tall * 0.9 / aspect, height * 0.3) * rng.uniform(0.6, 1)) for _ in range(faces)
    ]
    begins = [rng.uniform(0, width - side) for side in sides]
    truth = np.zeros((frames, faces, 4), np.float32)
    with av.open(str(path), "w") as container:
        options = {"crf": str(crf), "preset": "fast"}
        stream = container.add_stream("libx264", rate=RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(frames):
            x = 200 + round(150 * np.sin(number / 40))
            y = 100 + round(80 * np.sin(number / 55))
            picture = ground[y : y + height, x : x + width].copy()
            for lane, (side, begin) in enumerate(zip(sides, begins, strict=True)):
                room = width - side
                step = speed * (lane % 3 + 1) / 2 * (-1 if lane % 2 else 1)
                left = round(abs((begin + number * step + room) % (2 * room) - room))
                top = lane * tall + (tall - round(side * aspect)) // 2
                small = cv2.resize(head, (side, round(side * aspect)), interpolation=cv2.INTER_AREA)
                picture[top : top + small.shape[0], left : left + side] = small
                truth[number, lane] = face_at(left, top, side)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return truth


SENTENCES = (
    "The witness Harriet Osgathorp told the meeting of a car in the road on Tuesday.",
    "Officers attended the address after a call from 07700 900345 and spoke to Priya Nair.",
    "No further action was taken, and the file was closed on the fourth of the month.",
    "A grey van with the mark YN99 KTB was parked outside the shop for an hour.",
    "He asked that letters be sent to b.trewhella@example.org and to his brother Desmond.",
    "The meeting ended at noon; the next one is planned for the second week of March.",
)
"""Two in three name somebody or something; everybody is invented."""


def prose(length, seed=0):
    """Write a text of about so many code points."""
    rng = np.random.default_rng(seed)
    parts, size = [], 0
    while size < length:
        sentence = SENTENCES[int(rng.integers(len(SENTENCES)))]
        parts.append(sentence)
        size += len(sentence) + 1
    return "\n".join(parts)[:length]


def text_pdf(path, pages, seed=0):
    """Write a PDF of so many pages of text, 40 lines each."""
    from pikepdf import Dictionary, Name, new

    pdf = new()
    font = Dictionary(Type=Name("/Font"), Subtype=Name("/Type1"), BaseFont=Name("/Helvetica"))
    for number in range(pages):
        lines = prose(40 * 80, seed + number).split("\n")[:40]
        text = "\n".join(
            f"BT /F1 11 Tf 60 {790 - 16 * i} Td ({line}) Tj ET" for i, line in enumerate(lines)
        )
        pdf.add_blank_page(page_size=(595, 842))
        page = pdf.pages[number].obj
        page["/Resources"] = Dictionary(Font=Dictionary(F1=font))
        page["/Contents"] = pdf.make_stream(text.encode())
    pdf.save(path)
    return path


def scanned_pdf(path, pages, dpi=150):
    """Write a PDF of so many pages that are pictures of letters, A4."""
    from PIL import Image

    from saferedact.testing.drawing import scanned
    from saferedact.testing.papers import letter

    size = (round(8.27 * dpi), round(11.69 * dpi))
    made = []
    for number in range(pages):
        drawn = scanned(letter(number, size=20), number, degrees=1.0).pixels
        sheet = Image.new("RGB", size, (250, 250, 246))
        sheet.paste(Image.fromarray(drawn[: size[1], : size[0]]), (40, 60))
        made.append(sheet)
    made[0].save(path, save_all=True, append_images=made[1:], resolution=dpi)
    return Path(path)

"""Clips of portraits that move over panned pictures, and where their faces are."""

from pathlib import Path

import numpy as np

__all__ = ["RATE", "SIZE_WH", "background", "drawn_faces", "make", "make_clip"]

SIZE_WH = (1920, 1080)
RATE = 30

FACE = (46, 58, 142, 180)
"""Brow to chin, by eye, in the picture of `faces`."""


def faces():
    """Return the portrait of scikit-image, cut around the head, as RGB."""
    from skimage import data

    return data.astronaut()[0:230, 130:320]


def drawn_faces(clip):
    """Frames, boxes and visible shares of the faces that were drawn into a clip; None if that is not known."""
    path = clip.with_suffix(".npz")
    return np.load(path) if path.exists() else None


def visible_faces(portraits, size_hw):
    """Yield the box of each portrait's face, and the share of it that no later portrait hides."""
    from saferedact.geometry import covered_fraction

    within = np.array(FACE) / (size_hw[1], size_hw[0], size_hw[1], size_hw[0])
    for number, box in enumerate(portraits):
        face = (np.tile(box[:2], 2) + within * np.tile(box[2:] - box[:2], 2)).astype(np.float32)
        over = np.array(portraits[number + 1 :], np.float32).reshape(-1, 4)
        yield face, 1 - float(covered_fraction(face[None], over)[0])


def background(size_wh, seed):
    """Return a textured picture larger than a frame, to pan over."""
    import cv2
    from skimage import data

    rng = np.random.default_rng(seed)
    # No living thing: a cat's face is a face to a detector.
    picture = (data.coffee(), data.rocket(), data.hubble_deep_field())[seed % 3]
    large = cv2.resize(picture, (size_wh[0] + 400, size_wh[1] + 200), interpolation=cv2.INTER_CUBIC)
    grain = rng.normal(0, 4, large.shape)
    return np.clip(large + grain, 0, 255).astype(np.uint8)


def paths(count, frames, speed, sizes, rng):
    """Positions of faces that bounce off the edges, in pixels."""
    width, height = SIZE_WH
    for number in range(count):
        side = sizes[number % len(sizes)]
        room = np.array([width - side, height - round(side * 1.21)], dtype=float)
        angle = rng.uniform(0, 2 * np.pi)
        step = speed * np.array([np.cos(angle), 0.5 * np.sin(angle)])
        start = rng.uniform(0, room)
        track = start + np.arange(frames)[:, None] * step
        folded = np.abs((track + room) % (2 * room) - room)
        yield side, folded


def make_clip(path, *, seconds, count, speed, sizes, cut_every=None, seed=1):
    """Write a clip of portraits that move over panned pictures, and beside it where their faces are."""
    import av
    import cv2

    rng = np.random.default_rng(seed)
    frames = seconds * RATE
    head = faces()
    drawn = []
    shots = max(1, frames // cut_every) if cut_every else 1
    length = -(-frames // shots)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"crf": "18", "preset": "fast"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_WH, "yuv420p"
        for shot in range(shots):
            ground = background(SIZE_WH, seed + shot)
            moving = list(paths(count, length, speed, sizes, rng))
            for i in range(min(length, frames - shot * length)):
                x, y = 200 + round(150 * np.sin(i / 40)), 100 + round(80 * np.sin(i / 55))
                picture = ground[y : y + SIZE_WH[1], x : x + SIZE_WH[0]].copy()
                portraits = []
                for side, track in moving:
                    left, top = np.round(track[i]).astype(int)
                    small = cv2.resize(
                        head, (side, round(side * 1.21)), interpolation=cv2.INTER_AREA
                    )
                    picture[top : top + small.shape[0], left : left + side] = small
                    portraits.append(np.array([left, top, left + side, top + small.shape[0]]))
                at = shot * length + i
                drawn += [(at, *face, seen) for face, seen in visible_faces(portraits, head.shape)]
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    table = np.array(drawn, np.float32)
    np.savez(path.with_suffix(".npz"), frame=table[:, 0], xyxy=table[:, 1:5], visible=table[:, 5])


def make(folder: Path) -> None:
    """Write the two clips that the targets speak of."""
    folder.mkdir(parents=True, exist_ok=True)
    make_clip(folder / "four_faces.mp4", seconds=20, count=4, speed=5, sizes=(150, 90, 220, 60))
    make_clip(
        folder / "fast_cuts.mp4",
        seconds=8,
        count=3,
        speed=40,
        sizes=(110, 170, 70),
        cut_every=48,
        seed=5,
    )

"""Bad redactions over a face, and honest changes of a whole photograph, as `benchmarks.weak_marks` draws them."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

__all__ = ["HONEST", "MARKS", "Box", "Picture", "grown"]

Picture = npt.NDArray[np.uint8]
Box = tuple[int, int, int, int]


def grown(box: Box, part: float, shape: tuple[int, ...]) -> Box:
    """Grow a box at each side by a part of its own, within the picture."""
    x1, y1, x2, y2 = box
    wide, high = round(part * (x2 - x1)), round(part * (y2 - y1))
    return (
        max(0, x1 - wide),
        max(0, y1 - high),
        min(shape[1], x2 + wide),
        min(shape[0], y2 + high),
    )


def inside(shape: tuple[int, ...], box: Box, *, ellipse: bool) -> npt.NDArray[np.bool_]:
    """Return the pixels of a box, or of the ellipse in it."""
    mask = np.zeros(shape[:2], np.uint8)
    x1, y1, x2, y2 = box
    if ellipse:
        axes = ((x2 - x1) // 2, (y2 - y1) // 2)
        cv2.ellipse(mask, ((x1 + x2) // 2, (y1 + y2) // 2), axes, 0, 0, 360, 1, -1)
    else:
        mask[y1:y2, x1:x2] = 1
    return mask > 0


def blurred(picture: Picture, box: Box, *, part: float, ellipse: bool = False) -> Picture:
    """Blur a face with a sigma that is a part of its width."""
    soft = cv2.GaussianBlur(picture, (0, 0), max(2.0, part * (box[2] - box[0])))
    return np.where(inside(picture.shape, box, ellipse=ellipse)[..., None], soft, picture)


def box_blurred(picture: Picture, box: Box, *, part: float) -> Picture:
    """Blur a face as programs do that take the mean of a square."""
    side = max(3, round(part * (box[2] - box[0])))
    soft = cv2.blur(picture, (side, side))
    return np.where(inside(picture.shape, box, ellipse=False)[..., None], soft, picture)


def pixelated(picture: Picture, box: Box, *, cells: int) -> Picture:
    """Pixelate a face into so many cells across, of whole pixels."""
    x1, y1, x2, y2 = box
    side = max(3, round((x2 - x1) / cells))
    changed = picture.copy()
    for y in range(y1, y2, side):
        for x in range(x1, x2, side):
            cell = changed[y : min(y + side, y2), x : min(x + side, x2)]
            cell[:] = cell.mean((0, 1))
    return changed


def veiled(picture: Picture, box: Box, *, passes: float, color: int = 0) -> Picture:
    """Lay a box over a face that lets some light pass."""
    x1, y1, x2, y2 = box
    changed = picture.astype(np.float32)
    changed[y1:y2, x1:x2] = changed[y1:y2, x1:x2] * passes + color * (1 - passes)
    return np.round(changed).astype(np.uint8)


def swirled(picture: Picture, box: Box, *, turns: float) -> Picture:
    """Turn a face the more the nearer to its middle."""
    x1, y1, x2, y2 = box
    middle_x, middle_y, radius = (x1 + x2) / 2, (y1 + y2) / 2, max(x2 - x1, y2 - y1) * 0.6
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    far = np.hypot(columns - middle_x, rows - middle_y)
    angle = np.arctan2(rows - middle_y, columns - middle_x)
    angle = angle + 2 * np.pi * turns * np.clip(1 - far / radius, 0, 1)
    from_x, from_y = middle_x + far * np.cos(angle), middle_y + far * np.sin(angle)
    return cv2.remap(  # type: ignore[return-value]
        picture, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_LINEAR
    )


def stuck_over(picture: Picture, box: Box, *, shaded: bool) -> Picture:
    """Lay a drawn yellow face over a face."""
    side = round(max(box[2] - box[0], box[3] - box[1]) * 1.15)
    big = np.zeros((8 * side, 8 * side, 4), np.uint8)
    n = 8 * side
    cv2.circle(big, (n // 2, n // 2), n // 2 - 8, (255, 204, 50, 255), -1)
    if shaded:
        big[..., 1] = (big[..., 1] * np.linspace(1.05, 0.75, n)[:, None]).clip(0, 255)
    for x in (0.34, 0.66):
        cv2.ellipse(
            big,
            (round(x * n), round(0.4 * n)),
            (n // 16, n // 10),
            0,
            0,
            360,
            (90, 50, 10, 255),
            -1,
        )
    cv2.ellipse(
        big, (n // 2, round(0.6 * n)), (n // 4, n // 6), 0, 0, 180, (90, 50, 10, 255), n // 24
    )
    small = cv2.resize(big, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    changed = picture.astype(np.float32)
    left, top = (box[0] + box[2] - side) // 2, (box[1] + box[3] - side) // 2
    x1, y1 = max(0, left), max(0, top)
    x2, y2 = min(picture.shape[1], left + side), min(picture.shape[0], top + side)
    cut = small[y1 - top : y2 - top, x1 - left : x2 - left]
    opaque = cut[..., 3:] / 255
    changed[y1:y2, x1:x2] = changed[y1:y2, x1:x2] * (1 - opaque) + cut[..., :3] * opaque
    return np.round(changed).astype(np.uint8)


BLURS = frozenset({"blur", "blurred-text"})
MOSAICS = frozenset({"mosaic", "mosaic-text"})
SEEN_THROUGH = frozenset({"see-through-box", "dimmed-box"})
Mark = tuple[str, frozenset[str], Callable[[Picture, Box], Picture]]
MARKS: tuple[Mark, ...] = (
    *(
        (f"mosaic, {n} cells", MOSAICS, lambda p, b, n=n: pixelated(p, b, cells=n))
        for n in (5, 8, 12)
    ),
    *(
        (f"blur, sigma 1/{n} of the face", BLURS, lambda p, b, n=n: blurred(p, b, part=1 / n))
        for n in (12, 8, 5, 3)
    ),
    (
        "blur in an ellipse, sigma 1/8",
        BLURS,
        lambda p, b: blurred(p, b, part=1 / 8, ellipse=True),
    ),
    ("mean of a square of 1/4", BLURS, lambda p, b: box_blurred(p, b, part=1 / 4)),
    *(
        (f"black box, {n} % pass", SEEN_THROUGH, lambda p, b, n=n: veiled(p, b, passes=n / 100))
        for n in (5, 10, 20, 30)
    ),
    (
        "white box, 15 % pass",
        SEEN_THROUGH,
        lambda p, b: veiled(p, b, passes=0.15, color=255),
    ),
    *(
        (f"swirl, {n} turns", frozenset({"swirl"}), lambda p, b, n=n: swirled(p, b, turns=n))
        for n in (0.5, 1.0, 1.5)
    ),
    ("drawn face", frozenset({"sticker"}), lambda p, b: stuck_over(p, b, shaded=False)),
    ("shaded drawn face", frozenset({"sticker"}), lambda p, b: stuck_over(p, b, shaded=True)),
)


def _focus(picture: Picture, box: Box, sigma: float) -> Picture:
    """Keep one person sharp before a background out of focus."""
    x1, y1, x2, y2 = box
    w, h = x2 - x1, y2 - y1
    mask = np.zeros(picture.shape[:2], np.float32)
    cv2.ellipse(mask, ((x1 + x2) // 2, (y1 + y2) // 2), (w, h), 0, 0, 360, 1, -1)
    cv2.ellipse(mask, ((x1 + x2) // 2, y2 + 3 * h), (2 * w, 3 * h), 0, 0, 360, 1, -1)
    mask = cv2.GaussianBlur(mask, (0, 0), sigma / 2)[..., None]
    soft = cv2.GaussianBlur(picture, (0, 0), sigma)
    noise = np.random.default_rng(1).normal(0, 2, picture.shape)
    mixed = picture * mask + soft * (1 - mask) + noise
    return np.clip(mixed, 0, 255).astype(np.uint8)


def _lights(picture: Picture) -> Picture:
    """Add soft discs of lights out of focus to a soft picture."""
    soft = cv2.GaussianBlur(picture, (0, 0), 6).astype(np.float32)
    rng = np.random.default_rng(2)
    for _ in range(12):
        x, y = int(rng.integers(picture.shape[1])), int(rng.integers(picture.shape[0]))
        disc = np.zeros(picture.shape[:2], np.float32)
        cv2.circle(disc, (x, y), int(rng.integers(8, 30)), 1, -1, cv2.LINE_AA)
        soft += cv2.GaussianBlur(disc, (0, 0), 1.2)[..., None] * rng.uniform(30, 90, 3)
    return np.clip(soft + rng.normal(0, 2, soft.shape), 0, 255).astype(np.uint8)


def _moved(picture: Picture) -> Picture:
    kernel = np.zeros((1, 15), np.float32)
    kernel[:] = 1 / 15
    return cv2.filter2D(picture, -1, kernel)  # type: ignore[return-value]


def _panned(picture: Picture, box: Box) -> Picture:
    """Keep one person sharp before a background that moved."""
    mask = inside(picture.shape, grown(box, 0.5, picture.shape), ellipse=True).astype(np.float32)
    mask = cv2.GaussianBlur(mask, (0, 0), 3)[..., None]
    return np.round(picture * mask + _moved(picture) * (1 - mask)).astype(np.uint8)


def _words(picture: Picture, text: str, place: tuple[int, int], color: int) -> None:
    size = max(0.4, picture.shape[1] / 900)
    thick = max(1, round(2 * size))
    cv2.putText(
        picture, text, place, cv2.FONT_HERSHEY_DUPLEX, size, (color,) * 3, thick, cv2.LINE_AA
    )


def _captioned(picture: Picture) -> Picture:
    changed = picture.copy()
    h, w = changed.shape[:2]
    _words(changed, "Officers appeal for witnesses", (w // 8, h - h // 12), 255)
    return changed


def _bannered(picture: Picture) -> Picture:
    """Lay words on a see-through band, as news programs do."""
    h, w = picture.shape[:2]
    changed = veiled(picture, (w // 20, h - h // 5, w - w // 20, h - h // 20), passes=0.3)
    _words(changed, "Appeal for witnesses", (w // 12, h - h // 9), 255)
    return changed


def _with_logo(picture: Picture) -> Picture:
    changed = picture.copy()
    h, w = changed.shape[:2]
    side = max(24, h // 8)
    cv2.rectangle(changed, (w - side - 10, 10), (w - 10, 10 + side // 2), (190, 20, 30), -1)
    _words(changed, "9", (w - side, 6 + side // 2), 255)
    cv2.circle(changed, (20 + side // 2, 20 + side // 2), side // 2, (20, 60, 150), -1, cv2.LINE_AA)
    cv2.circle(
        changed, (20 + side // 2, 20 + side // 2), side // 4, (255, 255, 255), -1, cv2.LINE_AA
    )
    return changed


def _split(picture: Picture) -> Picture:
    """Put a strip with a gradient and a flat sky beside the picture."""
    changed = picture.copy()
    h, w = changed.shape[:2]
    ramp = np.linspace(90, 220, w)[None, :, None]
    changed[: h // 4] = np.broadcast_to(ramp, (h // 4, w, 3))
    changed[h // 4 : h // 3] = 200
    return changed


def _covered(picture: Picture, box: Box) -> Picture:
    """Cover a face well."""
    changed = picture.copy()
    changed[box[1] : box[3], box[0] : box[2]] = 0
    return changed


def _glass(picture: Picture) -> Picture:
    """Look through a ribbed pane in one half of the picture."""
    changed = picture.copy()
    w = changed.shape[1]
    columns = np.arange(w // 2, w)
    source = np.clip(columns + np.round(9 * np.sin(columns / 4)).astype(int), 0, w - 1)
    changed[:, w // 2 :] = cv2.GaussianBlur(picture, (0, 0), 1.5)[:, source]
    noise = np.random.default_rng(3).normal(0, 2, changed.shape)
    return np.clip(changed + noise, 0, 255).astype(np.uint8)


def _enlarged(picture: Picture) -> Picture:
    h, w = picture.shape[:2]
    small = cv2.resize(picture, (w // 3, h // 3), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_CUBIC)  # type: ignore[return-value]


def _pixel_art(picture: Picture) -> Picture:
    h, w = picture.shape[:2]
    small = cv2.resize(picture, (w // 8, h // 8), interpolation=cv2.INTER_AREA) // 48 * 48
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]


HONEST: dict[str, Callable[[Picture, Box], Picture]] = {
    "as it is": lambda p, _b: p,
    "background out of focus": lambda p, b: _focus(p, b, 5),
    "background far out of focus": lambda p, b: _focus(p, b, 12),
    "lights out of focus": lambda p, _b: _lights(p),
    "all of it moved": lambda p, _b: _moved(p),
    "background moved": _panned,
    "words below": lambda p, _b: _captioned(p),
    "band with words (see-through)": lambda p, _b: _bannered(p),
    "logos": lambda p, _b: _with_logo(p),
    "flat sky and a gradient": lambda p, _b: _split(p),
    "black box": _covered,
    "ribbed glass": lambda p, _b: _glass(p),
    "enlarged three times": lambda p, _b: _enlarged(p),
    "pixel art": lambda p, _b: _pixel_art(p),
}

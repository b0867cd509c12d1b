"""Every door for bytes from outside, as a function that may raise our own errors and nothing else.

`tests/fuzz/test_targets.py` feeds them seeds, damaged seeds and whatever once broke them.
`tests/fuzz/run.py` gives them to libFuzzer (atheris), which looks for more by what code an input
reaches.
"""

import io
import random
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from saferedact.errors import SaferedactError
from saferedact.limits import Limits

__all__ = ["TARGETS", "Target", "damaged", "feed"]

LIMITS = Limits(
    max_file_bytes=4 * 1024**2,
    max_pixels=1_000_000,
    max_frames=50,
    max_total_pixels=4_000_000,
    max_pages=50,
    max_video_frames=50,
)
"""Small, so that a large file is an error at once and not a slow run."""


@dataclass(frozen=True, slots=True)
class Target:
    """One door.

    Parameters
    ----------
    run : callable
        Takes any bytes. An exception that leaves it is a fault of ours.
    seeds : callable
        Makes inputs to begin with, valid ones among them.
    """

    run: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]


def _plan(data: bytes) -> None:
    from saferedact.plan import dump_plan, load_plan

    plan = load_plan(data)
    _promised(load_plan(dump_plan(plan)) == plan)


def _plan_seeds() -> Iterable[bytes]:
    from saferedact.plan import dump_plan
    from saferedact.testing.plans import sample_plan

    return [dump_plan(sample_plan()), b"{}", b'{"schema": "saferedact.plan/1", "regions": []}']


def _case(data: bytes) -> None:
    from saferedact.casefile import load_case

    load_case(data)


def _case_seeds() -> Iterable[bytes]:
    from saferedact.testing.cases import CASE_TOML

    return [CASE_TOML.encode(), b"schema = 1", b""]


def _policy(data: bytes) -> None:
    from saferedact.policy import load_policy

    load_policy(_file(data, "policy.toml"))


def _policy_seeds() -> Iterable[bytes]:
    folder = resources.files("saferedact.policies")
    return [entry.read_bytes() for entry in folder.iterdir() if entry.name.endswith(".toml")]


def _picture(data: bytes) -> None:
    from saferedact.media.image_read import open_image

    with open_image(_file(data, "picture"), limits=LIMITS) as source:
        for _ in source.frames():
            pass


def _picture_seeds() -> Iterable[bytes]:
    from saferedact.testing.images import HIDDEN_DATA_FORMATS, image_with_hidden_data

    path = _folder() / "seed"
    for name in HIDDEN_DATA_FORMATS:
        image_with_hidden_data(name, path, size_wh=(24, 16))
        yield path.read_bytes()


def _container(data: bytes) -> None:
    from saferedact.media.hidden_data.scan import scan_open_file

    scan_open_file(io.BytesIO(data), limits=LIMITS)


def _container_seeds() -> Iterable[bytes]:
    from saferedact.testing.videos import Clip, clip_with_hidden_data

    yield from _picture_seeds()
    for suffix, codec in _FILMS.items():
        path = _folder() / f"seed{suffix}"
        clip_with_hidden_data(path, Clip(suffix, codec, size_wh=(32, 32), pts=(0, 512, 1024)))
        yield path.read_bytes()


_FILMS = {".mp4": "libx264", ".mov": "libx265", ".mkv": "mpeg4", ".webm": "libvpx-vp9"}


def _film(data: bytes) -> None:
    from saferedact.media.video_read import open_video

    with open_video(_file(data, "film"), LIMITS) as source:
        for _ in source.frames():
            pass


def _film_seeds() -> Iterable[bytes]:
    return list(_container_seeds())[-len(_FILMS) :]


def _pdf(data: bytes) -> None:
    from saferedact.media.pdf_session import PdfSession

    session = PdfSession(data, password="", limits=LIMITS)
    try:
        for index in range(min(2, len(session.facts.sizes))):
            session.page(index)
    finally:
        session.close()


def _pdf_traces(data: bytes) -> None:
    from saferedact.media.pdf_traces import read_pdf_traces

    read_pdf_traces(io.BytesIO(data), limits=LIMITS)


def _pdf_seeds() -> Iterable[bytes]:
    from saferedact.testing.pdfs import CHANNELS, make_channel

    path = _folder() / "seed.pdf"
    for name in list(CHANNELS)[::8]:
        make_channel(name, path)
        if path.stat().st_size < 100_000:
            yield path.read_bytes()


def _parcel(data: bytes) -> None:
    from saferedact.media.parcel import open_parcel

    for _ in open_parcel(_file(data, "parcel"), limits=LIMITS):
        pass


def _parcel_seeds() -> Iterable[bytes]:
    from saferedact.testing.compound import outlook_mail
    from saferedact.testing.leaks import BENIGN
    from saferedact.testing.parcels import zipped

    for name, make in BENIGN.items():
        if name.endswith((".docx", ".xlsx", ".pptx", ".eml", ".msg", ".zip")):
            yield make()
    inner = zipped({"c.txt": b"text"})
    yield zipped({"a.txt": b"text", "b.zip": inner})
    said = {"0037": "Appeal", "1000": "A line of text", "1013": "<p hidden>a</p>b", "0E04": "a@b.c"}
    yield outlook_mail(said, [("a.txt", b"text"), ("b.zip", inner)])


def _text(data: bytes) -> None:
    from saferedact.text.identifiers import find_identifiers
    from saferedact.text.normalize import normalize, truecase

    # What is no UTF-8 becomes lone surrogates, which any string may hold.
    text = data.decode("utf-8", "surrogateescape")
    mapped = normalize(text)
    at = 0
    for position in range(len(mapped.text)):
        start, end = mapped.to_source(position, position + 1)
        _promised(0 <= at <= start < end <= len(text))
        at = start
    _promised(len(truecase(text)) == len(text))
    for span in find_identifiers(text):
        _promised(0 <= span.start < span.end <= len(text))


def _text_seeds() -> Iterable[bytes]:
    return [
        text.encode()
        for text in (
            "Ring Priya Nair on 07700 900345, or write to priya (at) example dot org.",
            "S m i t h, J o h n\u00ad-\u200bson and \ufb01nally \uff21\uff2e\uff2e \u0410nna 12 Fuller Street, LE2 3AB",
            "NHS 943 476 5919, QQ 12 34 56 C, YN99 KTB, GB82 WEST 1234 5698 7654 32, sort code 12-34-56",
            "12/03/1984, 51.5, -0.12, 192.0.2.1, 49-015420-323751-8, https://example.org/@kemble",
        )
    ]


TARGETS = {
    "plan": Target(_plan, _plan_seeds),
    "case": Target(_case, _case_seeds),
    "policy": Target(_policy, _policy_seeds),
    "picture": Target(_picture, _picture_seeds),
    "container": Target(_container, _container_seeds),
    "film": Target(_film, _film_seeds),
    "pdf": Target(_pdf, _pdf_seeds),
    "pdf_traces": Target(_pdf_traces, _pdf_seeds),
    "parcel": Target(_parcel, _parcel_seeds),
    "text": Target(_text, _text_seeds),
}


def feed(name: str, data: bytes) -> None:
    """Give one input to a target; what it refuses in our own words is as good as what it takes."""
    try:
        TARGETS[name].run(data)
    except SaferedactError:
        return


def damaged(seed: bytes, rng: random.Random) -> bytes:
    """Damage an input: bits, stretches of bytes, lengths, order."""
    data = bytearray(seed)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        length = min(rng.choice((1, 1, 2, 4, 8, 64)), len(data) - at)
        match rng.randrange(6):
            case 0 if length:
                data[at] ^= 1 << rng.randrange(8)
            case 1:
                data[at : at + length] = rng.randbytes(length)
            case 2:
                del data[at : at + length]
            case 3:
                data[at:at] = data[at : at + length] * rng.randint(1, 4)
            case 4:
                data[at : at + length] = rng.choice((b"\x00", b"\xff", b"\x7f")) * length
            case _:
                if rng.random() < 0.2:
                    del data[at:]
    return bytes(data)


def _promised(kept: bool) -> None:
    if not kept:
        msg = "a reader broke its promise"
        raise AssertionError(msg)


_temporary: list[tempfile.TemporaryDirectory[str]] = []


def _folder() -> Path:
    if not _temporary:
        _temporary.append(tempfile.TemporaryDirectory())
    return Path(_temporary[0].name)


def _file(data: bytes, name: str) -> Path:
    path = _folder() / name
    path.write_bytes(data)
    return path

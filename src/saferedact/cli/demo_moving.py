"""A film and a letter for the demo, made from the same portrait; everybody named is invented."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["write_film", "write_letter"]

_FRAMES, _RATE = 50, 25  # two seconds
_SIZE_WH = (640, 360)
_SIGN = "Priya Nair  07700 900345"
_TITLE = "Bodycam 7, PC 0000"

_LETTER = (
    "Northmoor Police, Null Street, Northmoor",
    "",
    "Dear Ms Nair,",
    "",
    "Thank you for your statement of 3 March. DC Field will ring you on",
    "07700 900345, or write to priya.nair@example.org. Your complaint",
    "has the number 00AB0000026. Please bring the letter that",
    "Stuart Kemble sent to 12 Fuller Street, Westbury Cross.",
    "",
    "Yours sincerely,",
    "",
    "R. Example",
)
_PAGE_WH = (420, 595)  # points, A5
_PICTURE_BOX = (300, 470, 80, 80)  # x, y from below, width, height


def write_film(path: Path, person: npt.NDArray[np.float32], mirror_at: int = _FRAMES // 2) -> None:
    """Write two seconds in which a person walks through the picture and a caption stands below.

    Parameters
    ----------
    path : Path
        The file to write, an MP4 with a title that tells too much.
    person : ndarray, shape (h, w, 4), float32
        RGB from 0 to 255 and opacity from 0 to 1.
    mirror_at : int
        The frame at which the person turns round.
    """
    import av
    import cv2

    width, height = _SIZE_WH
    scale = 0.8 * height / person.shape[0]
    person = np.asarray(
        cv2.resize(person, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32
    )
    wall = np.linspace((196, 190, 178), (120, 112, 104), height)[:, None]
    with av.open(str(path), "w") as container:
        container.metadata["title"] = _TITLE
        stream = container.add_stream("libx264", rate=_RATE, options={"crf": "20"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = Fraction(1, _RATE)
        for index in range(_FRAMES):
            frame = np.repeat(wall, width, axis=1)
            x = round(index * (width - person.shape[1]) / _FRAMES)
            now = person[:, ::-1] if index >= mirror_at else person
            under = frame[height - now.shape[0] :, x : x + now.shape[1]]
            under[:] = under * (1 - now[:, :, 3:]) + now[:, :, :3] * now[:, :, 3:]
            picture = np.ascontiguousarray(np.clip(frame, 0, 255).astype(np.uint8))
            cv2.rectangle(picture, (0, 0), (width, 44), (24, 24, 24), -1)
            white = (240, 240, 240)
            cv2.putText(
                picture, _SIGN, (16, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, white, 2, cv2.LINE_AA
            )
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())


def write_letter(path: Path, portrait: npt.NDArray[np.uint8]) -> None:
    """Write a letter of one page with a portrait, and with an author that the page does not show.

    Parameters
    ----------
    path : Path
        The PDF to write.
    portrait : ndarray, shape (h, w, 3), uint8
        RGB.
    """
    import pikepdf
    from PIL import Image

    jpeg = io.BytesIO()
    Image.fromarray(portrait).save(jpeg, "JPEG", quality=90)
    lines = "".join(f"({_escaped(line)}) Tj T*\n" for line in _LETTER)
    x, y, w, h = _PICTURE_BOX
    content = (
        f"q {w} 0 0 {h} {x} {y} cm /Portrait Do Q\n"
        f"BT /F1 11 Tf 15 TL 40 {_PAGE_WH[1] - 60} Td 0 -90 Td\n{lines}ET\n"
    )
    with pikepdf.new() as pdf:
        image = pdf.make_stream(
            jpeg.getvalue(),
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=portrait.shape[1],
            Height=portrait.shape[0],
            ColorSpace=pikepdf.Name.DeviceRGB,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        page = pdf.add_blank_page(page_size=_PAGE_WH)
        page.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(Portrait=image), Font=pikepdf.Dictionary(F1=font)
        )
        page.obj.Contents = pdf.make_stream(content.encode("latin-1"))
        pdf.docinfo["/Author"] = "Priya Nair"
        pdf.save(path, deterministic_id=True)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")

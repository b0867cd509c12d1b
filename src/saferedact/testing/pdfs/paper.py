"""A document under construction, the secrets it hides, and what channels have in common."""

import io
import random
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = [
    "PAGE_WH",
    "Paper",
    "Secrets",
    "escaped",
    "picture_of",
    "say",
    "scan",
    "secrets_for",
    "sentence_of",
    "standard_font",
]


_FIRST = ("Harriet", "Bernard", "Ottilie", "Desmond", "Philippa", "Gwendolyn", "Marcus", "Tabitha")
_LAST = (
    "Osgathorp",
    "Trewhella",
    "Quennell",
    "Farquharson",
    "Windlesham",
    "Brackenbury",
    "Mudford",
)

PAGE_WH = (420.0, 300.0)
"""Page size in points: small, since pictures of pages are read by networks."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What a document hides.

    Parameters
    ----------
    first, last : str
        Parts of a fictional name.
    phone : str
        A number of the range for drama.
    """

    first: str
    last: str
    phone: str

    @property
    def name(self) -> str:
        """The name in full."""
        return f"{self.first} {self.last}"

    @property
    def all(self) -> tuple[str, str, str]:
        """What must not be found."""
        return self.name, self.last, self.phone


def secrets_for(channel: str, seed: int = 0) -> Secrets:
    """Choose the secrets of a channel."""
    rng = random.Random(f"{channel} {seed}")  # noqa: S311  the same file every time is the point
    return Secrets(rng.choice(_FIRST), rng.choice(_LAST), f"07700 900{rng.randrange(100, 1000)}")


class Paper:
    """A document under construction."""

    def __init__(self, secrets: Secrets) -> None:
        import pikepdf

        self.s = secrets
        self.pdf: Any = pikepdf.new()
        self.add_page()

    def add_page(self) -> Any:
        """Add a page and go on with it."""
        from pikepdf import Dictionary

        self.pdf.add_blank_page(page_size=PAGE_WH)
        self.page = self.pdf.pages[-1].obj
        self.page["/Resources"] = Dictionary(
            Font=Dictionary(
                F1=standard_font(self.pdf, "Helvetica"), F2=standard_font(self.pdf, "Times-Roman")
            )
        )
        return self.page

    def content(self, text: str | bytes, *, plain: bool = True) -> None:
        """Set the page's content; `plain` adds a harmless line above it."""
        data = text.encode("latin-1") if isinstance(text, str) else text
        if plain:
            data = (
                b"BT /F1 12 Tf 40 260 Td (Minutes of the parish meeting held in March) Tj ET\n"
                + data
            )
        self.page["/Contents"] = self.pdf.make_stream(data)

    def resource(self, kind: str, name: str, value: Any) -> None:
        """Enter a resource of the page."""
        from pikepdf import Dictionary

        resources = self.page["/Resources"]
        if kind not in resources:
            resources[kind] = Dictionary()
        resources[kind][name] = value

    def form(self, content: str, **extra: Any) -> Any:
        """Make a form XObject of the size of a page."""
        from pikepdf import Array, Dictionary, Name

        stream = self.pdf.make_stream(content.encode("latin-1"))
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Form")
        stream["/BBox"] = Array([0, 0, *map(int, PAGE_WH)])
        stream["/Resources"] = Dictionary(Font=self.page["/Resources"]["/Font"])
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def image(self, pixels: npt.NDArray[np.uint8], **extra: Any) -> Any:
        """Make an image of bare samples, gray or RGB."""
        from pikepdf import Name

        gray = pixels.ndim == 2
        stream = self.pdf.make_stream(pixels.tobytes())
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Image")
        stream["/Width"], stream["/Height"] = pixels.shape[1], pixels.shape[0]
        stream["/ColorSpace"] = Name("/DeviceGray" if gray else "/DeviceRGB")
        stream["/BitsPerComponent"] = 8
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def coded_image(self, data: bytes, filter_name: str, wh: tuple[int, int], **extra: Any) -> Any:
        """Make a gray image of data that is coded already."""
        from pikepdf import Name

        stream = self.pdf.make_stream(data)
        stream.write(data, filter=Name(filter_name))
        stream["/Type"], stream["/Subtype"] = Name("/XObject"), Name("/Image")
        stream["/Width"], stream["/Height"] = wh
        stream["/ColorSpace"], stream["/BitsPerComponent"] = Name("/DeviceGray"), 8
        for key, value in extra.items():
            stream[f"/{key}"] = value
        return self.pdf.make_indirect(stream)

    def saved(self, **options: Any) -> bytes:
        """Return the file."""
        target = io.BytesIO()
        self.pdf.save(target, static_id=True, **options)
        return target.getvalue()


def standard_font(pdf: Any, name: str) -> Any:
    """Make one of the 14 fonts that every reader brings."""
    from pikepdf import Dictionary, Name

    return pdf.make_indirect(
        Dictionary(
            Type=Name("/Font"),
            Subtype=Name("/Type1"),
            BaseFont=Name(f"/{name}"),
            Encoding=Name("/WinAnsiEncoding"),
        )
    )


def say(text: str, x: float = 40, y: float = 200, size: float = 12, font: str = "F1") -> str:
    """Operators that show a line of text."""
    return f"BT /{font} {size} Tf {x} {y} Td ({escaped(text)}) Tj ET\n"


def escaped(text: str) -> str:
    """Text as it stands in a literal string."""
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def sentence_of(s: Secrets) -> str:
    """Put the secrets into a sentence."""
    return f"The witness {s.name} rang {s.phone} that evening."


def picture_of(
    *lines: str, wh: tuple[int, int] = (1000, 300), ink: int = 0, paper: int = 255, size: int = 40
) -> npt.NDArray[np.uint8]:
    """Draw lines of text as a gray picture, shape (h, w), uint8."""
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("L", wh, paper)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text(
            (30, 30 + number * int(size * 1.8)), line, fill=ink, font=ImageFont.load_default(size)
        )
    return np.asarray(picture)


def scan(s: Secrets, **options: Any) -> npt.NDArray[np.uint8]:
    """Draw the secrets as a scanned form."""
    return picture_of(f"Statement of {s.name}", f"Telephone {s.phone}", **options)

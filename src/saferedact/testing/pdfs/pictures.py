"""Secrets in pixels: scans in every coding, masks, strips, and what pictures carry along."""

import io
import struct
import zlib
from typing import Any

import numpy as np

from saferedact.testing.pdfs.paper import (
    Paper,
    picture_of,
    scan,
    sentence_of,
)
from saferedact.testing.pdfs.registry import channel


@channel("scan-flate", pixels=True)
def _scan_flate(p: Paper) -> None:
    p.resource("/XObject", "/I1", p.image(scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("scan-jpeg", pixels=True)
def _scan_jpeg(p: Paper) -> None:
    _coded(p, "JPEG", "/DCTDecode")


@channel("scan-jpeg2000", pixels=True)
def _scan_jpx(p: Paper) -> None:
    _coded(p, "JPEG2000", "/JPXDecode")


def _coded(p: Paper, kind: str, filter_name: str, **options: Any) -> None:
    from PIL import Image

    target = io.BytesIO()
    picture = Image.fromarray(scan(p.s))
    picture.save(target, kind, **options)
    image = p.coded_image(target.getvalue(), filter_name, picture.size)
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("jpeg-exif")
def _jpeg_exif(p: Paper) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = sentence_of(p.s)
    target = io.BytesIO()
    picture = Image.fromarray(picture_of("A view of the village hall"))
    picture.save(target, "JPEG", exif=exif, comment=p.s.name.encode())
    p.resource("/XObject", "/I1", p.coded_image(target.getvalue(), "/DCTDecode", picture.size))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


def _fax(p: Paper, **options: Any) -> tuple[bytes, tuple[int, int], bool]:
    """Code the scan as a fax does (ITU-T T.6): data, size, and whether a 1 is black."""
    from PIL import Image, TiffImagePlugin

    picture = Image.fromarray(scan(p.s, **options)).convert("1")
    target = io.BytesIO()
    strip = TiffImagePlugin.STRIP_SIZE
    TiffImagePlugin.STRIP_SIZE = 10_000_000
    try:
        picture.save(target, "TIFF", compression="group4")
    finally:
        TiffImagePlugin.STRIP_SIZE = strip
    with Image.open(io.BytesIO(target.getvalue())) as tiff:
        offset, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]  # type: ignore[attr-defined]
        black_is_1 = tiff.tag_v2[262] == 0  # type: ignore[attr-defined]
    return target.getvalue()[offset : offset + length], picture.size, black_is_1


@channel("scan-fax", pixels=True)
def _scan_fax(p: Paper) -> None:
    from pikepdf import Dictionary

    data, size, black_is_1 = _fax(p)
    image = p.coded_image(
        data,
        "/CCITTFaxDecode",
        size,
        BitsPerComponent=1,
        DecodeParms=Dictionary(K=-1, Columns=size[0], Rows=size[1], BlackIs1=not black_is_1),
    )
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("scan-jbig2", pixels=True)
def _scan_jbig2(p: Paper) -> None:
    """JBIG2 as PDFs embed it (ITU-T T.88, 7.2 and 7.4): a page, and a region coded as a fax is."""
    data, (width, height), _ = _fax(p, ink=255, paper=0)  # in JBIG2 a 1 is black
    page = struct.pack(">IIIIBH", width, height, 0, 0, 0, 0)
    # Size, place, how it joins the page; then a flag that says: modified modified Read.
    region = struct.pack(">IIIIBB", width, height, 0, 0, 0, 1) + data
    segments = (
        struct.pack(">IBBBI", number, kind, 0, 1, len(body)) + body
        for number, (kind, body) in enumerate(((48, page), (38, region)))
    )
    image = p.coded_image(b"".join(segments), "/JBIG2Decode", (width, height), BitsPerComponent=1)
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("jpeg-thumbnail", pixels=True)
def _jpeg_thumbnail(p: Paper) -> None:
    """A harmless photograph that carries a thumbnail of what was there before."""
    from PIL import Image

    before = io.BytesIO()
    Image.fromarray(scan(p.s)).save(before, "JPEG", quality=60)
    # A JFIF extension (JFIF 1.02, page 7): a thumbnail that is a JPEG of its own.
    body = b"JFXX\0\x10" + before.getvalue()
    target = io.BytesIO()
    picture = Image.fromarray(picture_of("A view of the village hall"))
    picture.save(target, "JPEG")
    data = target.getvalue()
    end_of_jfif = 4 + int.from_bytes(data[4:6], "big")
    marker = b"\xff\xe0" + (len(body) + 2).to_bytes(2, "big")
    data = data[:end_of_jfif] + marker + body + data[end_of_jfif:]
    p.resource("/XObject", "/I1", p.coded_image(data, "/DCTDecode", picture.size))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("inline-image", pixels=True)
def _inline(p: Paper) -> None:
    pixels = scan(p.s, wh=(700, 200), size=28)
    data = zlib.compress(pixels.tobytes())
    head = (
        f"q 380 0 0 110 20 100 cm BI /W 700 /H 200 /CS /G /BPC 8 /F /Fl /L {len(data)} ID ".encode()
    )
    p.content(head + data + b"\nEI Q")


@channel("image-strips", pixels=True)
def _strips(p: Paper) -> None:
    pixels = scan(p.s)
    parts = []
    for number in range(10):
        p.resource("/XObject", f"/I{number}", p.image(pixels[number * 30 : number * 30 + 30]))
        parts.append(f"q 380 0 0 11.4 20 {202.6 - 11.4 * number:.2f} cm /I{number} Do Q")
    p.content("\n".join(parts))


@channel("stencil-mask", pixels=True)
def _stencil(p: Paper) -> None:
    pixels = scan(p.s)
    bits = np.packbits(pixels > 127, axis=1)
    image = p.image(bits, ImageMask=True, BitsPerComponent=1, Width=pixels.shape[1])
    del image["/ColorSpace"]
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("soft-mask-image", pixels=True)
def _smask_image(p: Paper) -> None:
    mask = p.image(255 - scan(p.s))
    image = p.image(np.zeros((300, 1000), dtype=np.uint8), SMask=mask)
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("scan-under-box", pixels=True)
def _scan_under_box(p: Paper) -> None:
    p.resource("/XObject", "/I1", p.image(scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q 0 g 10 90 400 130 re f")


@channel("scan-clipped", pixels=True)
def _scan_clipped(p: Paper) -> None:
    p.resource("/XObject", "/I1", p.image(scan(p.s)))
    p.content("q 20 100 5 5 re W n 380 0 0 114 20 100 cm /I1 Do Q")


@channel("scan-outside-crop", pixels=True)
def _scan_outside(p: Paper) -> None:
    from pikepdf import Array

    p.page["/CropBox"] = Array([0, 230, 420, 300])
    p.resource("/XObject", "/I1", p.image(scan(p.s)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("color-key-mask", pixels=True)
def _color_key(p: Paper) -> None:
    from pikepdf import Array

    p.resource("/XObject", "/I1", p.image(scan(p.s), Mask=Array([0, 127])))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("low-contrast-image", pixels=True)
def _low_contrast(p: Paper) -> None:
    p.resource("/XObject", "/I1", p.image(scan(p.s, ink=215, paper=255)))
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")


@channel("alternate-image", pixels=True)
def _alternate(p: Paper) -> None:
    from pikepdf import Array, Dictionary

    other = p.image(scan(p.s))
    image = p.image(
        picture_of("A view of the village hall"),
        Alternates=Array([Dictionary(Image=other, DefaultForPrinting=True)]),
    )
    p.resource("/XObject", "/I1", image)
    p.content("q 380 0 0 114 20 100 cm /I1 Do Q")

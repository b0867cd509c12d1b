"""What anybody can read in a PDF: shares no code with the program under test.

pdfminer.six and PDFium read its text, every string, name and decoded stream is searched in the codings
of PDF, the bytes are searched, fonts tell which letters they hold, and, where pictures matter, pages
and stored images are read by an OCR engine.
"""

import io
import re
import unicodedata
import zlib
from functools import cache

import numpy as np
import pikepdf
import pypdfium2
from pdfminer.high_level import extract_text
from PIL import Image


def plain(text):
    text = unicodedata.normalize("NFKD", text).casefold().translate(_HOMOGLYPHS)
    return "".join(c for c in text if c.isalnum() and c.isascii())


_HOMOGLYPHS = str.maketrans(
    {"\u0430": "a", "\u0435": "e", "\u043e": "o", "\u0440": "p", "\u0441": "c", "\u043d": "h"}
)


def readable(path, *, pixels=False):
    """Yield (where, squashed text) of everything that can be read."""
    data = path.read_bytes()
    yield "bytes", plain(data.decode("latin-1"))
    yield (
        "bytes-utf16",
        plain(data.decode("utf-16-be", "ignore")) + plain(data[1:].decode("utf-16-be", "ignore")),
    )
    yield "pdfminer", plain(extract_text(io.BytesIO(data)))
    document = pypdfium2.PdfDocument(data)
    for page in document:
        yield "pdfium", plain(page.get_textpage().get_text_range())
        if pixels:
            yield "ocr-page", plain(ocr(page.render(scale=150 / 72).to_numpy()))
    document.close()
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            yield "raw-stream", plain(zlib.decompressobj().decompress(match[1]).decode("latin-1"))
        except zlib.error:
            continue
    with pikepdf.open(path) as pdf:
        yield from walk(pdf, pixels=pixels)


def walk(pdf, *, pixels):
    for item in [pdf.trailer, *pdf.objects]:
        yield from node_texts(item, 0)
        if isinstance(item, pikepdf.Stream):
            try:
                content = item.read_bytes()
            except pikepdf.PdfError:
                content = item.read_raw_bytes()
            for text in readings(content):
                yield "stream", text
            if pixels and item.get("/Subtype") == "/Image":
                picture = stored_picture(item)
                if picture is not None:
                    yield "ocr-image", plain(ocr(picture))
                for picture in inner_pictures(item.read_raw_bytes()):
                    yield "ocr-thumbnail", plain(ocr(picture))


def node_texts(node, depth):  # noqa: C901
    if depth > 30:
        return
    if isinstance(node, pikepdf.String):
        for text in readings(bytes(node)):
            yield "string", text
        yield "string", plain(str(node))
    elif isinstance(node, pikepdf.Name):
        yield "name", plain(str(node))
    elif isinstance(node, pikepdf.Array):
        for item in node:
            if not getattr(item, "is_indirect", False):
                yield from node_texts(item, depth + 1)
    elif isinstance(node, (pikepdf.Dictionary, pikepdf.Stream)):
        for key, value in node.items():
            yield "name", plain(str(key))
            if not getattr(value, "is_indirect", False):
                yield from node_texts(value, depth + 1)


def readings(content):
    yield plain(content.decode("latin-1"))
    for shift in (0, 1):
        yield plain(content[shift:].decode("utf-16-be", "ignore"))
    hexed = b"".join(
        bytes.fromhex((m[1] + b"0" * (len(m[1]) % 2)).decode())
        for m in re.finditer(rb"<([0-9a-fA-F]{8,})>", content)
    )
    if hexed:
        yield plain(hexed.decode("latin-1"))
        yield plain(hexed.decode("utf-16-be", "ignore"))


def inner_pictures(raw):
    """Pictures that a JPEG carries along."""
    for match in re.finditer(rb"\xff\xd8\xff", raw[3:] if raw.startswith(b"\xff\xd8\xff") else b""):
        try:
            with Image.open(io.BytesIO(raw[3 + match.start() :])) as picture:
                yield np.asarray(picture.convert("RGB"))
        except OSError:
            continue


def stored_picture(stream):
    try:
        picture = pikepdf.PdfImage(stream).as_pil_image().convert("L")
    except Exception:  # noqa: BLE001  damaged pictures show nothing
        return None
    pixels = np.asarray(picture)
    low, high = int(pixels.min()), int(pixels.max())
    if high == low:
        return None
    stretched = ((pixels.astype(np.float32) - low) * (255 / (high - low))).astype(np.uint8)
    return np.repeat(stretched[:, :, None], 3, axis=2)


@cache
def _engine():
    import logging

    logging.disable(logging.INFO)
    from rapidocr import RapidOCR

    return RapidOCR()


def ocr(pixels):
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    if min(pixels.shape[:2]) < 8:
        return ""
    answer = _engine()(np.ascontiguousarray(pixels[:, :, :3]))
    return " ".join(answer.txts or ())


def leaks(path, secrets, *, pixels=False):
    """Places where a secret can be read."""
    wanted = [plain(secret) for secret in secrets]
    return {
        where for where, text in readable(path, pixels=pixels) if any(w in text for w in wanted)
    }


def font_letters(path):
    """Unicode characters for which a font of the document holds outlines or mappings."""
    from fontTools.cffLib import CFFFontSet

    letters, glyphs = set(), []
    with pikepdf.open(path) as pdf:
        for item in pdf.objects:
            if not isinstance(item, pikepdf.Stream):
                continue
            content = item.read_bytes()
            if b"begincmap" in content:
                for match in re.finditer(rb"<[0-9A-F]{4}> <([0-9A-F]+)>\n", content):
                    letters.add(bytes.fromhex(match[1].decode()).decode("utf-16-be"))
            if item.get("/Subtype") == "/CIDFontType0C":
                fonts = CFFFontSet()
                fonts.decompile(io.BytesIO(content), None)
                glyphs.append(list(fonts[0].CharStrings.keys()))
    return letters, glyphs

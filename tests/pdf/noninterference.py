"""Documents of one layout that differ in a hidden name and in what it displaces on its own line."""

# ruff: noqa: UP031, PERF401  % suits operators, which are full of braces

import pikepdf
from pikepdf import Dictionary, Name

WIDTHS = {
    "Helvetica": "helv",
    "Times-Roman": "tiro",
    "Courier": "cour",
    "Helvetica-Bold": "hebo",
}


def width(font, text, size):
    import pymupdf

    return pymupdf.Font(WIDTHS[font]).text_length(text, size)


def document(path, *, font, size, place, name, style, before, after):
    """Write a page on which a name stands first, in the middle or last in a line, a form or a cell."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 400))
    page = pdf.pages[0].obj
    fonts = {
        f"/F{i}": pdf.make_indirect(
            Dictionary(
                Type=Name("/Font"),
                Subtype=Name("/Type1"),
                BaseFont=Name(f"/{base}"),
                Encoding=Name("/WinAnsiEncoding"),
            )
        )
        for i, base in enumerate((font, "Times-Roman"))
    }
    page["/Resources"] = Dictionary(Font=Dictionary(fonts))
    words = {"first": [name, after], "middle": [before, name, after], "last": [before, name]}[place]
    lines = ["BT /F0 %g Tf 60 350 Td (7 ordinary words above it all) Tj ET" % size]
    y = 300
    if style in ("line", "blank"):
        words = [*words, ""] if style == "blank" else words  # word processors end lines so
        lines.append("BT /F0 %g Tf 60 %d Td (%s) Tj ET" % (size, y, " ".join(words)))
    elif style == "runs":  # each word placed by its producer, the name's width in every number
        x = 60.0
        for word in words:
            lines.append("BT /F0 %g Tf 1 0 0 1 %.3f %d Tm (%s) Tj ET" % (size, x, y, word))
            x += width(font, word + " ", size)
    elif style == "kerned":
        shift = -1000 * 0.25
        shown = f" {shift:.0f} ".join(f"({word})" for word in words)
        lines.append("BT /F0 %g Tf 60 %d Td [%s] TJ ET" % (size, y, shown))
    elif style == "underlined":
        text = " ".join(words)
        start = 60 + width(font, text[: text.index(name)], size)
        lines.append("BT /F0 %g Tf 60 %d Td (%s) Tj ET" % (size, y, text))
        lines.append("%.3f %.3f %.3f 0.6 re f" % (start, y - 1.5, width(font, name, size)))
    elif style == "form":
        lines.append("BT /F1 10 Tf 60 %d Td (Name of witness:) Tj ET" % y)
        lines.append("150 %d m 500 %d l S" % (y - 3, y - 3))
        lines.append("BT /F0 %g Tf 155 %d Td (%s) Tj ET" % (size, y, name))
    elif style == "cell":
        for x in (60, 250, 420, 540):
            lines.append("%d 280 m %d 320 l S" % (x, x))
        lines.append("60 280 m 540 280 l S 60 320 m 540 320 l S")
        for x, word in ((66, name), (256, after), (426, before)):
            lines.append(
                "BT /F0 %g Tf %d 295 Td (%s) Tj ET"
                % (min(size, 11), x, word[:20] if word != name else word)
            )
    lines.append("BT /F0 %g Tf 60 250 Td (7 ordinary words below it all) Tj ET" % size)
    page["/Contents"] = pdf.make_stream("\n".join(lines).encode())
    pdf.save(path, static_id=True)

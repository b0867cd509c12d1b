"""Forms, patterns, masks, clips, covers: what is drawn apart, or drawn and not seen."""

import numpy as np

from saferedact.testing.pdfs.paper import Paper, say, sentence_of
from saferedact.testing.pdfs.registry import channel


@channel("form")
def _form(p: Paper) -> None:
    p.resource("/XObject", "/X1", p.form(say(sentence_of(p.s))))
    p.content("/X1 Do")


@channel("form-shared")
def _form_shared(p: Paper) -> None:
    form = p.form(say(sentence_of(p.s)))
    p.resource("/XObject", "/X1", form)
    p.content("q 0.9 0 0 0.9 0 0 cm /X1 Do Q")
    p.add_page()
    p.resource("/XObject", "/X1", form)
    p.content("/X1 Do")


@channel("form-nested")
def _form_nested(p: Paper) -> None:
    from pikepdf import Dictionary

    inner = p.form(say(sentence_of(p.s)))
    outer = p.form("q 1 0 0 1 0 -20 cm /X2 Do Q")
    outer["/Resources"]["/XObject"] = Dictionary(X2=inner)
    p.resource("/XObject", "/X1", outer)
    p.content("/X1 Do")


@channel("soft-mask-form", pixels=True)
def _soft_mask(p: Paper) -> None:
    from pikepdf import Dictionary, Name

    group = Dictionary(S=Name("/Transparency"), CS=Name("/DeviceGray"))
    mask = p.form("1 g " + say(sentence_of(p.s), size=14), Group=group)
    p.resource("/ExtGState", "/G1", Dictionary(SMask=Dictionary(S=Name("/Luminosity"), G=mask)))
    p.content("q /G1 gs 0 g 0 150 420 80 re f Q")


@channel("tiling-pattern", pixels=True)
def _tiling(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name

    pattern = p.pdf.make_stream(say(sentence_of(p.s), x=10, y=20, size=14).encode())
    for key, value in {
        "/Type": Name("/Pattern"),
        "/PatternType": 1,
        "/PaintType": 1,
        "/TilingType": 1,
        "/BBox": Array([0, 0, 400, 60]),
        "/XStep": 400,
        "/YStep": 60,
        "/Resources": Dictionary(Font=p.page["/Resources"]["/Font"]),
    }.items():
        pattern[key] = value
    p.resource("/Pattern", "/P1", p.pdf.make_indirect(pattern))
    p.content("/Pattern cs /P1 scn 10 120 400 100 re f")


@channel("clipped-form")
def _clipped_form(p: Paper) -> None:
    from pikepdf import Array

    form = p.form(say(sentence_of(p.s)))
    form["/BBox"] = Array([0, 0, 5, 5])
    p.resource("/XObject", "/X1", form)
    p.content("/X1 Do")


@channel("clip-path")
def _clip(p: Paper) -> None:
    p.content(f"q 0 0 10 10 re W n {say(sentence_of(p.s))} Q")


@channel("render-mode-3")
def _mode3(p: Paper) -> None:
    p.content(f"BT 3 Tr /F1 12 Tf 40 200 Td ({sentence_of(p.s)}) Tj ET")


@channel("render-mode-7")
def _mode7(p: Paper) -> None:
    p.content(f"q BT 7 Tr /F1 12 Tf 40 200 Td ({sentence_of(p.s)}) Tj ET Q")


@channel("white-text")
def _white(p: Paper) -> None:
    p.content("1 g " + say(sentence_of(p.s)))


@channel("near-white-text")
def _near_white(p: Paper) -> None:
    p.content("0.985 g " + say(sentence_of(p.s)))


@channel("alpha-0")
def _alpha(p: Paper) -> None:
    from pikepdf import Dictionary

    p.resource("/ExtGState", "/G1", Dictionary(ca=0))
    p.content("q /G1 gs " + say(sentence_of(p.s)) + "Q")


@channel("under-box")
def _under_box(p: Paper) -> None:
    p.content(say(sentence_of(p.s)) + "0 g 30 190 380 25 re f")


@channel("under-near-opaque-box")
def _under_near(p: Paper) -> None:
    from pikepdf import Dictionary

    p.resource("/ExtGState", "/G1", Dictionary(ca=0.98))
    p.content(say(sentence_of(p.s)) + "q /G1 gs 0 g 30 190 380 25 re f Q")


@channel("under-image")
def _under_image(p: Paper) -> None:
    p.resource("/XObject", "/I1", p.image(np.full((20, 300), 90, dtype=np.uint8)))
    p.content(say(sentence_of(p.s)) + "q 380 0 0 30 30 188 cm /I1 Do Q")


@channel("under-text")
def _under_text(p: Paper) -> None:
    p.content(
        "1 g "
        + say(sentence_of(p.s))
        + "0 g "
        + say("Nothing of note was said on this occasion at all.")
    )


@channel("zero-scale-text")
def _zero_scale(p: Paper) -> None:
    p.content(
        f"BT /F1 12 Tf 0 Tz 40 200 Td ({sentence_of(p.s)}) Tj ET "
        f"BT /F1 0.01 Tf 40 180 Td ({sentence_of(p.s)}) Tj ET"
    )


@channel("outside-crop")
def _outside_crop(p: Paper) -> None:
    from pikepdf import Array

    p.page["/CropBox"] = Array([0, 230, 420, 300])
    p.content(say(sentence_of(p.s)))


@channel("outside-media")
def _outside_media(p: Paper) -> None:
    p.content(say(sentence_of(p.s), y=-100) + say(sentence_of(p.s), x=900))


@channel("hidden-layer")
def _layer(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    layer = p.pdf.make_indirect(Dictionary(Type=Name("/OCG"), Name=String(f"For {p.s.name}")))
    p.pdf.Root["/OCProperties"] = Dictionary(
        OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer]))
    )
    p.resource("/Properties", "/L1", layer)
    p.content("/OC /L1 BDC " + say(sentence_of(p.s)) + "EMC")

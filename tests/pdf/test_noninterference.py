"""Two documents that differ only in a hidden name, and in the displacement it causes, are one output."""

import math

import noninterference
import numpy as np
import oracle
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from pdfminer.high_level import extract_text

from saferedact.limits import Limits
from saferedact.media.pdf_views import PageRegionSpec
from saferedact.media.pdf_worker import open_pdf
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import Paper, Secrets, write_embedded
from saferedact.testing.pdfs.paper import PAGE_WH, say

FIRST = ("Al", "Una", "Harriet", "Wilhelmina", "Bartholomew", "Mia", "Jim")
LAST = ("Ng", "Osgathorp", "Quennell", "Wigglesworth", "Illing", "Trewhella", "Mmonwu")


def redacted(tmp_path, engine, label, **layout):
    source, target = tmp_path / f"{label}.pdf", tmp_path / f"{label}-out.pdf"
    noninterference.document(source, **layout)
    engine.know(layout["name"])
    redact_with_plan(source, target, detectors=[], overwrite=True)
    return target.read_bytes()


@settings(
    max_examples=20,
    phases=[p for p in Phase if p is not Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(
    font="Helvetica",
    size=11,
    place="middle",
    style="underlined",
    first=("Al", "Ng"),
    second=("Wilhelmina", "Wigglesworth"),
)
@example(
    font="Helvetica",
    size=11,
    place="last",
    style="blank",
    first=("Al", "Ng"),
    second=("Wilhelmina", "Wigglesworth"),
)
@example(
    font="Times-Roman",
    size=12,
    place="first",
    style="runs",
    first=("Mia", "Illing"),
    second=("Bartholomew", "Mmonwu"),
)
@example(
    font="Courier",
    size=10.5,
    place="middle",
    style="kerned",
    first=("Harriet", "Trewhella"),
    second=("Al", "Illing"),
)
@given(
    font=st.sampled_from(sorted(noninterference.WIDTHS)),
    size=st.sampled_from([9, 10.5, 11, 12]),
    place=st.sampled_from(["first", "middle", "last"]),
    style=st.sampled_from(["line", "blank", "runs", "kerned", "underlined", "form", "cell"]),
    first=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
    second=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
)
def test_output_does_not_depend_on_the_hidden_name(  # noqa: PLR0917
    tmp_path, engine, font, size, place, style, first, second
):
    layout = {
        "font": font,
        "size": size,
        "place": place,
        "style": style,
        "before": "There we met",
        "after": "5 of us left by the gate",
    }
    one = redacted(tmp_path, engine, "one", name=" ".join(first), **layout)
    other = redacted(tmp_path, engine, "other", name=" ".join(second), **layout)
    assert one == other


def test_the_property_can_fail(tmp_path, engine):
    """Without redaction the two outputs differ: the comparison is not of constants."""
    layout = {
        "font": "Helvetica",
        "size": 11,
        "place": "middle",
        "style": "line",
        "before": "There we met",
        "after": "5 of us left",
    }
    source, outputs = tmp_path / "a.pdf", []
    for name in ("Mia Ng", "Una Illing"):
        noninterference.document(source, name=name, **layout)
        engine.know()
        redact_with_plan(source, tmp_path / "o.pdf", detectors=[], overwrite=True)
        outputs.append((tmp_path / "o.pdf").read_bytes())
    assert outputs[0] != outputs[1]


WORDS = ("the", "roof", "of", "slates", "was", "mended", "in", "June", "by", "7", "people")


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=8),
    first=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
    second=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
    place=st.integers(0, 8),
)
def test_embedded_subsets_tell_nothing_of_the_hidden_name(  # noqa: PLR0917
    tmp_path, engine, words, first, second, place
):
    """Subsets differ in the letters of the name, and so do all their glyph ids and codes."""
    outputs = []
    for name in (" ".join(first), " ".join(second)):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        spot = min(place, len(words))
        sentence = " ".join([*words[:spot], name, "-", *words[spot:]])
        write_embedded(source, sentence)
        engine.know(name)
        redact_with_plan(source, target, detectors=[], overwrite=True)
        outputs.append(target.read_bytes())
        letters, glyphs = oracle.font_letters(target)
        shown = set("".join(words) + "-[NAME] Minutes of the parish meeting held in March")
        assert set("".join(letters)) <= shown
        assert all(
            names == [".notdef", *(f"g{i}" for i in range(1, len(names)))] for names in glyphs
        )
    assert outputs[0] == outputs[1]


BOXES = range(40, 400, 20)


def comb(path, text, *, ruled, beside=""):
    """Write a form with one letter in each box; boxes are drawn, or parted by rules."""
    paper = Paper(Secrets("Harriet", "Osgathorp", ""))
    content = "".join(f"{x} 100 m {x} 120 l S " if ruled else f"{x} 100 16 20 re S " for x in BOXES)
    content += "".join(
        say(letter, x + 3, 105, 12)
        for x, letter in zip(BOXES, text, strict=False)
        if not letter.isspace()
    )
    paper.content(content + say(beside, BOXES[15] + 3, 105, 12) * bool(beside))
    path.write_bytes(paper.saved())


@pytest.mark.parametrize("ruled", [False, True])
@pytest.mark.parametrize("beside", ["", "7 left"])
@pytest.mark.parametrize("word", ["NAME", "IDENTIFIER"])
def test_one_label_stands_for_letters_in_boxes(tmp_path, ruled, beside, word):
    """Neither how many letters there were nor where a word ended is told."""
    top = PAGE_WH[1] - 120
    specs = [
        PageRegionSpec(
            (x, top, x + 16, top + 20), "label", "solid", "rectangle", (9,) * 3, 1, word, "g"
        )
        for x in BOXES[:15]
    ]
    outputs = []
    for name in ("MIA NG", "UNA OSGATHORP", "WM MMONWU"):
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        comb(source, name, ruled=ruled, beside=beside)
        with open_pdf(source, limits=Limits()) as document:
            assert list(document.write(target, {0: specs}, {})) == [""]
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1] == outputs[2]


def test_a_form_with_letters_in_boxes_is_redacted(tmp_path, engine):
    source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
    comb(source, "UNA OSGATHORP", ruled=False)
    engine.know("Una Osgathorp")
    redact_with_plan(source, target, detectors=[])
    said = extract_text(target).removeprefix("Minutes of the parish meeting held in March")
    assert said.split() == ["[NAME]"]
    assert not oracle.leaks(target, ["OSGATHORP"])


@pytest.mark.parametrize("operator", ["solid", "frost"])
@pytest.mark.parametrize("shift", [0.11, 0.59, 0.83])
def test_output_does_not_depend_on_hidden_pixels(tmp_path, operator, shift):
    """An image at odd places: a part of a page begins on a whole pixel, its corner does not."""
    region = (60 + shift, 70 + shift, 130 + 3 * shift, 120 + 2 * shift)
    left, top, samples = 10 + 3 * shift, 20 + 5 * shift, 900 / 216
    inside = [
        *(
            math.ceil((edge - corner) * samples)
            for edge, corner in zip(region[:2], (left, top), strict=True)
        ),
        *(
            math.floor((edge - corner) * samples)
            for edge, corner in zip(region[2:], (left, top), strict=True)
        ),
    ]
    outputs = []
    for ink in (0, 255):
        paper = Paper(Secrets("Harriet", "Osgathorp", ""))
        pixels = np.full((900, 900), 200, dtype=np.uint8)
        pixels[inside[1] : inside[3], inside[0] : inside[2]] = ink
        paper.resource("/XObject", "/I1", paper.image(pixels))
        low = PAGE_WH[1] - top - 216
        paper.content(f"q 216 0 0 216 {left} {low} cm /I1 Do Q", plain=False)
        source, target = tmp_path / "a.pdf", tmp_path / "b.pdf"
        source.write_bytes(paper.saved())
        spec = PageRegionSpec(region, "cover", operator, "rectangle", (9, 9, 9), 1, "", "g")
        with open_pdf(source, limits=Limits()) as document:
            assert list(document.write(target, {0: [spec]}, {})) == [""]
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]

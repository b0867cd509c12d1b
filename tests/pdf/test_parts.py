"""Parts of the PDF reader by themselves: colors, layers, trust, joined patches, squashed needles."""

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from saferedact.media.pdf_color import default_color, read_space
from saferedact.media.pdf_fold import squash
from saferedact.media.pdf_fonts import SourceFont
from saferedact.media.pdf_layers import Layers
from saferedact.media.pdf_model import Patch
from saferedact.media.pdf_patches import joined
from saferedact.media.pdf_programs import standard_program
from saferedact.media.pdf_search import _Needles
from saferedact.media.pdf_trust import is_trusted


def tint(low, high, power=1):
    return Dictionary(FunctionType=2, Domain=Array([0, 1]), C0=Array(low), C1=Array(high), N=power)


@pytest.mark.parametrize(
    ("stored", "operands", "expected"),
    [
        (Name("/DeviceGray"), [0.5], (0.5,)),
        (Name("/DeviceRGB"), [0, 2, -1], (0, 1, 0)),
        (Name("/Named"), [0, 0, 0, 1], (0, 0, 0, 1)),
        (Array([Name("/CalRGB"), Dictionary()]), [1, 0, 0], (1, 0, 0)),
        (
            Array(
                [
                    Name("/Separation"),
                    Name("/Spot"),
                    Name("/DeviceRGB"),
                    tint([1, 1, 1], [0, 0.5, 0]),
                ]
            ),
            [1],
            (0, 0.5, 0),
        ),
        (
            Array([Name("/Separation"), Name("/Spot"), Name("/DeviceGray"), tint([1], [0], 2)]),
            [0.5],
            (0.75,),
        ),
    ],
)
def test_colors(stored, operands, expected):
    resources = Dictionary(ColorSpace=Dictionary(Named=Name("/DeviceCMYK")))
    space = read_space(stored, resources)
    assert space.color(operands) == pytest.approx(expected)
    assert space.color([0.1] * 5) is None
    assert default_color(space) is not None


@pytest.mark.parametrize(
    "stored",
    [
        None,
        Name("/Pattern"),
        Array([Name("/Lab"), Dictionary()]),
        Array([Name("/Indexed"), Name("/DeviceRGB"), 1, b"\0" * 6]),
        Array([Name("/Separation"), Name("/All"), Name("/DeviceGray"), tint([1], [0])]),
        Array([Name("/Separation"), Name("/Spot"), Name("/DeviceRGB"), tint([1], [0])]),
    ],
)
def test_colors_that_become_pixels(stored):
    assert read_space(stored, None) is None
    assert default_color(None) is None


def test_layers():
    pdf = pikepdf.new()
    on, off = (pdf.make_indirect(Dictionary(Type=Name("/OCG"))) for _ in range(2))
    layers = Layers(Dictionary(OCGs=Array([on, off]), D=Dictionary(OFF=Array([off]))))
    assert [layers.hidden(item) for item in (None, on, off)] == [False, False, True]

    def members(rule, *groups):
        return layers.hidden(Dictionary(Type=Name("/OCMD"), P=Name(f"/{rule}"), OCGs=Array(groups)))

    assert [members("AnyOn", on, off), members("AllOn", on, off)] == [False, True]
    assert [members("AnyOff", on, off), members("AllOff", on, off)] == [False, True]
    assert not members("AnyOn")
    assert layers.hidden(Dictionary(Type=Name("/OCMD"), VE=Array([Name("/Not"), on])))
    base_off = Layers(
        Dictionary(OCGs=Array([on, off]), D=Dictionary(BaseState=Name("/OFF"), ON=Array([on])))
    )
    assert [base_off.hidden(on), base_off.hidden(off)] == [False, True]
    assert not Layers(None).hidden(on)


def font(mapping, face="Times-Roman"):
    names = {ord(char): char for char in mapping}
    return SourceFont(
        standard_program(face),
        names,
        {},
        0.5,
        {ord(c): t for c, t in mapping.items()},
        names={},
        composite=False,
    )


LETTERS = "ABDEGHKMNQRSTabdeghkmnqrst"


def test_a_font_that_shows_what_it_says_is_trusted():
    honest = font({char: char for char in LETTERS})
    assert is_trusted(honest, {ord(char) for char in LETTERS})


@pytest.mark.parametrize("shift", [1, 7, 12])
def test_a_font_that_lies_is_not(shift):
    lying = font({char: LETTERS[(i + shift) % len(LETTERS)] for i, char in enumerate(LETTERS)})
    assert not is_trusted(lying, {ord(char) for char in LETTERS})


def test_a_font_that_says_nothing_is_not():
    assert not is_trusted(font(dict.fromkeys(LETTERS, "")), {ord(char) for char in LETTERS})


ALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize("face", ["Times-Roman", "Helvetica", "Courier-BoldOblique"])
@pytest.mark.parametrize(
    ("shown", "told"),
    [("Smith", "Wqxzo"), ("Ann", "Gyv"), ("Q", "i"), ("Smith", "8nlfb"), ("Weedon", "Vcodcu")],
)
def test_a_name_that_is_spelt_by_lying_glyphs_is_found_out(face, shown, told):
    """Whatever share of the font they are: all others say what they show."""
    honest = {ord(char): char for char in ALL}
    lying = {1 + place: char for place, char in enumerate(shown)}
    names = {**honest, **lying}
    texts = {**honest, **{1 + place: char for place, char in enumerate(told)}}

    def made(texts):
        return SourceFont(standard_program(face), names, {}, 0.5, texts, names={}, composite=False)

    assert is_trusted(made(names), set(names))
    assert not is_trusted(made(texts), set(names))


def test_letters_that_are_like_another_may_be_few():
    """In some typefaces an M is most like the N of others: a few of those are no lie."""
    told = {**{char: char for char in ALL}, "C": "G", "h": "b"}
    assert is_trusted(font(told), {ord(char) for char in ALL})
    assert not is_trusted(font(told), {ord(char) for char in "ABChMT"})


@pytest.mark.parametrize(
    "told", [" ", "\x03", "\0", "\u200b", "\xad", ".", "#", "\u2605", "ab", "Harriet Osgathorp"]
)
def test_letters_that_are_called_blanks_signs_or_words_are_found_out(told):
    lying = font(dict.fromkeys(LETTERS, told))
    assert not is_trusted(lying, {ord(char) for char in LETTERS})


def test_a_glyph_with_ink_is_no_blank():
    """A blank is not taken out with the words around it, so ink that is called one would stay."""
    assert [font({"A": told}).text(65) for told in (" ", "\x03", "\u200b", "\xad", "A")] == [
        *["", "", ""],
        *["\xad", "A"],
    ]
    program = standard_program("Times-Roman")
    blank = SourceFont(program, {32: "space"}, {}, 0.5, {32: " "}, names={}, composite=False)
    assert blank.text(32) == " "


def test_honest_signs_and_joined_letters_are_trusted():
    program = standard_program("Times-Roman")
    signs = ["comma", "period", "hyphen", "quoteleft", "quoteright", "parenleft", "slash", "fi"]
    signs += ["question", "sterling", "section", "multiply", "degree", "copyright", "bar", "fl"]
    signs += ["parenright", "bracketleft", "bracketright", "ampersand", "percent", "germandbls"]
    signs += ["lslash", "mu", "eacute", "oslash"]
    texts = [",", ".", "-", "\u2018", "\u2019", "(", "/", "fi", "?", "\xa3", "\xa7", "\xd7"]
    texts += ["\xb0", "\xa9", "|", "fl", ")", "[", "]", "&", "%", "\xdf", "\u0142", "\xb5", "\xe9"]
    texts += ["\xf8"]
    mapped = dict(enumerate(zip(signs, texts, strict=True)))
    honest = SourceFont(
        program,
        {code: sign for code, (sign, _) in mapped.items()},
        {},
        0.5,
        {code: text for code, (_, text) in mapped.items()},
        names={},
        composite=False,
    )
    assert is_trusted(honest, set(mapped))


def test_a_word_that_is_one_glyph_is_looked_at():
    class Word:
        """A program whose one glyph is four letters wide."""

        known = frozenset({"w"})

        def outline(self, name):
            letter = standard_program("Helvetica").outline("n")
            moved = [
                tuple((stroke[0], *((x + 560 * n, y) for x, y in stroke[1:])) for stroke in letter)
                for n in range(5)
            ]
            return sum(moved, ())

    told = SourceFont(Word(), {1: "w"}, {}, 0.3, {1: "\u2605"}, names={}, composite=False)
    assert not is_trusted(told, {1})


def test_joined_patches_do_not_overlap():
    patches = [
        Patch((0, 0, 10, 10), 100, photo=False),
        Patch((5, 5, 20, 20), 300, photo=True),
        Patch((50, 50, 60, 60), 72, photo=False),
    ]
    found = joined(patches, (100.0, 100.0))
    assert [patch.xyxy for patch in found] == [(50, 50, 60, 60), (0, 0, 20, 20)]
    assert (found[1].dpi, found[1].photo) == (300, True)
    assert joined([], (100.0, 100.0)) == []


def test_needles_are_found_in_every_coding():
    assert squash("Zo\u00eb O'Neill-\u017dec") == "zoeoneillzec"
    needles = _Needles(["Harriet Osgathorp", "Li"])
    assert needles.in_text("met HARRIET  OSGATHORP there")
    assert needles.in_text("Har riet Os gathorp")
    assert needles.in_text("seen by Li today")
    assert not needles.in_text("a list of things")
    name = "Harriet Osgathorp"
    hexed = b"<" + name.encode().hex().encode() + b">"
    octal = b"".join(b"\\%03o" % byte for byte in name.encode())
    for data in (
        name.encode("utf-16-be"),
        b"\0" + name.encode("utf-16-le"),
        hexed,
        octal,
        name.encode(),
    ):
        assert needles.in_bytes(data, binary=False)
    assert not needles.in_bytes(b"Harriet and others", binary=True)

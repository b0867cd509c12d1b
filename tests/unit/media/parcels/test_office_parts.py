"""Parts of office files that the usual writers do not write, or write otherwise than Office does."""

import io
import xml.etree.ElementTree as ET
import zipfile

import pytest
from openpyxl.workbook.defined_name import DefinedName

from saferedact.media.office import read_office
from saferedact.media.office.slide_shapes import is_white_ground, placed_shapes, white_text
from saferedact.media.office.styles import CellStyles
from saferedact.testing.parcels import repacked, saved

SECRET = "Mhairi Oyelowo"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def traces(data, parts):
    whole = data if isinstance(data, bytes) else saved(data)
    contents = read_office(io.BytesIO(repacked(whole, parts)))
    return {(trace.channel, trace.place) for trace in contents.traces if SECRET in trace.text}


def relations(*kinds_and_targets, mode=""):
    each = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'
        for n, (kind, target) in enumerate(kinds_and_targets, start=1)
    )
    return f'<Relationships xmlns="{RELATIONS}">{each}</Relationships>'.encode()


@pytest.mark.parametrize(
    ("part", "xml", "expected"),
    [
        (
            "docProps/custom.xml",
            f"<Properties><property><v>{SECRET}</v></property></Properties>",
            {("custom-data", "custom properties")},
        ),
        (
            "customXml/item1.xml",
            f"<a><b>{SECRET}</b></a>",
            {("custom-data", "custom XML part")},
        ),
        ("customXml/item1.xml", "<Sources/>", set()),
        (
            "word/_rels/footer9.xml.rels",
            relations(("image", f"file://{SECRET}"), mode='TargetMode="External"').decode(),
            {("external-link", "relation to the outside")},
        ),
        (
            "word/settings.xml",
            f'<s><docVars><docVar name="x" val="{SECRET}"/></docVars></s>',
            {("custom-data", "document variable")},
        ),
    ],
)
def test_parts_of_a_document(new_docx, part, xml, expected):
    assert traces(new_docx, {part: xml.encode()}) == expected


def test_comments_of_a_slide(new_pptx):
    new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": relations(
            ("comments", "../comments/comment1.xml"),
            ("slideLayout", "../slideLayouts/slideLayout6.xml"),
        ),
        "ppt/comments/comment1.xml": f"<cmLst><cm><text>{SECRET}</text></cm></cmLst>".encode(),
    }
    assert traces(new_pptx, parts) == {("comment", "slide 1")}


def test_a_slide_of_unknown_size_has_nothing_beside_it(new_pptx):
    slide = new_pptx.slides.add_slide(new_pptx.slide_layouts[5])
    slide.shapes.add_textbox(10**9, 0, 10, 10).text_frame.text = SECRET
    new_pptx.part._element.sldSz.set("cx", "7600000")
    whole = saved(new_pptx)
    assert traces(whole, {}) == {("off-slide", "slide 1")}
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        main = archive.read("ppt/presentation.xml")
    assert traces(whole, {"ppt/presentation.xml": main.replace(b'cx="7600000"', b'cx="wide"')}) == (
        set()
    )


def test_a_hidden_name_of_a_workbook(new_xlsx):
    new_xlsx.defined_names["Shown"] = DefinedName("Shown", attr_text=f'"{SECRET}"')
    assert traces(new_xlsx, {}) == set()
    new_xlsx.defined_names["Gone"] = DefinedName("Gone", attr_text=f'"{SECRET}"', hidden=True)
    assert traces(new_xlsx, {}) == {("stored-values", "hidden name")}


SHEET = "<worksheet>{columns}<sheetData><row r='1'>{cells}</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("", f"<c t='inlineStr'><is><t>{SECRET}</t></is></c>", "shown"),
        ("", f"<c r='?' t='str'><v>{SECRET}</v></c>", "shown"),
        ("", "<c t='s'><v>99999</v></c>", "nothing"),
        ("", "<c t='s'><v>-1</v></c>", "nothing"),
        ("<cols><col min='1' max='1' width='x'/></cols>", f"<c><v>{SECRET}</v></c>", "shown"),
        ("<cols><col min='1' max='?' hidden='1'/></cols>", f"<c><v>{SECRET}</v></c>", "shown"),
        ("<cols><col min='1' max='1' hidden='1'/></cols>", f"<c><v>{SECRET}</v></c>", "hidden"),
        ("<cols><col min='2' max='2' width='0.1'/></cols>", f"<c/><c><v>{SECRET}</v></c>", "hidden"),
        ("", f"<c s='99'><v>{SECRET}</v></c>", "shown"),
    ],
)  # fmt: skip
def test_cells_as_other_programs_write_them(new_xlsx, columns, cells, expected):
    xml = SHEET.format(columns=columns, cells=cells).encode()
    data = repacked(saved(new_xlsx), {"xl/worksheets/sheet1.xml": xml})
    contents = read_office(io.BytesIO(data))
    hidden = any(trace.channel == "hidden-cells" for trace in contents.traces)
    shown = any(SECRET in passage.text for passage in contents.passages)
    assert (shown, hidden) == (expected == "shown", expected == "hidden")


@pytest.mark.parametrize(
    ("font", "fill", "same", "like_paper"),
    [
        ('<color rgb="FFFFFFFF"/>', "", False, True),
        ('<color indexed="9"/>', "", False, True),
        ('<color theme="0"/>', "", False, True),
        ('<color theme="0" tint="-0.5"/>', "", False, False),
        ('<color auto="1"/>', "", False, False),
        ("", '<patternFill patternType="solid"/>', True, False),
        ("", '<patternFill patternType="solid"><fgColor indexed="8"/></patternFill>', True, False),
        ("", '<patternFill patternType="gray125"/>', False, False),
    ],
)
def test_colors_of_cells(font, fill, same, like_paper):
    styles = CellStyles(
        ET.fromstring(
            f"<s><fonts><font>{font}</font></fonts><fills><fill>{fill}</fill></fills>"
            '<cellXfs><xf fontId="0" fillId="0"/></cellXfs></s>'
        )
    )
    assert (styles.same_color(0), styles.like_paper(0)) == (same, like_paper)


BOX = "<xfrm><off x='{x}' y='0'/><ext cx='10' cy='10'/></xfrm>"


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        ("", []),
        ("<sp/>", [(None, False)]),
        ("<sp><spPr><xfrm/></spPr></sp>", [(None, False)]),
        ("<sp><spPr><xfrm><off x='a' y='0'/><ext cx='1' cy='1'/></xfrm></spPr></sp>", [(None, False)]),
        (f"<sp><spPr>{BOX.format(x=5)}</spPr></sp>", [((5, 0, 15, 10), False)]),
        (f"<AlternateContent><Choice><sp><spPr>{BOX.format(x=5)}</spPr></sp></Choice></AlternateContent>",
         [((5, 0, 15, 10), False)]),
        ("<grpSp><sp/></grpSp>", [(None, False)]),
        (f"<grpSp><grpSpPr>{BOX.format(x=100)}</grpSpPr><sp><spPr>{BOX.format(x=5)}</spPr></sp></grpSp>",
         [((5, 0, 15, 10), False)]),
        (("<grpSp><grpSpPr><xfrm><off x='100' y='0'/><ext cx='10' cy='10'/><chOff x='0' y='0'/>"
         f"<chExt cx='100' cy='0'/></xfrm></grpSpPr><sp><spPr>{BOX.format(x=50)}</spPr></sp></grpSp>"),
         [((105, 0, 106, 10), False)]),
        ("<grpSp><nvGrpSpPr><cNvPr hidden='true'/></nvGrpSpPr><sp/></grpSp>", [(None, True)]),
    ],
)  # fmt: skip
def test_where_shapes_lie(tree, expected):
    root = ET.fromstring(f"<sld><cSld><spTree>{tree}</spTree></cSld></sld>")
    assert [(placed.box, placed.hidden) for placed in placed_shapes(root)] == expected


def test_a_slide_without_shapes():
    assert list(placed_shapes(ET.fromstring("<sld/>"))) == []


RUN = "<txBody><p><r><rPr><solidFill>{color}</solidFill></rPr><t>words</t></r></p></txBody>"


@pytest.mark.parametrize(
    ("properties", "color", "told"),
    [
        ("", "<srgbClr val='FFFFFF'/>", True),
        ("", "<srgbClr val='F5F5F5'/>", True),
        ("", "<srgbClr val='C0C0C0'/>", False),
        ("", "<srgbClr val='white!'/>", False),
        ("", "<srgbClr val='FFFFFF'><alpha val='0'/></srgbClr>", False),
        ("", "<schemeClr val='bg1'/>", True),
        ("", "<schemeClr val='bg1'><lumMod val='50000'/></schemeClr>", False),
        ("", "<schemeClr val='tx1'/>", False),
        ("", "<prstClr val='white'/>", True),
        ("", "", False),
        ("<spPr><noFill/></spPr>", "<srgbClr val='FFFFFF'/>", True),
        ("<spPr><gradFill/></spPr>", "<srgbClr val='FFFFFF'/>", False),
        ("<style><fillRef idx='1'/></style>", "<srgbClr val='FFFFFF'/>", False),
    ],
)
def test_white_text_of_shapes(properties, color, told):
    shape = ET.fromstring(f"<sp>{properties}{RUN.format(color=color)}</sp>")
    assert white_text(shape) == ("words" if told else "")


@pytest.mark.parametrize(
    ("grounds", "white"),
    [
        ([""], False),
        (["<bg><bgPr><solidFill><srgbClr val='FFFFFF'/></solidFill></bgPr></bg>"], True),
        (["<bg><bgPr><solidFill><srgbClr val='000000'/></solidFill></bgPr></bg>"], False),
        (["<bg><bgPr><blipFill/></bgPr></bg>"], False),
        (["", "<bg><bgRef idx='1'><schemeClr val='bg1'/></bgRef></bg>"], True),
        (["<bg><bgPr><gradFill/></bgPr></bg>", "<bg><bgRef><schemeClr val='bg1'/></bgRef></bg>"], False),
    ],
)  # fmt: skip
def test_the_ground_of_a_slide(grounds, white):
    sheets = [ET.fromstring(f"<sld><cSld>{ground}</cSld></sld>") for ground in grounds]
    assert is_white_ground(sheets) is white

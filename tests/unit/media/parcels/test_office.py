"""Each way in which office files hide text is told; what is on the page is no trace."""

import io
from xml.etree import ElementTree as ET

import pptx.util
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt, RGBColor
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from pptx.dml.color import RGBColor as PptxColor

from saferedact.errors import DamagedInputError, LimitExceededError, UnsupportedFormatError
from saferedact.limits import Limits
from saferedact.media.office import package as package_module
from saferedact.media.office import read_office
from saferedact.media.office.drawing import crops, is_dark_fill, shape_covers
from saferedact.testing.parcels import repacked, saved, zipped

SECRET = "Mhairi Oyelowo"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def read(document):
    return read_office(io.BytesIO(document if isinstance(document, bytes) else saved(document)))


def channels(contents):
    return {trace.channel for trace in contents.traces if SECRET in trace.text}


def shown(contents):
    return "\n".join(passage.text for passage in contents.passages)


def as_hidden(run):
    run.font.hidden = True


def as_white(run):
    run.font.color.rgb = RGBColor(255, 255, 255)


def as_tiny(run):
    run.font.size = Pt(1)


def as_black(run):
    run.font.highlight_color = WD_COLOR_INDEX.BLACK


class TestWord:
    def test_what_is_on_the_page_is_no_trace(self, new_docx):
        new_docx.add_paragraph(f"A man named {SECRET} was charged.")
        new_docx.add_table(1, 1).cell(0, 0).text = "in a cell"
        new_docx.sections[0].header.paragraphs[0].text = "a header"
        contents = read(new_docx)
        assert contents.format == "DOCX"
        assert channels(contents) == set()
        for text in (SECRET, "in a cell", "a header"):
            assert text in shown(contents)

    @pytest.mark.parametrize(
        ("change", "channel", "is_shown"),
        [
            (as_hidden, "hidden-text", False),
            (as_white, "invisible-text", False),
            (as_tiny, "invisible-text", False),
            (as_black, "black-on-black", True),
        ],
    )
    def test_a_run_that_is_not_seen(self, new_docx, change, channel, is_shown):
        change(new_docx.add_paragraph("before ").add_run(SECRET))
        contents = read(new_docx)
        assert channels(contents) == {channel}
        assert (SECRET in shown(contents)) is is_shown

    def test_white_on_a_dark_heading_is_seen(self, new_docx):
        run = new_docx.add_paragraph().add_run(SECRET)
        run.font.color.rgb = RGBColor(255, 255, 255)
        run.font.highlight_color = WD_COLOR_INDEX.BLACK
        assert channels(read(new_docx)) == set()

    def test_a_comment(self, new_docx):
        run = new_docx.add_paragraph("text").runs[0]
        new_docx.add_comment(run, text=f"not for {SECRET}", author="A. Writer")
        assert channels(read(new_docx)) == {"comment"}

    def test_tracked_changes(self, new_docx):
        paragraph = new_docx.add_paragraph("text")
        for tag, inner in (("del", "delText"), ("ins", "t")):
            xml = f'<w:{tag} xmlns:w="{WORD}" w:id="1"><w:r><w:{inner}>{SECRET}</w:{inner}></w:r></w:{tag}>'
            from lxml import etree

            paragraph._p.append(etree.fromstring(xml))
        contents = read(new_docx)
        assert channels(contents) == {"deleted-text", "inserted-text"}
        assert shown(contents) == f"text{SECRET}"

    def test_properties(self, new_docx):
        new_docx.core_properties.author = SECRET
        assert channels(read(new_docx)) == {"author"}

    def test_a_macro_and_an_embedded_file(self, new_docx):
        data = repacked(
            saved(new_docx), {"word/vbaProject.bin": b"x", "word/embeddings/a.bin": b"inner"}
        )
        contents = read(data)
        assert "macro" in {trace.channel for trace in contents.traces}
        assert [
            item.data for item in contents.packed if not item.shown and item.name == "a.bin"
        ] == [b"inner"]


class TestSheets:
    def test_what_is_on_the_sheet_is_no_trace(self, new_xlsx):
        new_xlsx.active["A1"] = SECRET
        new_xlsx.active["B1"] = 7
        contents = read(new_xlsx)
        assert channels(contents) == set()
        assert f"{SECRET}\t7" in shown(contents)

    def test_a_hidden_row(self, new_xlsx):
        new_xlsx.active["A2"] = SECRET
        new_xlsx.active.row_dimensions[2].hidden = True
        assert channels(read(new_xlsx)) == {"hidden-cells"}

    def test_a_hidden_column(self, new_xlsx):
        new_xlsx.active["C1"] = SECRET
        new_xlsx.active.column_dimensions["C"].hidden = True
        contents = read(new_xlsx)
        assert channels(contents) == {"hidden-cells"}
        assert SECRET not in shown(contents)

    @pytest.mark.parametrize("state", ["hidden", "veryHidden"])
    def test_a_hidden_sheet_and_its_name(self, new_xlsx, state):
        sheet = new_xlsx.create_sheet(SECRET)
        sheet["A1"] = "in it"
        sheet.sheet_state = state
        contents = read(new_xlsx)
        assert channels(contents) == {"hidden-sheet"}
        assert not any(SECRET in trace.place for trace in contents.traces)

    @pytest.mark.parametrize(
        ("style", "channel"),
        [
            ({"fill": PatternFill("solid", fgColor="FF000000")}, "black-on-black"),
            (
                {"fill": PatternFill("solid", fgColor="FF102030"), "font": Font(color="FF102030")},
                "black-on-black",
            ),
            ({"font": Font(color="FFFFFFFF")}, "invisible-text"),
            ({"number_format": ";;;"}, "hidden-cells"),
        ],
    )
    def test_a_cell_that_is_not_seen(self, new_xlsx, style, channel):
        cell = new_xlsx.active["A1"]
        cell.value = SECRET
        for name, value in style.items():
            setattr(cell, name, value)
        assert channels(read(new_xlsx)) == {channel}

    def test_white_on_a_dark_table_head_is_seen(self, new_xlsx):
        cell = new_xlsx.active["A1"]
        cell.value = SECRET
        cell.font = Font(color="FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FF1F3864")
        assert channels(read(new_xlsx)) == set()

    def test_a_comment(self, new_xlsx):
        new_xlsx.active["A1"].comment = Comment(SECRET, "A. Writer")
        new_xlsx.active["A1"] = "text"
        assert channels(read(new_xlsx)) == {"comment"}

    def test_a_cache_of_values(self, new_xlsx):
        cache = f'<pivotCacheRecords xmlns="x"><r><s v="{SECRET}"/></r></pivotCacheRecords>'
        name = "xl/pivotCache/pivotCacheRecords1.xml"
        assert channels(read(repacked(saved(new_xlsx), {name: cache.encode()}))) == {
            "stored-values"
        }


class TestSlides:
    def slide(self, document):
        return document.slides.add_slide(document.slide_layouts[5])

    def test_what_is_on_the_slide_is_no_trace(self, new_pptx):
        self.slide(new_pptx).shapes.title.text = SECRET
        contents = read(new_pptx)
        assert channels(contents) == set()
        assert SECRET in shown(contents)

    def test_notes(self, new_pptx):
        self.slide(new_pptx).notes_slide.notes_text_frame.text = SECRET
        assert channels(read(new_pptx)) == {"speaker-notes"}

    def test_a_hidden_slide(self, new_pptx):
        slide = self.slide(new_pptx)
        slide.shapes.title.text = SECRET
        slide._element.set("show", "0")
        contents = read(new_pptx)
        assert channels(contents) == {"hidden-slide"}
        assert SECRET not in shown(contents)

    def test_a_box_beside_the_slide(self, new_pptx):
        width = new_pptx.slide_width
        box = self.slide(new_pptx).shapes.add_textbox(width + 10, 0, 1000, 1000)
        box.text_frame.text = SECRET
        assert channels(read(new_pptx)) == {"off-slide"}

    def test_a_hidden_shape(self, new_pptx):
        box = self.slide(new_pptx).shapes.add_textbox(0, 0, 1000, 1000)
        box.text_frame.text = SECRET
        box._element.nvSpPr.cNvPr.set("hidden", "1")
        assert channels(read(new_pptx)) == {"hidden-text"}

    def test_a_dark_box_without_text(self, new_pptx):
        slide = self.slide(new_pptx)
        shape = slide.shapes.add_shape(1, 0, 0, pptx.util.Cm(3), pptx.util.Cm(1))
        shape.fill.solid()
        shape.fill.fore_color.rgb = pptx.dml.color.RGBColor(0, 0, 0)
        assert "text-under-shape" in {trace.channel for trace in read(new_pptx).traces}

    def test_a_cropped_picture(self, new_pptx, tmp_path):
        from PIL import Image

        picture = tmp_path / "p.png"
        Image.new("RGB", (40, 40), (200, 10, 10)).save(picture)
        shape = self.slide(new_pptx).shapes.add_picture(str(picture), 0, 0)
        assert "cropped-picture" not in {trace.channel for trace in read(new_pptx).traces}
        shape.crop_left = 0.5
        assert "cropped-picture" in {trace.channel for trace in read(new_pptx).traces}

    def test_white_on_a_white_slide(self, new_pptx):
        box = self.slide(new_pptx).shapes.add_textbox(0, 0, 1000, 1000)
        run = box.text_frame.paragraphs[0].add_run()
        run.text = SECRET
        run.font.color.rgb = PptxColor(255, 255, 255)
        assert channels(read(new_pptx)) == {"invisible-text"}

    @pytest.mark.parametrize("ground", ["box", "shape below", "slide", "layout", "master"])
    def test_white_on_a_dark_ground_is_seen(self, new_pptx, ground):
        slide = self.slide(new_pptx)
        sheet = {"layout": slide.slide_layout, "master": slide.slide_layout.slide_master}
        if ground in sheet:
            source = slide.shapes.add_shape(1, 0, 0, 5000, 5000)
            source.fill.solid()
            sheet[ground].shapes._spTree.append(source._element)
        if ground == "shape below":
            slide.shapes.add_shape(1, 0, 0, 5000, 5000)
        if ground == "slide":
            slide.background.fill.solid()
            slide.background.fill.fore_color.rgb = PptxColor(10, 10, 90)
        box = slide.shapes.add_textbox(0, 0, 1000, 1000)
        if ground == "box":
            box.fill.solid()
            box.fill.fore_color.rgb = PptxColor(10, 10, 90)
        run = box.text_frame.paragraphs[0].add_run()
        run.text = SECRET
        run.font.color.rgb = PptxColor(255, 255, 255)
        assert channels(read(new_pptx)) == set()

    def grouped(self, document, *, at, hidden=False):
        """Add a group of 10,000 by 10,000 units at a place whose inside counts from 20,000,000."""
        group = self.slide(document).shapes.add_group_shape()
        box = group.shapes.add_textbox(20_000_000, 20_000_000, 10_000, 10_000)
        box.text_frame.text = SECRET
        frame = group._element.grpSpPr.xfrm
        frame.off.x, frame.off.y = at
        frame.ext.cx = frame.ext.cy = 10_000
        if hidden:
            group._element.nvGrpSpPr.cNvPr.set("hidden", "1")

    def test_a_group_counts_where_it_stands_and_not_where_its_inside_counts_from(self, new_pptx):
        self.grouped(new_pptx, at=(0, 0))
        contents = read(new_pptx)
        assert channels(contents) == set()
        assert SECRET in shown(contents)

    def test_a_group_beside_the_slide(self, new_pptx):
        self.grouped(new_pptx, at=(new_pptx.slide_width + 10, 0))
        assert channels(read(new_pptx)) == {"off-slide"}

    def test_what_is_inside_of_a_hidden_group(self, new_pptx):
        self.grouped(new_pptx, at=(0, 0), hidden=True)
        contents = read(new_pptx)
        assert channels(contents) == {"hidden-text"}
        assert SECRET not in shown(contents)

    def test_an_alternative_text_and_the_authors_of_comments(self, new_pptx):
        slide = self.slide(new_pptx)
        slide.shapes.title._element.nvSpPr.cNvPr.set("descr", SECRET)
        authors = f'<cmAuthorLst xmlns="x"><cmAuthor id="0" name="{SECRET}"/></cmAuthorLst>'
        data = repacked(saved(new_pptx), {"ppt/commentAuthors.xml": authors.encode()})
        assert channels(read(data)) == {"custom-data", "author"}

    def test_a_table_is_read(self, new_pptx):
        table = self.slide(new_pptx).shapes.add_table(1, 1, 0, 0, 5000, 5000).table
        table.cell(0, 0).text = SECRET
        contents = read(new_pptx)
        assert channels(contents) == set()
        assert SECRET in shown(contents)


class TestDrawing:
    """What slides and documents share, on the XML alone."""

    @pytest.mark.parametrize(
        ("color", "dark"),
        [
            ('<a:srgbClr val="102030"/>', True),
            ('<a:srgbClr val="F02030"/>', False),
            ('<a:srgbClr val="no hex"/>', False),
            ('<a:srgbClr val="zzzzzz"/>', False),
            ('<a:schemeClr val="tx1"/>', True),
            ('<a:schemeClr val="accent1"/>', False),
            ('<a:prstClr val="black"/>', True),
            ("", False),
        ],
    )
    def test_dark_fills(self, color, dark):
        xml = f'<p xmlns:a="x"><a:solidFill>{color}</a:solidFill></p>'
        assert is_dark_fill(ET.fromstring(xml)) is dark

    def test_no_fill_is_not_dark(self):
        assert not is_dark_fill(ET.fromstring("<p/>"))

    @pytest.mark.parametrize(
        ("attributes", "inside", "told"),
        [
            ("", "", True),
            ('behindDoc="1"', "", False),
            ("", "<pic/>", False),
            ("", "<p><r><t>a caption</t></r></p>", False),
        ],
    )
    def test_shapes_that_float_over_a_page(self, attributes, inside, told):
        fill = '<spPr><solidFill><srgbClr val="000000"/></solidFill></spPr>'
        root = ET.fromstring(f"<d><anchor {attributes}>{fill}{inside}</anchor></d>")
        assert [trace.channel for trace in shape_covers(root, "page")] == [
            "text-under-shape"
        ] * told

    @pytest.mark.parametrize(
        ("side", "told"), [("50000", True), ("400", False), ("", False), ("much", False)]
    )
    def test_crops(self, side, told):
        root = ET.fromstring(f'<d><srcRect l="{side}"/></d>')
        assert [trace.channel for trace in crops(root, "p")] == ["cropped-picture"] * told


class TestHostile:
    def test_no_zip(self):
        with pytest.raises(DamagedInputError):
            read(b"PK\x03\x04 and nothing more")

    def test_another_package(self):
        with pytest.raises(UnsupportedFormatError):
            read(zipped({"[Content_Types].xml": b"<Types/>", "a.xml": b"<a/>"}))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_entities_are_refused(self, new_docx, encoding):
        bomb = (
            f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        )
        data = repacked(saved(new_docx), {"word/document.xml": bomb.encode(encoding)})
        with pytest.raises(DamagedInputError, match="document type"):
            read(data)

    def test_broken_xml(self, new_docx):
        data = repacked(saved(new_docx), {"word/document.xml": b"<a><b></a>"})
        with pytest.raises(DamagedInputError, match="well-formed"):
            read(data)

    def test_deep_xml(self, new_docx):
        deep = b"<a>" * 3000 + b"</a>" * 3000
        with pytest.raises(LimitExceededError, match="nested"):
            read(repacked(saved(new_docx), {"word/document.xml": deep}))

    def test_a_part_that_unfolds(self, new_docx, monkeypatch):
        monkeypatch.setattr(package_module, "_MAX_PART_BYTES", 100_000)
        data = repacked(saved(new_docx), {"word/document.xml": b" " * 200_000})
        with pytest.raises(LimitExceededError, match="unpacks"):
            read(data)

    def test_too_many_parts(self, monkeypatch, new_docx):
        monkeypatch.setattr(package_module, "MAX_MEMBERS", 3)
        with pytest.raises(LimitExceededError, match="parts"):
            read(new_docx)

    def test_a_file_over_the_limits(self, new_docx):
        with pytest.raises(LimitExceededError):
            read_office(io.BytesIO(saved(new_docx)), limits=Limits(max_file_bytes=10))

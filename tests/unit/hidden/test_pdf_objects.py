"""Objects of a PDF beside its pages: what is told however deep, odd or many they are."""

import io

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from saferedact.errors import DamagedInputError, LimitExceededError
from saferedact.media.pdf_traces import objects, read_pdf_traces, strings
from saferedact.testing.leaks.pdf_page import SECRET, add_image, page_of, text
from saferedact.testing.leaks.scenes import photograph


def read(change, content=""):
    return read_pdf_traces(io.BytesIO(page_of(content, change=change)))


def told(change, content=""):
    return [(trace.channel, trace.text) for trace in read(change, content).traces]


def spec_of(pdf, name, data=b"data"):
    stream = pdf.make_stream(data)
    stream.Type = Name.EmbeddedFile
    return Dictionary(Type=Name.Filespec, F=name, EF=Dictionary(F=stream))


def note(page, **keys):
    page.Annots = Array([Dictionary(Type=Name.Annot, Rect=[30, 100, 60, 120], **keys)])


SCRIPT = Dictionary(S=Name.JavaScript, JS="run()")


class TestActions:
    @pytest.mark.parametrize(
        "following", [SCRIPT, Array([SCRIPT]), Dictionary(S=Name.URI, Next=SCRIPT)]
    )
    def test_a_script_that_follows_another_action(self, following):
        def change(pdf, _page):
            pdf.Root.OpenAction = Dictionary(S=Name.URI, URI="https://example.org", Next=following)

        assert ("script", "run()") in told(change)

    @pytest.mark.parametrize("owner", ["page", "catalog", "annotation", "field"])
    def test_a_script_for_an_event(self, owner):
        def change(pdf, page):
            events = Dictionary(O=SCRIPT)
            if owner == "page":
                page.AA = events
            elif owner == "catalog":
                pdf.Root.AA = events
            elif owner == "annotation":
                note(page, Subtype=Name.Link, AA=events)
            else:
                field = Dictionary(T="a", Kids=Array([]), AA=events)
                pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))

        assert told(change) == [("script", "run()")]

    def test_a_rendition_may_bring_a_script(self):
        def change(_pdf, page):
            note(page, Subtype=Name.Link, A=Dictionary(S=Name.Rendition, JS="run()"))

        assert told(change) == [("script", "run()")]

    def test_scripts_by_name(self):
        def change(pdf, _page):
            names = Array([String("a"), SCRIPT])
            pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=names), Pages=Dictionary())

        assert [channel for channel, _ in told(change)] == ["script", "stray-bytes"]

    def test_actions_in_a_circle_end(self):
        def change(pdf, _page):
            first = pdf.make_indirect(Dictionary(S=Name.URI, URI="https://example.org"))
            first.Next = pdf.make_indirect(Array([first, SCRIPT]))
            pdf.Root.OpenAction = first

        assert [channel for channel, _ in told(change)] == ["script"]

    def test_links_to_places_and_addresses_are_no_scripts(self):
        def change(pdf, page):
            pdf.Root.OpenAction = Array([page.obj, Name.Fit])
            note(page, Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D=Array([page.obj, Name.Fit])))

        assert told(change) == []


class TestEmbeddedFiles:
    def test_each_of_several_that_are_written_in_place(self):
        def change(pdf, _page):
            names = Array(
                [String("a"), spec_of(pdf, "a", b"1"), String("b"), spec_of(pdf, "b", b"2")]
            )
            pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))

        contents = read(change)
        assert [(trace.channel, trace.text) for trace in contents.traces] == [
            ("embedded-object", "a"),
            ("embedded-object", "b"),
        ]
        assert [packed.data for packed in contents.packed] == [b"1", b"2"]

    def test_one_at_the_end_of_a_deep_tree(self):
        def change(pdf, _page):
            node = Dictionary(Names=Array([String("a"), spec_of(pdf, "a")]))
            for _ in range(300):
                node = Dictionary(Kids=Array([pdf.make_indirect(node)]))
            pdf.Root.Names = Dictionary(EmbeddedFiles=pdf.make_indirect(node))

        assert told(change) == [("embedded-object", "a")]

    @pytest.mark.parametrize("direct", [True, False])
    def test_a_tree_that_is_a_circle_ends(self, direct):
        def change(pdf, _page):
            kids = pdf.make_indirect(Array([]))
            node = Dictionary(Kids=kids, Names=Array([String("a"), spec_of(pdf, "a")]))
            node = node if direct else pdf.make_indirect(node)
            kids.append(node)
            kids.append(node)
            pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Kids=kids))

        assert ("embedded-object", "a") in told(change)

    @pytest.mark.parametrize("listed", ["page", "catalog", "nowhere"])
    def test_associated_files_and_one_that_no_list_names(self, listed):
        def change(pdf, page):
            spec = pdf.make_indirect(spec_of(pdf, "a"))
            if listed == "page":
                page.AF = Array([spec])
            elif listed == "catalog":
                pdf.Root.AF = Array([spec])
            else:
                page.Resources.Properties = Dictionary(MC=Dictionary(AF=Array([spec])))

        assert told(change) == [("embedded-object", "a")]

    def test_a_list_of_something_else(self):
        def change(pdf, page):
            pdf.Root.Names = Dictionary(EmbeddedFiles=String("a"))
            page.AF = Array([1, String("b")])

        assert told(change) == []


class TestFields:
    def test_the_value_of_a_field_on_no_page(self):
        def change(pdf, _page):
            child = Dictionary(T="b", V=SECRET)
            parent = pdf.make_indirect(Dictionary(T="a", Kids=Array([child, String("x")])))
            pdf.Root.AcroForm = Dictionary(Fields=Array([parent, parent]))

        assert told(change) == [("hidden-annotation", SECRET)]

    @pytest.mark.parametrize("fields", [String("x"), None])
    def test_forms_without_fields(self, fields):
        def change(pdf, _page):
            pdf.Root.AcroForm = Dictionary(**({} if fields is None else {"Fields": fields}))

        assert told(change) == []

    @pytest.mark.parametrize("content", ["", "/Span <</ActualText (a)>> BDC EMC\n"])
    def test_kids_in_a_circle_end_and_that_is_told(self, monkeypatch, content):
        """Also where the file is saved anew, without its replacement texts: pikepdf follows the circle."""
        monkeypatch.setattr(strings, "_MOST_OBJECTS", 100)

        def change(pdf, _page):
            kids = pdf.make_indirect(Array([]))
            kids.append(Dictionary(Kidz=kids))
            pdf.Root.AcroFor0 = Dictionary(Fields=kids)

        data = page_of(content, change=change).replace(b"AcroFor0", b"AcroForm")
        contents = read_pdf_traces(io.BytesIO(data.replace(b"Kidz", b"Kids")))
        assert contents.unread == ("it has more objects with text than are looked at",)


class TestAnnotations:
    def test_a_thing_that_is_no_annotation(self):
        def change(_pdf, page):
            page.Annots = Array([String("x"), 5])

        assert told(change) == []

    @pytest.mark.parametrize("rect", [None, [1, 2], ["a"] * 4, [0, 0, 1e9, 1]])
    def test_a_note_without_a_place_is_told_without_one(self, rect):
        def change(_pdf, page):
            note(page, Subtype=Name.Text, Contents=SECRET)
            if rect is None:
                del page.Annots[0].Rect
            else:
                page.Annots[0].Rect = Array([String(v) if isinstance(v, str) else v for v in rect])

        (trace,) = read(change).traces
        assert (trace.channel, trace.text, trace.xyxy) == ("comment", SECRET, None)

    @pytest.mark.parametrize(
        ("kind", "channel"),
        [
            ("FreeText", "visible-annotation"),
            ("Stamp", "visible-annotation"),
            ("Highlight", "comment"),
        ],
    )
    def test_words_of_marks(self, kind, channel):
        def change(_pdf, page):
            note(page, Subtype=Name(f"/{kind}"), Contents=SECRET)

        assert told(change) == [(channel, SECRET)]


class TestTexts:
    def test_each_of_a_thousand_bookmarks(self):
        def change(pdf, _page):
            with pdf.open_outline() as outline:
                outline.root += [pikepdf.OutlineItem(f"Witness {n}", 0) for n in range(1_000)]

        assert {text for _, text in told(change)} == {f"Witness {n}" for n in range(1_000)}

    def test_what_cannot_be_unpacked_is_read_as_it_is(self):
        def change(pdf, _page):
            spec = spec_of(pdf, "a.txt")
            spec.EF.F.write(SECRET.encode(), filter=Name.FlateDecode)
            pdf.Root.AF = Array([spec])

        assert [packed.data for packed in read(change).packed] == [SECRET.encode()]

    @pytest.mark.parametrize("layers", [Array(), String("none"), Dictionary(OCGs=1, D=Array())])
    def test_layers_that_are_none(self, layers):
        def change(pdf, _page):
            pdf.Root.OCProperties = layers

        assert told(change) == []

    def test_names_of_layers_and_of_their_groups(self):
        def change(pdf, page):
            layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=SECRET))
            order = Array([String("A group"), Array([layer])])
            pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(Order=order))
            page.Resources.Properties = Dictionary(P=layer)

        assert told(change) == [("title", SECRET), ("title", "A group")]

    @pytest.mark.parametrize(
        "language",
        ["en", "en-GB", "zh-Hant-TW", "es_419", "", "x-unknown", "de-DE-1996", "ca-valencia"],
    )
    def test_a_language_is_nothing_to_tell(self, language):
        def change(pdf, _page):
            pdf.Root.Lang = language
            pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.P, Lang=language))

        assert told(change) == []

    def test_what_is_no_language_is_told(self):
        def change(pdf, _page):
            pdf.Root.Lang = f"en-{SECRET}"
            pdf.Root.StructTreeRoot = Dictionary(K=Dictionary(S=Name.P, Lang=SECRET))

        assert told(change) == [("custom-data", f"en-{SECRET}"), ("custom-data", SECRET)]

    def test_more_objects_than_are_looked_at_are_told(self, monkeypatch):
        monkeypatch.setattr(strings, "_MOST_OBJECTS", 30)

        def change(pdf, _page):
            with pdf.open_outline() as outline:
                outline.root += [pikepdf.OutlineItem(f"Witness {n}", 0) for n in range(50)]

        assert read(change).unread == ("it has more objects with text than are looked at",)

    def test_replacements_in_property_lists(self):
        """They are told once, and not taken for the page's text."""

        def change(_pdf, page):
            page.Resources.Properties = Dictionary(P=Dictionary(ActualText=SECRET), Q=Dictionary())

        content = "/Span /P BDC\n" + text("The witness spoke.", 30, 150) + "EMC\n"
        contents = read(change, content)
        assert [(t.channel, t.text) for t in contents.traces] == [("alternate-text", SECRET)]
        assert "The witness spoke." in contents.passages[0].text

    def test_a_replacement_that_cannot_be_parsed_is_told_without_its_text(self, monkeypatch):
        def refuse(_literal):
            raise pikepdf.PdfError

        monkeypatch.setattr(pikepdf.Object, "parse", refuse)
        content = f"/Span <</ActualText ({SECRET})>> BDC\n" + text("He spoke.", 30, 150) + "EMC\n"
        assert told(None, content) == [("alternate-text", "")]

    def test_descriptions_of_a_page_and_of_a_picture(self):
        def change(pdf, page):
            page.Metadata = pdf.make_stream(b"<x>who</x>")
            add_image(pdf, page, "I", photograph((60, 40)))
            page.Resources.XObject.I.Metadata = page.Metadata

        found = read(change, "q 60 0 0 40 40 60 cm /I Do Q\n").traces
        assert [(t.channel, t.place) for t in found] == [("xmp", "page 1"), ("xmp", "a picture")]

    @pytest.mark.parametrize("description", [b"", b"<x></x>", b"<x> 12 </x>"])
    def test_a_description_of_the_document_that_says_nothing(self, description):
        def change(pdf, _page):
            pdf.Root.Metadata = pdf.make_stream(description)

        assert told(change) == []


def test_too_many_objects(monkeypatch):
    monkeypatch.setattr(objects, "_MOST_OBJECTS", 4)
    with pytest.raises(LimitExceededError, match="more than 4 objects"):
        read(None)


def test_what_no_reader_can_take_is_damage(monkeypatch):
    """pikepdf raises errors of many kinds on hostile files."""

    def fail(*_):
        raise TypeError

    monkeypatch.setattr(objects.ObjectReader, "read", fail)
    with pytest.raises(DamagedInputError):
        read(None)

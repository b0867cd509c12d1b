"""Hostile and broken documents: a clear error or a clean result, never a partial file or a crash."""

import io
import zlib

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from saferedact.errors import DamagedInputError, InputError, LimitExceededError, SaferedactError
from saferedact.limits import DEFAULT_LIMITS, Limits
from saferedact.media import pdf_open
from saferedact.media.pdf_open import prepare, read_pdf
from saferedact.media.pdf_worker import use_password
from saferedact.pipeline.redact import redact_with_plan
from saferedact.testing.pdfs import make_channel

pytestmark = pytest.mark.usefixtures("engine")


def text_page(path, **save):
    make_channel("plain-text", path)
    if save:
        with pikepdf.open(path, allow_overwriting_input=True) as pdf:
            pdf.save(path, **save)


def refused(source, error, text):
    target = source.with_name("out.pdf")
    with pytest.raises(error, match=text):
        redact_with_plan(source, target, detectors=[])
    assert not target.exists()
    assert sorted(p.name for p in source.parent.iterdir()) == [source.name]


def accepted(source):
    target = source.with_name("out.pdf")
    redact_with_plan(source, target, detectors=[])
    with pikepdf.open(target) as pdf:
        return len(pdf.pages)


def edited(path, change):
    text_page(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        change(pdf)
        pdf.save(path)


def test_password(tmp_path):
    source = tmp_path / "a.pdf"
    text_page(source, encryption=pikepdf.Encryption(owner="o", user="secret", R=6))
    refused(source, InputError, "password is needed")
    with use_password("wrong"):
        refused(source, InputError, "password is wrong")
    with use_password("secret"):
        assert accepted(source) == 1
    with pikepdf.open(tmp_path / "out.pdf") as pdf:
        assert not pdf.is_encrypted


def test_owner_password_alone_is_no_obstacle(tmp_path):
    source = tmp_path / "a.pdf"
    text_page(source, encryption=pikepdf.Encryption(owner="o", user="", R=4))
    assert accepted(source) == 1


def test_xfa_without_fields(tmp_path):
    def change(pdf):
        pdf.Root["/AcroForm"] = Dictionary(Fields=Array(), XFA=pdf.make_stream(b"<xdp/>"))

    edited(tmp_path / "a.pdf", change)
    refused(tmp_path / "a.pdf", InputError, "XFA")


def test_portfolio(tmp_path):
    edited(
        tmp_path / "a.pdf",
        lambda pdf: pdf.Root.__setitem__("/Collection", Dictionary(View=Name("/D"))),
    )
    refused(tmp_path / "a.pdf", InputError, "portfolio")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\n",
        b"%PDF-1.7\ngarbage" * 100,
        b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj trailer<</Root 1 0 R>>",
    ],
)
def test_no_document(tmp_path, data):
    source = tmp_path / "a.pdf"
    source.write_bytes(data)
    refused(source, InputError, "damaged|no pages")


def test_broken_xref_is_mended(tmp_path):
    source = tmp_path / "a.pdf"
    text_page(source)
    data = source.read_bytes()
    source.write_bytes(data.replace(b"startxref", b"startxrex"))
    assert accepted(source) == 1


@pytest.mark.parametrize("kept", [0.1, 0.3, 0.6, 0.9])
def test_cut_off(tmp_path, kept):
    source, target = tmp_path / "a.pdf", tmp_path / "out.pdf"
    text_page(source)
    data = source.read_bytes()
    source.write_bytes(data[: int(len(data) * kept)])
    try:
        redact_with_plan(source, target, detectors=[])
    except SaferedactError:
        assert not target.exists()
    else:  # what is left can be read, and is a document
        with pikepdf.open(target) as pdf:
            assert len(pdf.pages) == 1


def test_page_tree_with_a_loop(tmp_path):
    def change(pdf):
        node = pdf.make_indirect(
            Dictionary(Type=Name("/Pages"), Count=1, Parent=pdf.Root["/Pages"])
        )
        node["/Kids"] = Array([pdf.Root["/Pages"]])
        pdf.Root["/Pages"]["/Kids"].append(node)

    source = tmp_path / "a.pdf"
    try:
        edited(source, change)
    except (pikepdf.PdfError, RuntimeError, ValueError):
        pytest.skip("this qpdf does not write such a file")
    with pytest.raises(SaferedactError):
        redact_with_plan(source, tmp_path / "out.pdf", detectors=[])
    assert not (tmp_path / "out.pdf").exists()


def test_no_pages(tmp_path):
    source = tmp_path / "a.pdf"
    pikepdf.new().save(source)
    refused(source, InputError, "no pages")


def test_too_many_pages(tmp_path):
    from saferedact.policy import load_policy

    source = tmp_path / "a.pdf"
    edited(source, lambda pdf: [pdf.pages.append(pdf.pages[0]) for _ in range(3)])
    policy = load_policy("release").model_copy(update={"limits": {"max_pages": 3}})
    with pytest.raises(LimitExceededError, match="4 pages"):
        redact_with_plan(source, tmp_path / "out.pdf", detectors=[], policy=policy)


def test_largest_page(tmp_path):
    def change(pdf):
        pdf.pages[0].obj["/MediaBox"] = Array([0, 0, 14_400, 14_400])

    edited(tmp_path / "a.pdf", change)
    assert accepted(tmp_path / "a.pdf") == 1


def test_page_beyond_200_inches(tmp_path):
    edited(
        tmp_path / "a.pdf",
        lambda pdf: pdf.pages[0].obj.__setitem__("/MediaBox", Array([0, 0, 15_000, 100])),
    )
    refused(tmp_path / "a.pdf", LimitExceededError, "200 inches")


def test_content_bomb(tmp_path):
    bomb = zlib.compress(b" " * (300 * 1024**2), 9)

    def change(pdf):
        stream = pdf.make_stream(b"")
        stream.write(bomb, filter=Name("/FlateDecode"))
        pdf.pages[0].obj["/Contents"] = stream

    source = tmp_path / "a.pdf"
    edited(source, change)
    refused(source, LimitExceededError, "stream|memory")


def test_damaged_image_data(tmp_path):
    def change(pdf):
        for number, name in enumerate(
            ("/JBIG2Decode", "/JPXDecode", "/DCTDecode", "/CCITTFaxDecode")
        ):
            image = pdf.make_stream(b"")
            image.write(b"\x00\x01damaged" * 20, filter=Name(name))
            for key, value in {
                "/Type": Name("/XObject"),
                "/Subtype": Name("/Image"),
                "/Width": 50,
                "/Height": 50,
                "/ColorSpace": Name("/DeviceGray"),
                "/BitsPerComponent": 8,
            }.items():
                image[key] = value
            resources = pdf.pages[0].obj["/Resources"]
            resources.setdefault("/XObject", Dictionary()) if hasattr(
                resources, "setdefault"
            ) else None
            if "/XObject" not in resources:
                resources["/XObject"] = Dictionary()
            resources["/XObject"][f"/I{number}"] = pdf.make_indirect(image)
        pdf.pages[0].contents_add(b"q 50 0 0 50 10 10 cm /I0 Do /I1 Do /I2 Do /I3 Do Q")

    edited(tmp_path / "a.pdf", change)
    assert accepted(tmp_path / "a.pdf") == 1


def test_signed_document_says_so(tmp_path):
    source = tmp_path / "a.pdf"
    make_channel("signature", source)
    result = redact_with_plan(source, tmp_path / "out.pdf", detectors=[])
    assert any("signature" in note for note in result.report.notes)


def test_form_that_draws_itself(tmp_path):
    def change(pdf):
        form = pdf.make_stream(b"/X1 Do BT /F1 12 Tf 9 9 Td (x) Tj ET")
        form["/Type"], form["/Subtype"], form["/BBox"] = (
            Name("/XObject"),
            Name("/Form"),
            Array([0, 0, 400, 400]),
        )
        form = pdf.make_indirect(form)
        form["/Resources"] = Dictionary(XObject=Dictionary(X1=form))
        pdf.pages[0].obj["/Resources"]["/XObject"] = Dictionary(X1=form)
        pdf.pages[0].contents_add(b"/X1 Do")

    edited(tmp_path / "a.pdf", change)
    assert accepted(tmp_path / "a.pdf") == 1


def test_a_crashing_parser_is_an_error_of_its_file(tmp_path, monkeypatch):
    from saferedact.media import pdf_worker

    source = tmp_path / "a.pdf"
    text_page(source)
    real = pdf_worker._Worker.call

    def crash(self, name, *args, **options):
        if name == "page":
            self._process.kill()
        return real(self, name, *args, **options)

    pdf_worker.end_worker()  # the one that is killed does not write down what it ran
    monkeypatch.setattr(pdf_worker._Worker, "call", crash)
    refused(source, InputError, "crashed")
    monkeypatch.undo()


_ = (io, pypdfium2, String)


class TestWhatIsOpened:
    """In this process, where the program asks another one: what opening refuses and mends."""

    def prepared(self, change, tmp_path, limits=DEFAULT_LIMITS):
        edited(tmp_path / "a.pdf", change)
        return prepare((tmp_path / "a.pdf").read_bytes(), limits=limits)

    def test_files_over_the_limit_or_out_of_reach(self, tmp_path):
        text_page(tmp_path / "a.pdf")
        assert read_pdf(tmp_path / "a.pdf", DEFAULT_LIMITS).startswith(b"%PDF-")
        with pytest.raises(LimitExceededError, match="over the limit of 9 bytes"):
            read_pdf(tmp_path / "a.pdf", Limits(max_pdf_bytes=9))
        with pytest.raises(InputError, match="cannot be read"):
            read_pdf(tmp_path, DEFAULT_LIMITS)
        with pytest.raises(InputError, match="cannot be read") as caught:
            read_pdf(tmp_path / "missing.pdf", DEFAULT_LIMITS)
        assert "missing" not in caught.value.message

    @pytest.mark.parametrize(
        "filters",
        [["/FlateDecode", "/FlateDecode"], ["/LZWDecode", "/FlateDecode"]],
    )
    def test_streams_that_are_packed_several_times(self, tmp_path, filters):
        def change(pdf):
            stream = pdf.make_stream(b"")
            stream.write(b"x", filter=Array([Name(name) for name in filters]))
            pdf.pages[0].obj["/Contents"] = stream

        edited(tmp_path / "a.pdf", lambda _pdf: None)
        with pikepdf.open(tmp_path / "a.pdf") as pdf:
            change(pdf)
            as_it_is = {
                "compress_streams": False,
                "stream_decode_level": pikepdf.StreamDecodeLevel.none,
            }
            pdf.save(tmp_path / "b.pdf", **as_it_is)
        with pytest.raises(LimitExceededError, match="several times"):
            prepare((tmp_path / "b.pdf").read_bytes(), limits=DEFAULT_LIMITS)

    @pytest.mark.parametrize("levels", [10, 70])
    def test_a_page_tree_may_be_so_deep(self, tmp_path, levels):
        def change(pdf):
            tree = pdf.Root.Pages
            for _ in range(levels):
                outer = pdf.make_indirect(
                    Dictionary(Type=Name("/Pages"), Kids=Array([tree]), Count=1)
                )
                tree.Parent = outer
                tree = outer
            pdf.Root.Pages = tree

        if levels > 64:
            with pytest.raises(LimitExceededError, match="page tree"):
                self.prepared(change, tmp_path)
        else:
            assert len(self.prepared(change, tmp_path).pdf.pages) == 1

    def test_what_pages_inherit_is_written_into_them(self, tmp_path):
        def change(pdf):
            page, tree = pdf.pages[0].obj, pdf.Root.Pages
            tree.Rotate, tree.MediaBox = 90, page.MediaBox
            del page.MediaBox

        prepared = self.prepared(change, tmp_path)
        page = prepared.pdf.pages[0].obj
        assert page.Rotate == 90
        assert "/MediaBox" in page

    def test_a_foreign_error_is_damage(self, tmp_path, monkeypatch):
        def fail(*_):
            raise TypeError

        monkeypatch.setattr(pdf_open, "check_streams", fail)
        with pytest.raises(DamagedInputError, match="its pages cannot be read"):
            self.prepared(lambda _pdf: None, tmp_path)

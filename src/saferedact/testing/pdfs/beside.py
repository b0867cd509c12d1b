"""What a document holds beside its pages, and what is left in its bytes."""

import io
from typing import Any

from saferedact.testing.pdfs.annotations import annotate
from saferedact.testing.pdfs.fonts import embedded
from saferedact.testing.pdfs.paper import (
    Paper,
    say,
    scan,
    sentence_of,
)
from saferedact.testing.pdfs.registry import channel


@channel("outline")
def _outline(p: Paper) -> None:
    from pikepdf import OutlineItem

    p.content("")
    with p.pdf.open_outline() as outline:
        outline.root.append(OutlineItem(sentence_of(p.s), 0))


@channel("named-destination")
def _destination(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    p.pdf.Root["/Names"] = Dictionary(
        Dests=Dictionary(Names=Array([String(p.s.name), Array([p.page, Name("/Fit")])]))
    )


@channel("page-labels")
def _labels(p: Paper) -> None:
    from pikepdf import Array, Dictionary, String

    p.content("")
    p.pdf.Root["/PageLabels"] = Dictionary(
        Nums=Array([0, Dictionary(P=String(f"{p.s.name} {p.s.phone} "))])
    )


@channel("embedded-file")
def _embedded_file(p: Paper) -> None:
    p.content("")
    p.pdf.attachments["notes.txt"] = sentence_of(p.s).encode()


@channel("associated-file")
def _associated(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    data = p.pdf.make_stream(sentence_of(p.s).encode())
    spec = p.pdf.make_indirect(
        Dictionary(Type=Name("/Filespec"), F=String("a"), EF=Dictionary(F=data))
    )
    p.pdf.Root["/AF"] = Array([spec])
    p.page["/AF"] = Array([spec])


@channel("javascript")
def _javascript(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")

    def script(text: str) -> Any:
        return Dictionary(S=Name("/JavaScript"), JS=String(f"app.alert('{text}')"))

    p.pdf.Root["/OpenAction"] = script(p.s.name)
    p.pdf.Root["/Names"] = Dictionary(
        JavaScript=Dictionary(Names=Array([String("a"), script(p.s.phone)]))
    )
    p.page["/AA"] = Dictionary(O=script(p.s.name))
    annotate(p, "Link", A=script(p.s.phone))


@channel("private-data")
def _private(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    p.page["/PieceInfo"] = Dictionary(Maker=Dictionary(Private=String(p.s.name)))
    p.pdf.Root["/Threads"] = Array([Dictionary(I=Dictionary(Title=String(p.s.name)))])
    p.pdf.Root["/URI"] = Dictionary(Base=String(f"https://example.org/{p.s.last}/{p.s.name}"))
    p.pdf.Root["/OutputIntents"] = Array(
        [
            Dictionary(
                S=Name("/GTS_PDFA1"),
                Info=String(p.s.phone),
                OutputConditionIdentifier=String(p.s.name),
            )
        ]
    )
    p.pdf.Root["/Maker"] = Dictionary(Note=String(p.s.phone))
    p.page["/Maker"] = String(p.s.name.encode("utf-16").decode("latin-1"))


@channel("actual-text")
def _actual(p: Paper) -> None:
    text = p.s.name.encode("utf-16-be").hex()
    p.content(f"/Span <</ActualText <FEFF{text}> /Alt ({p.s.phone})>> BDC {say('a figure')} EMC")


@channel("structure-tree")
def _structure(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("/P <</MCID 0>> BDC " + say("a figure") + "EMC")
    element = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/StructElem"),
            S=Name("/P"),
            Alt=String(p.s.name),
            ActualText=String(p.s.phone),
            T=String(p.s.name),
        )
    )
    p.pdf.Root["/StructTreeRoot"] = Dictionary(Type=Name("/StructTreeRoot"), K=Array([element]))


@channel("info")
def _info(p: Paper) -> None:
    p.content("")
    p.pdf.docinfo["/Author"] = p.s.name
    p.pdf.docinfo["/Subject"] = p.s.phone


@channel("xmp")
def _xmp(p: Paper) -> None:
    p.content("")
    xml = (
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF "
        "xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "
        f"xmlns:m='https://example.org/'><m:a>{p.s.name} {p.s.phone}</m:a></rdf:Description></rdf:RDF>"
        "</x:xmpmeta>"
    )
    p.pdf.Root["/Metadata"] = p.pdf.make_stream(xml.encode())
    p.page["/Metadata"] = p.pdf.make_stream(xml.encode())


@channel("signature")
def _signature(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    value = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/Sig"),
            Filter=Name("/Adobe.PPKLite"),
            Name=String(p.s.name),
            ContactInfo=String(p.s.phone),
            Contents=String("x" * 40),
        )
    )
    field = annotate(p, "Widget", FT=Name("/Sig"), T=String("s"), V=value)
    p.pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field]), SigFlags=3)


@channel("thumbnail", pixels=True)
def _thumbnail(p: Paper) -> None:
    p.content("")
    p.page["/Thumb"] = p.image(scan(p.s))


@channel("resource-names")
def _resource_names(p: Paper) -> None:
    name = f"/{p.s.first}{p.s.last}"
    p.resource("/Font", name, p.page["/Resources"]["/Font"]["/F1"])
    p.content(f"BT {name} 12 Tf 40 200 Td (Item four) Tj ET")


@channel("font-name")
def _font_name(p: Paper) -> None:
    characters = sorted(set("Item four"))
    font = embedded(p, characters, name=f"ABCDEF+{p.s.first}{p.s.last}")
    p.resource("/Font", "/F9", font)
    codes = {char: number + 1 for number, char in enumerate(characters)}
    p.content(f"BT /F9 13 Tf 30 200 Td <{''.join(f'{codes[c]:04X}' for c in 'Item four')}> Tj ET")


@channel("template-page")
def _template(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    hidden = p.form(say(sentence_of(p.s)))
    p.pdf.Root["/Names"] = Dictionary(Templates=Dictionary(Names=Array([String("t"), hidden])))
    p.pdf.Root["/Pages"]["/Spare"] = Dictionary(Type=Name("/Template"), Note=String(p.s.name))


@channel("orphan-object")
def _orphan(p: Paper) -> bytes:
    p.content("")
    data = p.saved(compress_streams=False, object_stream_mode=_no_object_streams())
    extra = f"9999 0 obj\n({p.s.name} {p.s.phone})\nendobj\n".encode()
    place = data.rfind(b"xref\n", 0, data.rfind(b"startxref"))
    del place
    return (
        data.replace(b"\nxref\n", b"\n% " + p.s.name.encode() + b"\n" + extra + b"xref\n", 1)
        + b"% "
        + p.s.phone.encode()
    )


def _no_object_streams() -> Any:
    import pikepdf

    return pikepdf.ObjectStreamMode.disable


@channel("old-revision")
def _revision(p: Paper) -> bytes:
    """Append a revision in which the page's content is another one."""
    p.content(say(sentence_of(p.s)))
    data = p.saved(compress_streams=False, object_stream_mode=_no_object_streams())
    number = p.page["/Contents"].objgen[0]
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        number = pdf.pages[0].obj["/Contents"].objgen[0]
        size = int(pdf.trailer["/Size"])
        root = pdf.Root.objgen[0]
    start = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    new = b"BT /F1 12 Tf 40 200 Td (Nothing to see) Tj ET"
    place = len(data) + 1
    data += (
        b"\n"
        + f"{number} 0 obj\n<</Length {len(new)}>>\nstream\n".encode()
        + new
        + b"\nendstream\nendobj\n"
    )
    table = len(data)
    data += (
        f"xref\n{number} 1\n{place:010d} 00000 n \ntrailer\n<</Size {size} /Root {root} 0 R /Prev {start}>>\n"
        f"startxref\n{table}\n%%EOF\n"
    ).encode()
    return data


@channel("deleted-page")
def _deleted_page(p: Paper) -> bytes:
    p.content("")
    keep = p.page
    p.add_page()
    p.content(say(sentence_of(p.s)))
    gone = p.page
    keep["/Spare"] = gone  # keeps the page's objects in the file
    del p.pdf.pages[1]
    return p.saved()

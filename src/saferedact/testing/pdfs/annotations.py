"""Annotations and form fields."""

from typing import Any

from saferedact.testing.pdfs.paper import Paper, say, sentence_of
from saferedact.testing.pdfs.registry import channel


def annotate(p: Paper, subtype: str, **entries: Any) -> Any:
    """Put an annotation on the page; return it."""
    from pikepdf import Array, Dictionary, Name

    annotation = p.pdf.make_indirect(
        Dictionary(
            Type=Name("/Annot"),
            Subtype=Name(f"/{subtype}"),
            Rect=Array([30, 180, 400, 220]),
            **entries,
        )
    )
    if "/Annots" not in p.page:
        p.page["/Annots"] = p.pdf.make_indirect(Array())
    p.page["/Annots"].append(annotation)
    return annotation


def _appearance(p: Paper, text: str) -> Any:
    from pikepdf import Array

    form = p.form(say(text, x=5, y=12))
    form["/BBox"] = Array([0, 0, 370, 40])
    return form


@channel("annotation-stamp")
def _stamp(p: Paper) -> None:
    from pikepdf import Dictionary, String

    p.content("")
    annotate(
        p, "Stamp", AP=Dictionary(N=_appearance(p, sentence_of(p.s))), Contents=String(p.s.name)
    )


@channel("annotation-free-text")
def _free_text(p: Paper) -> None:
    from pikepdf import Dictionary, String

    p.content("")
    annotate(
        p,
        "FreeText",
        AP=Dictionary(N=_appearance(p, sentence_of(p.s))),
        Contents=String(sentence_of(p.s)),
        RC=String(f"<body><p>{p.s.name}</p></body>"),
        DA=String("/Helv 12 Tf 0 g"),
        F=4,
    )


@channel("annotation-hidden")
def _hidden_annotation(p: Paper) -> None:
    from pikepdf import Dictionary

    p.content("")
    annotate(p, "Stamp", AP=Dictionary(N=_appearance(p, sentence_of(p.s))), F=2)


@channel("annotation-rollover")
def _rollover(p: Paper) -> None:
    from pikepdf import Dictionary

    p.content("")
    annotate(
        p,
        "Stamp",
        AP=Dictionary(
            N=_appearance(p, "Seen"),
            R=_appearance(p, sentence_of(p.s)),
            D=_appearance(p, sentence_of(p.s)),
        ),
    )


@channel("annotation-note")
def _note(p: Paper) -> None:
    from pikepdf import Name, String

    p.content("")
    note = annotate(p, "Text", Contents=String(sentence_of(p.s)), T=String(p.s.name))
    popup = annotate(p, "Popup", Parent=note)
    note["/Popup"] = popup
    annotate(p, "Text", Contents=String(p.s.phone), IRT=note, RT=Name("/R"))


@channel("annotation-attachment")
def _attached(p: Paper) -> None:
    from pikepdf import Dictionary, Name, String

    p.content("")
    data = p.pdf.make_stream(sentence_of(p.s).encode())
    annotate(
        p,
        "FileAttachment",
        FS=Dictionary(Type=Name("/Filespec"), F=String(f"{p.s.last}.txt"), EF=Dictionary(F=data)),
    )


@channel("annotation-link")
def _link(p: Paper) -> None:
    from pikepdf import Dictionary, Name, String

    p.content("")
    annotate(
        p,
        "Link",
        A=Dictionary(
            S=Name("/URI"), URI=String(f"mailto:{p.s.first}.{p.s.last}@example.org?{p.s.name}")
        ),
    )


@channel("redact-annotation")
def _redact_annotation(p: Paper) -> None:
    from pikepdf import Dictionary, String

    p.content(say(sentence_of(p.s)))
    annotate(
        p,
        "Redact",
        OverlayText=String(p.s.name),
        RO=_appearance(p, p.s.name),
        AP=Dictionary(N=_appearance(p, p.s.phone)),
    )


@channel("widget")
def _widget(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    field = annotate(
        p,
        "Widget",
        FT=Name("/Tx"),
        T=String("witness"),
        V=String(p.s.name),
        DV=String(p.s.phone),
        TU=String(sentence_of(p.s)),
        MK=Dictionary(CA=String(p.s.last)),
        Opt=Array([String(p.s.name)]),
        AP=Dictionary(N=_appearance(p, sentence_of(p.s))),
        F=4,
    )
    orphan = p.pdf.make_indirect(Dictionary(FT=Name("/Tx"), T=String("other"), V=String(p.s.name)))
    p.pdf.Root["/AcroForm"] = Dictionary(Fields=Array([field, orphan]), DA=String("/F1 0 Tf"))


@channel("xfa-data")
def _xfa(p: Paper) -> None:
    from pikepdf import Array, Dictionary, Name, String

    p.content("")
    field = annotate(
        p, "Widget", FT=Name("/Tx"), T=String("a"), AP=Dictionary(N=_appearance(p, "none")), F=4
    )
    data = p.pdf.make_stream(f"<xdp><name>{p.s.name}</name><tel>{p.s.phone}</tel></xdp>".encode())
    p.pdf.Root["/AcroForm"] = Dictionary(
        Fields=Array([field]), XFA=Array([String("datasets"), data])
    )

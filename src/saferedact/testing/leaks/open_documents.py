"""OpenDocument files: those that hide something, a channel each, and those that hide nothing."""

from collections.abc import Callable

from saferedact.testing.leaks.pdf_page import FILLER, SECRET
from saferedact.testing.parcels import zipped

__all__ = ["BENIGN_OPEN", "OPEN_LEAKS", "open_document"]

_NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "style": "style",
        "draw": "drawing",
        "presentation": "presentation",
        "meta": "meta",
        "config": "config",
        "form": "form",
        "chart": "chart",
        "svg": "svg-compatible",
        "fo": "xsl-fo-compatible",
    }.items()
)
_LINES = "".join(f"<text:p>{line}</text:p>" for line in FILLER)


def open_document(
    body: str,
    *,
    kind: str = "text",
    styles: str = "",
    meta: str = "",
    more: dict[str, bytes] | None = None,
) -> bytes:
    """Write an OpenDocument file.

    Parameters
    ----------
    body : str
        XML of its content, within ``office:text`` or what `kind` says.
    kind : {"text", "spreadsheet", "presentation", "drawing"}
        Its kind.
    styles, meta : str
        XML of its styles and properties.
    more : dict, optional
        Other members, by name.
    """
    content = (
        f"<office:document-content {_NAMES}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    properties = (
        f'<office:document-meta {_NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<office:meta>{meta}</office:meta></office:document-meta>"
    )
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(),
        "content.xml": content.encode(),
        "styles.xml": f"<office:document-styles {_NAMES}/>".encode(),
        "meta.xml": properties.encode(),
        "META-INF/manifest.xml": b"<manifest/>",
    }
    return zipped(members | (more or {}))


def _text(body: str = "", **options: str) -> Callable[[], bytes]:
    return lambda: open_document(
        _LINES + body, styles=options.get("styles", ""), meta=options.get("meta", "")
    )


def _with(name: str, data: bytes) -> Callable[[], bytes]:
    return lambda: open_document(_LINES, more={name: data})


def _cell(text: str) -> str:
    return f"<table:table-cell><text:p>{text}</text:p></table:table-cell>"


def _sheet(table: str, styles: str = "") -> Callable[[], bytes]:
    first = f"<table:table><table:table-row>{_cell('Station')}</table:table-row></table:table>"
    return lambda: open_document(first + table, kind="spreadsheet", styles=styles)


def _slides(slides: str, styles: str = "") -> Callable[[], bytes]:
    box = "<draw:frame><draw:text-box><text:p>Summer campaign</text:p></draw:text-box></draw:frame>"
    body = f"<draw:page>{box}</draw:page>{slides}"
    return lambda: open_document(body, kind="presentation", styles=styles)


def _style(family: str, properties: str) -> str:
    return (
        f'<style:style style:name="base" style:family="{family}">{properties}</style:style>'
        f'<style:style style:name="own" style:family="{family}" style:parent-style-name="base"/>'
    )


_SPAN = f'<text:p>a <text:span text:style-name="own">{SECRET}</text:span></text:p>'
_HIDDEN = '<style:text-properties text:display="none"/>'
_WHITE = '<style:text-properties fo:color="#FFFFFF"/>'
_DARK = '<style:text-properties fo:color="#000000" fo:background-color="#000000"/>'
_TINY = '<style:text-properties fo:font-size="1pt"/>'
_GONE = '<style:table-properties table:display="false"/>'
_UNSHOWN = '<style:drawing-page-properties presentation:visibility="hidden"/>'
_HEAD = '<style:text-properties fo:color="#ffffff"/><style:table-cell-properties fo:background-color="#000"/>'
_TRACKED = (
    "<text:tracked-changes><text:changed-region>{}</text:changed-region></text:tracked-changes>"
)
_OTHER = f"<x {_NAMES}><text:p>{SECRET}</text:p></x>".encode()

OPEN_LEAKS: dict[str, Callable[[], bytes]] = {
    "deleted.odt": _text(
        _TRACKED.format(f"<text:deletion><text:p>{SECRET}</text:p></text:deletion>")
    ),
    "inserted.odt": _text(_TRACKED.format(f"<text:insertion><a>{SECRET}</a></text:insertion>")),
    "comment.odt": _text(
        f"<text:p>a<office:annotation><text:p>{SECRET}</text:p></office:annotation></text:p>"
    ),
    "author.odt": _text(meta=f"<meta:initial-creator>{SECRET}</meta:initial-creator>"),
    "own_property.odt": _text(meta=f"<meta:user-defined>{SECRET}</meta:user-defined>"),
    "hidden_style.odt": _text(_SPAN, styles=_style("text", _HIDDEN)),
    "white_run.odt": _text(_SPAN, styles=_style("text", _WHITE)),
    "tiny_run.odt": _text(_SPAN, styles=_style("text", _TINY)),
    "black_run.odt": _text(_SPAN, styles=_style("text", _DARK)),
    "hidden_section.odt": _text(
        f'<text:section text:display="none"><text:p>{SECRET}</text:p></text:section>'
    ),
    "hidden_paragraph.odt": _text(
        f'<text:p>{SECRET}<text:hidden-paragraph text:is-hidden="true"/></text:p>'
    ),
    "hidden_field.odt": _text(
        f'<text:p>a<text:hidden-text text:string-value="{SECRET}"/></text:p>'
    ),
    "hidden_control.odt": _text(
        f'<office:forms><form:hidden form:value="{SECRET}"/></office:forms>'
    ),
    "variable.odt": _text(
        f'<text:user-field-decls><text:user-field-decl office:string-value="{SECRET}"/>'
        "</text:user-field-decls>"
    ),
    "macro.odt": _with("Basic/Standard/Module1.xml", b"<x/>"),
    "earlier.odt": _with("Versions/Version1", b"x"),
    "thumbnail.odt": _with("Thumbnails/thumbnail.png", b""),
    "left_over.odt": _with("notes/a.txt", SECRET.encode()),
    "object.odt": _with("Object 1/content.xml", _OTHER),
    "binary_object.odt": _with("Object 1", SECRET.encode()),
    "hidden_column.ods": _sheet(
        '<table:table><table:table-column/><table:table-column table:visibility="collapse"/>'
        f"<table:table-row>{_cell('a')}{_cell(SECRET)}</table:table-row></table:table>"
    ),
    "filtered_row.ods": _sheet(
        '<table:table><table:table-row-group><table:table-row table:visibility="filter">'
        f"{_cell(SECRET)}</table:table-row></table:table-row-group></table:table>"
    ),
    "hidden_sheet.ods": _sheet(
        f'<table:table table:style-name="own"><table:table-row>{_cell(SECRET)}</table:table-row>'
        "</table:table>",
        _style("table", _GONE),
    ),
    "notes.odp": _slides(
        f"<draw:page><presentation:notes><text:p>{SECRET}</text:p></presentation:notes></draw:page>"
    ),
    "hidden_slide.odp": _slides(
        f'<draw:page draw:style-name="own"><draw:frame><text:p>{SECRET}</text:p></draw:frame></draw:page>',
        _style("drawing-page", _UNSHOWN),
    ),
}

BENIGN_OPEN: dict[str, Callable[[], bytes]] = {
    "letter.odt": _text(
        meta="<meta:generator>a</meta:generator><meta:user-defined>3</meta:user-defined>"
    ),
    "shown_section.odt": _text(
        '<text:section text:display="condition" text:is-hidden="false"><text:p>a</text:p></text:section>'
        '<text:p>a<text:s/>b<text:line-break/>c<text:hidden-paragraph text:is-hidden="false"/></text:p>',
        styles=_style("text", '<style:text-properties fo:color="#333333" fo:font-size="90%"/>'),
    ),
    "white_on_dark.ods": _sheet(
        '<table:table><table:table-column table:number-columns-repeated="2"/><table:table-row>'
        f"<table:table-cell table:style-name='own'><text:p>Calls</text:p></table:table-cell>{_cell('7')}"
        "</table:table-row></table:table>",
        _style("table-cell", _HEAD),
    ),
    "chart.ods": lambda: open_document(
        "<table:table/>",
        kind="spreadsheet",
        more={
            "Object 1/content.xml": f"<x {_NAMES}><chart:chart/><text:p>Calls</text:p></x>".encode()
        },
    ),
    "slides.odp": _slides("<draw:page><presentation:notes/></draw:page>"),
}

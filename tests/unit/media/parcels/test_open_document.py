"""OpenDocument files: what is shown, what is locked, and what is not looked at. Channels: tests/unit/hidden."""

import io

import pytest

from saferedact.errors import DamagedInputError
from saferedact.media.office import read_office
from saferedact.testing.leaks.open_documents import BENIGN_OPEN, open_document

SECRET = "Mhairi Oyelowo"


def read(*arguments, **options):
    return read_office(io.BytesIO(open_document(*arguments, **options)))


def shown(contents):
    return [passage.text for passage in contents.passages]


def test_what_is_shown_is_read():
    contents = read(
        "<text:h>A road</text:h><text:p>is <text:span>open</text:span><text:tab/>again</text:p>"
    )
    assert contents.format == "ODT"
    assert shown(contents) == ["A road", "is open again"]
    assert contents.traces == contents.packed == contents.unread == ()
    assert shown(read("")) == []


@pytest.mark.parametrize("name", BENIGN_OPEN)
def test_the_kind_is_told(name):
    contents = read_office(io.BytesIO(BENIGN_OPEN[name]()))
    assert contents.format == name[-3:].upper()


def test_a_locked_file_is_refused():
    with pytest.raises(DamagedInputError, match="locked"):
        read("", more={"META-INF/manifest.xml": b"<a><encryption-data/></a>"})


def test_what_is_not_looked_at_is_told():
    assert read("<draw:rect/>").unread == ("what shapes of the file cover was not looked at",)
    assert "of a kind that is not read" in read("", kind="database").unread[0]
    empty = read_office(io.BytesIO(open_document("", more={"content.xml": b"<a/>"})))
    assert "of a kind that is not read" in empty.unread[0]


def test_tables_in_tables_are_read_once():
    inner = "<table:table><table:table-row><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    outer = f"<table:table><table:shapes><draw:frame><text:p>c</text:p></draw:frame></table:shapes><table:table-header-rows><table:table-row><table:table-cell><text:p>a</text:p>{inner}</table:table-cell></table:table-row></table:table-header-rows></table:table>"
    assert shown(read(outer)) == ["c", "a", "b"]


def test_repeated_columns_are_counted():
    cell = "<table:table-cell table:number-columns-repeated='3'/>"
    last = f"<table:table-cell><text:p>{SECRET}</text:p></table:table-cell>"
    columns = "<table:table-column table:number-columns-repeated='{}'/><table:table-column table:visibility='collapse'/>"
    row = f"<table:table-row>{cell}{last}</table:table-row>"
    for before, hidden in ((3, True), (2, False), ("x", False)):
        table = f"<table:table>{columns.format(before)}{row}</table:table>"
        contents = read(table, kind="spreadsheet")
        assert bool(contents.traces) == hidden
        assert (shown(contents) == [SECRET]) == (not hidden)


def test_settings_and_templates_are_told():
    meta = '<meta:template xlink:href="/home/a/b.ott" xmlns:xlink="x"/>'
    settings = b'<a xmlns:c="x"><c:config-item c:name="PrinterName">Upstairs</c:config-item></a>'
    contents = read("", meta=meta, more={"settings.xml": settings})
    told = {(trace.channel, trace.text) for trace in contents.traces}
    assert told == {("template-path", "/home/a/b.ott"), ("custom-data", "Upstairs")}


def test_changes_of_tables_are_told():
    changes = f"<table:tracked-changes><table:cell-content-change><table:previous><text:p>{SECRET}</text:p></table:previous></table:cell-content-change></table:tracked-changes>"
    (trace,) = read(changes, kind="spreadsheet").traces
    assert (trace.channel, trace.text) == ("deleted-text", SECRET)


def test_white_text_in_a_colored_shape_is_seen():
    styles = '<style:style style:name="own" style:family="text"><style:text-properties fo:color="#fff"/></style:style>'
    body = '<draw:page><draw:frame><text:p><text:span text:style-name="own">a</text:span></text:p></draw:frame></draw:page>'
    assert read(body, kind="presentation", styles=styles).traces == ()
    automatic = styles.replace(
        'fo:color="#fff"', 'style:use-window-font-color="true" fo:color="#fff"'
    )
    span = '<text:p><text:span text:style-name="own">a</text:span></text:p>'
    assert read(span, styles=automatic).traces == ()
    assert read(span, styles=styles).traces[0].channel == "invisible-text"


def test_styles_in_a_circle_end():
    styles = '<style:style style:name="own" style:family="text" style:parent-style-name="own"/>'
    span = '<text:p><text:span text:style-name="own">a</text:span></text:p>'
    assert shown(read(span, styles=styles)) == ["a"]


@pytest.mark.parametrize("said", ["", SECRET])
def test_a_number_of_pages_is_no_note(said):
    number = "<text:page-number>&lt;number&gt;</text:page-number>"
    notes = f"<presentation:notes xmlns:presentation='x'><text:p>{number}{said}</text:p></presentation:notes>"
    traces = read(f"<draw:page>{notes}</draw:page>", kind="presentation").traces
    assert [(t.channel, t.text) for t in traces] == ([("speaker-notes", SECRET)] if said else [])

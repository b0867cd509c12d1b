"""The texts of a text file, each with its place."""

import pytest

from saferedact.errors import LimitExceededError
from saferedact.pipeline.text_segments import text_segments
from saferedact.text.sweep import Seed, sweep


def segments(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return text_segments(path)


def test_captions_have_times_and_are_read_together(tmp_path):
    found = segments(
        tmp_path,
        "a.vtt",
        "WEBVTT\n\n1\n00:01.500 --> 00:02.000\n<v Jo>Priya\n\n2\n01:00:03,000 --> 01:00:04,000\nNair\n",
    )
    assert [s.time for s in found] == [None, 1.5, 3603.0, None]
    assert "Priya" in found[1].text
    assert found[1].first_line == 4
    assert "Priya Nair" in " ".join(found[-1].text.split())


@pytest.mark.parametrize(
    ("settings", "read"), [("", ""), (" align:start X1:20", ""), (" region:Nair", "region:Nair")]
)
def test_what_stands_behind_times_and_says_more_than_where_is_read(tmp_path, settings, read):
    caption = f"00:01.500 --> 00:02.000{settings}\nHello\n"
    found = segments(tmp_path, "a.vtt", f"WEBVTT\n\n{caption}\n{caption}")
    assert [" ".join(s.text.split()) for s in found[1:3]] == [f"{read} Hello".strip()] * 2
    assert found[3].text == " ".join([f"{read} Hello".strip()] * 2)


def test_an_entity_parts_no_word(tmp_path):
    (found,) = segments(tmp_path, "a.vtt", "00:01.500 --> 00:02.000\nN&#97;ir &amp; co\n")
    (name,) = sweep(found.text, [Seed("Nair", "person")])
    assert found.text[name.start : name.end].replace("\u200b", "") == "Nair"
    assert "& " in found.text


def test_markup_keeps_places_and_what_is_hidden(tmp_path):
    page = '<p title="Jo">A&amp;B</p><!-- Priya --><script>x="Nair"</script>'
    found, read = segments(tmp_path, "a.html", page)
    assert "A&B" in read.text
    assert len(found.text) == len(page)
    assert found.text.index("Jo") == page.index("Jo")
    assert "A&" in found.text
    assert "Priya" in found.text
    assert "Nair" in found.text
    assert "<p" not in found.text


def test_a_text_that_is_too_long(tmp_path):
    with pytest.raises(LimitExceededError):
        segments(tmp_path, "a.txt", b"a" * (10 * 1024**2 + 1))


def test_json_that_is_none_is_read_as_it_is(tmp_path):
    (found,) = segments(tmp_path, "a.json", '{"a": "\\u0041",')
    assert found.text.startswith("{")

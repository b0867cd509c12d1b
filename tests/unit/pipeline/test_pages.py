"""Pages of HTML: what they hide is told, and what was not looked at."""

import base64

import pytest

from saferedact.media import data_addresses
from saferedact.pipeline import check
from saferedact.testing.leaks import BENIGN, LEAKS

SHOWN = "<p>Northmoor Police are looking for witnesses.</p>"


def judged(tmp_path, page):
    path = tmp_path / "page.html"
    path.write_text(f"<html><body>{page}</body></html>", encoding="utf-8")
    report = check(path, detectors=(), finder=None, image_text=None, parser=None)
    rules = {finding.rule_id for finding in report.findings}
    return rules, report


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (SHOWN, False),
        (SHOWN + "<!-- -->", False),
        (SHOWN + "<!--[if IE]>x<![endif]-->", False),
        (SHOWN + "<!-- take out before Monday -->", True),
        (SHOWN + '<p style="display: none">Brambledown</p>', True),
        (SHOWN + "<div hidden>Brambledown</div>", True),
        ('<div style="background:#000"><p style="color:#fff">Brambledown</p></div>', False),
    ],
)
def test_what_a_page_does_not_show(tmp_path, page, told):
    rules, report = judged(tmp_path, page)
    assert ("HD-04" in rules) == told
    assert "Brambledown" not in report.to_html()


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (SHOWN + "<style>.a { color: white }</style>", "style sheets and scripts"),
        (SHOWN + '<img src="data:image/png;base64,AAAA">', "line 1, file inside"),
        (SHOWN + '<img src="data:image/png;base64,%">', "it cannot be looked into"),
    ],
)
def test_what_was_not_looked_at_is_told(tmp_path, page, words):
    rules, report = judged(tmp_path, page)
    assert "CF-06" in rules
    assert words in report.to_html()


def test_pictures_inside_are_looked_into(tmp_path):
    data = base64.b64encode(LEAKS["gps.jpg"]()).decode()
    rules, _ = judged(tmp_path, f'{SHOWN}<img src="data:image/jpeg;base64,{data}">')
    assert "HD-01" in rules
    honest = base64.b64encode(BENIGN["photograph.jpg"]()).decode()
    rules, report = judged(tmp_path, f'{SHOWN}<img src="data:image/jpeg;base64,{honest}">')
    assert rules == {"CF-06"}
    assert "pictures inside were not looked at" in report.to_html()


def test_only_so_many_files_are_looked_into(tmp_path, monkeypatch):
    monkeypatch.setattr(data_addresses, "MOST_FILES_INSIDE", 1)
    _, report = judged(tmp_path, SHOWN + 2 * '<img src="data:image/png,%00">')
    assert "and the rest: it cannot be looked into" in report.to_html()

"""Two documents that differ only in a hidden name, and in the displacement it causes, are one output."""

import noninterference
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from saferedact.pipeline.redact import redact_with_plan

FIRST = ("Al", "Una", "Harriet", "Wilhelmina", "Bartholomew", "Mia", "Jim")
LAST = ("Ng", "Osgathorp", "Quennell", "Wigglesworth", "Illing", "Trewhella", "Mmonwu")


def redacted(tmp_path, engine, label, **layout):
    source, target = tmp_path / f"{label}.pdf", tmp_path / f"{label}-out.pdf"
    noninterference.document(source, **layout)
    engine.know(layout["name"])
    redact_with_plan(source, target, detectors=[], overwrite=True)
    return target.read_bytes()


@settings(
    max_examples=20,
    phases=[p for p in Phase if p is not Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(
    font="Helvetica",
    size=11,
    place="middle",
    style="underlined",
    first=("Al", "Ng"),
    second=("Wilhelmina", "Wigglesworth"),
)
@example(
    font="Times-Roman",
    size=12,
    place="first",
    style="runs",
    first=("Mia", "Illing"),
    second=("Bartholomew", "Mmonwu"),
)
@given(
    font=st.sampled_from(sorted(noninterference.WIDTHS)),
    size=st.sampled_from([9, 10.5, 11, 12]),
    place=st.sampled_from(["first", "middle", "last"]),
    style=st.sampled_from(["line", "runs", "kerned", "underlined", "form", "cell"]),
    first=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
    second=st.tuples(st.sampled_from(FIRST), st.sampled_from(LAST)),
)
def test_output_does_not_depend_on_the_hidden_name(  # noqa: PLR0917
    tmp_path, engine, font, size, place, style, first, second
):
    layout = {
        "font": font,
        "size": size,
        "place": place,
        "style": style,
        "before": "There we met",
        "after": "5 of us left by the gate",
    }
    one = redacted(tmp_path, engine, "one", name=" ".join(first), **layout)
    other = redacted(tmp_path, engine, "other", name=" ".join(second), **layout)
    assert one == other


def test_the_property_can_fail(tmp_path, engine):
    """Without redaction the two outputs differ: the comparison is not of constants."""
    layout = {
        "font": "Helvetica",
        "size": 11,
        "place": "middle",
        "style": "line",
        "before": "There we met",
        "after": "5 of us left",
    }
    source, outputs = tmp_path / "a.pdf", []
    for name in ("Mia Ng", "Una Illing"):
        noninterference.document(source, name=name, **layout)
        engine.know()
        redact_with_plan(source, tmp_path / "o.pdf", detectors=[], overwrite=True)
        outputs.append((tmp_path / "o.pdf").read_bytes())
    assert outputs[0] != outputs[1]


_ = pytest

"""Names of one file of a release are looked for in every other."""

from saferedact.detectors.identities import IdentityEngine
from saferedact.pipeline.shared_names import names_in, with_names
from saferedact.policy import load_policy
from saferedact.testing.checks import base_case, case_of
from saferedact.text.spans import TextSpan


class Marked:
    """Takes words between asterisks for names."""

    class info:  # noqa: N801
        name = "marked"

    def detect(self, text, *, language):
        found, at = [], text.find("*")
        while at >= 0:
            end = text.find("*", at + 1)
            score = 0.9 if end - at > 4 else 0.4
            found.append(TextSpan(at + 1, end, "name", "person", score, "marked"))
            at = text.find("*", end + 1)
        return found


def engine():
    return IdentityEngine.of(load_policy("release"), case_of(base_case()), "en", [Marked()])


def test_names_are_collected_once_and_not_those_who_may_be_named(tmp_path):
    (tmp_path / "a.txt").write_text("*Marjorie Tansley* met *Stuart Kemble* and *Al*.")
    (tmp_path / "b.txt").write_text("*Marjorie Tansley* met *Idris Vaughan*.")
    (tmp_path / "c.png").write_bytes(b"no picture")
    (tmp_path / "d.txt").write_bytes(b"\x00\x01\x02" * 9)
    files = sorted(tmp_path.iterdir())
    assert names_in(files, engine()) == ("Marjorie Tansley", "Idris Vaughan")


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "a.txt").write_text("*Marjorie Tansley*")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert names_in([tmp_path / "b.txt"], engine()) == ()


def test_they_join_the_case_as_people_who_may_not_be_named():
    case = case_of(base_case())
    more = with_names(case, ["Idris Vaughan", "stuart kemble"])
    new = more.people[len(case.people) :]
    assert [(p.name, p.publishable) for p in new] == [("Idris Vaughan", False)]
    assert with_names(case, []) is case

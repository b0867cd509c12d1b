"""For every rule releases that trigger it, and the people and orders that they need."""

from dataclasses import replace

from saferedact.checks.material import Segment, Sight
from saferedact.detections import TextSpan
from saferedact.testing.checks import base_case, picture, text

CLEAN = text(
    "Stuart Kemble, 52, has been charged with fraud. He will appear before the court on Monday."
)
PLAIN = text("A man has been charged. He will appear before the court on Monday.")
NAMED = text("Priya Nair spoke to us about Stuart Kemble.")


def people(*more, **changes):
    """The people of the base case, C1 changed, and more."""
    tree = base_case()["people"]
    tree[1] = {**tree[1], **changes}
    return [*tree, *more]


def asset(asset_id="i1", **facts):
    return [{"id": asset_id, "path": f"{asset_id}.jpg", **facts}]


WITNESS = {"ref": "W1", "role": "witness", "name": "Oscar Tennyson"}
CHILD = {"ref": "K1", "role": "witness", "name": "Oscar Tennyson", "under_18": True}
OFFICER = {"ref": "O1", "role": "officer", "name": "Rhona Weller"}
SUSPECT = {"ref": "S1", "role": "suspect", "name": "Stuart Kemble"}
ARREST = {
    "stage": "arrested",
    "charged_on": None,
    "custody_status": "police_custody",
}
ENDED = {"stage": "acquitted", "custody_status": "n/a", "offence_category": "fraud"}
SEXUAL = {"offence_category": "sexual"}
ORDER = {
    "court": "Crown Court",
    "made_on": "date:2026-11-19",
    "terms": "as worded",
    "expires": "until lifted",
}


def order(kind, *refs, **more):
    return [{"type": kind, "protects": list(refs), **ORDER, **more}]


def span(words, part, label, kind, ref=None):
    start = words.index(part)
    return {words: [TextSpan(start, start + len(part), label, kind, 0.9, "test", ref)]}


SCHOOLCHILD = base_case(people=people({**CHILD, "schools": ["Millbrook Academy"]}))


def with_assets(tree, **facts):
    return {**tree, "assets": asset(**facts)}


def beside_face(line, box=(100.0, 180.0, 160.0, 195.0)):
    """A picture of one face, with a line of text; below the face if no other place is given."""
    seen = (Sight("face", 0.9, 0, (110.0, 100.0, 150.0, 150.0)),)
    return replace(
        picture(), segments=(Segment(line, origin="ocr", frame=0, xyxy=box),), sights=seen
    )


# rule, (case tree, materials[, spans]) that fires, the same that does not
CASES = {
    "CF-01": [
        (base_case(case={"stage": None}), [PLAIN]),
        (base_case(case={"sentenced_on": "date:2026-11-19"}), [PLAIN]),
        (base_case(case={"arrested_on": "date:2026-11-19"}), [PLAIN]),
        (base_case(case={"custody_status": "nfa"}), [PLAIN]),
        (base_case(case={**ENDED, "custody_status": "remanded"}), [PLAIN]),
        (base_case(case={"charged_on": "date:2026-12-01"}), [PLAIN]),
    ],
    "CF-02": [
        (
            base_case(
                release={"embargo_until": "date:2026-11-20T09:00:00Z"},
                case={"stage_confirmed_at": None},
            ),
            [PLAIN],
        ),
        (base_case(case={"stage_confirmed_at": "date:2026-11-18T08:00:00Z"}), [PLAIN]),
        (base_case(case={"stage_confirmed_at": None}), [PLAIN]),
        (base_case(case={"stage_confirmed_at": "date:2026-11-21T08:00:00Z"}), [PLAIN]),
        (base_case(case={"next_hearing": {"court": "x", "date": "date:2026-11-19"}}), [PLAIN]),
        (base_case(case={"next_hearing": {"court": "x", "date": "date:2026-11-20"}}), [PLAIN]),
        (base_case(release={"embargo_until": "date:2026-11-23T08:00:00Z"}), [PLAIN]),
    ],
    "CF-03": [
        (base_case(case=SEXUAL, people=base_case()["people"][:1]), [PLAIN]),
    ],
    "CF-04": [(base_case(people=people(CHILD)), [PLAIN])],
    "CF-05": [(base_case(restrictions=[{"type": "s45", "protects": ["C1"]}]), [PLAIN])],
    "CF-06": [(base_case(people=people(aliases=["P"])), [PLAIN])],
    "CF-07": [
        (base_case(linked_cases=[{"urn": "2", "stage": "trial"}]), [PLAIN]),
        (base_case(case={"appeal_lodged": True}), [PLAIN]),
    ],
    "ID-02": [
        (base_case(assets=asset(shows=["D1"])), [picture("face")]),
        (base_case(), [picture("face")]),
    ],
    "ID-03": [
        (base_case(), [NAMED]),
        (base_case(), [text("nothing", name="priya nair statement.txt")]),
        (base_case(), [text("P. NAIR spoke.")]),
        (base_case(), [text("Ms Nair's flat")]),
        (base_case(people=people(handles=["@pri_nair"])), [text("see @pri_nair")]),
    ],
    "ID-04": [
        (base_case(), [text("She works at Westbury Infirmary.")]),
        (base_case(), [text("call 07700900345")]),
        (base_case(), [text("He lives at 27 Fuller Street.")]),
        (
            base_case(),
            [text("Go to SW1A 1AA now")],
            span("Go to SW1A 1AA now", "SW1A 1AA", "identifier", "postcode"),
        ),
    ],
    "ID-05": [
        (base_case(), [picture("plate")]),
        (base_case(people=people(vehicles=["YN99 KTB"])), [text("a car, YN99KTB, was seen")]),
        (base_case(), [text("car YN99 KTX")], span("car YN99 KTX", "YN99 KTX", "plate", "vrm")),
    ],
    "ID-06": [
        (
            base_case(),
            [text("Ref 01/2345/26 here")],
            span("Ref 01/2345/26 here", "01/2345/26", "identifier", "crime-ref"),
        ),
        (
            base_case(),
            [text("NHS 943 476 5919")],
            span("NHS 943 476 5919", "943 476 5919", "identifier", "nhs"),
        ),
        (base_case(), [text("Ref. NM/0512/26")]),
    ],
    "ID-07": [(base_case(), [text("Priya Nair, come here", origin="subtitle")])],
    "ID-08": [
        (base_case(people=people(distinctive_marks=["green lanyard"])), [text("a green lanyard")]),
        (
            base_case(people=people(distinctive_marks=["scar"]), assets=asset(shows=["C1"])),
            [picture()],
        ),
        # what somebody wears or bears, told of those who are not to be recognised
        (base_case(), [text("The complainant has a tattoo of a swallow on her wrist.")]),
        (base_case(), [text("The girl was in her school uniform when she was found.")]),
        (base_case(), [text("The injured boy wore a blazer.", origin="subtitle")]),
        (SCHOOLCHILD, [text("She had the Millbrook Academy blazer over her arm.")]),
        # letters where they are worn, and whole lines of badges
        (SCHOOLCHILD, [beside_face("MILLBROOK ACADEMY")]),
        (base_case(), [beside_face("Westbury High School")]),
        (base_case(), [picture(ocr=["VISITOR"])]),
        (base_case(), [picture(ocr=["Leavers 2026"], kind="video")]),
        (with_assets(SCHOOLCHILD, shows=["K1"]), [picture()]),
    ],
    "ID-09": [
        (base_case(), [picture(ocr=["14"])]),
        (base_case(), [picture(ocr=["Welcome to Westbury Infirmary today"])]),
    ],
    "ID-10": [
        (base_case(), [picture("code")]),
        (base_case(), [picture(ocr=["word " * 30])]),
        (None, [picture(ocr=["DRIVING LICENCE", "1. SAMPLE", "Valid until 2031"])]),
        (None, [picture(ocr=["Nationality: British", "Place of birth: Leeds", "Date of issue"])]),
        (None, [picture(ocr=["WITNESS STATEMENT", "Statement of:"])]),
        (None, [picture(ocr=["Custody record", "D.O.B. 1.2.1990"], kind="video")]),
        (None, [picture(ocr=["Inbox (3)", "From: a colleague", "Subject: Tuesday"])]),
        (None, [picture(ocr=["type a message", "12:31"])]),
        (None, [picture(ocr=["File Edit View", "Nominal search"])]),
        (None, [picture(ocr=["wifi key: h7Tz-99q"])]),
        (None, [picture(ocr=["Key safe code 4471"], kind="pdf")]),
    ],
    "ID-13": [
        (base_case(people=people(OFFICER)), [text("Rhona Weller led the inquiry.")]),
        (base_case(), [text("PC 4521 attended.")]),
    ],
    "PJ-01": [(base_case(), [text("Stuart Kemble has two previous convictions for theft.")])],
    "PJ-02": [(base_case(), [text("Kemble is a violent man.")])],
    "PJ-03": [(base_case(), [text("Stuart Kemble made full admissions to officers.")])],
    "PJ-04": [(base_case(), [text("The thief Stuart Kemble was charged.")])],
    "PJ-05": [(base_case(), [text("Stuart Kemble stole the money. He was caught.")])],
    "PJ-06": [(base_case(), [text("There is overwhelming evidence against Stuart Kemble.")])],
    "PJ-07": [(base_case(), [text("CCTV footage shows Stuart Kemble at the till.")])],
    "PJ-08": [(base_case(), [text("Stuart Kemble was picked out at an identity parade.")])],
    "PJ-09": [(base_case(), [text("Stuart Kemble is expected to plead guilty.")])],
    "PJ-10": [(base_case(), [text("The complainant told officers how he had grabbed her.")])],
    "PJ-11": [(base_case(), [text("The interview was ruled inadmissible.")])],
    "PJ-12": [
        (
            base_case(people=[{**people()[0], "spent_convictions": True}]),
            [text("Stuart Kemble has previous convictions.")],
        ),
        (base_case(case=ENDED), [text("Stuart Kemble has a spent conviction.")]),
        (base_case(), [text("He was fined for theft in 1998. Stuart Kemble is charged.")]),
    ],
    "PJ-13": [(base_case(), [text("We believe Stuart Kemble is linked to other burglaries.")])],
    "PJ-14": [(base_case(), [text("Stuart Kemble faces life in prison.")])],
    "PJ-15": [(base_case(), [text("Share this. Name and shame him.")])],
    "PJ-16": [
        (base_case(), [text("The victim was spoken to.")]),
        (base_case(), [text("Stuart Kemble has been convicted.")]),
    ],
    "RR-01": [
        (base_case(case=SEXUAL), [NAMED]),
        (base_case(case=SEXUAL, assets=asset(shows=["C1"])), [picture("face")]),
        (
            base_case(case=SEXUAL, people=people(relation_to={"D1": "lodger"})),
            [text("Stuart Kemble knew her."), text("She is his lodger.", asset_id="s2")],
        ),
    ],
    "RR-02": [(base_case(case={"offence_category": "fgm"}), [NAMED])],
    "RR-03": [
        (
            base_case(case={"court_type": "youth"}, people=people(CHILD)),
            [text("Oscar Tennyson saw it.")],
        ),
    ],
    "RR-04": [
        (
            base_case(people=people(CHILD), restrictions=order("s45", "K1")),
            [text("Oscar Tennyson saw it.")],
        ),
    ],
    "RR-05": [(base_case(restrictions=order("s46", "C1")), [NAMED])],
    "RR-06": [
        (base_case(restrictions=order("s11", "C1")), [NAMED]),
        (base_case(restrictions=order("s4_2")), [text("The trial goes on.")]),
        (base_case(restrictions=order("s11", matters=["Blue Lodge"])), [text("At blue lodge.")]),
    ],
    "RR-07": [
        (
            base_case(
                case={**ARREST, "teacher_allegation": True},
                people=[{**SUSPECT, "workplaces": ["Westbury College"]}],
            ),
            [text("A teacher of Westbury College was arrested.")],
        ),
        (
            base_case(case={**ARREST, "teacher_allegation": True}, people=[SUSPECT]),
            [text("Stuart Kemble works there.")],
        ),
    ],
    "RR-08": [
        (base_case(restrictions=order("s97", "C1")), [NAMED]),
        (base_case(), [text("The family court made a care order.")]),
        (
            base_case(case={"family_proceedings": True}, people=people(CHILD)),
            [text("Oscar Tennyson is safe.")],
        ),
    ],
    "RR-09": [
        (
            base_case(case=ARREST, people=[SUSPECT], release={"type": "wanted"}),
            [text("Stuart Kemble is wanted.")],
        ),
        (base_case(case=ARREST, people=[SUSPECT]), [text("Stuart Kemble was arrested.")]),
        (base_case(case=ENDED), [text("Stuart Kemble was cleared.")]),
    ],
    "RR-10": [
        (
            base_case(case={"court_type": "magistrates"}),
            [text("He appeared on Monday. Bail was refused.")],
        ),
    ],
    "RR-11": [(base_case(assets=asset(at_court=True)), [picture()])],
    "RR-12": [(base_case(), [text("Stuart Kemble accepted a caution.")])],
    "RR-13": [
        (base_case(release={"channels": [{"name": "web", "cross_border": True}]}), [PLAIN]),
        (base_case(case={"jurisdiction": "scotland"}), [text("It was sent to the Crown Court.")]),
        (
            base_case(case={"jurisdiction": "scotland"}, assets=asset(shows=["D1"])),
            [picture("face")],
        ),
    ],
    "RR-14": [
        (
            base_case(
                people=[{**SUSPECT, "age": 17}], assets=asset(source="custody", shows=["S1"])
            ),
            [picture()],
        ),
        (base_case(case=ENDED, assets=asset(source="custody")), [picture()]),
        (base_case(release={"type": "custody_image"}), [picture("face")]),
        (base_case(assets=asset(source="custody"), approvals=[]), [picture()]),
    ],
    "RR-15": [
        (
            base_case(
                release={"prior_releases": [{"id": "R1", "takedown_review_on": "date:2026-01-01"}]}
            ),
            [PLAIN],
        ),
        (base_case(release={"prior_releases": [{"id": "R1", "resolved": True}]}), [PLAIN]),
    ],
    "OJ-01": [(base_case(), [text("[NAME] was charged.")]), (base_case(), [PLAIN])],
    "VP-01": [
        (
            base_case(people=[{**SUSPECT, "age": 16, "publishable": True}]),
            [text("Stuart Kemble was charged.")],
        ),
    ],
    "VP-02": [
        (
            base_case(),
            [text("His wife, Denise Ashby, left.")],
            span("His wife, Denise Ashby, left.", "Denise Ashby", "name", "person"),
        ),
        (
            base_case(
                people=people({"ref": "R1", "role": "relative_of_accused", "name": "Denise Ashby"})
            ),
            [text("Denise Ashby was at home.")],
        ),
    ],
    "VP-03": [(base_case(people=people(WITNESS)), [text("Oscar Tennyson saw it.")])],
    "VP-04": [(base_case(), [text("He has epilepsy.")])],
    "VP-05": [
        (
            base_case(
                case={"risk_flags": ["self_harm"]},
                release={"channels": [{"name": "web", "live": True}]},
            ),
            [text("He is at 27 Fuller Street.")],
        ),
        (base_case(case={"risk_flags": ["self_harm"]}), [CLEAN]),
        (base_case(assets=asset(source="ocag")), [picture()]),
    ],
    "VP-06": [
        (base_case(assets=asset(source="social")), [picture()]),
        (base_case(assets=asset(source="ocag")), [picture()]),
        (base_case(), [text("Filmed by a group of paedophile hunters.")]),
    ],
    "VP-07": [
        (
            base_case(release={"type": "missing"}, assets=asset(source="custody")),
            [picture(), text("Ring 07700 900345.")],
        ),
        (base_case(release={"type": "missing"}), [text("He needs his medication.")]),
    ],
    "VP-08": [
        (base_case(), [text("Graphic footage shows a dead body.")]),
        (base_case(assets=asset(distressing=True)), [picture()]),
    ],
    "JG-01": [
        (
            base_case(case=SEXUAL, people=people(relation_to={"D1": "lodger"})),
            [text("Stuart Kemble was charged."), text("She is his lodger.", asset_id="s2")],
        ),
        (
            base_case(case=SEXUAL, people=people(relation_to={"D1": "niece"})),
            [text("Stuart Kemble faces a charge against a child family member.")],
        ),
    ],
    "JG-02": [
        (
            base_case(
                people=people(
                    sex="female", quasi_identifiers={"village": "Ombry", "job": "vet", "age": 24}
                )
            ),
            [text("The young woman, 24, a vet, lives in Ombry.")],
        ),
        (base_case(), [text("A 24-year-old student nurse of Westbury Infirmary.")]),
        (
            base_case(),
            [text("She is 24 years old."), text("the student nurse", asset_id="s2", earlier=True)],
        ),
    ],
    "JG-03": [(base_case(), [text("In Fuller Street."), picture(ocr=["27"])])],
    "JG-04": [(base_case(), [text("His wife, Priya Nair, was there.")])],
    "JG-05": [
        (base_case(), [text("She is the only doctor in the village.")]),
        (None, [text("She is one of only four female firefighters in the county.")]),
        (None, [text("He was the youngest swimmer ever to cross the bay.")]),
        (None, [text("The girl, a county champion, was on her way home.")]),
        (None, [text("The boy and his twin sister were playing outside.")]),
        (None, [text("The complainant is a mother of triplets.")]),
        (None, [text("The complainant is a deputy head at Millbrook School.")]),
        (None, [text("The woman lives in a village of 340 people.")]),
        (None, [text("A man from the hamlet of Oxley Green was attacked.")]),
        (None, [text("The 15-year-old girl plays for Millbrook Harriers.")]),
        (
            base_case(people=people(quasi_identifiers={"village": "Oxley Green"})),
            [text("It happened near Oxley Green.")],
        ),
    ],
    "JG-06": [(base_case(), [NAMED, text("[NAME] spoke.", asset_id="s2")])],
    "JG-07": [
        (
            base_case(people=people(relation_to={"D1": "lodger"})),
            [CLEAN, text("She is the lodger.", asset_id="e1", earlier=True)],
        ),
    ],
    "JG-08": [(base_case(assets=asset(source="social")), [picture()])],
    "JG-09": [
        (base_case(case=SEXUAL, people=people(name="Priya Kemble")), [CLEAN]),
    ],
    "JG-10": [(base_case(), [text("Girl P was there.")])],
    "PV-01": [
        (base_case(assets=asset(original_sha256=picture().sha256)), [picture()]),
        (base_case(), [picture()]),
    ],
    "PV-03": [
        (
            base_case(
                approvals=[
                    {
                        "role": "SIO",
                        "name": "A",
                        "at": "date:2026-11-20T08:10:00Z",
                        "approves_sha256": "1" * 64,
                    }
                ]
            ),
            [picture()],
        ),
        (base_case(approvals=[]), [PLAIN]),
    ],
    "PV-05": [
        (
            base_case(assets=asset(copyright_owner="Police"), release={"conditions_of_use": ""}),
            [picture()],
        ),
        (base_case(), [picture()]),
    ],
    "PV-06": [(base_case(assets=asset(exhibit_ref="TW/3")), [picture()])],
    "PV-07": [(base_case(assets=asset(edits=["cut"])), [picture()])],
    "PV-09": [(base_case(), [PLAIN])],
    "PV-10": [(base_case(release={"takedown_review_on": None}), [PLAIN])],
}

"""Every rule: one release that triggers it, and one as like it as can be that does not."""

import pytest

from saferedact.checks import engine  # noqa: F401  registers the triggers
from saferedact.checks.base import TRIGGERS
from saferedact.checks.catalogue import catalogue
from saferedact.checks.material import Sight
from saferedact.checks.traces import JUDGED_BY
from saferedact.detections import TextSpan
from saferedact.testing.checks import base_case, checked, holding, picture, text
from saferedact.traces import Trace

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
    ],
    "ID-09": [
        (base_case(), [picture(ocr=["14"])]),
        (base_case(), [picture(ocr=["Welcome to Westbury Infirmary today"])]),
    ],
    "ID-10": [(base_case(), [picture("code")]), (base_case(), [picture(ocr=["word " * 30])])],
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
    "JG-05": [(base_case(), [text("She is the only doctor in the village.")])],
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

QUIET = {
    "CF-01": [(base_case(), [PLAIN])],
    "CF-02": [
        (base_case(case={"next_hearing": {"court": "x", "date": "date:2026-11-24"}}), [PLAIN])
    ],
    "CF-03": [
        (base_case(case=SEXUAL), [PLAIN]),
        (
            base_case(
                case={**SEXUAL, "no_real_complainant": True}, people=base_case()["people"][:1]
            ),
            [PLAIN],
        ),
        (base_case(people=base_case()["people"][:1]), [PLAIN]),
    ],
    "CF-04": [(base_case(people=people(CHILD), restrictions=order("s45", "K1")), [PLAIN])],
    "CF-05": [(base_case(restrictions=order("s45", "C1")), [PLAIN])],
    "CF-06": [(base_case(people=people(aliases=["Pri"])), [PLAIN])],
    "CF-07": [(base_case(linked_cases=[{"urn": "2", "stage": "sentenced"}]), [PLAIN])],
    "ID-02": [(base_case(), [picture()])],
    "ID-03": [
        (base_case(), [CLEAN]),
        (base_case(people=people(publishable=True)), [NAMED]),
        (base_case(), [text("Prialla Nairobi spoke.")]),
        (base_case(people=people({**WITNESS, "name": "Oscar Kemble"})), [CLEAN]),
    ],
    "ID-04": [
        (
            base_case(),
            [text("Call 101 or 0800 555 111.")],
            span("Call 101 or 0800 555 111.", "0800 555 111", "identifier", "phone"),
        ),
        (base_case(), [text("He is from Westbury Cross.")]),
    ],
    "ID-05": [(base_case(people=people(vehicles=["YN99 KTB"])), [text("a blue car")])],
    "ID-06": [(base_case(), [text("a number")])],
    "ID-07": [(base_case(), [NAMED])],
    "ID-08": [(base_case(people=people(distinctive_marks=["green lanyard"])), [PLAIN])],
    "ID-09": [(base_case(), [picture(ocr=["Police line do not cross"]), text("14")])],
    "ID-10": [(base_case(), [picture(ocr=["word " * 10]), text("word " * 40)])],
    "ID-13": [
        (base_case(people=people({**OFFICER, "publishable": True})), [text("Rhona Weller said.")])
    ],
    "PJ-01": [
        (base_case(), [text("Stuart Kemble has no previous convictions.")]),
        (base_case(), [text("Stuart Kemble is charged with breaching a restraining order.")]),
        (base_case(case=ENDED), [text("Stuart Kemble has two previous convictions for theft.")]),
    ],
    "PJ-02": [(base_case(), [text("Ice is a danger to the public. The road is closed.")])],
    "PJ-03": [(base_case(), [text("Stuart Kemble was admitted to hospital.")])],
    "PJ-04": [(base_case(), [text("We target burglars. Call us.")])],
    "PJ-05": [(base_case(), [text("It is alleged that Stuart Kemble stole the money.")])],
    "PJ-06": [
        (base_case(), [text("There is a realistic prospect of conviction of Stuart Kemble.")])
    ],
    "PJ-07": [(base_case(), [text("We appeal for anyone with CCTV footage that shows him.")])],
    "PJ-08": [(base_case(), [text("His body was formally identified.")])],
    "PJ-09": [
        (
            base_case(),
            [text("A plea and trial preparation hearing is set. He has entered no plea.")],
        ),
        (base_case(case={"plea_entered": True}), [text("He is expected to plead guilty.")]),
    ],
    "PJ-10": [(base_case(), [text("The complainant was told of the charge.")])],
    "PJ-11": [(base_case(), [text("The judge told the jury to take a break.")])],
    "PJ-12": [(base_case(), [text("He spent the day at home.")])],
    "PJ-13": [(base_case(), [text("A second fire is not linked to Stuart Kemble.")])],
    "PJ-14": [(base_case(), [text("The sentence in our post was wrong. He is charged.")])],
    "PJ-15": [(base_case(), [text("Please do not share names.")])],
    "PJ-16": [(base_case(), [text("Victim Support can help.")])],
    "RR-01": [
        (base_case(case=SEXUAL), [CLEAN]),
        (base_case(case=SEXUAL, assets=asset(shows=["C1"])), [picture()]),
        (base_case(), [NAMED]),
    ],
    "RR-02": [(base_case(case=SEXUAL), [NAMED])],
    "RR-03": [(base_case(people=people(CHILD)), [text("Oscar Tennyson saw it.")])],
    "RR-04": [
        (
            base_case(
                people=people(CHILD), restrictions=order("s45", "K1", lifted_on="date:2026-11-20")
            ),
            [text("Oscar Tennyson saw it.")],
        ),
        (
            base_case(
                people=people(CHILD), restrictions=order("s45", "K1", expires="date:2026-11-19")
            ),
            [text("Oscar Tennyson saw it.")],
        ),
    ],
    "RR-05": [(base_case(restrictions=order("s46", "C1")), [PLAIN])],
    "RR-06": [(base_case(restrictions=order("s4_2")), [text("A fair was held.")])],
    "RR-07": [(base_case(case={"teacher_allegation": True}), [CLEAN])],
    "RR-08": [(base_case(people=people(CHILD)), [text("Oscar Tennyson is safe.")])],
    "RR-09": [
        (base_case(), [CLEAN]),
        (base_case(case=ARREST, people=[SUSPECT]), [text("A man of 52 was arrested.")]),
    ],
    "RR-10": [(base_case(case={"court_type": "magistrates"}), [CLEAN])],
    "RR-11": [(base_case(assets=asset()), [picture()])],
    "RR-12": [(base_case(), [text("Stuart Kemble was charged. A man accepted a caution.")])],
    "RR-13": [(base_case(), [text("It was sent to the Crown Court.")])],
    "RR-14": [(base_case(assets=asset(source="bwv")), [picture("face")])],
    "RR-15": [
        (
            base_case(
                release={"prior_releases": [{"id": "R1", "resolved": True, "taken_down": True}]}
            ),
            [PLAIN],
        )
    ],
    "OJ-01": [
        (base_case(case=ENDED), [PLAIN]),
        (base_case(), [CLEAN]),
        (base_case(restrictions=order("s11", "D1")), [PLAIN]),
    ],
    "VP-01": [(base_case(), [CLEAN])],
    "VP-02": [
        (
            base_case(
                people=people(
                    {
                        "ref": "R1",
                        "role": "relative_of_accused",
                        "name": "Denise Ashby",
                        "publishable": True,
                        "consent": {"naming": "given"},
                    }
                )
            ),
            [text("Denise Ashby was at home.")],
        ),
        (base_case(), [CLEAN]),
    ],
    "VP-03": [
        (
            base_case(
                people=people(
                    {"ref": "X1", "role": "deceased", "name": "Oscar Tennyson", "publishable": True}
                )
            ),
            [text("Oscar Tennyson has died.")],
        ),
        (
            base_case(people=people({**WITNESS, "consent": {"naming": "given"}})),
            [text("Oscar Tennyson saw it.")],
        ),
    ],
    "VP-04": [(base_case(), [text("The white van was blue.")])],
    "VP-05": [(base_case(), [CLEAN])],
    "VP-06": [(base_case(assets=asset(source="cctv")), [picture()])],
    "VP-07": [(base_case(), [text("He needs his medication.")])],
    "VP-08": [(base_case(), [CLEAN])],
    "JG-01": [
        (
            base_case(case=SEXUAL, people=people(relation_to={"D1": "lodger"})),
            [text("A man was charged. She is his lodger.")],
        ),
    ],
    "JG-02": [(base_case(), [text("She is 24 years old.")])],
    "JG-03": [(base_case(), [text("In Fuller Street."), picture(ocr=["Fire exit"])])],
    "JG-04": [(base_case(), [text("His wife was there. Stuart Kemble was charged.")])],
    "JG-05": [(base_case(), [CLEAN])],
    "JG-06": [(base_case(), [NAMED])],
    "JG-07": [
        (
            base_case(people=people(relation_to={"D1": "lodger"})),
            [CLEAN, text("Nothing of note.", asset_id="e1", earlier=True)],
        ),
    ],
    "JG-08": [(base_case(assets=asset(source="bwv")), [picture()])],
    "JG-09": [(base_case(case=SEXUAL), [CLEAN])],
    "JG-10": [(base_case(), [text("Girl A was there.")])],
    "PV-01": [(base_case(assets=asset(original_sha256="1" * 64)), [picture()])],
    "PV-03": [
        (
            base_case(
                approvals=[
                    {
                        "role": role,
                        "name": "A",
                        "at": "date:2026-11-20T08:10:00Z",
                        "approves_sha256": "0" * 64,
                    }
                    for role in ("OIC", "CCD")
                ]
            ),
            [PLAIN],
        ),
    ],
    "PV-05": [(base_case(assets=asset(copyright_owner="Police")), [picture()])],
    "PV-06": [(base_case(assets=asset(exhibit_ref="TW/3", shown_in_open_court=True)), [picture()])],
    "PV-07": [(base_case(assets=asset(edits=["cut"], edits_declared=True)), [picture()])],
    "PV-09": [(base_case(case=ENDED), [PLAIN])],
    "PV-10": [(base_case(), [PLAIN])],
}


# What each rule of traces tells, by one channel; it is quiet on a channel of another rule.
TOLD = {
    "HD-01": "gps",
    "HD-02": "preview-differs",
    "HD-03": "author",
    "HD-04": "comment",
    "HD-05": "hidden-sheet",
    "HD-06": "earlier-revision",
    "HD-08": "extra-track",
    "HD-09": "jumbf",
    "ID-12": "uncovered-frame",
    "WR-01": "covered-text",
    "WR-02": "mosaic",
    "WR-03": "box-on-ink",
    "WR-05": "see-through-box",
    "WR-06": "cropped-kept",
    "WR-07": "moving-mosaic",
    "WR-10": "color-on-color",
}
for _rule, _channel in TOLD.items():
    _other = "time" if _rule != "HD-03" else "gps"
    CASES[_rule] = [(None, [holding(Trace(_channel, ""))])]
    QUIET[_rule] = [(None, [holding(Trace(_other, ""))]), (None, [holding()])]
CASES |= {
    "WR-09": [(base_case(), [text("The witness, Ms N---, spoke to us.")])],
    "HD-07": [
        (None, [text("News.", name="suspect statement.txt")]),
        (base_case(), [text("News.", name="Priya Nair.txt")]),
    ],
    "HD-10": [
        (base_case(release={"channels": [{"name": "a", "live": True}]}), [PLAIN]),
        (base_case(release={"channels": [{"name": "a", "geotag": True}]}), [PLAIN]),
        (base_case(release={"channels": [{"name": "a", "comments_on": True}]}), [PLAIN]),
    ],
    "HD-11": [
        (None, [holding(Trace("quoted-thread", "part 1", "Earlier."))]),
        (None, [text("OFFICIAL-SENSITIVE. A man has been charged.")]),
    ],
    "HD-12": [(None, [picture(ocr=["AXON BODY 3 X60301234"])])],
}
QUIET |= {
    "WR-09": [(base_case(), [text("The witness, Ms M---, spoke to us.")])],
    "HD-07": [(None, [text("News.", name="statement.txt")])],
    "HD-10": [(base_case(release={"channels": [{"name": "a"}]}), [PLAIN])],
    "HD-11": [(None, [holding(), text("A man was off to the record shop.")])],
    "HD-12": [(None, [picture(ocr=["High Street"])])],
}


def test_hidden_text_that_names_a_protected_person_blocks():
    trace = Trace("navigation-text", "bookmarks", "Statement of Priya Nair")
    report = checked(holding(trace), case=base_case(), rules=["HD-04"])
    assert [(f.level, f.person) for f in report.findings] == [("BLOCK", "C1")]
    assert "Priya" not in report.model_dump_json()


def test_a_mark_on_a_plate_blocks():
    mark = Trace("blur", "", "", 0, (0.0, 0.0, 50.0, 50.0), strength=4.0)
    plate = Sight("plate", 0.9, 0, (10.0, 10.0, 30.0, 20.0))
    elsewhere = Sight("plate", 0.9, 0, (60.0, 10.0, 90.0, 20.0))
    for sights, level in (((plate,), "BLOCK"), ((elsewhere,), "WARN"), ((), "WARN")):
        report = checked(holding(mark, sights=sights), rules=["WR-02"])
        assert [f.level for f in report.findings] == [level]
    assert report.findings[0].location.xyxy == mark.xyxy


def test_every_channel_can_be_told():
    for channel, judgement in JUDGED_BY.items():
        report = checked(holding(Trace(channel, "page 1", page=0)), rules=[judgement.rule_id])
        assert [f.level for f in report.findings] == [judgement.level]
        assert report.findings[0].location.channel == channel
        assert report.findings[0].location.part == "page 1"


def test_files_that_nobody_looked_into():
    report = checked(PLAIN, rules=["HD-01"])
    assert [check.name for check in report.checks_not_run] == ["HD-01"]


def ids(rule, tree, materials, spans=None):
    report = checked(*materials, case=tree, spans=spans, rules=[rule])
    ran = {check.name for check in report.checks_run}
    return {finding.rule_id for finding in report.findings}, ran


@pytest.mark.parametrize(("rule", "row"), [(r, row) for r, every in CASES.items() for row in every])
def test_a_rule_fires(rule, row):
    found, ran = ids(rule, *row)
    assert rule in ran
    assert found == {rule}


@pytest.mark.parametrize(("rule", "row"), [(r, row) for r, every in QUIET.items() for row in every])
def test_a_rule_stays_quiet(rule, row):
    found, ran = ids(rule, *row)
    assert rule in ran
    assert found == set()


def test_every_rule_has_a_trigger_or_a_reason_and_examples_of_both_kinds():
    for rule in catalogue().rules:
        assert (rule.id in TRIGGERS) != bool(rule.not_run), rule.id
        if rule.id in TRIGGERS:
            assert CASES.get(rule.id), rule.id
            assert QUIET.get(rule.id), rule.id
    assert len(catalogue().rules) == 102
    assert set(CASES) == set(QUIET) == set(TRIGGERS)

"""For every rule releases as like one that triggers it as can be, which do not."""

from dataclasses import replace

from rules_that_fire import (
    ARREST,
    CHILD,
    CLEAN,
    ENDED,
    NAMED,
    OFFICER,
    PLAIN,
    SCHOOLCHILD,
    SEXUAL,
    SUSPECT,
    WITNESS,
    asset,
    beside_face,
    order,
    people,
    span,
)

from saferedact.testing.checks import base_case, picture, text


def read_twice(line):
    """A picture with a line, and the same once more as a part of all its lines."""
    shown = picture(ocr=[line])
    return replace(shown, segments=(*shown.segments, replace(shown.segments[0], joined=True)))


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
    "ID-08": [
        (base_case(people=people(distinctive_marks=["green lanyard"])), [PLAIN]),
        # who is looked for is described on purpose; a uniform of nobody; a mark of no person
        (base_case(), [text("The suspect has a tattoo of a swallow on his wrist.")]),
        (base_case(), [text("The missing girl was last seen in her school uniform.")]),
        (base_case(), [text("The shop sells school uniforms. The crash left a scar on the wall.")]),
        (SCHOOLCHILD, [text("Millbrook Academy is open as usual.")]),
        # a sign beside or above a face is not worn
        (SCHOOLCHILD, [beside_face("MILLBROOK ACADEMY", (100.0, 20.0, 160.0, 40.0))]),
        (SCHOOLCHILD, [beside_face("MILLBROOK ACADEMY", (400.0, 180.0, 460.0, 195.0))]),
        (base_case(), [beside_face("Police line do not cross")]),
        (
            base_case(),
            [picture(ocr=["Visitor centre and car park", "Staff only beyond this point"])],
        ),
        (base_case(assets=asset(shows=["D1"])), [picture()]),
    ],
    "ID-09": [(base_case(), [picture(ocr=["Police line do not cross"]), text("14")])],
    "ID-10": [
        (base_case(), [picture(ocr=["word " * 10]), text("word " * 40)]),
        (
            None,
            [picture(ocr=["Passport Office"]), picture(ocr=["Print shop", "Open 9:00 to 17:30"])],
        ),
        (None, [picture(ocr=["APPEAL FOR WITNESSES", "word " * 30, "Call 101"])]),
        (None, [picture(ocr=["word " * 60], kind="pdf")]),
        (None, [picture(ocr=["Custody record", "Surname Forenames"], kind="pdf")]),
        (None, [picture(ocr=["Enter your PIN", "Forgotten your password?"])]),
        (None, [read_twice("word " * 20)]),
    ],
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
    "VP-04": [
        (base_case(), [text("The white van was blue.")]),
        (base_case(), [text("The mental health team and a cancer charity were there.")]),
    ],
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
    "JG-05": [
        (base_case(), [CLEAN]),
        (None, [text("This is the only way of reaching the village. Call 101.")]),
        (None, [text("He is the only suspect in the case, and the only man charged.")]),
        (None, [text("The twin-track plan goes on. The twin towns meet in May.")]),
        (None, [text("Mill School has a new head teacher. The coach of the side was late.")]),
        (
            None,
            [text("Anna Reid, headteacher of Mill School, thanked pupils.")],
            span(
                "Anna Reid, headteacher of Mill School, thanked pupils.",
                "Anna Reid",
                "name",
                "person",
            ),
        ),
        (None, [text("The road through the small village is closed.")]),
        (None, [text("She lives in a village of 4,500 people.")]),
        (None, [text("The 15-year-old girl plays the piano.")]),
        (
            base_case(people=people(quasi_identifiers={"village": "Oxley Green"})),
            [text("It happened near Oxley.")],
        ),
    ],
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

"""Villages are there before who lives in them, and learners before who teaches them."""

from datetime import datetime

import pytest
from chassis.area import Area
from chassis.domain import natural_id as as_the_log_makes_it
from registry.domain.area import EARLIER_FROM, AreaUnit, area_id
from registry.domain.village import Village

from demo.__main__ import acts_of
from demo.calendar import REFORM
from demo.cases import Cases
from demo.classes import Places
from demo.figures import figures
from demo.ids import natural_id
from demo.learners import Learners
from demo.titles import groups
from demo.villages import Villages

PLACES = Places(
    [*(f"{code:05d}@1900-01-01" for code in range(200))],
    ["00003@1900-01-01", *(f"{code:05d}@2025-07-01" for code in range(150, 224))],
)
"""As in the province: one commune unchanged, some codes of today were other communes' before."""
SCALE, PREFIX = 0.03, "demo-387-0.03"
GROUPS = groups(figures(SCALE), SCALE, 387, PLACES)
VILLAGES = Villages("14", PREFIX, PLACES, GROUPS)


def acts_on(pages):
    return [act for page in pages for act in page.acts()]


@pytest.fixture(scope="module")
def registrations():
    found = acts_on(Cases("14", PREFIX, GROUPS, Sheets(), VILLAGES).pages())
    return [act for act in found if act.path in ("/v1/registrations", "/v1/subjects")]


class Sheets(dict):
    """Criteria sets without items: nobody looks at scores here."""

    def __missing__(self, key):
        return {"items": []}


def form_of(act):
    return act.body.get("new_subject") or (act.body if "name" in act.body else None)


def test_the_identity_of_a_village_is_known_before_the_registry_mints_it():
    communes = {}
    for act in acts_on(VILLAGES.pages()):
        area = act.body["commune"]
        if area not in communes:
            began = datetime.fromisoformat(area.partition("@")[2]).date()
            code = area.partition("@")[0]
            today = {each.partition("@")[0] for each in PLACES.since}
            moved = area not in PLACES.since and code in today
            communes[area] = AreaUnit.open(
                "14", Area(code, began), code, "xa", parent=Area("14", began),
                numbers_from=EARLIER_FROM if moved else 1,
            )  # fmt: skip
        opened = datetime.fromisoformat(act.body["opened_on"]).date()
        minted = Village.open("14", communes[area], act.body["name"], opened)
        assert act.expected == str(minted.id)
    assert len(communes) > 30


def test_natural_ids_are_those_of_the_log():
    assert natural_id("14", "area", "03763@2025-07-01") == str(area_id("14", "03763@2025-07-01"))
    for n in range(100):
        assert natural_id("14", "Bản Ề", f"{n}") == str(as_the_log_makes_it("14", "Bản Ề", f"{n}"))


def test_a_village_is_opened_before_anybody_is_entered_in_it(registrations):
    opened = {}
    for act in acts_on(VILLAGES.pages()):
        opened[act.expected] = act.recorded_at
    living = 0
    for act in registrations:
        form = form_of(act)
        if form and "-" in form["area"].partition("@")[0]:
            assert opened[natural_id("14", "village", form["area"])] < act.recorded_at
            living += form["model"] != "community"
    assert living > 300


def test_every_community_that_is_a_village_is_one_of_its_own(registrations):
    forms = [form for act in registrations if (form := form_of(act))]
    of_villages = [form["area"] for form in forms if form.get("group") == "village"]
    assert len(set(of_villages)) == len(of_villages) == len(acts_on(VILLAGES.pages()))


def test_villages_of_the_new_map_are_opened_since_the_reform():
    old, new = VILLAGES.pages()
    assert old.recorded_at.date() < REFORM <= new.recorded_at.date()
    assert {act.body["commune"] for act in new.acts()} <= set(PLACES.since)
    assert {act.body["commune"] for act in old.acts()} <= set(PLACES.before)


@pytest.mark.parametrize("scale", [0.001, SCALE])
def test_a_learner_is_a_subject_of_that_place_entered_before_the_class_is_filled(scale):
    found = groups(figures(scale), scale, 387, PLACES)
    learners = Learners(PREFIX, found)
    classes = acts_of(figures(scale), scale, 387, learners.of, PLACES)
    cases = Cases("14", PREFIX, found, Sheets(), Villages("14", PREFIX, PLACES, found))
    entered = {}
    for act in (*acts_on(learners.pages()), *acts_on(cases.pages())):
        if (form := form_of(act)) and form["model"] == "citizen":
            assert form["id"] not in entered
            entered[form["id"]] = act.recorded_at
            assert form["entered_on"] <= act.recorded_at.date().isoformat()
    enrolments = [act for act in classes if act.path == "/v1/enrolments"]
    assert enrolments
    for act in enrolments:
        assert entered[act.body["learner"]] < act.recorded_at


def test_some_learners_have_asked_for_a_title_too(registrations):
    learners = Learners(PREFIX, GROUPS)
    acts_of(figures(SCALE), SCALE, 387, learners.of, PLACES)
    classes = acts_of(figures(SCALE), SCALE, 387, learners.of, PLACES)
    ids = {act.body["learner"] for act in classes if act.path == "/v1/enrolments"}
    asking = {form["id"] for act in registrations if (form := form_of(act))}
    assert ids & asking
    assert ids - asking

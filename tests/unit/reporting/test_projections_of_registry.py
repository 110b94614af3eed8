"""What each event of the registry adds to the figures."""

from datetime import date

import pytest
from khuyenhoc.registry.v1 import events_pb2 as registry
from reporting.measures import MEASURES
from reporting.projections import Rows, Unprojectable, projector
from reports import AREAS, enclosed

project = projector(AREAS)
VILLAGE = "03763-005@2025-08-01"
HERE = "03763@2025-07-01"


def title(
    valid_from: str = "2025-09-01", until: str | None = "2026-12-31", **other
) -> registry.Holding:
    said = {"area": HERE, "season": 2025, "group": "farmer", **other}
    return registry.Holding(valid_from=valid_from, valid_until=until, **said)


def recognised(**given) -> registry.TitleRecognised:
    said = {"model": "citizen", "effective_on": "2025-09-01", "after": title(), **given}
    return registry.TitleRecognised(**said)


def registered(**given) -> registry.TitleRegistered:
    said = {"model": "family", "area": HERE, "season": 2025, "registered_on": "2025-08-03"}
    return registry.TitleRegistered(**{**said, **given})


def of(measure: str, message) -> dict[tuple[str, str], int]:
    """What a message adds to one measure, by season and day."""
    return {
        (dict(one.series.dimensions)["season"], one.valid_on.isoformat()): one.delta
        for one in project(enclosed(message)).increments
        if one.series.measure == measure
    }


def test_a_registration_counts_on_its_day() -> None:
    [one] = project(enclosed(registered())).increments
    assert (one.series.measure, one.delta) == ("registrations", 1)
    assert one.series.dimensions == (("model", "family"), ("season", "2025"))
    assert (one.series.area, one.valid_on) == (HERE, date(2025, 8, 3))


def test_a_recognition_counts_once_and_the_title_is_held_until_the_day_after_its_last() -> None:
    message = recognised()
    assert of("titles_recognised", message) == {("2025", "2025-09-01"): 1}
    assert of("titles_held", message) == {("2025", "2025-09-01"): 1, ("2025", "2027-01-01"): -1}
    dimensions = {one.series.measure: one.series.dimensions for one in project_of(message)}
    model = (("model", "citizen"), ("season", "2025"))
    assert dimensions == {
        "titles_recognised": (*model, ("renewal", "false")),
        "titles_held": (*model, ("group", "farmer"), ("level", "")),
    }


def project_of(message):
    return project(enclosed(message)).increments


def test_a_title_without_a_last_day_is_held_from_then_on() -> None:
    for until in (None, "9999-12-31"):
        message = recognised(after=title(until=until))
        assert of("titles_held", message) == {("2025", "2025-09-01"): 1}


def test_a_renewal_is_one_more_recognition_and_no_more_holders() -> None:
    """The earlier title ends where the new one begins, and what was to be its end is no end."""
    message = recognised(
        renewal=True,
        before=title(season=2023, until="2025-12-31"),
        after=title(until="2026-12-31"),
    )
    assert of("titles_recognised", message) == {("2025", "2025-09-01"): 1}
    held = of("titles_held", message)
    assert held == {
        ("2023", "2025-09-01"): -1,
        ("2023", "2026-01-01"): 1,
        ("2025", "2025-09-01"): 1,
        ("2025", "2027-01-01"): -1,
    }
    assert sum(held.values()) == 0


def test_a_title_that_moves_with_its_renewal_leaves_the_one_place_for_the_other() -> None:
    message = recognised(before=title(area="03724@2025-07-01", until=None), after=title(until=None))
    moved = {
        one.series.area: one.delta
        for one in project_of(message)
        if one.series.measure == "titles_held"
    }
    assert moved == {"03724@2025-07-01": -1, HERE: 1}


def test_an_imported_title_is_held_and_is_no_recognition() -> None:
    message = registry.TitleImported(model="clan", after=title(group="", until=None))
    assert of("titles_held", message) == {("2025", "2025-09-01"): 1}
    assert of("titles_recognised", message) == {}


def test_a_title_from_before_its_holders_village_was_opened_counts_where_the_holder_is() -> None:
    moved = title(group="", valid_from="2023-12-15", until=None, area="03763-005@2025-08-01")
    message = registry.TitleImported(model="clan", after=moved)
    assert of("titles_held", message) == {("2025", "2023-12-15"): 1}
    nowhere = title(area="bản Nà Tòng")
    with pytest.raises(Unprojectable, match="not an area"):
        project(enclosed(registry.TitleImported(model="clan", after=nowhere)))


def test_a_fact_of_a_commune_that_is_not_known_yet_is_not_set_aside() -> None:
    """Another service's log may be read before the registry's tells of a reform."""
    later = registered(area="04999@2026-03-01", registered_on="2026-03-05")
    assert of("registrations", later) == {("2025", "2026-03-05"): 1}


def test_a_revoked_title_is_held_until_the_day_before() -> None:
    message = registry.TitleRevoked(
        model="citizen", revoked_on="2025-10-05", before=title(), after=title(until="2025-10-04")
    )
    assert of("titles_held", message) == {("2025", "2025-10-05"): -1, ("2025", "2027-01-01"): 1}


def test_a_title_revoked_before_its_first_day_was_never_held() -> None:
    message = registry.TitleRevoked(model="citizen", before=title())
    assert of("titles_held", message) == {("2025", "2025-09-01"): -1, ("2025", "2027-01-01"): 1}


def test_a_village_is_a_place_from_its_own_first_day() -> None:
    village = "03763-005@2025-08-01"
    assert of("registrations", registered(area=village)) == {("2025", "2025-08-03"): 1}
    with pytest.raises(Unprojectable, match="had not begun"):
        project(enclosed(registered(area=village, registered_on="2025-07-31")))


@pytest.mark.parametrize(
    "name",
    [
        *("SubjectEntered", "SubjectErased", "RegistrationWithdrawn", "SelfAssessmentSubmitted"),
        *("VerificationCompleted", "CaseProposed", "CaseRejected", "DecisionIssued", "CaseLeftOut"),
    ],
)
def test_what_changes_no_figure_adds_nothing(name) -> None:
    assert project(enclosed(getattr(registry, name)())) == Rows()


@pytest.mark.parametrize(
    ("told", "change", "other"),
    [
        (registry.VillageOpened(village=VILLAGE, name="Nà Tòng", commune=HERE), "opened", HERE),
        (registry.AreaOpened(area=HERE, name="Long Hẹ", kind="commune", parent="14"), "opened", "14"),
        (registry.AreaSucceeded(area=HERE, successor="04999@2026-03-01"), "succeeded",
         "04999@2026-03-01"),
        (registry.AreaClosed(area=HERE, closed_on="2026-03-01"), "closed", ""),
    ],
)  # fmt: skip
def test_what_opens_or_ends_a_place_changes_the_map_and_no_figure(told, change, other) -> None:
    rows = project(enclosed(told))
    assert (rows.increments, rows.members) == ((), ())
    assert rows.change is not None
    assert (rows.change.change, rows.change.other) == (change, other)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (registered(model=0), "0 is not a model"),
        (registered(season=0), "0 is not a season"),
        (registered(area="03763-1@2025-08-01"), "not an area"),
        (registered(area="15"), "not an area"),
        (registered(area="14@2025-08-01"), "not an area"),
        (registered(area="03763-001@2025-08-32"), "not an area"),
        (registered(registered_on="2025-06-30"), "had not begun"),
        (recognised(after=None), "no title stands"),
        (recognised(after=title(until="2025-08-31")), "before it begins"),
        (recognised(after=title(group="poet")), "'poet' is not a group"),
        (recognised(after=title(level="level_9")), "'level_9' is not a level"),
        (registry.TitleImported(model="clan", after=title(valid_from="")), "not a day"),
    ],
)
def test_what_cannot_be_true_is_set_aside(wrong, said) -> None:
    with pytest.raises(Unprojectable, match=said):
        project(enclosed(wrong))


@pytest.mark.parametrize("message", [registered(), recognised()])
def test_every_increment_has_all_dimensions_of_its_measure(message) -> None:
    for one in project_of(message):
        measure = MEASURES[one.series.measure]
        assert tuple(name for name, _ in one.series.dimensions) == measure.dimensions
        assert message.DESCRIPTOR.full_name in measure.source

"""Pure: what the events of the registry add."""

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache

from khuyenhoc.registry.v1 import events_pb2 as registry

from reporting.catalogue.titles import GROUPS, LEVELS
from reporting.projections.known import names_of, projects
from reporting.projections.reading import KEPT, Places, day, name_of
from reporting.projections.rows import Increment, Rows, Series, Unprojectable

WITHOUT_STATISTIC = names_of(
    registry.AreaOpened,  # it changes the map, as the next three do
    registry.AreaClosed,
    registry.AreaSucceeded,
    registry.VillageOpened,
    registry.SubjectEntered,
    registry.SubjectErased,  # what was counted stays counted; nobody is named here
    registry.RegistrationWithdrawn,  # it was a registration all the same
    registry.SelfAssessmentSubmitted,
    registry.VerificationCompleted,
    registry.CaseProposed,
    registry.CaseRejected,
    registry.DecisionIssued,
    registry.CaseLeftOut,
)
_A_DAY = timedelta(days=1)


@projects(registry.TitleRegistered)
def title_registered(registered: registry.TitleRegistered, places: Places) -> Rows:
    on = day(registered.registered_on)
    places.check(registered.area, on)
    of = _registrations(registered.area, registered.model, registered.season)
    return Rows((Increment(of, on, 1),))


@projects(registry.TitleRecognised)
def title_recognised(recognised: registry.TitleRecognised, places: Places) -> Rows:
    if not recognised.HasField("after"):
        raise Unprojectable("a recognition after which no title stands")
    on, title = day(recognised.effective_on), recognised.after
    places.check(title.area, on)
    of = _recognitions(title.area, recognised.model, title.season, recognised.renewal)
    return Rows((Increment(of, on, 1), *_change(recognised, places)))


@projects(registry.TitleImported)
def title_imported(imported: registry.TitleImported, places: Places) -> Rows:
    return Rows(_change(imported, places))


@projects(registry.TitleRevoked)
def title_revoked(revoked: registry.TitleRevoked, places: Places) -> Rows:
    return Rows(_change(revoked, places))


def _change(
    changed: registry.TitleRecognised | registry.TitleImported | registry.TitleRevoked,
    places: Places,
) -> tuple[Increment, ...]:
    """What stood, taken away; what stands instead, added; days on which both stood, left alone."""
    sums: Counter[tuple[Series, date]] = Counter()
    for sign, given, title in (
        (-1, changed.HasField("before"), changed.before),
        (1, changed.HasField("after"), changed.after),
    ):
        if given:
            _stand(sums, sign, changed.model, title, places)
    return tuple(Increment(of, on, delta) for (of, on), delta in sums.items() if delta)


def _stand(
    sums: Counter[tuple[Series, date]],
    sign: int,
    model: int,
    title: registry.Holding,
    places: Places,
) -> None:
    """A title from its first day, until the day after its last.

    One from before may stand from a day on which its holder's village or commune of now had not
    begun: it counts where the holder is.
    """
    first = day(title.valid_from)
    places.known(title.area)
    of = _held(title.area, model, title.season, title.group, title.level)
    sums[of, first] += sign
    if not title.HasField("valid_until"):
        return
    last = day(title.valid_until)
    if last < first:
        raise Unprojectable(f"a title that ends on {last}, before it begins on {first}")
    if last < date.max:
        sums[of, last + _A_DAY] -= sign


@lru_cache(KEPT)
def _registrations(area: str, model: int, season: int) -> Series:
    return Series("registrations", area, _of(model, season))


@lru_cache(KEPT)
def _recognitions(area: str, model: int, season: int, renewal: bool) -> Series:
    again = ("renewal", "true" if renewal else "false")
    return Series("titles_recognised", area, (*_of(model, season), again))


@lru_cache(KEPT)
def _held(area: str, model: int, season: int, group: str, level: str) -> Series:
    """Families and clans have no group, and most titles no level: then it is empty."""
    if group and group not in GROUPS:
        raise Unprojectable(f"{group[:40]!r} is not a group")
    if level and level not in LEVELS:
        raise Unprojectable(f"{level[:40]!r} is not a level")
    return Series("titles_held", area, (*_of(model, season), ("group", group), ("level", level)))


def _of(model: int, season: int) -> tuple[tuple[str, str], tuple[str, str]]:
    if not date.min.year <= season <= date.max.year:
        raise Unprojectable(f"{season} is not a season")
    name = name_of(registry.LearningModel, model, "model of a title")
    return ("model", name), ("season", str(season))

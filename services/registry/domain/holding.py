"""TitleHolding: who holds which title, from which day to which, one stretch after another."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
from chassis.domain import Aggregate, event, natural_id
from chassis.errors import AlreadyExists, WrongState
from chassis.log.sealed import Sealed

from registry.domain.kind import Group, Level, Model
from registry.domain.refusals import in_order

A_DAY = timedelta(days=1)


def holding_id(province: str, subject: UUID, model: Model) -> UUID:
    """One subject holds one title of a model, however often it is renewed."""
    return natural_id(province, "holding", str(subject), model)


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A title as it stands from `valid_from` to `valid_until`, both days included.

    Without `valid_until` it stands until it is revoked. `area` is exact, as of `valid_from`.
    """

    area: str
    season: int
    valid_from: date
    valid_until: date | None = None
    group: Group | None = None
    level: Level | None = None

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class TitleHolding(Aggregate):
    """No timer ends a title: its last day is in the event that gave it.

    Every event says what it changes, so that its reader needs no other: `before` is what stood and
    stands no longer, `after` what stands in its place. In a renewal `before` therefore begins on
    the new title's first day, and what was held until then stays as it was.
    """

    class TitleRecognised(Aggregate.Created):
        """The first title this subject ever got of this model."""

        TOPIC = "registry.TitleRecognised"
        subject: UUID
        model: Model
        case: UUID
        decision: UUID
        renewal: bool
        effective_on: date
        before: Standing | None
        after: Standing

    class TitleRecognisedAgain(Aggregate.Event):
        """A later one: a renewal, or new after the last one had ended."""

        TOPIC = "registry.TitleRecognisedAgain"
        subject: UUID
        model: Model
        case: UUID
        decision: UUID
        renewal: bool
        effective_on: date
        before: Standing | None
        after: Standing

    class TitleImported(Aggregate.Created):
        """A title from before this system; its own first event, because it was recognised once."""

        TOPIC = "registry.TitleImported"
        subject: UUID
        model: Model
        source: str
        before: Standing | None
        after: Standing

    class TitleImportedAgain(Aggregate.Event):
        TOPIC = "registry.TitleImportedAgain"
        subject: UUID
        model: Model
        source: str
        before: Standing | None
        after: Standing

    class TitleRevoked(Aggregate.Event):
        """`after` is the same title up to the day before, absent when it never stood a day."""

        TOPIC = "registry.TitleRevoked"
        subject: UUID
        model: Model
        ground: Sealed
        decision_number: str
        signer: UUID
        revoked_on: date
        before: Standing
        after: Standing | None

    @classmethod
    def recognise(
        cls,
        existing: "TitleHolding | None",
        *,
        id: UUID,  # noqa: A002  # the aggregate's own word
        subject: UUID,
        model: Model,
        case: UUID,
        decision: UUID,
        title: Standing,
    ) -> "TitleHolding":
        """A decision gave the title from `title.valid_from` on; new or renewal is decided here."""
        before, after = _placed(existing, title)
        own: dict[str, Any] = {
            "subject": subject,
            "model": model,
            "case": case,
            "decision": decision,
            "renewal": existing is not None and existing.held_just_before(title.valid_from),
            "effective_on": title.valid_from,
            "before": before,
            "after": after,
        }
        if existing is None:
            return cls._begun(cls.TitleRecognised, id, own)
        existing._recognised(**own)  # noqa: SLF001  # one class
        return existing

    @classmethod
    def import_(
        cls,
        existing: "TitleHolding | None",
        *,
        id: UUID,  # noqa: A002  # the aggregate's own word
        subject: UUID,
        model: Model,
        source: str,
        title: Standing,
    ) -> "TitleHolding":
        """A title held before this system, from a list named by `source`: a stock, no recognition.

        Raises:
            AlreadyExists: the title of that season is known.
            Invalid: it ends before it begins.
        """
        if title.valid_until is not None:
            in_order(title.valid_from, title.valid_until, "valid_until")
        if existing is not None:
            existing._require_new(title)  # noqa: SLF001  # one class
        before, after = _placed(existing, title)
        own: dict[str, Any] = {
            "subject": subject,
            "model": model,
            "source": source,
            "before": before,
            "after": after,
        }
        if existing is None:
            return cls._begun(cls.TitleImported, id, own)
        existing._imported(**own)  # noqa: SLF001  # one class
        return existing

    @classmethod
    def _begun(cls, event_class: type[Any], id: UUID, own: dict[str, Any]) -> "TitleHolding":  # noqa: A002
        """A holding has two ways to begin, so its first event is made here."""
        first = event_class(originator_id=id, originator_version=cls.INITIAL_VERSION, **own)
        begun: TitleHolding = first.mutate(None)
        begun.pending_events.append(first)
        return begun

    @event(TitleRecognised)
    def __init__(self, subject: UUID, model: Model, after: Standing) -> None:
        self.subject = subject
        self.model = model
        self.titles: list[Standing] = [after]
        """What was held, day by day: in order, none over another."""
        self.revoked_on: date | None = None

    def held_on(self, day: date) -> Standing | None:
        """The title that stood on that day."""
        return next((title for title in self.titles if title.on(day)), None)

    def held_just_before(self, day: date) -> bool:
        """Whether a title begun earlier stood on the day before: then a new one renews it."""
        return self.held_on(day - A_DAY) is not None

    def revoke(self, ground: Sealed, decision_number: str, revoked_on: date, signer: UUID) -> None:
        """The title stands no longer from `revoked_on` on; the days before stay held.

        Raises:
            WrongState: none stood on that day, or a later one was given since.
        """
        title = self.held_on(revoked_on)
        if title is None:
            raise WrongState(
                f"no title of holding {self.id} stood on {revoked_on}: there is none to revoke",
                f"ngày {revoked_on} không có danh hiệu nào của {self.id} còn hiệu lực để thu hồi",
            )
        last = self.titles[-1]
        if title is not last:
            raise WrongState(
                f"holding {self.id} was given again on {last.valid_from}: revoke from then on",
                f"danh hiệu {self.id} đã được công nhận lại ngày {last.valid_from}: "
                "chỉ thu hồi từ ngày đó trở đi",
            )
        after = _until(title, revoked_on - A_DAY) if title.valid_from < revoked_on else None
        self._revoked(
            self.subject, self.model, ground, decision_number, signer, revoked_on, title, after
        )

    def _require_new(self, title: Standing) -> None:
        if any(known.season == title.season for known in self.titles):
            raise AlreadyExists(
                f"holding {self.id} has the title of {title.season} already",
                f"danh hiệu năm {title.season} của {self.id} đã có",
            )

    def _put(self, before: Standing | None, after: Standing | None) -> None:
        titles = [_without(title, before) if before else title for title in self.titles]
        self.titles = sorted(
            [title for title in (*titles, after) if title is not None], key=_first_day
        )

    @event(TitleRecognisedAgain)
    def _recognised(
        self,
        subject: UUID,
        model: Model,
        case: UUID,
        decision: UUID,
        renewal: bool,
        effective_on: date,
        before: Standing | None,
        after: Standing,
    ) -> None:
        self._put(before, after)
        self.revoked_on = None

    @event(TitleImportedAgain)
    def _imported(
        self,
        subject: UUID,
        model: Model,
        source: str,
        before: Standing | None,
        after: Standing,
    ) -> None:
        self._put(before, after)

    @event(TitleRevoked)
    def _revoked(
        self,
        subject: UUID,
        model: Model,
        ground: Sealed,
        decision_number: str,
        signer: UUID,
        revoked_on: date,
        before: Standing,
        after: Standing | None,
    ) -> None:
        self._put(before, after)
        self.revoked_on = revoked_on


def _first_day(title: Standing) -> date:
    return title.valid_from


def _until(title: Standing, last_day: date) -> Standing:
    return msgspec.structs.replace(title, valid_until=last_day)


def _placed(existing: TitleHolding | None, title: Standing) -> tuple[Standing | None, Standing]:
    """What a new title takes the place of, and how much of it stands beside later ones.

    Paper reaches us late: a title of an earlier year stands only until a later one began.
    """
    if existing is None:
        return None, title
    later = [known for known in existing.titles if known.valid_from > title.valid_from]
    if later:
        last_day = later[0].valid_from - A_DAY
        if title.valid_until is None or last_day < title.valid_until:
            title = _until(title, last_day)
    replaced = existing.held_on(title.valid_from)
    if replaced is None:
        return None, title
    return msgspec.structs.replace(replaced, valid_from=title.valid_from), title


def _without(title: Standing, gone: Standing) -> Standing | None:
    """What is left of a title when its days from the first of `gone` on are taken away."""
    if not title.on(gone.valid_from):
        return title
    if title.valid_from == gone.valid_from:
        return None
    return _until(title, gone.valid_from - A_DAY)

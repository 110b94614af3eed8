"""Villages, and subjects of the five models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from chassis.area import Area
from chassis.edge.commands import Command
from chassis.edge.fields import ActDay, AreaCode, Name, Part, PersonalName, Prose
from chassis.edge.policy import allows
from chassis.edge.session import Asked, Session
from chassis.errors import AlreadyExists, Refusal
from chassis.log.execute import Outcome
from msgspec import Meta

from registry.commands.office import OFFICERS, VERIFIERS, Office, not_after, pointed
from registry.domain.area import AreaUnit, area_id
from registry.domain.kind import Group, Model, Sex, SubjectKind
from registry.domain.refusals import refuse
from registry.domain.subject import Subject
from registry.domain.village import Village
from registry.people import Met
from registry.places import placed

NationalId = Annotated[
    str,
    Meta(
        min_length=9,
        max_length=20,
        description="12 digits, or 9 of an old card",
        extra={"personal": True},
    ),
]
BirthYear = Annotated[int, Meta(ge=1880, le=2200, extra={"personal": True})]


class OpenVillage(Command, frozen=True, kw_only=True):
    """Mint a village of a commune; it keeps its id when the commune goes."""

    commune: AreaCode
    name: Name
    opened_on: ActDay | None = None


class NewSubject(Part, frozen=True, kw_only=True):
    """A subject not entered yet; a known national id means the person who has it."""

    id: UUID | None = None
    model: Model
    area: AreaCode
    entered_on: ActDay | None = None
    name: PersonalName
    national_id: NationalId | None = None
    birth_year: BirthYear | None = None
    sex: Sex | None = None
    group: Group | None = None
    kind: SubjectKind | None = None
    head: UUID | None = None


class EnterSubject(NewSubject, Command, frozen=True, kw_only=True):
    """Enter a citizen, family, clan, community or unit."""


class OrderErasure(Command, frozen=True, kw_only=True):
    """Erase a person: their key is destroyed, and nothing personal can be read any more."""

    subject: UUID
    ground: Prose


@dataclass(slots=True)
class Entry:
    """A form made ready: its day, its place, and who it is about if the caller may enter them."""

    form: NewSubject
    entered_on: date
    area: Area | Refusal
    met: Met | Refusal | None = None

    def place(self) -> Area:
        """The area, or the refusal that there is none."""
        if isinstance(self.area, Refusal):
            raise self.area
        return self.area

    def person(self) -> Met:
        """Who it is about, or why nobody."""
        if isinstance(self.met, Refusal):
            raise self.met
        assert self.met is not None
        return self.met


class Subjects:
    """Enters subjects, alone and for others."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def prepare(self, commands: Sequence[EnterSubject], asked: Asked) -> Sequence[Entry]:
        """Find or make everybody at once."""
        return await self.entries([(form, asked.today) for form in commands], asked)

    async def entries(self, forms: Sequence[tuple[NewSubject, date]], asked: Asked) -> list[Entry]:
        """The forms, each with the day that counts where it names none, made ready together.

        Nobody is claimed for a caller who may not enter them.
        """
        await self._office.ready(asked, [form.area for form, _ in forms])
        entries = [self._entry(form, form.entered_on or day, asked) for form, day in forms]
        may = self._permitted(entries, asked)
        people = await self._office.people.meet([entry.form for entry in may])
        for entry, met in zip(may, people, strict=True):
            entry.met = met
        heads = {form.head for form, _ in forms if form.head is not None}
        if heads:
            await self._office.executor.warm(Subject, heads)
        return entries

    async def enter(self, command: EnterSubject, session: Session) -> Subject:
        """A new subject.

        Raises:
            AlreadyExists: the national id, or the client's id, is known; it names the subject.
        """
        entry: Entry = session.prepared
        session.allow(entry.place())
        met = entry.person()
        if not met.taken() and await session.find(Subject, met.subject):
            raise _known(command, met.subject)
        return session.save(await self.entered(entry, session))

    async def entered(self, entry: Entry, session: Session) -> Subject:
        """The subject of a form, its personal fields sealed; not saved yet."""
        form, met = entry.form, entry.person()
        not_after(entry.entered_on, session.today, "entered_on")
        head = await pointed(session, Subject, form.head, "head") if form.head else None
        sealed = met.sealed(form)
        return Subject.enter(
            met.subject,
            form.model,
            str(entry.place()),
            entry.entered_on,
            sealed["name"],
            national_id=sealed.get("national_id"),
            birth_year=sealed.get("birth_year"),
            sex=form.sex,
            group=form.group,
            kind=form.kind,
            head=head,
        )

    async def order_erasure(self, command: OrderErasure, session: Session) -> Subject:
        """The order on record; a worker carries it out at once, and says so when it is done."""
        subject = await session.get(Subject, command.subject)
        session.allow(await self._office.places.exact(subject.area))
        subject.order_erasure(command.ground, session.today)
        return session.save(subject)

    def _entry(self, form: NewSubject, entered_on: date, asked: Asked) -> Entry:
        areas = self._office.places.areas
        try:
            return Entry(form, entered_on, placed(areas, form.area, entered_on, asked.today))
        except Refusal as refusal:
            return Entry(form, entered_on, refusal)

    def _permitted(self, entries: Sequence[Entry], asked: Asked) -> list[Entry]:
        """Those whom the caller may enter; a place is looked at once."""
        areas, today = self._office.places.areas, asked.today
        places = {each.area for each in entries if not isinstance(each.area, Refusal)}
        may = {each for each in places if allows(asked.principal, OFFICERS, each, areas, today)}
        return [each for each in entries if each.area in may]


class Villages:
    """Opens villages."""

    ROLES = VERIFIERS

    def __init__(self, office: Office) -> None:
        self._office = office

    async def open(self, command: OpenVillage, session: Session) -> Village:
        """A village under its commune's next number."""
        opened_on = command.opened_on or session.today
        area = placed(session.areas, command.commune, opened_on, session.today)
        session.allow(area)
        commune = await session.get(AreaUnit, area_id(session.province, str(area)))
        village = Village.open(session.province, commune, command.name, opened_on)
        return session.save(village, commune)

    async def area(self, _: OpenVillage, outcome: Outcome, __: Asked) -> dict[str, Any]:
        """The identity that was minted."""
        found = await self._office.executor.repository.get(Village, outcome.id)
        return {"area": found.village}


def _known(form: NewSubject, subject: UUID) -> AlreadyExists:
    pointer = "/national_id" if form.national_id is not None else "/id"
    return refuse(
        AlreadyExists,
        pointer,
        f"this is subject {subject}, entered already",
        f"người này đã có trong sổ, mã {subject}",
        None if form.national_id is not None else str(subject),
    )

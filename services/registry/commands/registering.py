"""Registrations: a subject, known or new, asks for the title of a model and a season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.edge.commands import Command
from chassis.edge.fields import ActDay
from chassis.edge.session import Asked, Session
from chassis.errors import Invalid

from registry.commands.office import Office, Season, pointed
from registry.commands.subjects import Entry, NewSubject, Subjects
from registry.domain.case import RecognitionCase, case_id
from registry.domain.kind import Model
from registry.domain.refusals import refuse
from registry.domain.subject import Subject


class RegisterForTitle(Command, frozen=True, kw_only=True):
    """Register a subject; with `new_subject`, who is not known yet is entered with it."""

    subject: UUID | None = None
    new_subject: NewSubject | None = None
    model: Model
    season: Season
    registered_on: ActDay | None = None
    assisted_by: UUID | None = None


@dataclass(slots=True)
class Registering:
    """A registration made ready. While `unseen`, its case, if it is known, was not there."""

    registered_on: date
    entry: Entry | None
    case: UUID | None = None
    unseen: bool = False

    def taken(self) -> bool:
        """Whether to begin the case without looking; true once."""
        unseen, self.unseen = self.unseen, False
        return unseen


class Registrations:
    """Registers, one or thousands."""

    def __init__(self, office: Office, subjects: Subjects) -> None:
        self._office = office
        self._subjects = subjects

    async def prepare(
        self, commands: Sequence[RegisterForTitle], asked: Asked
    ) -> Sequence[Registering]:
        """Meet everybody at once, and load the subjects and cases that are known."""
        rows = [Registering(each.registered_on or asked.today, None) for each in commands]
        new = [
            (row, each.new_subject)
            for row, each in zip(rows, commands, strict=True)
            if each.new_subject is not None and each.subject is None
        ]
        forms = [(form, row.registered_on) for row, form in new]
        for (row, _), entry in zip(new, await self._subjects.entries(forms, asked), strict=True):
            row.entry = entry
        await self._office.executor.warm(
            Subject, {each.subject for each in commands if each.subject is not None}
        )
        await self._look_for_cases(commands, rows)
        return rows

    async def register(self, command: RegisterForTitle, session: Session) -> RecognitionCase:
        """The subject's case; and, for somebody unknown, the subject, in the same append."""
        row: Registering = session.prepared
        if row.entry is not None:
            subject, entered = await self._newcomer(row.entry, session)
        else:
            subject, entered = await self._known(command, session), False
        case = await self._case(command, row, subject, session)
        return session.save(case, subject) if entered else session.save(case)

    async def _case(
        self, command: RegisterForTitle, row: Registering, subject: Subject, session: Session
    ) -> RecognitionCase:
        id = row.case or case_id(session.province, subject.id, command.model, command.season)  # noqa: A001
        existing = None if row.taken() else await session.find(RecognitionCase, id)
        return RecognitionCase.register(
            existing,
            id=id,
            subject=subject,
            model=command.model,
            season=command.season,
            registered_on=row.registered_on,
            area=self._office.carried(subject.area, row.registered_on),
            assisted_by=command.assisted_by,
        )

    async def _newcomer(self, entry: Entry, session: Session) -> tuple[Subject, bool]:
        """The subject of a form, and whether they are entered now. A known person is used."""
        session.allow(entry.place())
        met = entry.person()
        if not met.taken() and (known := await session.find(Subject, met.subject)):
            session.allow(await self._office.places.exact(known.area))
            return known, False
        return await self._subjects.entered(entry, session), True

    async def _known(self, command: RegisterForTitle, session: Session) -> Subject:
        if command.subject is None or command.new_subject is not None:
            raise refuse(
                Invalid,
                "/subject",
                "give either the id of a subject or a new_subject",
                "ghi mã đối tượng (subject) hoặc đối tượng mới (new_subject), một trong hai",
            )
        subject = await pointed(session, Subject, command.subject, "subject")
        session.allow(await self._office.places.exact(subject.area))
        return subject

    async def _look_for_cases(
        self, commands: Sequence[RegisterForTitle], rows: Sequence[Registering]
    ) -> None:
        """Mark the rows whose case is certainly new, or was not there a moment ago."""
        ids: dict[UUID, Registering] = {}
        province = self._office.places.areas.province.code
        for each, row in zip(commands, rows, strict=True):
            subject = _subject_of(each, row)
            if subject is not None:
                row.case = case_id(province, subject, each.model, each.season)
                ids.setdefault(row.case, row)
        certain = {id for id, row in ids.items() if row.entry and _is_new(row.entry)}  # noqa: A001
        found = await self._office.executor.warm(RecognitionCase, ids.keys() - certain)
        for id, row in ids.items():  # noqa: A001
            row.unseen = id not in found


def _subject_of(command: RegisterForTitle, row: Registering) -> UUID | None:
    if row.entry is None:
        return command.subject
    met = row.entry.met
    return None if met is None or isinstance(met, Exception) else met.subject


def _is_new(entry: Entry) -> bool:
    return entry.met is not None and not isinstance(entry.met, Exception) and entry.met.unseen

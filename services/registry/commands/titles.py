"""Titles outside decisions: taken back, or held before this system."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.edge.commands import Command
from chassis.edge.fields import ActDay, Day, Name, PersonalProse
from chassis.edge.session import Asked, Session
from chassis.errors import Invalid
from chassis.log.sealed import Keyring

from registry.commands.office import Office, Season, pointed
from registry.domain.holding import Standing, TitleHolding, holding_id
from registry.domain.kind import Group, Level, Model
from registry.domain.refusals import WrongModel, refuse
from registry.domain.subject import Subject


class RevokeTitle(Command, frozen=True, kw_only=True):
    """A title stands no longer from a day on."""

    holding: UUID
    ground: PersonalProse
    decision_number: Name
    revoked_on: ActDay | None = None


class ImportTitle(Command, frozen=True, kw_only=True):
    """A title held before this system: a stock, not a recognition."""

    id: UUID | None = None
    subject: UUID
    model: Model
    season: Season
    group: Group | None = None
    level: Level | None = None
    valid_from: ActDay
    valid_until: Day | None = None
    source: Name


@dataclass(slots=True)
class Unseen:
    """Whether a holding was not there when the command was prepared."""

    holding: UUID
    unseen: bool

    def taken(self) -> bool:
        """Whether to begin it without looking; true once."""
        unseen, self.unseen = self.unseen, False
        return unseen


class Titles:
    """Revocations and imports."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def prepare_revocations(
        self, commands: Sequence[RevokeTitle], asked: Asked
    ) -> Sequence[Keyring]:
        """Load the holdings, and the keys of their subjects."""
        await self._office.ready(asked)
        found = await self._office.executor.warm(TitleHolding, [c.holding for c in commands])
        subjects = {each.subject for each in found.values()}
        await self._office.executor.warm(Subject, subjects)
        keyring = await self._office.vault.keyring(subjects)
        return [keyring] * len(commands)

    async def prepare_imports(
        self, commands: Sequence[ImportTitle], asked: Asked
    ) -> Sequence[Unseen]:
        """Load the subjects, and the holdings that are there already."""
        await self._office.ready(asked)
        await self._office.executor.warm(Subject, {each.subject for each in commands})
        province = self._office.places.areas.province.code
        ids = [holding_id(province, each.subject, each.model) for each in commands]
        seen = set(await self._office.executor.warm(TitleHolding, ids))
        rows = []
        for each in ids:
            rows.append(Unseen(each, each not in seen))
            seen.add(each)  # named twice at once: the second looks
        return rows

    async def revoke(self, command: RevokeTitle, session: Session) -> TitleHolding:
        """The holding, its title ended the day before."""
        holding = await session.get(TitleHolding, command.holding)
        on = command.revoked_on or session.today
        subject = await session.get(Subject, holding.subject)
        title = holding.held_on(on)
        session.allow(await self._office.places.exact(title.area if title else subject.area))
        subject.require_known()
        keyring: Keyring = session.prepared
        sealed = keyring.seal(
            holding.subject, holding.id, holding.version + 1, {"ground": command.ground}
        )
        holding.revoke(sealed["ground"], command.decision_number, on, session.actor)
        return session.save(holding)

    async def import_(self, command: ImportTitle, session: Session) -> TitleHolding:
        """The holding with one more title."""
        row: Unseen = session.prepared
        subject = await pointed(session, Subject, command.subject, "subject")
        session.allow(await self._office.places.exact(subject.area))
        subject.require_known()
        _fitting(command, subject, row.holding)
        existing = None if row.taken() else await session.find(TitleHolding, row.holding)
        holding = TitleHolding.import_(
            existing,
            id=row.holding,
            subject=subject.id,
            model=command.model,
            source=command.source,
            title=Standing(
                area=self._office.carried(subject.area, command.valid_from),
                season=command.season,
                valid_from=command.valid_from,
                valid_until=command.valid_until,
                group=command.group or subject.group,
                level=command.level,
            ),
        )
        return session.save(holding)


def _fitting(command: ImportTitle, subject: Subject, holding: UUID) -> None:
    if subject.model is not command.model:
        raise refuse(
            WrongModel,
            "/model",
            f"subject {subject.id} is a {subject.model}, not a {command.model}",
            f"đối tượng {subject.id} là {subject.model}, không phải {command.model}",
            command.model,
        )
    if command.id not in (None, holding):
        raise refuse(
            Invalid,
            "/id",
            f"the title of this subject and model has the id {holding}",
            f"danh hiệu của đối tượng và mô hình này mang mã {holding}",
            str(command.id),
        )

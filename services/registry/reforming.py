"""A later reform of the map, out of an operator's file: recorded in one append."""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid5

import asyncpg
import msgspec
from chassis.area import Area, Areas
from chassis.clock import Clock, SystemClock
from chassis.errors import AlreadyExists
from chassis.log.execute import Order, UnitOfWork
from chassis.log.store import Log
from chassis.run import database
from chassis.run.settings import Settings
from chassis.wiring.recording import executing

from registry import app
from registry.codec import CODEC
from registry.domain.area import AreaUnit, area_id
from registry.domain.reform import Reform, decree, reform_id
from registry.places import Places
from registry.reform_file import Line, checked, read

NOBODY = UUID(int=0)
"""Whose act a reform is: it stands in a legal text, not in an officer's form."""


async def reform(settings: Settings, text: str) -> str:
    """Record the reform that a file tells, all of it or nothing; what was done, in a line.

    Raises:
        Invalid, AlreadyExists: as ``record``.
    """
    pool = await database.open_pool(settings.database_url, application_name="registry-operator")
    try:
        return await record(pool, settings.province, text)
    finally:
        await pool.close()


async def record(pool: asyncpg.Pool, province: str, text: str, clock: Clock | None = None) -> str:
    """Append a reform to the log of a province. The same file again changes nothing.

    Raises:
        Invalid: a line says what cannot be; the sentence names it.
        AlreadyExists: a reform of that day and legal basis is recorded, with other lines.
    """
    lines = read(text)
    log = Log(pool, f"{province}.{app.SERVICE}")
    places = Places(log, Areas.of_province(province))
    executor = executing(log, CODEC, clock or SystemClock())
    digest = hashlib.sha256(msgspec.json.encode(sorted(line[1:] for line in lines))).digest()

    async def decide(work: UnitOfWork) -> Reform:
        await places.catch_up()
        return await _decreed(work, lines, places.areas)

    await executor.start()
    try:
        order = Order(uuid5(NOBODY, f"{log.name} {digest.hex()}"), digest, NOBODY)
        outcome = await executor.execute(order, decide)
    finally:
        await executor.drain()
    basis = f"{lines[0].legal_basis}, {lines[0].effective_on}"
    if outcome.replayed:
        return f"{basis}: recorded already"
    opened, ended = {line.successor for line in lines}, {line.predecessor for line in lines}
    return f"{basis}: {len(opened)} places open, {len(ended)} end; position {outcome.position}"


async def _decreed(work: UnitOfWork, lines: Sequence[Line], areas: Areas) -> Reform:
    """The reform and all it does, saved with the reform first."""
    province, first = areas.province, lines[0]
    identity = reform_id(province.code, first.effective_on, first.legal_basis)
    if await work.find(Reform, identity):
        raise AlreadyExists(
            f"the reform of {first.effective_on} by {first.legal_basis} is recorded, otherwise",
            f"lần sắp xếp ngày {first.effective_on} theo {first.legal_basis} đã ghi, khác tệp này",
        )
    successors = checked(lines, areas)

    async def units(found: Sequence[Area]) -> Mapping[Area, AreaUnit]:
        named = {area: area_id(province.code, str(area)) for area in found}
        return {area: await work.get(AreaUnit, stream) for area, stream in named.items()}

    standing = await units(list(dict.fromkeys(a for one in successors for a in one.predecessors)))
    codes = {one.area.code for one in successors}
    before = await units([unit.area for unit in areas.units() if unit.area.code in codes])
    earlier = {code: [u for area, u in before.items() if area.code == code] for code in codes}
    whole, *others = decree(
        province, first.effective_on, first.legal_basis, successors, standing, earlier
    )
    assert isinstance(whole, Reform)
    return work.save(whole, *others)

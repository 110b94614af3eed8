"""Acts that rest on how far a stream has come, without reading what is in it."""

from chassis.domain import uuid7
from chassis.log.execute import UnitOfWork
from logs import Seminar, add_seats, announce, executing, open_log, order

from deploy.local.databases import Database


async def test_an_act_that_rests_on_a_version_stands_only_while_nothing_came_after_it(
    database: Database,
) -> None:
    async with open_log(database) as log, executing(log) as here, open_log(database) as theirs:
        rules = (await here.execute(order(), announce(seats=0))).id
        async with executing(theirs) as there:
            seminar = (await there.execute(order(), announce(seats=3))).id
            versions = await there.versions([rules, uuid7()])
            looked = []

            async def by_the_rules(work: UnitOfWork) -> Seminar:
                found = await work.get(Seminar, seminar)
                if work.rests_on(rules, versions[rules]):
                    looked.append("no")
                    if len(looked) == 2:  # what another process does between deciding and appending
                        await here.execute(order(), add_seats(rules))
                else:
                    looked.append((await work.get(Seminar, rules)).seats)
                found.take_seat(uuid7())
                return work.save(found)

            await there.execute(order(), by_the_rules)
            assert looked == ["no"]
            await there.execute(order(), by_the_rules)
            assert looked == ["no", "no", 1]
            # What is remembered here now is not asked of the caller's versions again.
            await there.execute(order(), by_the_rules)
            assert looked[3:] == [1]
            assert (await log.load(seminar))[-1].version == 4

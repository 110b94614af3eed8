"""What the log tells of places is found at once, however long the log is."""

import asyncpg
from chassis.run.database import migrate
from registry import app
from registry.places import TOLD

MANY = """
INSERT INTO event
SELECT n, gen_random_uuid(), 1, 'registry.CaseProposed', now(), gen_random_uuid(), '{}', '{}'
FROM generate_series(1, 20000) AS n
"""


async def test_a_process_that_looks_for_new_places_does_not_walk_the_log(make_database) -> None:
    database = make_database("registry")
    await migrate(database.owner_url, app.MIGRATIONS, database.app_role)
    connection = await asyncpg.connect(database.owner_url)
    try:
        await connection.execute(MANY)
        await connection.execute("ANALYZE event")
        await connection.execute("SET plan_cache_mode = force_generic_plan")
        await connection.execute(f"PREPARE told (bigint) AS {TOLD}")
        plan = await connection.fetch("EXPLAIN EXECUTE told (0)")
    finally:
        await connection.close()
    assert "event_place_told" in "\n".join(line[0] for line in plan)

-- What became of places after the data files, as the registry told it, in its order. A service that
-- follows the registry keeps them here; each of its processes reads them into its maps.
create table area_change (
    position bigint primary key,  -- in the registry's log
    change text not null check (change in ('opened', 'closed', 'succeeded')),
    area text not null,
    kind text not null,
    name text not null,
    other text not null,          -- the parent of what opened, the successor of what ended
    ended_on date
);

grant select, insert on area_change to ${app};

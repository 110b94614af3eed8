-- When the registry recorded a change, since maps are known as of a time too; and in which order
-- changes were kept here, so that a reader sees at a glance whether there are others.
alter table area_change
    add recorded_at timestamptz not null default '2000-01-01T00:00:00Z',
    add kept bigint generated always as identity unique;
alter table area_change alter recorded_at drop default;

-- What a log no longer holds is taken back.
grant delete on area_change to ${app};

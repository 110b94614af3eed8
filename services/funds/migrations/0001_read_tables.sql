-- What lists show. Kept by `work` from this service's own log; may be dropped and filled again.
-- No name, no reason and no other free text of a person is here: those are in the log, sealed.
create table fund (
    id uuid primary key,
    version integer not null,
    name text not null,
    kind text not null,
    area text not null,
    opened_on date not null,
    balance bigint not null default 0,
    in_kind bigint not null default 0
);
create index fund_by_area on fund (area);

-- One row a movement; sums of them are balances, as of any day and as known at any position.
create table entry (
    position bigint primary key,
    fund uuid not null,
    entry uuid not null,
    movement text not null,
    account text not null,
    amount bigint not null,
    earmark text,
    value_date date not null,
    cause uuid not null,
    recorded_at timestamptz not null
);
create index entry_by_fund on entry (fund, position);

create table award (
    id uuid primary key,
    version integer not null,
    fund uuid not null,
    kind text not null,
    area text not null,
    recipient_kind text not null,
    amount bigint not null,
    earmark text,
    nominated_on date not null,
    state text not null,
    approved bigint not null default 0,
    paid bigint not null default 0
);
create index award_by_day on award (nominated_on desc, id desc);
create index award_by_fund on award (fund, nominated_on desc, id desc);

-- Where the published facts of a fund lie in the log: its own, of its gifts and of its awards.
create table fact (
    fund uuid not null,
    position bigint not null,
    primary key (fund, position)
);

grant select, insert, update, delete on fund, entry, award, fact to ${app};

-- Sums over a fund's entries, on any day and up to any position, from the index alone.
create index entry_sums on entry (fund, position) include (account, earmark, amount, value_date);
drop index entry_by_fund;

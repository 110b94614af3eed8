-- Who was erased in the registry, as its topic told: a vault that is restored from a backup made
-- before is told once more from here. Ids only, of people whose keys are gone.
create table erased (
    subject uuid primary key
);

grant select, insert on erased to ${app};

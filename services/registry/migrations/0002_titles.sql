-- What each subject held from which day to which: the stretches of its holding, none over another.
CREATE TABLE title (
    holding uuid NOT NULL,
    subject uuid NOT NULL,
    model text NOT NULL,
    area text NOT NULL,
    season integer NOT NULL,
    group_code text,
    level text,
    valid_from date NOT NULL,
    valid_until date,
    PRIMARY KEY (holding, valid_from)
);
CREATE INDEX title_by_area ON title (area, holding);
CREATE INDEX title_by_subject ON title (subject);

-- Decisions and erasures are few among many events; the worker looks for new ones often.
CREATE INDEX event_decision_issued ON event (position) WHERE type = 'registry.DecisionIssued';
CREATE INDEX event_erasure_ordered ON event (position) WHERE type = 'registry.ErasureOrdered';

GRANT SELECT, INSERT, UPDATE, DELETE ON title TO ${app};

-- What lists show. Kept by `work` from this service's own log; may be dropped and filled again.
-- No names: those lie in the vault's database.
CREATE TABLE recognition_case (
    id uuid PRIMARY KEY,
    version integer NOT NULL,
    subject uuid NOT NULL,
    model text NOT NULL,
    season integer NOT NULL,
    area text NOT NULL,
    state text NOT NULL,
    registered_on date NOT NULL,
    verifier uuid,
    proposer uuid
);

-- Newest first, in one area or in all; the id makes the order total for the cursor.
CREATE INDEX case_by_day ON recognition_case (registered_on DESC, id DESC);
CREATE INDEX case_by_area ON recognition_case (area, registered_on DESC, id DESC);
CREATE INDEX case_by_subject ON recognition_case (subject);
CREATE INDEX case_proposed ON recognition_case (area, model, season) WHERE state = 'proposed';

-- Villages are few among many events, and every process looks for new ones often.
CREATE INDEX event_village_opened ON event (position) WHERE type = 'registry.VillageOpened';

GRANT SELECT, INSERT, UPDATE, DELETE ON recognition_case TO ${app};

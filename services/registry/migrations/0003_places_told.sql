-- What the log tells of places, village or reform, is asked for many times a second by every
-- process: by an index of those events alone, whose condition `registry.places` repeats.
CREATE INDEX event_place_told ON event (position) WHERE type IN (
    'registry.AreaOpened', 'registry.AreaSucceeded', 'registry.AreaClosed', 'registry.VillageOpened'
);
DROP INDEX event_village_opened;

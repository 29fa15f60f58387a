-- Gives every event its place in the log of all bookings. A new column without a default can not be NOT NULL, so
-- the table is made anew.
--
-- What is there gets places by time, within a second by booking. Within a booking they follow seq, whatever its
-- clock did: an event counts as no earlier than the one before it.
CREATE TABLE events_with_places (
    booking_id      INTEGER NOT NULL REFERENCES bookings (id) ON DELETE RESTRICT,
    seq             INTEGER NOT NULL CHECK (seq > 0),
    event_type      TEXT    NOT NULL CHECK (event_type IN ('BOOKED', 'DEPARTED', 'ARRIVED', 'DELIVERED', 'CANCELLED')),
    previous_status TEXT    NOT NULL,
    new_status      TEXT    NOT NULL,
    location        TEXT    CHECK (length(location) = 3),
    flight_id       INTEGER REFERENCES flights (id) ON DELETE RESTRICT,
    flight_number   TEXT,
    off_plan        INTEGER NOT NULL CHECK (off_plan IN (0, 1)),
    notes           TEXT    NOT NULL,
    actor           TEXT    NOT NULL,
    request_id      TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    log_position    INTEGER NOT NULL CHECK (log_position > 0),
    PRIMARY KEY (booking_id, seq)
) STRICT, WITHOUT ROWID;

INSERT INTO events_with_places
SELECT booking_id, seq, event_type, previous_status, new_status, location, flight_id, flight_number, off_plan, notes,
       actor, request_id, created_at, row_number() OVER (ORDER BY no_earlier_than, booking_id, seq)
FROM (SELECT *, max(created_at) OVER (PARTITION BY booking_id ORDER BY seq) AS no_earlier_than FROM booking_events)
ORDER BY booking_id, seq;

DROP TABLE booking_events;
ALTER TABLE events_with_places RENAME TO booking_events;
CREATE UNIQUE INDEX booking_events_by_log_position ON booking_events (log_position);

CREATE TRIGGER booking_events_are_never_changed BEFORE UPDATE ON booking_events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER booking_events_are_never_deleted BEFORE DELETE ON booking_events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

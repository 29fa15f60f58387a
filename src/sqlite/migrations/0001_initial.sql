-- Times are seconds since 1970-01-01T00:00:00Z; airports are three letters.

CREATE TABLE flights (
    id                 INTEGER PRIMARY KEY AUTOINCREMENT,  -- an id is never used twice
    flight_number      TEXT    NOT NULL,
    airline_name       TEXT    NOT NULL,
    origin             TEXT    NOT NULL CHECK (length(origin) = 3),
    destination        TEXT    NOT NULL CHECK (length(destination) = 3 AND destination <> origin),
    departure_datetime INTEGER NOT NULL,
    arrival_datetime   INTEGER NOT NULL CHECK (arrival_datetime > departure_datetime),
    UNIQUE (departure_datetime, flight_number, origin, destination)
) STRICT;

-- Moves with every change of flights, so that others know when to load them again.
CREATE TABLE schedule_version (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    version  INTEGER NOT NULL
) STRICT;
INSERT INTO schedule_version VALUES (1, 0);

CREATE TABLE bookings (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    ref_id       TEXT    NOT NULL UNIQUE,
    origin       TEXT    NOT NULL CHECK (length(origin) = 3),
    destination  TEXT    NOT NULL CHECK (length(destination) = 3 AND destination <> origin),
    pieces       INTEGER NOT NULL CHECK (pieces > 0),
    weight_grams INTEGER NOT NULL CHECK (weight_grams > 0),
    leg_count    INTEGER NOT NULL CHECK (leg_count >= 0),
    status       TEXT    NOT NULL CHECK (status IN ('BOOKED', 'DEPARTED', 'ARRIVED', 'DELIVERED', 'CANCELLED')),
    location     TEXT    CHECK (length(location) = 3),     -- null while the cargo flies
    next_leg     INTEGER NOT NULL CHECK (next_leg BETWEEN 0 AND leg_count),
    misrouted    INTEGER NOT NULL CHECK (misrouted IN (0, 1)),
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    revision     INTEGER NOT NULL CHECK (revision > 0)
) STRICT;
CREATE INDEX bookings_by_status ON bookings (status);
CREATE INDEX bookings_by_origin ON bookings (origin);
CREATE INDEX bookings_by_destination ON bookings (destination);
CREATE INDEX bookings_by_creation ON bookings (created_at);

-- The itinerary as it was planned when it was booked; a later retiming of the flight does not change it.
CREATE TABLE booking_legs (
    booking_id         INTEGER NOT NULL REFERENCES bookings (id) ON DELETE RESTRICT,
    leg_no             INTEGER NOT NULL CHECK (leg_no >= 0),
    flight_id          INTEGER NOT NULL REFERENCES flights (id) ON DELETE RESTRICT,
    flight_number      TEXT    NOT NULL,
    origin             TEXT    NOT NULL CHECK (length(origin) = 3),
    destination        TEXT    NOT NULL CHECK (length(destination) = 3),
    departure_datetime INTEGER NOT NULL,
    arrival_datetime   INTEGER NOT NULL,
    PRIMARY KEY (booking_id, leg_no)
) STRICT, WITHOUT ROWID;

-- What happened, oldest first by seq. Only ever added to.
CREATE TABLE booking_events (
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
    PRIMARY KEY (booking_id, seq)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER booking_events_are_never_changed BEFORE UPDATE ON booking_events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER booking_events_are_never_deleted BEFORE DELETE ON booking_events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- Requests that were done, by the key that the caller gave them. The answer of the first time is the booking at
-- revision seq.
CREATE TABLE idempotency (
    scope       TEXT    NOT NULL,
    key         TEXT    NOT NULL,
    fingerprint TEXT    NOT NULL,
    booking_id  INTEGER NOT NULL REFERENCES bookings (id) ON DELETE RESTRICT,
    seq         INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    PRIMARY KEY (scope, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- The secret and the next number of the sequence that references are made from.
CREATE TABLE booking_refs (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    key_1       INTEGER NOT NULL,
    key_2       INTEGER NOT NULL,
    next_number INTEGER NOT NULL CHECK (next_number >= 0)
) STRICT;
INSERT INTO booking_refs VALUES (1, random(), random(), 0);

-- Gives every event its place in the log of all bookings.
--
-- What is there gets places by time, within a second by booking. Within a booking they follow seq, whatever its
-- clock did: an event counts as no earlier than the one before it.
CREATE SEQUENCE booking_log AS BIGINT;
ALTER TABLE booking_events ADD COLUMN log_position BIGINT;

GRANT UPDATE ON booking_events TO CURRENT_USER;
ALTER TABLE booking_events DISABLE TRIGGER booking_events_are_only_added;
UPDATE booking_events AS e SET log_position = o.place
FROM (SELECT booking_id, seq, row_number() OVER (ORDER BY no_earlier_than, booking_id, seq) AS place
      FROM (SELECT booking_id, seq, max(created_at) OVER (PARTITION BY booking_id ORDER BY seq) AS no_earlier_than
            FROM booking_events) AS timed) AS o
WHERE e.booking_id = o.booking_id AND e.seq = o.seq;
ALTER TABLE booking_events ENABLE TRIGGER booking_events_are_only_added;
REVOKE UPDATE ON booking_events FROM CURRENT_USER;
SELECT setval('booking_log', greatest(count(*), 1), count(*) > 0) FROM booking_events;

-- A place is drawn only by a transaction that has its number (xid) already. Readers rely on that: see log_horizon.hpp.
ALTER TABLE booking_events
    ALTER COLUMN log_position SET DEFAULT CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('booking_log') END,
    ALTER COLUMN log_position SET NOT NULL;
ALTER SEQUENCE booking_log OWNED BY booking_events.log_position;
CREATE UNIQUE INDEX idx_booking_events_log_position ON booking_events (log_position);

-- Who adds events draws places, and goes on doing so while this happens.
DO $$
DECLARE writer regrole;
BEGIN
    FOR writer IN SELECT grantee::regrole
                  FROM pg_class, aclexplode(relacl)
                  WHERE oid = 'booking_events'::regclass AND privilege_type = 'INSERT' AND grantee <> 0
    LOOP
        EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE booking_log TO %s', writer);
    END LOOP;
END $$;

-- Lists go by creation and then by id, newest first. SQLite ends every index with the row's id, so an index on
-- (status, created_at) is one on (status, created_at, id), and bookings_by_creation on (created_at, id); writing the id
-- out would store it twice.
DROP INDEX bookings_by_status;
DROP INDEX bookings_by_origin;
DROP INDEX bookings_by_destination;
CREATE INDEX bookings_by_status_and_creation ON bookings (status, created_at);
CREATE INDEX bookings_by_origin_and_creation ON bookings (origin, created_at);
CREATE INDEX bookings_by_destination_and_creation ON bookings (destination, created_at);

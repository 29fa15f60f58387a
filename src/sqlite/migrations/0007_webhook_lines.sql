-- Of a booking's pending deliveries to a webhook only the first may begin. It is marked, so that a claim looks at no
-- others, however many wait.
ALTER TABLE webhook_deliveries ADD COLUMN first_in_line INTEGER NOT NULL DEFAULT 0 CHECK (first_in_line IN (0, 1));
UPDATE webhook_deliveries SET first_in_line = 1 WHERE dead = 0 AND NOT EXISTS (
    SELECT 1 FROM webhook_deliveries AS earlier
    WHERE earlier.webhook_id = webhook_deliveries.webhook_id AND earlier.ref_id = webhook_deliveries.ref_id
    AND earlier.dead = 0 AND earlier.log_position < webhook_deliveries.log_position);
DROP INDEX webhook_deliveries_by_time;
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, next_attempt_at, log_position)
    WHERE first_in_line = 1;

-- What is dead is removed some time after it was given up, which is when its last attempt ended.
CREATE INDEX webhook_deliveries_given_up ON webhook_deliveries (next_attempt_at) WHERE dead = 1;

-- Who wants to be told of events. Statuses and airports are lists with commas; empty: all.
CREATE TABLE webhooks (
    id           TEXT    NOT NULL PRIMARY KEY,
    url          TEXT    NOT NULL,
    secret       TEXT    NOT NULL,
    statuses     TEXT    NOT NULL,
    airports     TEXT    NOT NULL,
    enabled      INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    after        INTEGER NOT NULL,  -- only events behind this place in the log
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to where the log has been passed on.
CREATE TABLE webhook_cursor (
    only_row     INTEGER PRIMARY KEY CHECK (only_row = 1),
    log_position INTEGER NOT NULL
) STRICT;
INSERT INTO webhook_cursor VALUES (1, 0);

-- What is on its way, or was tried for too long. What has arrived is removed.
CREATE TABLE webhook_deliveries (
    webhook_id      TEXT    NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    log_position    INTEGER NOT NULL,
    ref_id          TEXT    NOT NULL,
    seq             INTEGER NOT NULL,
    dead            INTEGER NOT NULL CHECK (dead IN (0, 1)),
    attempts        INTEGER NOT NULL,
    due_since       INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,  -- of one that is under way: when it is given up
    last_error      TEXT    NOT NULL,
    PRIMARY KEY (webhook_id, log_position)
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_by_time ON webhook_deliveries (webhook_id, next_attempt_at) WHERE dead = 0;
CREATE INDEX webhook_deliveries_by_booking ON webhook_deliveries (webhook_id, ref_id, log_position) WHERE dead = 0;
CREATE INDEX webhook_deliveries_dead ON webhook_deliveries (webhook_id, log_position) WHERE dead = 1;

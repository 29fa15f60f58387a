-- Who wants to be told of events. Statuses and airports are lists with commas; empty: all.
CREATE TABLE webhooks (
    id           VARCHAR(40) COLLATE "C" PRIMARY KEY,
    url          TEXT        NOT NULL,
    secret       TEXT        NOT NULL,
    statuses     TEXT        NOT NULL,
    airports     TEXT        NOT NULL,
    enabled      BOOLEAN     NOT NULL,
    after        BIGINT      NOT NULL,  -- only events behind this place in the log
    created_at   TIMESTAMPTZ NOT NULL
);

-- Up to where the log has been passed on.
CREATE TABLE webhook_cursor (
    only_row     BOOLEAN PRIMARY KEY CHECK (only_row),
    log_position BIGINT  NOT NULL
);
INSERT INTO webhook_cursor VALUES (true, 0);

-- What is on its way, or was tried for too long. What has arrived is removed.
CREATE TABLE webhook_deliveries (
    webhook_id      VARCHAR(40) COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    log_position    BIGINT      NOT NULL,
    ref_id          VARCHAR(20) COLLATE "C" NOT NULL,
    seq             BIGINT      NOT NULL,
    dead            BOOLEAN     NOT NULL,
    attempts        INTEGER     NOT NULL,
    due_since       TIMESTAMPTZ NOT NULL,
    next_attempt_at TIMESTAMPTZ NOT NULL,  -- of one that is under way: when it is given up
    last_error      TEXT        NOT NULL,
    PRIMARY KEY (webhook_id, log_position)
);
CREATE INDEX idx_webhook_deliveries_time ON webhook_deliveries (webhook_id, next_attempt_at, log_position)
    WHERE NOT dead;
CREATE INDEX idx_webhook_deliveries_booking ON webhook_deliveries (webhook_id, ref_id, log_position) WHERE NOT dead;
CREATE INDEX idx_webhook_deliveries_dead ON webhook_deliveries (webhook_id, log_position) WHERE dead;

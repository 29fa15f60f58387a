-- What requests were answered that are not about bookings, by the key that the caller gave them. Answers that hold a
-- secret are encrypted, and what is kept of a key is its hash. A key is written before what it stands for, in the
-- same transaction, so that whoever comes with the same one waits for it.
CREATE TABLE answers (
    scope       TEXT        COLLATE "C" NOT NULL,
    key         TEXT        COLLATE "C" NOT NULL,
    fingerprint TEXT        COLLATE "C" NOT NULL,
    answer      TEXT        NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX idx_answers_created_at ON answers (created_at);

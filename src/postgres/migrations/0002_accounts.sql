-- Who may log in. Names are folded to lower case.
CREATE TABLE accounts (
    id            VARCHAR(40) COLLATE "C" PRIMARY KEY,
    name          VARCHAR(64) COLLATE "C" NOT NULL UNIQUE,
    password_hash TEXT        NOT NULL,
    role          VARCHAR(10) COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'agent', 'admin')),
    enabled       BOOLEAN     NOT NULL,
    created_at    TIMESTAMPTZ NOT NULL
);

-- A login that goes on: a family of refresh tokens, of which only the hash of the present one is kept. Whoever
-- names the session and shows another one has a token that was used before.
CREATE TABLE sessions (
    id            VARCHAR(40) COLLATE "C" PRIMARY KEY,
    account_id    VARCHAR(40) COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    token_hash    VARCHAR(64) COLLATE "C" NOT NULL,
    previous_hash VARCHAR(64) COLLATE "C" NOT NULL,  -- of the token that the present one was given for; or empty
    created_at    TIMESTAMPTZ NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL
);
CREATE INDEX idx_sessions_account ON sessions (account_id);
CREATE INDEX idx_sessions_end ON sessions (expires_at);

CREATE TABLE api_keys (
    id         VARCHAR(40) COLLATE "C" PRIMARY KEY,
    account_id VARCHAR(40) COLLATE "C" NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT,
    name       TEXT        NOT NULL,
    hash       VARCHAR(64) COLLATE "C" NOT NULL UNIQUE,
    prefix     VARCHAR(20) COLLATE "C" NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);
CREATE INDEX idx_api_keys_account ON api_keys (account_id, created_at);

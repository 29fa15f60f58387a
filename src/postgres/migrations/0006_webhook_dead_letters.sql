-- What is dead is removed some time after it was given up, which is when its last attempt ended.
CREATE INDEX idx_webhook_deliveries_given_up ON webhook_deliveries (next_attempt_at) WHERE dead;

package io.eckermann.statemachine;

import io.eckermann.statemachine.store.v1.WebhookRow;

/** A webhook at one moment. */
public record WebhookState(long topicId, String name, WebhookRow row) {}

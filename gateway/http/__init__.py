"""The manners that every resource shares: problem details, idempotency, conditions, paging, limits, logs."""

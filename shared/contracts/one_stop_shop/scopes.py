"""What a token must carry for the one-stop shop's offers."""

READ, APPLY, WORK = "applications:read", "applications:apply", "applications:work"
DECIDE, PAY, SYNC = "applications:decide", "payments:record", "applications:synchronise"
CATALOGUE, REPORT = "catalogue:write", "reports:read"

"""Calendars for programs that speak CalDAV (RFC 4791): to be read behind their secret addresses, never written."""

"""The OpenAPI 3.1 document of everything the gateway offers, and a page of it for people."""

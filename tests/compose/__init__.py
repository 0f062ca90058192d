"""The platform in containers, as docker-compose.yml starts it: `make test-compose`, which needs Docker.

`make test` leaves these tests out: a machine without Docker could only skip them.
"""

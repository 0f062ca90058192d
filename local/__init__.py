"""The platform on one machine: its broker, database and processes, for `make run`, the tests and the benchmarks.

Nothing here is deployed; on servers Kubernetes does this work.
"""

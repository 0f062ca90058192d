"""Measurements on real RabbitMQ and MongoDB: `python -m tests.benchmarks` writes docs/benchmarks.md."""

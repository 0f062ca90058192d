"""The only door: REST under `/api/v1`, who may pass, what a request must look like, and answers a person understands.

Knows the services by their contracts alone and reaches them through `gateway.bus`.
"""

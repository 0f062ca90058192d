"""The line probe: measures the lines between an endpoint and the centre, and reports them through the gateway.

It needs Python 3.11 and nothing else, so that it is installed alone where an endpoint stands:
docs/how-to/install-a-line-probe.md.
"""

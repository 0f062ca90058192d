"""What people do who run the platform: look, mend, prove, bring in; `python -m ops --help`.

It may know every service, and none knows it. It answers from the servers themselves, so that it works from any
container that may reach them, whatever has become of the rest.
"""

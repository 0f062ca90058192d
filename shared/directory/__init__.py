"""The agencies with which the platform begins: the directory's owner and every copy of it are set up from one file.

Later changes are made in the directory (`services/email_provisioning`) and reach the copies as events.
"""

"""A mail host: the agent that does on a Postfix and Dovecot what the directory decided, and their configuration.

The agent is a process per host, `python -m shared.messaging.run mail_host.service`, in the zone of the mail servers:
it hears over RabbitMQ that a mailbox changed, asks what the host should do now, and knows no other database than the
two files that Dovecot and Postfix read. When it is away, mail flows on as it last said.
"""

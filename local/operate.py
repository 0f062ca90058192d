"""`make ops ARGS=status`: the operator's command on the platform that `make run` started from this folder."""

import os
import sys

from local.platform import CLIENTS_FILE
from local.state import DEFAULT_FOLDER, State
from ops.command import main

if __name__ == "__main__":
    run = State(DEFAULT_FOLDER).running()
    if run is None:
        sys.exit("No platform runs from this folder: `make run` starts one")
    os.environ.update(
        AMQP_URI=run.amqp_uri,
        MONGO_URI=run.mongo_uri,
        MONGO_DATABASE_PREFIX=run.mongo_database_prefix,
        CLIENTS_FILE=str(CLIENTS_FILE),
        HEALTH_URLS=",".join(f"{name}={url}" for name, url in run.health.items()),
    )
    sys.exit(main())

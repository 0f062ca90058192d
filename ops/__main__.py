"""`python -m ops`."""

import sys

from ops.command import main

sys.exit(main())

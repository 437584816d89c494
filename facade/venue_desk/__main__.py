"""`python -m venue_desk`: the command."""

import sys

from .command import main

sys.exit(main())

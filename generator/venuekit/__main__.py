"""`python -m venuekit`, the same as the command."""

import sys

from venuekit.cli import main

sys.exit(main())

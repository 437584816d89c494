"""One desk over five venues: cancel what is open, and know that it is gone."""

from .blocking import Desk as Desk
from .calls import Pace as Pace
from .desk import AsyncDesk as AsyncDesk
from .desk import Latch as Latch
from .desk import OrdersHeld as OrdersHeld
from .environment import VENUES as VENUES
from .environment import WrongUsage as WrongUsage
from .environment import open_venues as open_venues
from .orders import Everything as Everything
from .orders import One as One
from .orders import OrderReport as OrderReport
from .orders import Outcome as Outcome
from .orders import Report as Report
from .orders import Result as Result
from .orders import Symbol as Symbol
from .orders import VenueReport as VenueReport

"""One desk over five venues: cancel what is open, and know that it is gone."""

from .blocking import Desk as Desk
from .desk import AsyncDesk as AsyncDesk, Latch as Latch, OrdersHeld as OrdersHeld
from .environment import (
    VENUES as VENUES,
    WrongUsage as WrongUsage,
    open_venues as open_venues,
)
from .orders import (
    Everything as Everything,
    One as One,
    OrderReport as OrderReport,
    Outcome as Outcome,
    Report as Report,
    Result as Result,
    Symbol as Symbol,
    VenueReport as VenueReport,
)

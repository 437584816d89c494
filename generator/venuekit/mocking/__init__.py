"""A document served: requests are held to it, and answered from its examples and schemas."""

from __future__ import annotations

from venuekit.mocking.application import Mock
from venuekit.mocking.serving import LOOPBACK, Running, serving

__all__ = ["LOOPBACK", "Mock", "Running", "serving"]

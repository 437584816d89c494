"""Large documents in modules of a size to read: operations and models by tag."""

from __future__ import annotations

from venuekit.grouping.models import Part, has_parts, names_in, parts
from venuekit.grouping.operations import Group, groups, is_parted

__all__ = ["Group", "Part", "groups", "has_parts", "is_parted", "names_in", "parts"]

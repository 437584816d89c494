"""Polymarket's dead-man switch: when it stops to beat, the venue cancels all orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from venue_clients import polymarket

INTERVAL = 5.0  # seconds; the venue cancels after 10, with a grace of 5


async def keep_alive(
    client: polymarket.AsyncClient,
    *,
    interval: float = INTERVAL,
    beats: int | None = None,
    on_beat: Callable[[str], None] = lambda said: None,
) -> None:
    """Send heartbeats until canceled, or `beats` times; a beat that fails is sent again at once.

    Each answer, also a refusal, brings the id that the next beat needs. Stopping to beat cancels
    *all* orders of the credentials, also those that others have placed with them.
    """
    id_ = ""
    sent = 0
    while beats is None or sent < beats:
        sent += 1
        try:
            reply = await client.raw.post_heartbeat(body={"heartbeat_id": id_})
            id_ = str(reply.data.heartbeat_id or "")
            on_beat("alive")
        except polymarket.BadRequest as error:
            body: Any = error.body
            expected = str(getattr(body, "heartbeat_id", None) or "")
            on_beat("the venue expects another id" if expected else str(error))
            if expected and expected != id_:
                id_ = expected
                continue
        except polymarket.Error as error:
            on_beat(str(error).partition("\n")[0])
        await asyncio.sleep(interval)

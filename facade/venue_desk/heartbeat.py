"""Polymarket's dead-man switch: when it stops to beat, the venue cancels all orders."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from venue_clients import polymarket

from .failures import failure
from .rows import text

INTERVAL = 5.0  # seconds; the venue cancels after 10, with a grace of 5


async def keep_alive(
    client: polymarket.AsyncClient,
    *,
    interval: float = INTERVAL,
    beats: int | None = None,
    on_beat: Callable[[str], None] = lambda said: None,
) -> None:
    """Send heartbeats until canceled, or `beats` times, and tell what each was answered.

    Each answer, also a refusal, brings the id that the next beat needs; a beat with a wrong id is
    sent again at once, one that failed for another reason after a fifth of the interval. Stopping
    to beat cancels *all* orders of the credentials, also those that others have placed with them.
    """
    id_, sent = "", 0
    # The client keeps the time: a cancellation must not be lost where an answer arrives with it.
    client = client.with_options(timeout=interval, retry=polymarket.Retry(deadline=interval))
    while beats is None or sent < beats:
        sent += 1
        wait = interval
        try:
            reply = await client.raw.post_heartbeat(body={"heartbeat_id": id_})
            id_ = text(reply.data, "heartbeat_id")
            on_beat("alive")
        except polymarket.BadRequest as error:
            expected = text(error.body, "heartbeat_id")
            on_beat("the venue expects another id" if expected else failure(error).reason)
            wait = interval / 5 if expected in ("", id_) else 0.0
            id_ = expected or id_
        except polymarket.Error as error:
            on_beat(f"not alive: {failure(error).reason}")
            wait = interval / 5
        await asyncio.sleep(wait)

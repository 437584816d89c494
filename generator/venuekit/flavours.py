"""The sync and the async client: what they are called, and how they wait."""

from __future__ import annotations

from venuekit.annotations import annotation
from venuekit.ir import NONE, Operation, reading
from venuekit.records import dataclass


@dataclass(frozen=True, slots=True)
class Flavour:
    """What the sync and the async client are called, and how they wait."""

    client: str
    raw: str
    core: str
    http: str
    define: str
    wait: str
    caller: str
    secret: str
    streamed: str
    stream: str
    download: str
    paged: str
    pages: str

    def names(self, features: frozenset[str]) -> tuple[str, ...]:
        """The names of the classes that have methods for operations."""
        streamed = (self.streamed,) if "arriving" in features else ()
        paged = (self.paged,) if "pages" in features else ()
        return (self.raw, *streamed, *paged, self.client)

    def parts(self, name: str) -> str:
        """What a large client calls the methods of one of its classes, by their modules."""
        return {self.streamed: "_STREAMED", self.paged: "_PAGED"}.get(name, "_PARTS")


FLAVOURS = (
    Flavour("Client", "RawClient", "SyncCore", "httpx.Client", "def", "",
            "Callable[..., Reply[Any{0}]]", "{0}",
            "StreamedClient", "ItemStream", "FileDownload", "PagedClient", "PagedItems"),
    Flavour("AsyncClient", "AsyncRawClient", "AsyncCore", "httpx.AsyncClient", "async def",
            "await ", "Callable[..., Awaitable[Reply[Any{0}]]]",
            "{0} | Awaitable[{0}]",
            "AsyncStreamedClient", "AsyncItemStream", "AsyncFileDownload",
            "AsyncPagedClient", "AsyncPagedItems"),
)  # fmt: skip


def arriving_type(operation: Operation, flavour: Flavour) -> str:
    """What an operation returns that is read as it arrives."""
    if not operation.items:
        return flavour.download
    items: dict[str, None] = {}
    for content in operation.items:
        text = annotation(reading(content))
        items[f"ServerSentEvent[{text}]" if content.kind == "events" else text] = None
    return f"{flavour.stream}[{' | '.join(items)}]"


def paged_type(operation: Operation, flavour: Flavour) -> str:
    """What an operation returns that is read over all its pages."""
    item = operation.pagination.item if operation.pagination else NONE
    return f"{flavour.pages}[{annotation(item)}]"

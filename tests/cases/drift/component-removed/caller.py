from .client import Client
from .client.models import Fill


def call(client: Client) -> None:
    print(client, Fill(size="1"))

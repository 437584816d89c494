from .client import Client, Hen


def call(client: Client) -> None:
    client.create_pet(body=Hen(kind="hen", eggs=1))

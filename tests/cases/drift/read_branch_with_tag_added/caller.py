from .client import Cat, Client


def call(client: Client) -> None:
    pet = client.create_order()
    if isinstance(pet, Cat):
        print(pet.claws)

from .client import Client, Cron, Delay, Order


def call(client: Client) -> None:
    order = client.create_order(body=Order(when=Delay(seconds=1)))
    when: Delay | Cron | None = order.when
    print(when)

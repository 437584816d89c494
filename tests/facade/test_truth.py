"""Random books and faults: the report of a desk against the truth."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from venue_desk import Everything, Pace, Symbol
from venue_sandbox import CANCELS, FILLS, KINDS, LOST, REFUSES, STUCK, VENUES, Fate, Fault, Sandbox

from .desks import cancel, is_true, symbols

FATES = [CANCELS, FILLS, LOST, REFUSES, STUCK, Fate(steps=2), Fate(steps=1, end=FILLS.end)]
SHORT = Pace(deadline=0.4, polls=(0.01, 0.05), backoff=(0.01, 0.05), answer=0.1)
names, pick = st.sampled_from(VENUES), st.integers(0, 1)


class Truth(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.sandbox = Sandbox()
        for venue in self.sandbox.venues.values():
            venue.limit = None
        self.sandbox.start()

    def teardown(self) -> None:
        self.sandbox.stop()

    @rule(name=names, which=pick, fate=st.sampled_from(FATES), filled=st.integers(0, 9))
    def add(self, name: str, which: int, fate: Fate, filled: int) -> None:
        symbol = symbols(name)[which]
        self.sandbox.book(name).add(symbol, fate=fate, filled=str(filled))

    @rule(name=names, which=pick)
    def race(self, name: str, which: int) -> None:
        self.sandbox.book(name).add_during_cancel(symbols(name)[which])

    @rule(
        name=names,
        kind=st.sampled_from(KINDS),
        phase=st.sampled_from(["cancel", "list", "read", "other", "any"]),
        after=st.integers(0, 2),
        times=st.integers(1, 4),
        status=st.sampled_from([400, 403, 404, 422, 429, 500, 503]),
        effect=st.booleans(),
    )
    def fault(self, name: str, **fault: object) -> None:
        self.sandbox.put(Fault(venue=name, seconds=0.15, **fault))  # type: ignore[arg-type]

    @rule()
    def everything(self) -> None:
        is_true(self.sandbox, cancel(self.sandbox, Everything(), pace=SHORT))

    @rule(name=names, which=pick)
    def symbol(self, name: str, which: int) -> None:
        one, other = symbols(name)[:: 1 if which else -1]
        before = {order.id for order in self.sandbox.book(name).open(symbol=other)}
        report = cancel(self.sandbox, Symbol(one), name, pace=SHORT)
        is_true(self.sandbox, report, Symbol(one))
        touched = {order.id for order in report.venues[0].orders}
        assert not touched & before


TestTruth = Truth.TestCase
TestTruth.settings = settings(
    max_examples=12,
    stateful_step_count=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)

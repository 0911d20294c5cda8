"""The versions of policies: kept once, found again, and which of them tickets still need."""

from __future__ import annotations

import dataclasses

from bot.app.rows import KeptPolicy, Store
from bot.domain.status import Status
from tests.contract.storage_samples import NOW, SECOND, ticket

KEPT = KeptPolicy(
    name="managed-it",
    version="0123456789ab",
    label="policies/managed-it.toml",
    text='name = "managed-it"\r\n# Zażółć 🦆 100% :x $1 \\u0041\n',
    kept=NOW,
)


def test_a_text_comes_back_as_it_was(store: Store) -> None:
    store.transact(lambda uow: uow.policies.keep(KEPT))
    assert store.transact(lambda uow: uow.policies.get("managed-it", "0123456789ab")) == KEPT
    for name, version in (("managed-it", "ffffffffffff"), ("other", "0123456789ab")):
        assert store.transact(lambda uow, n=name, v=version: uow.policies.get(n, v)) is None


def test_a_version_is_kept_once(store: Store) -> None:
    other = dataclasses.replace(KEPT, version="ba9876543210", text="# later", kept=NOW + SECOND)
    again = dataclasses.replace(KEPT, label="moved.toml", text="# never", kept=NOW + SECOND)
    for policy in (KEPT, other, again):
        store.transact(lambda uow, p=policy: uow.policies.keep(p))
    found = store.transact(lambda uow: [uow.policies.get(p.name, p.version) for p in (KEPT, other)])
    assert found == [KEPT, other]


def test_which_versions_open_tickets_need(store: Store) -> None:
    assert store.transact(lambda uow: list(uow.policies.in_use())) == []
    rows = [
        ticket("MIT-1", policy="b", policy_version="2"),
        ticket("MIT-2", policy="b", policy_version="1", status=Status.RESOLVED),
        ticket("MIT-3", policy="b", policy_version="1", status=Status.WAITING),
        ticket("MIT-4", policy="b", policy_version="0", status=Status.CLOSED),
        ticket("MIT-5", policy="Z", policy_version="9"),
    ]
    store.transact(lambda uow: [uow.tickets.save(row) for row in rows])
    assert store.transact(lambda uow: list(uow.policies.in_use())) == [("Z", "9"), ("b", "1"), ("b", "2")]

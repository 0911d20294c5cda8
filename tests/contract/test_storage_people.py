"""Conversations and contacts."""

from __future__ import annotations

import dataclasses

import pytest

from bot.app.rows import Conversation, Store
from bot.domain.people import Contact
from tests.contract.storage_samples import DM, NOW, SLACK, SMS, TELEGRAM, TICKET, contact, full, lean


@pytest.mark.parametrize("make", [full, lean])
def test_a_conversation_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Conversation)
    store.transact(lambda uow: uow.conversations.save(saved))
    assert store.transact(lambda uow: uow.conversations.get(saved.address)) == saved


def test_one_conversation_a_place(store: Store) -> None:
    assert store.transact(lambda uow: uow.conversations.get(DM)) is None
    store.transact(lambda uow: uow.conversations.save(Conversation(address=DM, introducing=True)))
    later = Conversation(address=DM, contact="thandi", ticket=TICKET, last_inbound=NOW)
    store.transact(lambda uow: uow.conversations.save(later))
    in_thread = dataclasses.replace(DM, thread="17.1")
    assert store.transact(lambda uow: uow.conversations.get(in_thread)) == later
    elsewhere = dataclasses.replace(DM, channel=TELEGRAM)
    assert store.transact(lambda uow: uow.conversations.get(elsewhere)) is None


@pytest.mark.parametrize("make", [full, lean])
def test_a_contact_comes_back_as_it_was(store: Store, make) -> None:
    saved = make(Contact)
    store.transact(lambda uow: uow.contacts.save(saved))
    assert store.transact(lambda uow: uow.contacts.get(saved.id)) == saved
    for channel, identity in saved.identities.items():
        assert store.transact(lambda uow, c=channel, i=identity: uow.contacts.at(c, i)) == saved


def test_unknown_people_are_none(store: Store) -> None:
    store.transact(lambda uow: uow.contacts.save(contact()))
    assert store.transact(lambda uow: uow.contacts.get("sipho")) is None
    assert store.transact(lambda uow: uow.contacts.at(SLACK, "U0SIPHO")) is None
    assert store.transact(lambda uow: uow.contacts.at(TELEGRAM, "U0THANDI")) is None


def test_identities_are_those_that_were_saved_last(store: Store) -> None:
    store.transact(lambda uow: uow.contacts.save(contact()))
    changed = contact(identities={SLACK: "U0NEW"}, email="thandi@acme.example")
    store.transact(lambda uow: uow.contacts.save(changed))
    assert store.transact(lambda uow: uow.contacts.at(SLACK, "U0NEW")) == changed
    assert store.transact(lambda uow: uow.contacts.at(SLACK, "U0THANDI")) is None
    assert store.transact(lambda uow: uow.contacts.at(SMS, "+27115550100")) is None


def test_an_identity_goes_to_whoever_was_saved_with_it_last(store: Store) -> None:
    store.transact(lambda uow: uow.contacts.save(contact()))
    other = contact("sipho", name="Sipho")
    store.transact(lambda uow: uow.contacts.save(other))
    assert store.transact(lambda uow: uow.contacts.at(SLACK, "U0THANDI")) == other
    assert store.transact(lambda uow: uow.contacts.get("thandi")) == contact()

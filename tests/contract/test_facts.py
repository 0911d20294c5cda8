"""What adapters may ask at once, from the configuration."""

import dataclasses

import pytest

from bot.app.facts import DirectoryFacts
from bot.app.ports import Option
from bot.domain.ids import ChannelName
from escalation.entitlement import Exclusion
from escalation.policy import Category
from tests.builders import ADA, directory, policy

SLACK = ChannelName("slack")
NETWORK, HARDWARE = Option(id="network", label="Network"), Option(id="hardware", label="Your own hardware")


@pytest.fixture
def facts() -> DirectoryFacts:
    found = directory()
    known = policy(
        language="pl",
        categories=(Category(id=NETWORK.id, label=NETWORK.label),),
        exclusions=(Exclusion(id=HARDWARE.id, label=HARDWARE.label),),
    )
    return DirectoryFacts(directory=dataclasses.replace(found, policies=(known,)))


def test_what_a_ticket_s_policy_has(facts: DirectoryFacts) -> None:
    assert facts.categories("MIT-1042") == (NETWORK,)
    assert facts.exclusions("MIT-1042") == (HARDWARE,)
    assert [option.id for option in facts.severities("MIT-1042")] == ["emergency", "high", "normal", "low"]
    assert facts.language("MIT-1042") == "pl"


def test_a_reference_that_no_policy_has(facts: DirectoryFacts) -> None:
    for asked in (facts.categories, facts.exclusions, facts.severities):
        assert asked("OLD-1") == ()
    assert facts.language("OLD-1") == "en"


def test_a_form_speaks_the_language_of_who_fills_it(facts: DirectoryFacts) -> None:
    customer, ours, guest = (facts.new_form(SLACK, who) for who in ("U0THANDI", ADA, "U0GUEST"))
    assert (customer.language, ours.language, guest.language) == ("en", "pl", "pl")
    assert (customer.known, ours.known, guest.known) == (True, True, False)
    assert (customer.for_contact, ours.for_contact, guest.for_contact) == (False, True, False)
    assert customer.categories == ours.categories == (NETWORK,)

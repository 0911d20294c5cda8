"""What a first message says besides how urgent it sounds."""

from __future__ import annotations

import dataclasses

from bot.domain.reading import Reading, best, read
from escalation.entitlement import Exclusion, Service, Versions
from escalation.policy import Category
from tests.builders import policy
from tests.unit.domain.dialogue import ACME

CATEGORIES = (
    Category(id="billing", label="Billing", words=("invoice", "payment")),
    Category(id="mail", label="Mail", words=("mail", "outlook", "mail server")),
    Category(id="other", label="Other"),
)
TRAINING = Service(id="training", label="Training", words=("training", "a course"))
EXCLUSIONS = (
    Exclusion(id="hosting", label="Hosting", words=("hosting", "their server"), unless_plans=("premium",)),
    Exclusion(id="templates", label="Templates", words=("template",)),
)
KEPT = policy(
    categories=CATEGORIES,
    services=(TRAINING,),
    exclusions=EXCLUSIONS,
    versions=Versions(product="Tracker", supported=(7, 6)),
)
OTHERS = dataclasses.replace(ACME, plan="standard", version="5.2")


SAID = {
    "": Reading(version=5),
    "It does something odd": Reading(version=5),
    "The invoice is wrong": Reading(category="billing", version=5),
    "INVOICE!": Reading(category="billing", version=5),
    "the mail server and the invoice": Reading(category="mail", version=5),
    "mail, invoice": Reading(category="billing", version=5),  # one word each: the first of the policy
    "Could we have a training on payments?": Reading(service="training", version=5),
    "a training about the hosting": Reading(
        service="training", version=5
    ),  # what is asked for is not trouble
    "Our hosting is slow": Reading(exclusion="hosting", version=5),
    "the template of our invoice": Reading(category="billing", exclusion="templates", version=5),
    "It is version 7.1 here": Reading(version=7),
    "v4 crashes": Reading(version=4),
    "7": Reading(version=5),  # a bare number is no version
    "Since 2019 the mail is slow": Reading(category="mail", version=5),
}


def test_what_the_words_say() -> None:
    assert {text: read(text, KEPT, OTHERS) for text in SAID} == SAID


def test_a_plan_that_includes_it_excludes_nothing() -> None:
    assert read("Our hosting is slow", KEPT, ACME).exclusion == ""
    assert read("the template", KEPT, ACME).exclusion == "templates"


def test_without_versions_in_the_policy_nobody_cares_which_one_they_run() -> None:
    assert read("version 7.1", policy(categories=CATEGORIES), OTHERS) == Reading()


def test_an_organisation_without_a_version_says_nothing() -> None:
    assert read("slow", KEPT, ACME).version is None


def test_the_best_of_none_is_none() -> None:
    assert best("anything", ()) is None and best("anything", CATEGORIES) is None

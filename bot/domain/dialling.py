"""Which numbers may be dialled: one rule, for whom we page and for whom a stranger would have us call.

Toll fraud is to make somebody else's bot call a number that earns money, and what a caller types or pretends to call from is
anybody's word. So only ordinary phones in the countries that the configuration names are dialled. Premium-rate and
shared-cost numbers never are, whoever lists them. A number that only whoever runs Standby can know to be right is dialled
when the configuration lists it: one that callers may pay extra for (a company's UAN such as South Africa's 086, a
personal number such as Britain's 070), and one in a range that is younger than the numbering plans that we have.
"""

from __future__ import annotations

from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from bot.domain.hotline import Hotline

OWN, PREMIUM, FOREIGN, INVALID = "own", "premium", "foreign", "invalid"
WORLD = "001"
"""What stands for the country of a satellite's or another international network's number (+870, +88)."""

_ORDINARY = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.VOIP,
        PhoneNumberType.TOLL_FREE,
    }
)
_WHERE_LISTED = frozenset({PhoneNumberType.UAN, PhoneNumberType.PERSONAL_NUMBER})
_NEVER = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_TEXTED = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN})
_INTERNATIONAL = ("00", "011")
"""What people dial before a country's code: in most of the world, and in North America."""


def refusal(number: str, hotline: Hotline) -> str:
    """Why an E.164 number is not dialled: it is `own`, `premium`, `foreign` or `invalid`; empty where it may be."""
    parsed = _parsed(number)
    if parsed is None or _e164(parsed) != number:
        return INVALID
    kind, listed = phonenumbers.number_type(parsed), number in hotline.listed
    if number in hotline.own:
        return OWN
    if kind in _NEVER or (kind in _WHERE_LISTED and not listed):
        return PREMIUM
    unknown = kind == PhoneNumberType.UNKNOWN and listed
    if not (kind in _ORDINARY or kind in _WHERE_LISTED or unknown):
        return INVALID
    return "" if country(number) in hotline.countries else FOREIGN


def country(number: str) -> str:
    """ISO 3166 code of the country of an E.164 number, WORLD for the networks that belong to none; where the numbering
    plans do not tell, as in the parts of +1 that are not in use yet, that of the code's main country. Empty for no number."""
    parsed = _parsed(number)
    if parsed is None:
        return ""
    main = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return phonenumbers.region_code_for_number(parsed) or main


def typed(digits: str, hotline: Hotline) -> str:
    """The E.164 number that a caller meant by what they typed, empty where it can't be called: as it is dialled within the
    first country in which there is such a number, else with 00 or 011 before the country's code. Stars and the # that
    ends it do not count."""
    digits = digits.strip("*#")
    if not (digits.isascii() and digits.isdigit()):
        return ""
    for parsed in _meant(digits, hotline):
        number = _e164(parsed)
        if refusal(number, hotline) == "":
            return number
    return ""


def is_mobile(number: str) -> bool:
    """Can it get a text message? Of a range that nobody knows we assume so."""
    parsed = _parsed(number)
    return parsed is not None and phonenumbers.number_type(parsed) in _TEXTED


def _meant(digits: str, hotline: Hotline) -> Iterator[PhoneNumber]:
    for region in hotline.countries:
        if (parsed := _parsed(digits, region)) is not None:
            yield parsed
    for prefix in _INTERNATIONAL:
        if digits.startswith(prefix) and (parsed := _parsed(f"+{digits.removeprefix(prefix)}")) is not None:
            yield parsed


def _parsed(number: str, region: str | None = None) -> PhoneNumber | None:
    """A number of a possible length that is neither short nor an emergency's; None for anything else."""
    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if parsed.extension or not phonenumbers.is_possible_number(parsed) or _is_emergency(parsed):
        return None
    return parsed


def _is_emergency(parsed: PhoneNumber) -> bool:
    """112, 911 and the like with a country's code before them."""
    national = phonenumbers.national_significant_number(parsed)
    regions = phonenumbers.region_codes_for_country_code(parsed.country_code or 0)
    return any(phonenumbers.is_emergency_number(national, region) for region in regions)


def _e164(parsed: PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)

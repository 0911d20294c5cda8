"""Who people are on each channel, which desks teams have, and whether any two of them are confused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.config.document import Document, Entry
from bot.config.problems import Report, one_of
from bot.config.schema import Contact, Person, Team
from bot.domain.ids import Address, ChannelName
from channels.adapter import Plugin

CALL = ChannelName("call")
_OURS = {ChannelName("whatsapp"): "whatsapp_from", ChannelName("sms"): "sms_from", CALL: "voice_from"}
"""The setting with our own number on a channel of phones: without it, nothing goes out there."""


def configured(document: Document, plugins: Sequence[Plugin]) -> tuple[Plugin, ...]:
    """The plugins that have a section, right or wrong, in their order of rank."""
    sections = document.raw.get("channels")
    return tuple(p for p in plugins if isinstance(sections, Mapping) and p.name in sections)


def identities(who: Person | Contact, plugins: Sequence[Plugin]) -> dict[ChannelName, str]:
    """Their identity on each configured channel, in the plugins' order; whoever has a phone can also be called."""
    return {channel: places[0] for channel, places in _places(who, plugins).items()}


def others(who: Person | Contact, plugins: Sequence[Plugin]) -> dict[ChannelName, tuple[str, ...]]:
    """Their further places on each channel: every phone after the first."""
    return {channel: places[1:] for channel, places in _places(who, plugins).items() if places[1:]}


def _places(who: Person | Contact, plugins: Sequence[Plugin]) -> dict[ChannelName, tuple[str, ...]]:
    found: dict[ChannelName, tuple[str, ...]] = {}
    phoned = [plugin for plugin in plugins if plugin.identity_key is None]
    for plugin in plugins:
        if plugin.identity_key is None:
            found |= {channel: who.phones for channel in plugin.provides if who.phones and channel != CALL}
        elif identity := getattr(who, plugin.identity_key, None):
            found[plugin.provides[0]] = (identity,)
    if who.phones and phoned:
        found[CALL] = who.phones
    return found


def unable(document: Document, plugins: Sequence[Plugin]) -> dict[str, str]:
    """The channels of configured plugins that no page can go out by, with what is missing there."""
    found: dict[str, str] = {}
    for plugin in plugins:
        settings = document.channels.get(plugin.name)
        if settings is None or plugin.identity_key is not None:
            continue
        for channel in dict.fromkeys((*plugin.provides, CALL)):
            key = _OURS.get(channel)
            if key is not None and not getattr(settings, key, None):
                found[channel] = f"[channels.{plugin.name}] has no {key}"
            elif channel == "whatsapp" and "page" not in getattr(settings, "templates", {}):
                found[channel] = f"[channels.{plugin.name}.templates] has no page"
    return found


def desks(team: Team, plugins: Sequence[Plugin]) -> tuple[Address, ...]:
    """The team's places on the configured channels."""
    return tuple(
        Address(channel=plugin.provides[0], place=place)
        for plugin in plugins
        if plugin.desk_key and (place := getattr(team, plugin.desk_key, None))
    )


def check(document: Document, plugins: Sequence[Plugin], report: Report) -> None:
    """Everybody can be reached, every team has a desk, and no identity or desk belongs to two."""
    on = configured(document, plugins)
    contacts = [entry for organisation in document.organisations for entry in organisation.parts]
    _identities_are_unique([*document.people, *contacts], plugins, report)
    _desks_are_unique(document.teams, plugins, report)
    for person in document.people:
        _reachable(person, document, plugins, report)
    for contact in contacts:
        _known_somewhere(contact, plugins, report)
    for team in document.teams:
        _has_desk(team, on, report)
    off = [plugin for plugin in plugins if plugin not in on]
    for entry in (*document.people, *contacts, *document.teams):
        _warn_of_unused(entry, off, report)


def _written(
    entry: Entry[Person] | Entry[Contact], plugins: Sequence[Plugin]
) -> Iterator[tuple[str, str, str]]:
    """(kind of identity, identity, its dotted key), as they are written."""
    for plugin in plugins:
        if plugin.identity_key and (identity := getattr(entry.value, plugin.identity_key, None)):
            yield plugin.identity_key, identity, f"{entry.at}.{plugin.identity_key}"
    for index, phone in enumerate(entry.value.phones):
        yield "phones", phone, f"{entry.at}.phones[{index}]"


def _identities_are_unique(
    entries: Sequence[Entry[Person] | Entry[Contact]], plugins: Sequence[Plugin], report: Report
) -> None:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for entry in entries:
        for kind, identity, key in _written(entry, plugins):
            owner, first = seen.setdefault((kind, identity), (entry.value.id, key))
            if first.startswith(f"{entry.at}.") and first != key:
                report.add(key, "stands there twice", identity)
            elif first != key:
                report.add(key, f'is also {first} (of "{owner}"); nobody could tell them apart', identity)


def _desks_are_unique(teams: Sequence[Entry[Team]], plugins: Sequence[Plugin], report: Report) -> None:
    seen: dict[tuple[str, str], str] = {}
    for team in teams:
        for plugin in plugins:
            place = getattr(team.value, plugin.desk_key, None) if plugin.desk_key else None
            if plugin.desk_key is None or place is None:
                continue
            key = f"{team.at}.{plugin.desk_key}"
            if (first := seen.setdefault((plugin.desk_key, place), key)) != key:
                report.add(key, f"is also {first}; a desk belongs to one team", place)


def _keys(plugins: Sequence[Plugin]) -> str:
    """`slack, telegram or phones`: what would make somebody known."""
    return (
        one_of(dict.fromkeys(plugin.identity_key or "phones" for plugin in plugins)) if plugins else "phones"
    )


def _reachable(person: Entry[Person], document: Document, plugins: Sequence[Plugin], report: Report) -> None:
    if report.has(person.at) or report.has("channels"):
        return
    on = configured(document, plugins)
    missing, name = unable(document, on), person.value.id
    ways = identities(person.value, on)
    if any(channel not in missing for channel in ways):
        return
    if ways:
        lacks = one_of(missing[channel] for channel in ways).replace(" or ", " and ")
        report.add(person.at, f'"{name}" can\'t be paged by phone: {lacks}; {_instead(on)}')
    elif identities(person.value, plugins):
        report.add(person.at, f'"{name}" can\'t be paged on a configured channel; give {_keys(on)}')
    else:
        report.add(person.at, f'"{name}" can\'t be paged; give {_keys(on or plugins)}')


def _instead(on: Sequence[Plugin]) -> str:
    keys = [plugin.identity_key for plugin in on if plugin.identity_key]
    return f"set one of these, or give {one_of(keys)}" if keys else "set one of these"


def _known_somewhere(contact: Entry[Contact], plugins: Sequence[Plugin], report: Report) -> None:
    if not report.has(contact.at) and not contact.value.email and not next(_written(contact, plugins), None):
        report.add(contact.at, f'"{contact.value.id}" can\'t be known; give {_keys(plugins)}, or an email')


def _has_desk(team: Entry[Team], on: Sequence[Plugin], report: Report) -> None:
    if report.has(team.at) or report.has("channels") or desks(team.value, on):
        return
    keys = [plugin.desk_key for plugin in on if plugin.desk_key]
    hint = f"give {one_of(keys)}" if keys else "none of the configured channels has desks"
    report.add(team.at, f'"{team.value.name}" has no desk; {hint}')


def _warn_of_unused(
    entry: Entry[Person] | Entry[Contact] | Entry[Team], off: Sequence[Plugin], report: Report
) -> None:
    for plugin in off:
        key = plugin.desk_key if isinstance(entry.value, Team) else plugin.identity_key
        if key and getattr(entry.value, key, None):
            report.warn(f"{entry.at}.{key}", f"not used: there is no [channels.{plugin.name}]")

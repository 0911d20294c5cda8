"""The versions of policies: each one's text is kept, and tickets that are open find the one they were opened under."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from bot.app.bus import Log
from bot.app.rows import KeptPolicy, Store, UnitOfWork
from bot.config.policies import load_policy
from bot.domain.people import Directory
from escalation.policy import Policy


@dataclasses.dataclass(frozen=True, kw_only=True)
class PolicyText:
    """A policy's file as it was read. `label` is what the configuration calls it."""

    name: str
    version: str
    label: str
    text: str


def read_text(path: Path, label: str, policy: Policy) -> PolicyText | None:
    """The text that `policy` was just read from; None where the file is another one by now."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(data).hexdigest()[:12] != policy.version:
        return None
    return PolicyText(name=policy.name, version=policy.version, label=label, text=data.decode())


@dataclasses.dataclass(frozen=True, kw_only=True)
class Earlier:
    """A version that a ticket still needs and that is not in force any more; `kept` None: its text was never kept."""

    name: str
    version: str
    kept: KeptPolicy | None


def keep(uow: UnitOfWork, texts: Sequence[PolicyText], now: dt.datetime) -> tuple[Earlier, ...]:
    """Keep what comes into force; returns which earlier versions tickets that are not closed need beside it."""
    for it in texts:
        kept = KeptPolicy(name=it.name, version=it.version, label=it.label, text=it.text, kept=now)
        uow.policies.keep(kept)
    current = {(it.name, it.version) for it in texts}
    return tuple(
        Earlier(name=name, version=version, kept=uow.policies.get(name, version))
        for name, version in uow.policies.in_use()
        if (name, version) not in current
    )


def at_start(
    store: Store, texts: Sequence[PolicyText], directory: Directory, now: dt.datetime, log: Log
) -> Directory:
    """The directory with every version that tickets need. Raises StorageError."""
    return with_earlier(directory, read_earlier(store.transact(lambda uow: keep(uow, texts, now)), log))


def read_earlier(earlier: Iterable[Earlier], log: Log) -> tuple[Policy, ...]:
    """Those that can still be read, the last kept first; loudly without the others, whose tickets go by the policy
    of today."""
    found: list[tuple[dt.datetime, Policy]] = []
    for it in earlier:
        if it.kept is None:
            log("policy_version_not_kept", name=it.name, version=it.version)
            continue
        try:
            found.append((it.kept.kept, _parsed(it.kept)))
        except Exception as error:  # whatever is wrong with an old text, it must not keep us from paging
            why = f"{type(error).__name__}: {error}"[:300]
            log("policy_version_unreadable", name=it.name, version=it.version, error=why)
    found.sort(key=lambda row: row[0], reverse=True)
    return tuple(policy for _, policy in found)


def _parsed(kept: KeptPolicy) -> Policy:
    """ConfigError where this Standby does not understand it any more, ValueError where it is not what it was kept as."""
    with tempfile.TemporaryDirectory(prefix="standby-policy-") as folder:
        file = Path(folder) / "policy.toml"
        file.write_bytes(kept.text.encode())
        policy = load_policy(file, kept.label)
    if (policy.name, policy.version) != (kept.name, kept.version):
        raise ValueError(f"the text is of {policy.name} {policy.version}")
    return policy


def with_earlier(directory: Directory, earlier: Iterable[Policy]) -> Directory:
    """The directory with these versions behind its own; each version once."""
    known = {(policy.name, policy.version) for policy in directory.policies}
    kept: list[Policy] = []
    for policy in earlier:
        if (policy.name, policy.version) not in known:
            known.add((policy.name, policy.version))
            kept.append(policy)
    return dataclasses.replace(directory, kept=tuple(kept))

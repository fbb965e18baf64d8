"""What facts say of access, owners, places, what is kept, and the record itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from connectors.connector import ProbeKind
from connectors.secrets import is_reference
from harness.claims import authenticated, least_privilege, owned
from harness.claims.wording import count, listed, number
from harness.governance import grants
from harness.governance.items import By
from harness.governance.known import Answered, Known, each, facts, missing, people
from harness.governance.lineage import graph
from harness.pilot.settings import Owner
from harness.policy import state as policy

_TURNED_AWAY = (ProbeKind.STRANGER, ProbeKind.NOBODY)


def access_strangers(known: Known) -> Answered:
    """Whether every source refused whoever has no credentials of the pilot's."""
    refused = [one for one in known.sources if _turned_away(known, one)]
    lacking, words = _words(known, authenticated.CLAIM.name, refused)
    if lacking or not known.sources:
        return missing(f"no stranger was turned away at {each(lacking)}", sources=lacking)
    says = f"{listed(refused)} turned away whoever has no credentials"
    return _answered([says] if refused else [], words)


def _turned_away(known: Known, source: str) -> bool:
    probes = known.probed[source].probes if source in known.probed else ()
    asked = [one for one in probes if one.kind in _TURNED_AWAY]
    return bool(asked) and all(one.refused for one in asked)


def access_observed(known: Known) -> Answered:
    """Every power of our log-in beyond reading, wherever the source could be asked."""
    asked = [one for one in known.sources if one not in grants.unasked(known)]
    lacking, words = _words(known, least_privilege.CLAIM.name, asked)
    if lacking or not known.sources:
        return missing(f"nobody knows what our log-in may do at {each(lacking)}", sources=lacking)
    powers = [f"{one.role} at {one.source}: {one.may}" for one in grants.observed(known)]
    told = [each(powers) if powers else f"nothing, say {listed(asked)}"] if asked else []
    return _answered(told, words)


def access_within_design(known: Known) -> Answered:
    """Whether each observed power was agreed."""
    if undesigned := grants.undesigned(known):
        return missing(f"no access design for {each(undesigned)}", sources=undesigned)
    excess = [one for one in grants.observed(known) if not one.agreed]
    if excess:
        names = each(f"{one.role} at {one.source} may {one.may}" for one in excess)
        return missing(f"more than was agreed: {names}", sources=[one.source for one in excess])
    asked = [one for one in known.sources if one not in grants.unasked(known)]
    lacking, words = _words(known, least_privilege.CLAIM.name, asked)
    if lacking:
        return missing(f"not known of {each(lacking)}", sources=lacking)
    says = f"at {listed(asked)} nobody may do more than was agreed"
    return _answered([says] if asked else [], words)


def _words(known: Known, claim: str, answered: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of the sources without an answer: those that nobody gives their word on, and the words."""
    silent = [one for one in known.sources if one not in answered]
    words = {one: known.word(one, claim) for one in silent}
    lacking = [one for one, said in words.items() if said is None]
    return lacking, [f"{one}: {said}" for one, said in words.items() if said is not None]


def _answered(says: Sequence[str], words: Sequence[str]) -> Answered:
    """By facts alone, or in part by people's words."""
    whole = "; ".join((*says, *words))
    return people(whole) if words else facts(whole)


def secrets(known: Known) -> Answered:
    """How many settings are references, and of which kinds."""
    places = known.loaded.environment(known.environment).sources
    given = [text for values in places.values() for text in values.values() if is_reference(text)]
    if not given:
        return missing("no setting of a source is a reference: write env:NAME, file: or vault:")
    kinds = Counter(text.partition(":")[0] for text in given)
    told = ", ".join(f"{number(n)} by {kind}:" for kind, n in sorted(kinds.items()))
    return facts(f"{count(len(given), 'setting')} by reference ({told})")


def owner(known: Known) -> Answered:
    """The owner of every source."""
    return _named(known, lambda one: one.owner, "owner")


def deputy(known: Known) -> Answered:
    """The deputy of every source."""
    return _named(known, lambda one: one.deputy, "deputy")


def escalation(known: Known) -> Answered:
    """The last resort of every source."""
    return _named(known, lambda one: one.escalation, "escalation")


def acknowledged(known: Known) -> Answered:
    """Whether every owner said that the source is theirs."""
    return _named(
        known,
        lambda one: (
            f"{one.acknowledged.by} on {one.acknowledged.on}" if one.acknowledged else None
        ),
        "acknowledgement",
    )


def _named(known: Known, of: Callable[[Owner], str | None], what: str) -> Answered:
    found = {one: name for one in known.sources if (name := of(known.owner(one)))}
    lacking, words = _words(known, owned.CLAIM.name, list(found))
    if lacking or not known.sources:
        return missing(f"no {what} under owners of {each(lacking)}", sources=lacking)
    return _answered([f"{source}: {name}" for source, name in found.items()], words)


def rollback_state(known: Known) -> Answered:
    """What the newest run ran: code, configuration, and how many contracts."""
    run = known.run
    if run is None or run.header.configuration is None:
        return missing("no run has recorded which code and configuration it ran")
    return facts(
        f"run {run.header.run}: code {run.header.code}, configuration "
        f"{run.header.configuration[:12]}…, {count(len(run.promises), 'promise')} by digest"
    )


def hosts(known: Known) -> dict[str, list[str]]:
    """The machines that data came from, without ports, each with its sources."""
    found: dict[str, list[str]] = {}
    for source, address in known.addresses.items():
        found.setdefault(host_of(address), []).append(source)
    return found


def host_of(address: str) -> str:
    """The host of an address; `this machine` for a file."""
    return urlsplit(address).hostname or "this machine"


def residency_observed(known: Known) -> Answered:
    """The hosts that answered."""
    without = [one for one in known.sources if one not in known.addresses]
    if without or not known.sources:
        return missing(f"no run has reached {each(without)}", sources=without)
    return facts("; ".join(f"{host}: {listed(of)}" for host, of in hosts(known).items()))


def residency_within(known: Known) -> Answered:
    """Whether each host is one that the pilot names."""
    declared = known.governance.residency
    if declared is None:
        return missing("nobody said where data may be")
    if residency_observed(known).by is By.MISSING:
        return missing("not every source was reached yet")
    allowed = {host for named in declared.places.values() for host in named}
    if outside := {host: of for host, of in hosts(known).items() if host not in allowed}:
        names = each(f"{host} ({listed(of)})" for host, of in outside.items())
        sources = [source for of in outside.values() for source in of]
        return missing(f"data came from machines that nobody named: {names}", sources=sources)
    return facts(f"yes, of {count(len(hosts(known)), 'machine')}")


def kept_rows(known: Known) -> Answered:
    """What `keep` names; by default nothing is kept."""
    settings = known.loaded.settings
    if "keep" not in settings.model_fields_set:
        return Answered(by=By.DEFAULT, says="none: rows are removed after each run")
    return facts(f"kept for training: {each(settings.keep)}" if settings.keep else "none")


def lineage_in_contracts(known: Known) -> Answered:
    """Whether each column of the lineage is one of its contract."""
    found = graph(known)
    if found is None:
        return missing("there is no lineage to hold against the contracts")
    if wrong := [one for one in found.origins if one.wrong]:
        return missing("; ".join(f"{one.name}: {one.wrong}" for one in wrong[:4]))
    return facts(f"each of {count(len(found.origins), 'column')} is in its contract")


def lineage_read(known: Known) -> Answered:
    """Whether each column of the lineage was in the newest reading."""
    found = graph(known)
    if found is None:
        return missing("there is no lineage to hold against the readings")
    if unread := [one for one in found.origins if not one.read]:
        sources = [one.source for one in unread if one.source in known.sources]
        names = each(one.name for one in unread)
        return missing(f"not in the newest reading: {names}", sources=sources)
    return facts(f"each of {count(len(found.origins), 'column')} was in the newest reading")


def sensitivity(known: Known) -> Answered:
    """The class of each column of the lineage, as the contracts say."""
    found = graph(known)
    if found is None:
        return missing("there is no lineage whose columns could be classed")
    classed = Counter(one.sensitivity for one in found.origins if one.sensitivity)
    if unclassed := [one.name for one in found.origins if not one.sensitivity]:
        return Answered(by=By.DEFAULT, says=f"restricted, as nobody classed {each(unclassed)}")
    return facts(", ".join(f"{name} {number(n)}" for name, n in sorted(classed.items())))


def period(known: Known) -> Answered:
    """The first and the last night of the record."""
    if known.evidence is None:
        return missing("nothing was recorded yet")
    window, nights = known.evidence.window, {one.night for one in known.evidence.runs}
    return facts(f"{window.first} to {window.last}: {count(len(nights), 'night')} with a run")


def census(known: Known) -> Answered:
    """Every run by how it ended."""
    if known.evidence is None:
        return missing("nothing was recorded yet")
    states = Counter(str(one.state) for one in known.evidence.runs)
    told = ", ".join(f"{number(n)} {state}" for state, n in sorted(states.items()))
    return facts(f"{count(len(known.evidence.runs), 'run')} began: {told}")


def chain(known: Known) -> Answered:
    """The newest link of the ledger."""
    run = known.run
    if known.evidence is None or run is None:
        return missing("nothing was recorded yet")
    n = count(len(known.evidence.entries), "entry")
    return facts(f"{n}, each chained to the one before; the newest run ends with {run.head[:12]}…")


def record_signed(known: Known) -> Answered:
    """Whether a key signed checkpoints of the ledger."""
    notes = known.evidence.checkpoints if known.evidence else ()
    if not notes:
        return missing("no key has signed the record: name one under signing in pilot.yaml")
    return facts(f"{count(len(notes), 'checkpoint')} signed by the key of this machine")


def agreed(known: Known) -> Answered:
    """Whether security and Legal signed the policy."""
    if known.evidence is None:
        return missing("nothing was signed yet: seatrial policy sign")
    pilot, environment = known.evidence.pilot, known.evidence.environment
    found = policy.state(known.evidence.own, pilot=pilot, environment=environment).newest
    if found is None or found.lacks:
        lacks = listed(found.lacks) if found else "anybody"
        return missing(f"the policy is not signed by {lacks}: seatrial policy sign")
    who = dict.fromkeys(
        f"{one.signature.by} as {one.signature.role}" for one in found.signed if not one.objection
    )
    return facts(f"policy {found.document['number']}, signed by {listed(who)}")


def told(known: Known) -> Answered:
    """Whom alerts reach, of the owners."""
    alerts = known.loaded.environment(known.environment).alerts
    reached = alerts.people if alerts else {}
    without = [one for one in known.sources if not set(known.owner(one).people) & set(reached)]
    if without or not known.sources:
        return missing(f"nobody is told of {each(without)}: add alerts", sources=without)
    return facts("; ".join(reached))


ANSWERS: Mapping[str, Callable[[Known], Answered]] = {
    "lineage-in-contracts": lineage_in_contracts,
    "lineage-read": lineage_read,
    "sensitivity": sensitivity,
    "access-strangers": access_strangers,
    "access-observed": access_observed,
    "access-within-design": access_within_design,
    "secrets": secrets,
    "owner": owner,
    "deputy": deputy,
    "escalation": escalation,
    "acknowledged": acknowledged,
    "rollback-state": rollback_state,
    "residency-observed": residency_observed,
    "residency-within": residency_within,
    "kept-rows": kept_rows,
    "period": period,
    "census": census,
    "chain": chain,
    "record-signed": record_signed,
    "policy": agreed,
    "told": told,
}

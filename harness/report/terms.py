"""The words that `glossary.py` explains; claims explain themselves. Plain words for Legal."""

from __future__ import annotations

from collections.abc import Mapping

OUTCOMES: Mapping[str, str] = {
    "PROVEN": "The evidence is enough, and it shows that the claim is true.",
    "BROKEN": "The evidence shows that the claim is not true. Somebody must mend something.",
    "UNPROVEN": "Nothing speaks against the claim, and there is too little evidence for it.",
    "ERROR": "The claim could not be judged, as a source that did not answer. It never passes.",
    "NOT_RUN": "The claim was planned and nobody looked. It never passes.",
    "STALE": "The claim was judged once, and the evidence is too old to count.",
    "WAIVED": "The claim is not proven. Somebody signed with their name that the pilot may go on "
    "without it, until a day that stands beside it.",
}
CODES: Mapping[str, str] = {
    "28P01": "A database's answer: the password was refused.",
    "28000": "A database's answer: this user may not log in.",
    "42501": "A database's answer: permission denied.",
    "42P01": "A database's answer: there is no such table.",
    "53300": "A database's answer: all of its connections are taken.",
    "55P03": "A database's answer: others were using the table.",
    "57014": "A database's answer: the question took too long and was given up.",
    "57P01": "A database's answer: it ended our session.",
    "401": "A web server's answer: log in first; these credentials are not known.",
    "403": "A web server's answer: this is not allowed.",
    "404": "A web server's answer: there is nothing at this address.",
    "429": "A web server's answer: too many requests, come back later.",
    "500": "A web server's answer: it failed.",
    "502": "A web server's answer: a server behind it failed.",
    "503": "A web server's answer: it is overloaded, or down for a while.",
    "PERMISSION_DENIED": "A file server's answer: this is not allowed.",
    "AccessDenied": "The source refused our log-in, or what we asked it for.",
    "InvalidAccessKeyId": "A file store's answer: it does not know this user.",
    "SignatureDoesNotMatch": "A file store's answer: the secret of this user is wrong.",
    "SlowDown": "A file store's answer: too many requests, come back later.",
    "SourceUnavailable": "The source did not answer, or said that it cannot now.",
    "INSERT": "Adding rows to a table of a database.",
    "UPDATE": "Changing rows in a table of a database.",
    "DELETE": "Removing rows from a table of a database, or a file from a store.",
    "TRUNCATE": "Removing all rows of a table of a database at once.",
    "SELECT": "Reading rows from a table of a database.",
    "bigint": "A type: whole numbers of up to 19 digits.",
    "integer": "A type: whole numbers of up to 10 digits.",
}
"""What servers answer, and the words of what was asked of them."""
WORDS: Mapping[str, str] = {
    "Clopper-Pearson": "A way to say, from a few trials, how good a rate is at least. It never "
    "promises more than the stated certainty allows (C. Clopper and E. Pearson, 1934).",
    "confidence": "How sure a statement is: with 95 % confidence, at most 1 of 20 such "
    "statements is wrong.",
    "one-sided": "Said in one direction alone: that a rate is at least so high, or at most.",
    "trial": "What is counted once: a night, a file, a row, a request or a question; beside each "
    "number stands which.",
    "n": "How many trials the verdict rests on.",
    "D": "How far two sets of numbers lie apart, from 0 (alike) to 1: the largest difference "
    "between the shares of values below any limit (Kolmogorov and Smirnov).",
    "W1": "How far a value must move on average to turn the one set of numbers into the other "
    "(Wasserstein). It is told in sd.",
    "sd": "Standard deviation: how far values usually lie from their mean. A shift of 1 sd is "
    "large, one under 0.1 sd matters to no model.",
    "V": "How much the shares of kinds differ, from 0 (alike) to 1 (Cramér).",
    "Kolmogorov-Smirnov": "A test whether two sets of numbers may come from the same place.",
    "chi-square": "A test whether the shares of kinds are the same in two sets.",
    "Fisher": "A test whether one of two shares is larger, exact for few rows.",
    "Benjamini-Hochberg": "Who tests much finds something by chance. This way of counting keeps "
    "such finds at the stated share.",
    "median": "The middle one: half of the values are smaller, half larger.",
    "p50": "The middle one: half of the answers took less time.",
    "p95": "95 of 100 answers took less time.",
    "headroom": "How many times over it would fit.",
    "lag": "The time from when something happened until its record can be read.",
    "Slot": "The night that a run is recorded for, in the pilot's time zone.",
    "checkpoint": "A signed note of how far the ledger had come: nothing before it can be "
    "changed unseen.",
    "ledger": "The record of all facts and verdicts. Nothing is changed in it or taken out: each "
    "entry names the digest of the one before, and its head is the digest of the last.",
    "digest": "A short number computed from a text. Another text gives another number, so that "
    "equal digests mean that nothing was changed.",
    "manifest": "The list of a bundle's files with their digests.",
    "contract": "What was promised of one dataset: its columns, rules, times and numbers.",
    "baseline": "The columns of a dataset as a person approved them.",
    "reference": "Counts of the values that the model learnt from; tonight's are compared with "
    "them.",
    "delivery": "What came at once: one file, or one reading.",
    "key": "The number or text by which one record is told from all others.",
    "attested": "A person's word. Nothing was measured.",
    "measured": "Counted or timed by the program itself, from the source.",
    "simulated": "Where the facts come from: practice servers. They show that the way works, and "
    "nothing about your data.",
    "sandbox": "Where the facts come from: a system for trying things out.",
    "staging": "Where the facts come from: a copy of the real system.",
    "production": "Where the facts come from: the real system.",
    "stranger": "A log-in under a random name that exists nowhere. The source must refuse it.",
    "quota": "How many requests a source answers in a given time.",
    "witness": "The source's own word on how much there was to read.",
    "register": "The list of who answers for each source, with a deputy.",
    "compatible": "A change of columns is compatible if what is read can still be read; else it "
    "breaks it.",
    "signing key": "A secret number with which a text is signed. Its public half shows "
    "that nobody else did.",
    "rescued value": "A value that is not of the promised type. It is kept as it came, "
    "and counted.",
    "landed": "Kept by us as it was read, for as long as the run goes on.",
    "throttled": "Refused because too many requests came in too short a time.",
    "root": "One digest over all runs: none of them can be changed or left out unseen.",
    "renewal": "A log-in that runs out is made anew while reading goes on.",
    "isin": "A rule: the value must be one of those listed.",
    "run": "One look at all that was planned.",
    "claim": "One thing that must be true for the pilot.",
    "verdict": "What became of one claim: its outcome, why, and the numbers it rests on.",
    "evidence class": "What kind of system the facts come from; only production says something "
    "of production.",
}
PATTERNS: Mapping[str, str] = {
    "Clopper-Pearson": r"Clopper.Pearson",
    "trial": r"\btrials?\b",
    "n": r"(?<![\w-])n = ",
    "D": r"(?<![\w.])D(?=,? (?:\d|W1))",
    "sd": r"(?<=[ /])sd\b",
    "V": r"(?<![\w.])V(?= under| \d)",
    "Kolmogorov-Smirnov": r"Kolmogorov.Smirnov",
    "Benjamini-Hochberg": r"Benjamini.Hochberg",
    "lag": r"\blags?\b",
    "Slot": r"\b[Ss]lot\b",
    "checkpoint": r"\b[Cc]heckpoints?\b",
    "ledger": r"\b[Ll]edger(?: head)?\b",
    "digest": r"\b[Dd]igests?\b|\bSHA-256\b",
    "manifest": r"\bmanifest(?:\.json)?\b",
    "contract": r"\b[Cc]ontracts?\b",
    "baseline": r"\bbaseline(?:\.json)?\b",
    "reference": r"\breference(?:'s|\.json)?\b",
    "delivery": r"\bdeliver(?:y|ies)\b",
    "key": r"\bkeys?\b",
    "stranger": r"\bstrangers?\b",
    "compatible": r"\bcompatible\b|\bbreaking\b",
    "signing key": r"(?<=[Ss]igned by )(?:the )?key\b",
    "rescued value": r"\brescued values?\b",
    "throttled": r"\b[Tt]hrottled\b",
    "root": r"\bRoot(?= over)",
    "witness": r"\b[Ww]itness\b",
    "renewal": r"\b[Rr]enewals?\b",
    "run": r"\b[Rr]uns?\b(?= [0-9]{8}T)",
    "claim": r"\bclaims?\b",
    "verdict": r"\b[Vv]erdicts?\b",
    "evidence class": r"\b[Ee]vidence class(?:es)?\b",
}
"""Where a word of WORDS stands in a text, unless it is the word itself."""

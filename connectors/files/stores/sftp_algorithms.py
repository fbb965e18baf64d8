"""What SSH may be made of: what asyncssh takes by default, without SHA-1.

CBC, RC4, DSA and MD5 asyncssh leaves out by itself.
"""

from __future__ import annotations

import asyncssh

SHA_1 = "ssh-rsa"
"""The signature of RSA keys with SHA-1 (RFC 4253 6.6); RFC 8332 has others for the same keys."""
ALGORITHMS = {
    "kex_algs": "-*sha1*",
    "mac_algs": "-*sha1*,umac-64*",  # a tag of 64 bits is too short
    "signature_algs": f"-{SHA_1}",
    "encryption_algs": "^aes128-gcm@openssh.com",  # first: half the CPU of ChaCha20 here
    "compression_algs": "none",  # a packet that unpacks to more than it is
}


def signatures(host_key: asyncssh.SSHKey) -> list[str]:
    """How a server may sign with the pinned key."""
    return [name for one in host_key.sig_algorithms if (name := one.decode()) != SHA_1]

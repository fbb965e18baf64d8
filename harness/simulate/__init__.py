"""A pilot's promises tried on a virtual calendar with planted faults, by the product's own proofs.

    promises ─ feed ─▶ what a good source sends ─ plant ─▶ readings ─ proofs ─▶ rang, or not

Everything here is pure: no source is asked, no file is read, nothing is recorded.
"""

"""What was promised: one contract per dataset, and how landed rows are held against it."""

import os

# Rules are counted on one thread. A pool's threads spin while they wait for the next rule, which
# costs more than the rule on a small table; a million rows take 0.2 s without them. Polars looks
# at this once, when it is imported.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

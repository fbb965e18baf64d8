"""What was promised: one contract per dataset, and how landed rows are evaluated against it."""

import os

# Rules are counted on one thread. The threads of a pool spin while they wait for the next rule; on
# a small table this costs more than the rule. Without them a million rows take 0.2 s. Polars reads
# this variable once, when it is imported.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

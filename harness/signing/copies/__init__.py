"""Second copies of checkpoints, where whoever could cut the ledger does not reach: each kind is
one file. A copy that shows more runs than the ledger proves that its tail was cut.
"""

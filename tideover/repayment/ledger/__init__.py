"""The ledger: double entry in whole minor units; every balance is the replay of its entries."""

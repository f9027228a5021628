"""A person's corrections: what waits for one, the spreadsheet it travels in, and what a decision changes.

The ledger keeps decisions (floor 5 reads and writes it); this room turns them into frames that linking, coding and episodes take in.
"""

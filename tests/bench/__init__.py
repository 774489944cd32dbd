"""The bench: how close builds are to their floor, and pages to nothing; ``make bench``.

Every goal is a ratio of two figures measured in the same run, because absolute times say more
about the machine than about the project. Nothing here is a test.
"""

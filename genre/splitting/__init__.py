"""Who is in train, val and test, for every model.

In: the genre of each track, groups, duplicates, lists. Out: one split, and what leaks across it.

The folder gtzan/ has tables of what others have found out about GTZAN, and where.

schemes  draw a split by genre, by groups, in folds, or take it from lists
lists    read lists that others have made, the fault-filtered ones of GTZAN among them
names    which track a list means
groups   read which tracks belong together, such as those of one artist, GTZAN's among them
leaks    count what is on two sides
splits   the split as a file
"""

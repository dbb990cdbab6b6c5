"""What makes runs quick and safe, and knows nothing of music.

In: functions and the items to apply them to. Out: the results, and what is kept of them.

parallel    apply a function to many items, on all cores or a Dask cluster, and keep the results
folders     bring a folder up to date: files that are right stay where they are
cache       where results and records are kept, and under which key
processor   one instruction set for all that computes
memory      what was freed is kept for the next array
uncompiled  librosa, imported when it is used, without what numba compiles then
code        which code a result depends on, by reading it
"""

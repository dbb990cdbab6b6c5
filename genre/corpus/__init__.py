"""Where tracks come from, and what they hold.

In: a folder, a table of its files, an archive, a dataset of Kaggle's, or a seed. Out: mono audio
at one sample rate, the table of tracks, what is no track and why, and pairs of tracks that hold
the same recording.

folder        a corpus in folders that are genres: its tracks, and their audio taken over
table         a corpus in folders of any kind, and a table that says what is of which genre
online/       a corpus from Kaggle or an address
demo/         the corpus that is made here
audio         decode a file, and say what is wrong with it
formats/      read audio of any format, and notice what was cut off
fingerprints  find tracks that hold the same recording
excerpts      what of a track is used
contents      count what a corpus holds
tracks        the table of tracks, and what their files are called here
layout        what lies in a corpus's folder, and what genres and tracks are called
"""

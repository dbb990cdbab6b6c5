"""Where tracks come from, and what they hold.

In: a folder, an archive, a dataset of Kaggle's, or a seed. Out: mono audio at one sample rate, the
table of tracks, and pairs of tracks that hold the same recording.

folder        a corpus in a folder: its tracks, and their audio taken over
sources       corpora from Kaggle or an address
remote        download a file, going on where it stopped
archives      unpack what comes from elsewhere, without trusting it
demo/         the corpus that is made here
audio         decode a file, and say what is wrong with it
formats/      read audio of any format, and notice what was cut off
fingerprints  find tracks that hold the same recording
contents      count what a corpus holds
tracks        the table of tracks
layout        what GTZAN's genres, tracks and files are called
"""

"""Audio to mel-spectrogram pictures, and their cropped, altered and noisy versions.

In: mono audio. Out: PNG files, and arrays [shape=(height, width, channels), dtype=uint8] of them.

spectrograms  draw a mel spectrogram in its white frame
frame         find the frame, and cut it off
augmentation  masks and time reversal
noise         salt and pepper, Gaussian, Poisson
png           read and write pictures
inputs        pictures in the size and colour that a CNN takes
importing     bring a corpus's own pictures in
versions      take the versions that a corpus brings, instead of making them
"""

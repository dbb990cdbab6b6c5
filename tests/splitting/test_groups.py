import pytest

from genre.errors import InputError
from genre.splitting.groups import read_groups, sturm_artists


def test_groups_are_read_from_csv(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("track,group\nblues/blues.00001.wav,one\nblues.00002,one\nblues.00003,\n")
    assert read_groups(path).to_dict() == {"blues.00001": "one", "blues.00002": "one"}
    for content, message in {
        "a,b\n1,2\n": "must have the columns track and group; it has a, b",
        "track,group\nx.1,a\nx.1,b\n": "puts x.1 into two groups, a and b",
        "": "cannot be read",
    }.items():
        path.write_text(content)
        with pytest.raises(InputError, match=f"split.groups: .*{message}"):
            read_groups(path)


def test_artists_are_read_from_an_index():
    text = "## comment\nblues.00001.wav ::: The Band ::: A Song\nblues.00002.wav ::: ::: A Song\n"
    assert sturm_artists(text).to_dict() == {"blues.00001": "band"}
    with pytest.raises(InputError, match="line 1 is not"):
        sturm_artists("blues.00001.wav")

import pytest

from genre.errors import InputError
from genre.splitting.groups import read_groups, sturm_artists
from tests.splitting.conftest import names_of


def test_groups_are_read_from_csv(tmp_path, gtzan_genres, caplog):
    names = names_of(gtzan_genres)
    path = tmp_path / "groups.csv"
    path.write_text("track,group\nblues/blues.00001.wav,one\nblues.00002,one\nblues.00003,\n")
    assert read_groups(path, names).to_dict() == {"blues.00001": "one", "blues.00002": "one"}
    assert caplog.text == ""
    path.write_text("track,group\nblues.00001,one\nblues.00100,one\n")
    assert read_groups(path, names).to_dict() == {"blues.00001": "one"}
    assert "groups.csv: 1 of 2 names are of no track" in caplog.text
    for content, message in {
        "a,b\n1,2\n": "must have the columns track and group; it has a, b",
        "track,group\npop.00001,a\npop/pop.00001.au,b\n": "puts pop.00001 into two groups, a and b",
        "": "cannot be read",
    }.items():
        path.write_text(content)
        with pytest.raises(InputError, match=f"split.groups: .*{message}"):
            read_groups(path, names)


def test_artists_are_read_from_an_index():
    text = "## comment\nblues.00001.wav ::: The Band ::: A Song\nblues.00002.wav ::: ::: A Song\n"
    assert sturm_artists(text).to_dict() == {"blues.00001": "band"}
    plain = text.replace(".wav", "").replace("::: :::", "::: Two :::")
    assert sturm_artists(plain).to_dict() == {"blues.00001": "band", "blues.00002": "two"}
    with pytest.raises(InputError, match="line 1 is not"):
        sturm_artists("blues.00001.wav")

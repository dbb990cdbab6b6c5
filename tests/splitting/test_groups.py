import pytest

from genre.errors import InputError
from genre.splitting.groups import gtzan_artists, read_groups, read_rows
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
        "track,group\npop.1,Lipps, Inc.\npop.2,Rose, Kay\n": "rows have more fields than there",
        "track,group\npop.1,Lipps, Inc.\npop.2,Kiss\n": "rows have more fields than there",
        "track,group\npop.2,Kiss\npop.1,Lipps, Inc.\n": "cannot be read: .*Expected 2 fields",
    }.items():
        path.write_text(content)
        with pytest.raises(InputError, match=f"split.groups: .*{message}"):
            read_groups(path, names)


def test_groups_are_read_as_a_spreadsheet_writes_them(tmp_path, gtzan_genres):
    path = tmp_path / "groups.csv"
    text = (
        '\ufefftrack,title,group\r\nblues.00001,x,"Lipps, Inc."\r\nblues.00002,,NA\r\npop.00001\r\n'
    )
    path.write_bytes(text.encode())
    found = read_groups(path, names_of(gtzan_genres)).to_dict()
    assert found == {"blues.00001": "Lipps, Inc.", "blues.00002": "NA"}


def test_a_file_has_rows_or_none(tmp_path):
    path = tmp_path / "groups.csv"
    path.write_text("track,group\n\nblues.00001,\n")
    assert read_rows(path).empty
    path.write_text("track,group\nblues.00001,one\n")
    assert read_rows(path).to_dict("records") == [{"track": "blues.00001", "group": "one"}]


def test_the_artists_of_gtzan_are_shipped(gtzan_genres):
    artists = gtzan_artists()
    assert artists.index.is_unique
    assert not set(artists.index) - {*gtzan_genres.index, "jazz.00054"}
    assert len(artists) == 919
    assert artists[["blues.00000", "reggae.00000", "disco.00064"]].to_list() == [
        "John Lee Hooker", "Bob Marley", "Lipps, Inc.",
    ]  # fmt: skip
    plain = artists.str.lower().str.replace("&", "and").str.replace(r"\W+", " ", regex=True)
    assert plain.nunique() == artists.nunique() == 242  # no artist is there in two spellings


def test_the_shipped_artists_are_those_of_the_index(gtzan):
    text = (gtzan / "splits/GTZANindex.txt").read_text()
    lines = [line.split(":::") for line in text.splitlines() if not line.startswith("##")]
    index = {file.strip().removesuffix(".wav"): artist.strip() for file, artist, *_ in lines}
    known = {track: artist for track, artist in index.items() if artist}
    artists = gtzan_artists()
    other = {track: known[track] for track in known if known[track] != artists.get(track)}
    assert set(artists.index) == set(known)
    assert set(other.values()) == {"Earth, Wind & Fire", "Rage Against the Machine"}

"""A corpus that a table lists: which file is meant, and what is left over."""

import numpy as np
import pytest

from genre.corpus.table import AMBIGUOUS, MISSING, NO_GENRE, SEVERAL_GENRES, Files, find_tracks
from genre.errors import InputError
from tests.test_mutations import damaged, is_a_sentence

FMA = [f"fma_small/{number // 1000:03d}/{number:06d}.mp3" for number in (2, 5, 140, 1040, 10250)]


@pytest.fixture
def fma():
    return Files([*FMA, "fma_metadata/tracks.csv"])


@pytest.mark.parametrize(
    "name",
    [
        "{0}",
        "{1}",
        "{1}.mp3",
        "{1}.wav",
        "{2}/{1}",
        "{2}/{1}.mp3",
        "fma_small/{2}/{1}.mp3",
        "/on/another/machine/fma_small/{2}/{1}",
        "C:\\Music\\fma_small\\{2}\\{1}.mp3",
        "./fma_small/{2}/{1}.MP3",
    ],
)
@pytest.mark.parametrize("path", FMA)
def test_a_file_is_found_by_its_number_its_name_or_its_path(fma, name, path):  # fmt: skip
    _, folder, file = path.split("/")
    number = file.removesuffix(".mp3")
    assert fma.find(name.format(int(number), number, folder)) == [path]


@pytest.mark.parametrize(
    "name", ["3", "", "tracks", "tracks.csv", "001/000002.mp3", "2.0", "small/2"]
)
def test_what_is_not_there_is_not_found(fma, name):
    assert fma.find(name) == []


def test_of_several_the_likeliest_is_taken_or_none():
    files = Files(["a/x.mp3", "b/x.mp3", "b/x.flac", "c/a/x.mp3", "Song.mp3", "song.mp3", "7.ogg",
                   "007.ogg", "d/Mu\u0301.mp3", "e. f.mp3"])  # fmt: skip
    assert files.find("a/x.mp3") == ["a/x.mp3"]
    assert files.find("c/a/x") == ["c/a/x.mp3"]
    assert files.find("b/x.flac") == ["b/x.flac"]
    assert files.find("b/x") == ["b/x.mp3", "b/x.flac"]
    assert files.find("Song") == files.find("Song.mp3") == ["Song.mp3"]
    assert len(files.find("SONG")) == 2
    assert files.find("7") == ["7.ogg"]
    assert files.find("007") == ["007.ogg"]
    assert len(files.find("07")) == 2
    assert files.find("d/M\u00fa.mp3") == ["d/Mu\u0301.mp3"]
    assert files.find("e. f") == ["e. f.mp3"]


def corpus(folder, *files):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    return folder


def found(folder, text, *, file="file", genre="genre", group=None, encoding="utf-8"):
    (folder / "table.csv").write_text(text, encoding=encoding)
    sources, others = find_tracks(folder, folder / "table.csv", file=file, genre=genre, group=group)
    assert [s.track for s in sources] == sorted(s.track for s in sources)
    return {
        s.file.relative_to(folder).as_posix(): (s.track, s.genre, s.group) for s in sources
    }, others


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_tree_like_fmas_is_taken_through_its_table(tmp_path, delimiter, encoding, caplog):
    caplog.set_level("INFO")
    path = corpus(tmp_path, *FMA, "fma_small/README.txt", "fma_small/000/000003.mp3", "cover.jpg")
    rows = [
        ("track_id", "title", "genre_top", "artist"),
        (2, "Food", "Hip-Hop", "AWOL"), (5, "This World", "Hip-Hop", "AWOL"),
        (140, '"Queen, Of The Wires"', "Folk", "None"), (1040, "x", "Folk", ""),
        (10250, "x", "", "NA"), (99, "x", "Folk", "y"),
    ]  # fmt: skip
    text = "\r\n".join(delimiter.join(map(str, row)) for row in rows)
    tracks, others = found(
        path, text, file="track_id", genre="genre_top", group="artist", encoding=encoding
    )
    assert tracks == {
        FMA[0]: ("hiphop.fma_small.000.000002", "hiphop", "AWOL"),
        FMA[1]: ("hiphop.fma_small.000.000005", "hiphop", "AWOL"),
        FMA[2]: ("Folk.fma_small.000.000140", "Folk", "None"),
        FMA[3]: ("Folk.fma_small.001.001040", "Folk", None),
    }
    assert sorted(others) == [
        ("99", MISSING), ("cover.jpg", "other ending: .jpg"),
        ("fma_small/000/000003.mp3", "not in the table"), (FMA[4], NO_GENRE),
    ]  # fmt: skip
    said = "2 genres in the column genre_top of .*: Folk (2), hiphop (2); 4 tracks of 6 rows, 3 of"
    assert said.partition(".*")[2] in caplog.text


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_table_may_have_all_its_texts_quoted(tmp_path, delimiter):
    path = corpus(tmp_path, "a.mp3", "b; b.mp3")
    rows = [("file", "genre"), ("a.mp3", "Folk, or Rock"), ("b; b", 'The "new"\twave')]
    quoted = [['"' + text.replace('"', '""') + '"' for text in row] for row in rows]
    tracks, others = found(path, "\n".join(map(delimiter.join, quoted)))
    assert {name: genre for name, (_, genre, _) in tracks.items()} == {
        "a.mp3": "Folk, or Rock", "b; b.mp3": 'The "new" wave',
    }  # fmt: skip
    assert others == []


def test_a_corpus_in_folders_of_genres_has_the_same_names_through_a_table(tmp_path):
    path = corpus(tmp_path, "genres_original/blues/blues.00001.wav", "set/ChaChaCha/a-01.wav",
                  "set/ChaChaCha/live/b.wav")  # fmt: skip
    tracks, _ = found(path, "file,genre\nblues.00001.wav,Blues\na-01,ChaChaCha\nb,ChaChaCha\n")
    names = [name for name, *_ in tracks.values()]
    assert names == ["ChaChaCha.a-01", "ChaChaCha.live.b", "blues.00001"]


def test_what_a_table_leaves_open_is_left_out_and_counted(tmp_path):
    path = corpus(tmp_path, *(f"{name}.mp3" for name in "abcde"), "x/f.mp3", "y/f.mp3")
    rows = [
        "Folk/Rock,a",
        "Polka,b",
        "folk/rock,c",
        "Polka,c",
        *["Polka,d"] * 2,
        "Polka,f",
        "Polka,",
    ]
    tracks, others = found(path, "\n".join(["genre,file", *rows]))
    assert {name: genre for name, (_, genre, _) in tracks.items()} == {
        "a.mp3": "Folk/Rock", "b.mp3": "Polka", "d.mp3": "Polka",
    }  # fmt: skip
    assert sorted(others) == [
        ("a row without a file", MISSING), ("c.mp3", SEVERAL_GENRES), ("e.mp3", "not in the table"),
        ("f", AMBIGUOUS), ("x/f.mp3", "not in the table"), ("y/f.mp3", "not in the table"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no column file and no column genre; it has none"),
        ("path,genre\na,x\n", "has no column file; it has path, genre: name its columns"),
        ("file,genre\n", "has no rows"),
        ("file,genre,genre\na,x,y\nb,y,x\n", "has several columns called genre: rename all but"),
        ('file,genre\n"a,x\n', "cannot be read as a csv or tsv table in UTF-8: unexpected end"),
        ("file,genre\nq,x\nr,y\n", "none of the 2 files in the column file of .*, the first: 'q'"),
        ("file,genre\na,x\nb,x\n", "two genres are the fewest .* there is one, x"),
        ("file,genre\na,x\nb,y\nq,z\n", r"no file of z can be used \(in the table and not in the"),
        (
            "file,genre\na,x\nb,y\nb,z\n",
            r"no file of y can be used \(of several .* none of 1 other genres",
        ),
        ("file,artist,genre\na,K,x\nb,Lipps, Inc.,y\n", "the row of 'b' has more fields than"),
        ("file,genre\na,M\xfasica\n", "cannot be read as a csv .* UTF-8: 'utf-8' codec"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path, text, message):
    path = corpus(tmp_path, "a.mp3", "b.mp3")
    with pytest.raises(InputError, match=message):
        found(path, text, encoding="latin-1")


def test_a_file_of_two_groups_is_an_error_and_so_is_no_folder_and_no_table(tmp_path):
    path = corpus(tmp_path / "here", "a.mp3", "b.mp3")
    text = "file,genre,artist\na,x,one\nb,y,two\nb,y,one\n"
    with pytest.raises(InputError, match=r"puts b\.mp3 into several groups, one and two: give it"):
        found(path, text, group="artist")
    columns = {"file": "file", "genre": "genre", "group": None}
    with pytest.raises(InputError, match="data.path: .*nowhere is not a folder"):
        find_tracks(tmp_path / "nowhere", path / "table.csv", **columns)
    with pytest.raises(InputError, match=r"data.table.path: .*none.csv cannot be read .* No such"):
        find_tracks(path, path / "none.csv", **columns)


@pytest.mark.parametrize("seed", range(40))
def test_a_damaged_table_gives_a_sentence_or_tracks_of_its_own_words(tmp_path, seed):
    path = corpus(tmp_path, *(f"{name}.mp3" for name in "abcd"))
    content = b'file,genre,artist\na,Folk,"x, y"\nb,Folk,z\nc,Jazz,\nd,Jazz,NA\n'
    (path / "table.csv").write_bytes(damaged(content, np.random.default_rng(seed)))
    try:
        sources, _ = find_tracks(
            path, path / "table.csv", file="file", genre="genre", group="artist"
        )
    except InputError as error:
        is_a_sentence(error, "data.table", "table.csv")
        return
    text = (path / "table.csv").read_text(encoding="utf-8").lower()
    assert all(source.genre.lower() in text for source in sources)
    assert all((source.group or "").lower() in text for source in sources)

"""Static files: names that follow the content, and styles that lead to them."""

import gzip
import re

from reporting.page.assets import Assets


def test_a_changed_file_gets_another_name(tmp_path):
    names = []
    for content in (b"a{}", b"b{}"):
        (tmp_path / "page.css").write_bytes(content)
        names.append(Assets(tmp_path).name("page.css"))
    assert names[0] != names[1]


def test_a_changed_typeface_changes_the_name_of_the_style_that_uses_it(tmp_path):
    (tmp_path / "page.css").write_text("@font-face { src: url(face.woff2) }")
    names = []
    for content in (b"one", b"two"):
        (tmp_path / "face.woff2").write_bytes(content)
        names.append(Assets(tmp_path).name("page.css"))
    assert names[0] != names[1]


def test_the_style_refers_only_to_files_that_are_served():
    assets = Assets()
    css = assets.get(assets.name("page.css"))
    assert css is not None
    for name in re.findall(r"url\(([^#)]+)\)", css.body.decode()):
        assert name in assets.all


def test_text_is_packed_once_and_typefaces_are_sent_as_they_are():
    for name, asset in Assets().all.items():
        if name.endswith(".woff2"):
            assert asset.packed is None
        else:
            assert gzip.decompress(asset.packed) == asset.body


def test_licences_and_notices_are_kept_but_not_served():
    assert all(not name.endswith(".txt") for name in Assets().all)

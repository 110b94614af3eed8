"""What a loaded province weighs is read off the machine, and nothing is made up."""

import os

from demo.weight import databases, processes


def test_a_process_is_weighed_by_its_number_and_one_that_is_gone_is_left_out(tmp_path):
    folder = tmp_path / "pids"
    folder.mkdir()
    (folder / "training-serve.pid").write_text(f"{os.getppid()}\n")
    (folder / "funds-serve.pid").write_text(f"{2**22 + 1}\n")
    found = processes(tmp_path)
    assert found.keys() == {"training-serve", "demo"}
    assert 1 < found["demo"]["rss_mb"] <= found["demo"]["peak_mb"] < 10_000
    assert found["demo"]["cpu_s"] > 0


def test_a_database_that_cannot_be_reached_does_not_fail_the_demo():
    assert databases({"FUNDS_DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "OTHER": "y"}) == {}

"""tideover shadow: a list beside a book in a folder."""

import polars as pl

AT = "2026-11-20"


def shadow(tideover, raw, tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text)
    return tideover("shadow", "--list", path, "--book", raw, "--at", AT, "--out", tmp_path / "out")


def test_a_list_is_laid_beside_the_decisions_and_every_difference_is_written(tideover, raw, tmp_path):
    said = shadow(
        tideover, raw, tmp_path, "customer id,channel,message\nB1,SMS,Overdue\nnobody,SMS,Overdue\n"
    )

    assert said.code == 0
    assert "Nothing was sent." in said.out
    rows = pl.read_parquet(tmp_path / "out" / "differences.parquet")
    assert "B1" in rows["borrower_id"].to_list()
    aside = (tmp_path / "out" / "set_aside.csv").read_text("utf-8-sig")
    assert "the person is not in the book" in aside
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_list_that_names_nobody_is_refused_with_what_to_do(tideover, raw, tmp_path):
    said = shadow(tideover, raw, tmp_path, "channel\nSMS\n")

    assert said.code == 2
    assert "customer id" in said.err
    assert not (tmp_path / "out").exists()

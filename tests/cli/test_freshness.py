"""`portal content remind` and the hand-over of who is deactivated."""

from tests.library.trees import put


def people(ready):
    for email, role in (("tom@x.example", "marketer"), ("linh@x.example", "contributor")):
        said = ready(
            "user", "add", email, "--name", email[:4], "--role", role, "--password-stdin",
            stdin="a long password\n",
        )  # fmt: skip
        assert said.status == 0, said.err


def test_remind_tells_once_and_deactivate_hands_over(ready, tmp_path):
    people(ready)
    text = "---\ntitle: X\nowner: tom@x.example\n---\n\nWords.\n"
    put(tmp_path / "c", faq__x__en=text)
    assert ready("content", "load", tmp_path / "c", "--kind", "faq", "--publish").status == 0
    assert ready("content", "remind", "--json").json == {"assets": 1, "notices": 1}
    assert ready("content", "remind").out.endswith("0 new notices.\n")
    said = ready("user", "deactivate", "tom@x.example")
    assert "still own 1 assets" in said.out
    said = ready("user", "deactivate", "tom@x.example", "--hand-over-to", "nobody@x.example")
    assert said.status == 1
    said = ready("user", "deactivate", "tom@x.example", "--hand-over-to", "linh@x.example")
    assert (said.status, "owns 1 more assets" in said.out, "still" in said.out) == (0, True, False)
    assert ready("content", "remind", "--json").json["notices"] == 1  # Linh

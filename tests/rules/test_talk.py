"""Questions, refusals, requests and quotes, as people write them."""

import pytest

from rules import talk


@pytest.mark.parametrize(
    "said", ["谁在？", "吃了吗", "去了没", "几点开始", "有沒有人", "who is next", "are we late", "ready?"]
)
def test_asks(said: str) -> None:
    assert talk.asks(said)


@pytest.mark.parametrize("said", ["读完了", "没读完", "this is who we are", "ok"])
def test_does_not_ask(said: str) -> None:
    assert not talk.ends_asking(said)


def test_word_order_tells_a_question_only_from_the_beginning() -> None:
    assert talk.asks("is this it")
    assert not talk.ends_asking("is this it")


@pytest.mark.parametrize("said", ["不想去", "还没好", "忘了", "I never do", "don't", "沒有力氣"])
def test_denies(said: str) -> None:
    assert talk.denies(said)


@pytest.mark.parametrize("said", ["读完三章", "I want it", "note", "好"])
def test_does_not_deny(said: str) -> None:
    assert not talk.denies(said)


def test_a_refusal_is_more_than_a_no() -> None:
    assert talk.refuses("今天没时间")
    assert not talk.refuses("今天没下雨")


@pytest.mark.parametrize("said", ["大家加油", "记得带书", "請準時", "please come", "let's go"])
def test_urges(said: str) -> None:
    assert talk.urges(said)


@pytest.mark.parametrize("rest", ["一下哦各位", "吧", "，大家快来", " everyone", " 各位"])
def test_summons(rest: str) -> None:
    assert talk.summons(rest)


@pytest.mark.parametrize("rest", ["", " 读了三章", "，大家加油"])
def test_does_not_summon(rest: str) -> None:
    assert not talk.summons(rest)


def test_a_question_about_it_begins_so() -> None:
    assert talk.asks_about_it(" 在哪")
    assert not talk.asks_about_it(" 读了三章")


def test_sentences_keep_their_marks() -> None:
    assert talk.sentences("早！吃了吗？\n\n好。") == ["早！", "吃了吗？", "好。"]


@pytest.mark.parametrize("said", ["早！吃了吗？", "\n\n 好。真好", "好", "  ", ""])
def test_the_first_sentence_is_that_of_all(said: str) -> None:
    assert talk.first_sentence(said) == next(iter(talk.sentences(said)), "")


def test_what_is_answered_to_is_not_ones_own() -> None:
    assert talk.own_words("「小林：早」\n- - - - - - -\n早呀") == "早呀"
    assert talk.own_words("> 早\n早呀") == "\n早呀"
    assert talk.own_words("「早」是好词") == "「早」是好词"


def test_quotes_and_addresses_are_not_spoken() -> None:
    assert talk.spoken("他说“早”，见 https://example.org/早 或 a@example.org").split() == [
        "他说",
        "，见",
        "或",
    ]


def test_hostile_texts_are_read_in_time() -> None:
    for text in ("「" * 4000, "\n" * 4000, "a.b" * 2000, "吗！" * 2000, "，" * 4000):
        talk.own_words(talk.spoken(text))
        assert all(talk.asks(sentence) in (True, False) for sentence in talk.sentences(text))

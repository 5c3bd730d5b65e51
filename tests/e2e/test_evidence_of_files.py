"""Evidence from file to card: made-up messages of several languages, analysed and shown by the whole app."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence

import pytest
from playwright.sync_api import expect

from tests.e2e.driver import App

pytestmark = pytest.mark.e2e

N_ROWS = 80
WRONG_ROWS = (7, 22, 41, 64)

ENGLISH = (
    ("my parcel has not arrived", "where is my delivery", "the courier never came", "delivery is late again"),
    ("please give my money back", "i want a refund for this", "the refund is still missing", "return the payment"),
    ("hello there", "thanks in advance", "kind regards", "it was monday", "i wrote twice"),
)
CHINESE = (
    ("我的包裹还没有送到", "快递员一直没有来", "物流信息没有更新", "包裹什么时候送达"),
    ("请把钱退给我", "我想申请退款", "退款一直没有到账", "付款请退回"),
    ("你好", "谢谢你们", "星期一我写过信", "麻烦了", "请回复"),
)
ARABIC = (
    ("لم يصل طردي بعد", "أين الشحنة الآن", "لم يأت عامل التوصيل", "تأخر التوصيل مرة أخرى"),
    ("أعيدوا لي نقودي من فضلكم", "أريد استرداد المبلغ", "لم يصل الاسترداد بعد", "أرجعوا المبلغ المدفوع"),
    ("مرحبا", "شكرا جزيلا", "كتبت لكم يوم الاثنين", "مع التحية", "أرجو الرد"),
)


def made_up(language: tuple[Sequence[str], Sequence[str], Sequence[str]], *, n_fillers: int = 2) -> bytes:
    """Write messages about parcels and refunds; four of them have the other one's label."""
    chosen = random.Random(7)  # noqa: S311  (made-up texts, no secrets)
    parcels, refunds, fillers = language
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(["text", "label"])
    for row in range(N_ROWS):
        subject = chosen.sample((parcels, refunds)[row % 2], 2)
        before = [chosen.choice(fillers) for _ in range(n_fillers)]
        is_refund = (row % 2 == 1) != (row in WRONG_ROWS)
        writer.writerow([f"{', '.join([*before, *subject])}. {row}", "refund" if is_refund else "parcel"])
    return target.getvalue().encode()


@pytest.mark.parametrize(
    ("content", "direction"),
    [(made_up(ENGLISH), "ltr"), (made_up(CHINESE), "ltr"), (made_up(ARABIC), "rtl")],
    ids=["English", "Chinese", "Arabic"],
)
def test_the_card_shows_words_sentence_and_neighbours(app: App, content: bytes, direction: str) -> None:
    """The planted error comes first, with its telling words tinted and its neighbours named."""
    app.upload("made.csv", content)
    project = app.analyse()

    app.review(project)

    text = app.page.locator(".labelclean .text")
    tinted = text.locator("mark.tint-suggested").all_text_contents()
    row = int(app.shown().rsplit(".", 1)[1])
    assert row in WRONG_ROWS
    assert tinted
    assert all(words in app.shown() for words in tinted)
    assert text.evaluate("text => getComputedStyle(text).direction") == direction
    assert app.page.locator(".why-words").text_content()
    assert app.page.locator(".near-label").count() > 0


def test_two_thousand_words_scroll_to_those_that_matter_most(app: App) -> None:
    """What the message is about stands at its end; the page does not scroll, the text does."""
    app.upload("long.csv", made_up((*ENGLISH[:2], [f"note{number}" for number in range(9_000)]), n_fillers=2_000))
    project = app.analyse()

    app.review(project)

    text = app.page.locator(".labelclean .text")
    mark = text.locator("mark.tint-main")
    expect(mark).to_be_attached()
    window, place = text.bounding_box(), mark.bounding_box()
    assert len(app.shown().split()) > 2_000
    assert window is not None
    assert place is not None
    assert window["y"] <= place["y"] <= window["y"] + window["height"]
    foot = app.page.locator(".labelclean .foot").bounding_box()
    assert foot is not None
    assert foot["y"] + foot["height"] <= 800

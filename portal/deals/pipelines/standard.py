"""The pipeline and the reasons a company begins with, until it edits them."""

from dataclasses import dataclass

PIPELINE = "Sales"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage as it is begun with: names by language, what other systems call it."""

    slug: str
    names: dict[str, str]
    aliases: tuple[str, ...]
    outcome: str = "open"
    term: str | None = None


@dataclass(frozen=True, slots=True)
class Loss:
    """A reason for losing a deal as it is begun with."""

    slug: str
    names: dict[str, str]
    aliases: tuple[str, ...] = ()
    competitor: bool = False


STAGES = (
    Stage(
        "discovery",
        {"en": "Discovery", "vi": "Tìm hiểu nhu cầu", "ru": "Выявление потребностей"},
        (
            "appointment scheduled", "qualified to buy", "prospecting", "prospect", "qualification",
            "qualified", "needs analysis", "value proposition", "lead in", "contact made", "new",
            "in process", "engaging", "первичный контакт", "новая", "в работе", "đang tiếp cận",
        ),
        term="discovery",
    ),
    Stage(
        "demo",
        {"en": "Demo", "vi": "Demo sản phẩm", "ru": "Демонстрация"},
        (
            "presentation scheduled", "demo scheduled", "demonstration", "id. decision makers",
            "decision maker bought-in", "perception analysis", "identify decision makers",
            "подготовка документов", "демо", "trình diễn",
        ),
        term="demo",
    ),
    Stage(
        "evaluation",
        {"en": "Evaluation", "vi": "Đánh giá, chạy thử", "ru": "Оценка и пилот"},
        ("pilot", "trial", "proof of concept", "poc", "пилот", "chạy thử"),
        term="evaluation",
    ),
    Stage(
        "proposal",
        {"en": "Proposal", "vi": "Báo giá", "ru": "Коммерческое предложение"},
        (
            "proposal made", "proposal/price quote", "proposal/quote", "quote", "offer",
            "предложение", "кп", "chào giá", "счёт на предоплату",
        ),
        term="proposal",
    ),
    Stage(
        "negotiation",
        {"en": "Negotiation", "vi": "Đàm phán", "ru": "Переговоры"},
        (
            "negotiations started", "negotiation/review", "decision makers", "принимают решение",
            "согласование", "thương lượng",
        ),
        term="negotiation",
    ),
    Stage(
        "closing",
        {"en": "Closing", "vi": "Chốt hợp đồng", "ru": "Закрытие сделки"},
        ("contract sent", "согласование договора", "финальный счёт", "ký hợp đồng"),
        term="closing",
    ),
    Stage(
        "won",
        {"en": "Won", "vi": "Thắng", "ru": "Выиграна"},
        ("closed won", "closedwon", "успешно реализовано", "сделка успешна", "thành công"),
        outcome="won",
    ),
    Stage(
        "lost",
        {"en": "Lost", "vi": "Thua", "ru": "Проиграна"},
        (
            "closed lost", "closedlost", "closed-lost to competition", "closed lost to competition",
            "закрыто и не реализовано", "сделка провалена", "thất bại",
        ),
        outcome="lost",
    ),
    Stage(
        "no-decision",
        {"en": "No decision", "vi": "Không quyết định", "ru": "Без решения"},
        ("no decision", "abandoned", "отложена", "не решились", "hoãn lại"),
        outcome="no-decision",
    ),
)  # fmt: skip
"""The stages in order. Aliases: the standard stages of HubSpot, Salesforce, Pipedrive, Zoho,
Bitrix24 and amoCRM, from their documentation."""

LOSSES = (
    Loss(
        "competitor",
        {"en": "Chose a competitor", "vi": "Chọn đối thủ", "ru": "Выбрали конкурента"},
        ("lost to competitor", "competition", "конкурент", "đối thủ"),
        competitor=True,
    ),
    Loss(
        "price",
        {"en": "Too expensive", "vi": "Giá cao", "ru": "Дорого"},
        ("price", "pricing", "too expensive", "цена", "giá"),
    ),
    Loss(
        "budget",
        {"en": "No budget", "vi": "Không có ngân sách", "ru": "Нет бюджета"},
        ("budget", "lost funding", "no budget / lost funding", "бюджет", "ngân sách"),
    ),
    Loss(
        "feature",
        {"en": "Something is missing", "vi": "Thiếu tính năng", "ru": "Не хватает функций"},
        ("missing feature", "product fit", "no fit", "функционал", "tính năng"),
    ),
    Loss(
        "timing",
        {"en": "Not now", "vi": "Chưa phải lúc", "ru": "Не сейчас"},
        ("timing", "bad timing", "сроки", "thời điểm"),
    ),
    Loss(
        "contact",
        {"en": "Our contact left or fell silent", "vi": "Mất liên lạc", "ru": "Пропал контакт"},
        ("no response", "unresponsive", "lost contact", "не отвечает", "không phản hồi"),
    ),
    Loss(
        "trust",
        {"en": "Not convinced by us", "vi": "Chưa tin chúng ta", "ru": "Не убедили"},
        ("references", "trust", "risk", "доверие", "chưa tin tưởng"),
    ),
    Loss(
        "inside",
        {"en": "They build it themselves", "vi": "Khách tự làm", "ru": "Сделают сами"},
        ("in-house", "built in-house", "своими силами", "tự làm"),
    ),
    Loss(
        "other",
        {"en": "Something else", "vi": "Lý do khác", "ru": "Другое"},
        ("other", "unknown", "другое", "khác"),
    ),
)

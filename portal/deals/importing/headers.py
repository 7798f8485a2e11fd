"""What other systems call the columns of their exports, and by which columns a system is known."""

from dataclasses import dataclass

HEADERS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "deal id", "record id", "record id - deal", "opportunity id", "opportunity_id",
        "deal_id",
        "opp id", "external id", "external_id", "potential id", "ид", "id сделки", "№", "номер",
        "номер сделки", "код сделки", "mã", "mã cơ hội", "mã giao dịch", "id cơ hội", "number",
    ),
    "name": (
        "name", "deal name", "deal", "title", "opportunity name", "opportunity", "potential name",
        "property_dealname", "название", "название сделки", "наименование", "сделка",
        "tên", "tên cơ hội", "tên giao dịch", "cơ hội", "subject",
    ),
    "account": (
        "account", "account name", "company", "company name", "organization", "organisation",
        "customer", "client", "associated company", "associated company (primary)",
        "primary company",
        "компания", "организация", "клиент", "заказчик", "контрагент", "название компании",
        "компания контакта", "công ty", "khách hàng", "tên công ty", "tên khách hàng", "tổ chức",
    ),
    "owner": (
        "owner", "deal owner", "opportunity owner", "sales agent", "sales_agent", "sales rep",
        "rep",
        "salesperson", "account executive", "assigned to", "owner name", "potential owner",
        "owner_id",
        "ответственный", "ответственный за сделку", "менеджер", "владелец", "продавец",
        "người phụ trách", "phụ trách", "nhân viên", "chủ sở hữu", "nhân viên kinh doanh",
    ),
    "owner_email": (
        "owner email", "owner e-mail", "deal owner email", "opportunity owner email", "email",
        "e-mail", "rep email", "почта ответственного", "email ответственного", "email phụ trách",
    ),
    "team": ("team", "sales team", "owner team", "hubspot team", "команда", "отдел", "nhóm", "đội"),
    "region": (
        "region", "territory", "regional_office", "regional office", "office", "регион",
        "территория",
        "филиал", "khu vực", "vùng", "chi nhánh",
    ),
    "product": (
        "product", "products", "product name", "line items", "product interest", "продукт", "товар",
        "товары", "продукты", "sản phẩm",
    ),
    "competitor": (
        "competitor", "competitors", "main competitor", "main competitor(s)", "primary competitor",
        "lost to", "lost to competitor", "конкурент", "конкуренты", "đối thủ", "đối thủ cạnh tranh",
    ),
    "amount": (
        "amount", "value", "deal value", "close_value", "close value", "property_amount", "price",
        "amount in company currency", "deal amount", "opportunity amount", "budget", "sum", "total",
        "revenue", "бюджет", "бюджет сделки", "сумма", "сумма сделки", "стоимость", "бюджет ₽",
        "giá trị", "số tiền", "giá trị cơ hội", "doanh thu",
    ),
    "currency": (
        "currency", "deal currency code", "deal currency", "currency of value",
        "opportunity currency",
        "amount currency", "currency code", "currencyisocode", "валюта", "loại tiền", "tiền tệ",
    ),
    "pipeline": (
        "pipeline", "deal pipeline", "deal_pipeline_id", "sales process", "sub-pipeline", "воронка",
        "воронка продаж", "направление", "quy trình", "phễu",
    ),
    "stage": (
        "stage", "deal stage", "deal_stage", "deal_pipeline_stage_id", "opportunity stage",
        "sales stage", "stage name", "этап", "этап сделки", "стадия", "стадия сделки",
        "статус сделки", "giai đoạn", "bước",
    ),
    "status": (
        "status", "deal status", "outcome", "result", "forecast status", "статус", "результат",
        "группа стадий", "группа стадии", "trạng thái", "kết quả",
    ),
    "won": ("won", "is closed won", "is won", "iswon", "closed won?"),
    "closed": (
        "closed", "is closed", "isclosed", "is deal closed?", "сделка закрыта", "закрыта",
        "đã đóng",
    ),
    "created": (
        "created", "create date", "created date", "created at", "deal created", "created time",
        "add time", "engage_date", "property_createdate", "date created", "created on",
        "start date",
        "дата создания", "дата создания сделки", "создана", "создано", "когда создана",
        "дата начала", "ngày tạo", "thời gian tạo", "ngày bắt đầu",
    ),
    "close": (
        "close date", "close_date", "closing date", "property_closedate", "closed date", "end date",
        "дата закрытия", "дата закрытия сделки", "дата завершения", "ngày đóng", "ngày chốt",
        "ngày kết thúc",
    ),
    "expected": (
        "expected close date", "expected close", "expected closing date", "forecast date",
        "предполагаемая дата закрытия", "ожидаемая дата закрытия", "планируемая дата закрытия",
        "ngày dự kiến chốt", "ngày đóng dự kiến", "dự kiến chốt",
    ),
    "ended": (
        "won time", "lost time", "deal closed on", "closed at", "actual close date",
        "won/lost date",
        "дата выигрыша", "фактическая дата закрытия", "ngày đóng thực tế",
    ),
    "stage_at": (
        "last stage change", "last stage change date", "stage change date", "date entered stage",
        "last stage change time", "дата смены стадии", "дата изменения стадии",
        "ngày đổi giai đoạn",
    ),
    "reason": (
        "loss reason", "lost reason", "closed lost reason", "reason for loss", "reason lost",
        "loss_reason", "lost_reason", "reason for loss__s", "причина отказа", "причина проигрыша",
        "причина потери", "причина закрытия", "lý do thua", "lý do thất bại", "lý do mất",
    ),
    "reason_words": (
        "loss description", "loss notes", "lost reason details", "loss comment", "loss details",
        "комментарий к отказу", "ghi chú lý do thua", "chi tiết lý do thua",
    ),
    "industry": ("industry", "sector", "отрасль", "сфера деятельности", "ngành", "ngành nghề"),
    "country": ("country", "office_location", "страна", "quốc gia", "billing country"),
    "employees": (
        "employees", "number of employees", "company size", "кол-во сотрудников",
        "количество сотрудников", "số nhân viên", "quy mô",
    ),
    "deleted": ("is_deleted", "is deleted", "isdeleted", "_fivetran_deleted"),
}  # fmt: skip
"""Field → its usual headers, lower case; earlier ones are the better guess."""

AGAIN = {"ended": 2}
"""Fields that are the first filled one of several columns: Pipedrive has won and lost times."""


@dataclass(frozen=True, slots=True)
class System:
    """A system whose export is known when it has all of `needs` and one of `some`."""

    source: str
    needs: frozenset[str]
    some: frozenset[str] = frozenset()
    mapping: tuple[tuple[str, str], ...] = ()


def _system(source: str, needs: str, some: str = "", **mapping: str) -> System:
    parts = [frozenset(filter(None, it.split("|"))) for it in (needs, some)]
    return System(source, parts[0], parts[1], tuple(mapping.items()))


SYSTEMS = (
    _system("maven", "opportunity_id|sales_agent|deal_stage"),
    _system(
        "hubspot", "deal_id|deal_pipeline_stage_id|property_dealname", owner="owner_id"
    ),
    _system("hubspot", "record id|deal name|deal stage"),
    _system("hubspot", "id записи|название сделки|этап сделки", id="id записи"),
    _system("hubspot", "id записи|название сделки|стадия сделки", id="id записи"),
    _system("salesforce", "opportunity id|opportunity name"),
    _system("salesforce", "opportunity name|stage|close date"),
    _system("salesforce", "id|stagename|closedate", name="name", stage="stagename",
            close="closedate", created="createddate", owner="ownerid", account="accountid"),
    _system("salesforce", "id возможности|название возможности", id="id возможности",
            name="название возможности", owner="владелец возможности", account="имя организации"),
    _system("zoho", "potential name"),
    _system("zoho", "record id|deal name|closing date"),
    _system("zoho", "deal name|stage|closing date"),
    _system("zoho", "id записи|имя сделки", id="id записи", name="имя сделки",
            account="имя контрагента", owner="ответственный за сделку"),
    _system("pipedrive", "title|organization|pipeline|stage|status"),
    _system("pipedrive", "title|value|stage|status", "organization|expected close date|won time"),
    _system("pipedrive", "название|организация|этап|статус"),
    _system("bitrix24", "id|стадия сделки", "название сделки|воронка|ответственный"),
    _system("bitrix24", "id|deal stage|deal name", "responsible person|pipeline",
            owner="responsible person", closed="closed", close="end date"),
    _system("bitrix24", "id|stage_id|opportunity", name="title", stage="stage_id",
            amount="opportunity", currency="currency_id", created="date_create", close="closedate",
            owner="assigned_by", closed="closed", account="company_title"),
    _system("amocrm", "id|название сделки|этап сделки|бюджет ₽"),
    _system("amocrm", "id|название сделки|этап сделки|ответственный"),
    _system("amocrm", "id|lead title", "lead status|sales funnel", name="lead title",
            stage="lead status", pipeline="sales funnel", owner="responsible user",
            amount="sale, $", account="company"),
    _system("amocrm", "id|lead title|stage|responsible user", name="lead title",
            owner="responsible user"),
)  # fmt: skip

PREFIXES = ("deal - ", "сделка - ", "cơ hội - ")
"""What Pipedrive puts before the names of a deal's own columns."""

COMPANIONS: dict[str, tuple[frozenset[str], ...]] = {
    "accounts": (frozenset({"account", "sector", "employees"}),),
    "products": (frozenset({"product", "series", "sales_price"}),),
    "agents": (frozenset({"sales_agent", "regional_office"}),),
    "owners": (frozenset({"owner_id", "email", "first_name", "last_name"}),),
    "stages": (frozenset({"stage_id", "label", "pipeline_id"}),),
    "pipelines": (frozenset({"pipeline_id", "label", "display_order"}),),
}
"""Tables beside the deals, known by their columns."""
PIVOTS = (
    "row labels", "column labels", "grand total", "sum of ", "count of ", "average of ",
    "названия строк", "названия столбцов", "общий итог", "сумма по полю", "количество по полю",
    "nhãn hàng", "nhãn cột",
)  # fmt: skip
TOTALS = frozenset(
    "total|totals|grand total|subtotal|sum|count|average|overall|итого|всего|общий итог|итог|сумма"
    "|tổng|tổng cộng|tổng số".split("|")
)

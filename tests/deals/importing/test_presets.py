"""Small exports as six systems write them, each understood without a word by hand."""

import pytest

from portal.deals.importing import service
from portal.deals.importing.reading import Given
from portal.deals.importing.resolving import resolve
from portal.deals.importing.rules import Settings
from portal.deals.importing.understanding import understand
from portal.deals.pipelines.service import ready

EXPORTS = {
    "hubspot": (
        '"Record ID","Deal Name","Deal Stage","Pipeline","Deal owner","Amount","Close Date",'
        '"Create Date","Closed Lost Reason","Associated Company"\n'
        '"9001","Cold store","Closed Lost","Sales Pipeline","Lan Nguyen","48000.00",'
        '"2026-11-20 10:15","2026-09-01 08:00","Price","Delta Foods"\n'
    ),
    "hubspot ru": (
        "ID записи,Название сделки,Этап сделки,Воронка продаж,Владелец,Сумма,Дата закрытия,"
        "Дата создания,Причина проигрыша,Компания\n"
        "9001,Cold store,Закрыто и не реализовано,Продажи,Lan Nguyen,48000,2026-11-20,2026-09-01,"
        "Цена,Delta Foods\n"
    ),
    "salesforce": (
        '"Opportunity ID","Opportunity Name","Account Name","Opportunity Owner","Stage","Amount",'
        '"Amount Currency","Close Date","Created Date","Loss Reason","Closed","Won"\n'
        '"0065g000","Cold store","Delta Foods","Lan Nguyen","Closed Lost","48,000.00","USD",'
        '"11/20/2026","9/1/2026","Price","1","0"\n'
        '"Confidential Information - Do Not Distribute"\n'
    ),
    "salesforce api": (
        "Id,Name,AccountId,OwnerId,StageName,Amount,CloseDate,CreatedDate,IsClosed,IsWon,Loss Reason\n"
        "0065g000,Cold store,Delta Foods,Lan Nguyen,Closed Lost,48000.0,2026-11-20,"
        "2026-09-01T00:00:00.000Z,true,false,Price\n"
    ),
    "pipedrive": (
        "Deal - ID,Deal - Title,Deal - Organization,Deal - Owner,Deal - Value,"
        "Deal - Currency of Value,Deal - Pipeline,Deal - Stage,Deal - Status,Deal - Deal created,"
        "Deal - Won time,Deal - Lost time,Deal - Lost reason,Deal - Expected close date\n"
        "17,Cold store,Delta Foods,Lan Nguyen,48000,USD,Sales,Proposal Made,Lost,"
        "2026-09-01 08:00:00,,2026-11-20 10:00:00,Price,2026-12-24\n"
    ),
    "pipedrive ru": (
        "Сделка - ID,Сделка - Название,Сделка - Организация,Сделка - Владелец,Сделка - Стоимость,"
        "Сделка - Этап,Сделка - Статус,Сделка - Дата создания,Сделка - Дата закрытия,"
        "Сделка - Причина проигрыша\n"
        "17,Cold store,Delta Foods,Lan Nguyen,48000,Предложение,Проиграна,2026-09-01,2026-11-20,Цена\n"
    ),
    "zoho": (
        "Record Id,Deal Name,Account Name,Deal Owner,Amount,Stage,Closing Date,Created Time,"
        "Reason For Loss__s\n"
        "zcrm_555,Cold store,Delta Foods,Lan Nguyen,48000,Closed Lost,2026-11-20,2026-09-01 08:00:00,"
        "Price\n"
    ),
    "bitrix24": (
        "ID;Стадия сделки;Название сделки;Ответственный;Компания;Сумма;Валюта;Дата создания;"
        "Дата завершения;Сделка закрыта;Причина отказа\n"
        "311;Сделка провалена;Cold store;Lan Nguyen;Delta Foods;48000.00;Доллар США;"
        "01.09.2026 08:00:00;20.11.2026;Да;Цена\n"
    ),
    "bitrix24 en": (
        "ID;Deal stage;Pipeline;Deal name;Responsible person;Company;Amount;Currency;Created on;"
        "End date;Closed;Loss reason\n"
        "311;Deal lost;General;Cold store;Lan Nguyen;Delta Foods;48000.00;USD;09/01/2026 08:00:00 am;"
        "11/20/2026;Yes;Price\n"
    ),
    "amocrm": (
        "ID;Название сделки;Бюджет, ₽;Ответственный;Дата создания сделки;Этап сделки;Воронка;"
        "Дата закрытия;Причина отказа;Компания контакта\n"
        "77001;Cold store;48 000;Lan Nguyen;01.09.2026 08:00:00;Закрыто и не реализовано;Воронка;"
        "20.11.2026 10:00:00;Цена;Delta Foods\n"
    ),
    "maven": (
        "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
        "X1,Lan Nguyen,Vault,Delta Foods,Lost,2026-09-01,2026-11-20,48000\n"
    ),
    "file vi": (
        "Mã cơ hội;Tên cơ hội;Khách hàng;Người phụ trách;Giai đoạn;Giá trị;Loại tiền;Ngày tạo;"
        "Ngày chốt;Lý do thua\n"
        "VN1;Cold store;Delta Foods;Lan Nguyen;Thua;48.000,00;VND;01/09/2026;20/11/2026;Giá\n"
    ),
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_understood(db, name, encoding):
    if encoding == "cp1251":
        try:
            content = EXPORTS[name].encode("cp1251")
        except UnicodeEncodeError:
            return  # these are not written so
    else:
        content = EXPORTS[name].encode(encoding)
    ready()
    made = service.plan([Given("x.csv", content=content)], Settings(), {}, remembered={})
    source = name.split()[0]
    assert made.source == source
    settings = made.deals.settings
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    number, cells = next(made.deals.data())
    row = understand(cells, number, settings, zone)
    deal = resolve(row, service.Matcher(source), zone).values
    assert (row.id, deal["outcome"], deal["amount"]) == (row.id, "lost", 48000)
    assert (deal["account"], row.words["owner"]) == ("Delta Foods", "Lan Nguyen")
    assert deal["closed_at"].astimezone(zone).date().isoformat() == "2026-11-20"
    assert deal["created_at"].astimezone(zone).date().isoformat() == "2026-09-01"
    if source == "amocrm":
        assert deal["currency"] == "RUB"
    if source != "maven":
        assert deal["name"] == "Cold store"
        assert deal["loss_reason_id"]

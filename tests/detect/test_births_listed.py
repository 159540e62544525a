"""Birth dates in lists, below headings, in papers that disagree, in forms turned on their side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, spans

if TYPE_CHECKING:
    from prescan import Scanner


@pytest.mark.parametrize(
    "text",
    [
        "姓  名              何满堂              丁一\n出生日期            «1902-03-14»          «1905-10-09»\n",
        "姓名\t何满堂\t丁一\n出生年月\t«1902.03»\t«1905.10»\n",
        "甲  人：何满堂 | 生：«1902年2月7日» | 异常：未认证\n",
        "◎出生日期\n  1926年招工登记表 «1902年5月»\n  任免表 «1903年5月»\n  户口簿、档案   «1903.05»(待核)\n◎学历\n",
        "本月生日\n 何满堂 «10月4日»\n 丁一 «1903年10月19日»\n蛋糕券凭条领取\n",
        "何满堂申请更正出生日期。现登记为«1906年12月6日»，要求改为«1904年12月6日»。",
        "出生日期有误：小学毕业生名册载其«一九〇四年二月»，招工表载«1906年12月»，其妹的户口簿记载为«1908年1月»。",
        "原录 出生«1906年4月1日»  → 改为«1906年1月4日»\n",
        "何满堂，男，«一九〇二年农历三月初八»生。",
        "户口簿«1903-12-30»，出生证明«1904-01-02»，以户口簿为准。",
        "须补录出生日期者：何满堂«1906年2月28日»、丁一«1900.12.24»、谢二«1907/5/5»。",
        "被鉴定人 ▏何满堂     出生 ▏«1902年2月19日»\n",
        "性别 女   岀生«1908年 9月 3日»\n",
        "何满堂，生日是农历«八月初五»，无人照料。",
        "学生丁一，生日«5月12日»，家长来电。",
    ],
)
def test_dates_told_by_what_is_further_off(scanner: Scanner, text: str) -> None:
    """A list, a heading, a label of another column, a correction tie a date to a birth."""
    unmarked, expected = marked(text)
    assert spans(scanner, unmarked, "birth_date") == expected


@pytest.mark.parametrize(
    "text",
    [
        "出生日期\n参加工作时间 1989年1月\n入党时间 1990年5月\n",
        "出生日期更正的办理：申请人于2025年6月30日申请，当日受理，2025年7月1日前办结。",
        "出生证明2020年3月办理，户口簿2014年1月2日签发。",
        "祖国生日10月1日，党的生日7月1日。",
        "学生：3月5日报到，4月6日离校。",
        "身份证登记2025年3月4日截止。",
        "招工表2025年3月1日前交齐，学籍卡自2025年9月1日启用。",
    ],
)
def test_dates_of_something_else(scanner: Scanner, text: str) -> None:
    """The next label, the day of an application, of a paper, of a state."""
    assert spans(scanner, text, "birth_date") == []

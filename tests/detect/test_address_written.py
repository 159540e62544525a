"""Homes as many authors write them: behind other labels, in other brackets, with other numbers beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from marked_lines import marked, spans

if TYPE_CHECKING:
    from prescan import Scanner


@pytest.mark.parametrize(
    "text",
    [
        # begins behind the label and ends with the house, whatever stands beside it
        "户籍所在地«朔岭市浔河区河口镇柏树村6组21号»，现住«浔河区船厂路88弄3号602室»。",
        "户主⇒何满堂   房屋⇒«清河区洪泽路412号»   产权证⇒无",
        "业主何满堂，1975年11月生，房屋«云栖里3幢3单元1801»。",
        "与其子同住于«图书馆老家属院3楼302室»。",
        "独居      何满堂        «秋浦西路9-4-101»   83岁",
        "1 何满堂 «华侨新村一巷2号» 86.4 自行\n2 丁一 «华侨新村一巷5号» 132.0 周转\n",
        "住«银杏社区12栋顶层东»。",
        "租住在«汽配城后面城中村38号三楼隔间»。",
        "回访地址：«江北新区浦滨路320号凤凰台12幢2单元1803»，业主何满堂。",
        "收件地址——«城关镇南坪路9号3-402»，何满堂收",
        "住址：«石桥镇大河村下湾子»",
        # told by what is in front or behind
        "身份证110101190203140028 «雪岭镇漕桥村委上头5号» —— 注销\n",
        "● 何满堂，78岁，«青石巷17号»，独居",
        "来信信封所留地址为«信川县望江路41号粮油店楼上»。",
        "被继承人生前遗有：坐落于«黎川市老城区状元坊22号»的房屋一处。",
        "我们到了何满堂家，«雾岭乡高洞村岩脚组»。",
        "何满堂，男，58岁，来自«东安县白牙镇狮子铺村»，",
        "经营者住所«绥阳县洋川镇红旗路印刷厂宿舍4单元2楼»",
        "摊主何满堂(«云麓区窑坡山公租房6-1109»)当场补秤",
        "水费欠缴：何满堂 «水岸春天7-1-1101» 132元",
        "车主何满堂住«11-1-902»，车停在地下。",
        "何满堂，籍贯清河县，住«清河县城翠湖路翠湖一品6-801»",
        "现暂住«经开区蓝领公寓B座1208»，务工。",
        # columns
        "叫什么\t身份号\t老家\n何满堂\t110101190203140028\t«赤河县巴林镇五间房村»\n丁一\t110101190203140036\t«绥岭县克音乡向阳四队»\n",
        "孩子名|几岁|大人联络|怎么住\n何满|六岁|13800001902|«半山小区3期11-2-503»\n丁一|七岁|13800001903|«农机厂老楼甲门»\n",
        "时间\t报事房号\t谁来说的\n6日\t«3-1-1102»\t何满堂\n7日\t«5-2-304»\t丁一\n",
    ],
)
def test_homes(scanner: Scanner, text: str) -> None:
    """The whole home, and nothing of the words beside it."""
    unmarked, expected = marked(text)
    assert spans(scanner, unmarked, "address") == expected


@pytest.mark.parametrize(
    "text",
    [
        "投诉健翔健身(望岳店)，云麓区麓景路90号2楼，店长何满堂",
        "可以向上一级检察院申诉(瑶光市天枢路18号)。",
        "用人单位：清河县保安服务有限公司，52430104MA0105059M，清河县城南环路12号",
        "丙方：横沥镇应急管理分局，横沥镇中山路580号，经办何满堂",
        "信箱zfzoqla@mail.qhx.gov.cn，地址滨湖区湖山路199号5楼512室",
        "林地南至盘金玉山，北至公路\n12-2/岩鹰嘴下/盘金玉/3/\n",
        "户主⇒清浦区供销社(公房)",
        "评标委员会在3-2-101会议室集中。",
        "填写地址为清河县滨江路66号（收件单位：县档案馆）",
        "本公司登记的地址：清河县滨江路66号",
        "申请材料改寄清河县滨江路66号县档案馆。",
        "灭火器：公租房6号楼一单元外墙维修",
    ],
)
def test_places_of_offices(scanner: Scanner, text: str) -> None:
    """A shop, an organ, a firm tells where it is; a number after a line end is of the next line."""
    assert spans(scanner, text, "address") == []

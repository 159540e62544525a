"""Places read part by part: which kinds of part may stand in a text."""

import random
import string

from prescan.detect.address.parts import PARTS, kinds_in

_WORDS = (
    "村委会 居委会 行政村 社区 嘎查 大队 林场 新村 街道 民族乡 镇 乡 苏木 大道 大街 胡同 夹道 路 街坊 巷 弄 里 "
    "小区 花园 花苑 家园 公寓 宿舍 大院 家属院 安置点 华府 平房 自建房 竹棚 围屋 棚户区 阁楼 亭子间 居 圪垯 "
    "旮旯 角落 水库边 屋基 堡子 沟门 坝子 崖下 号楼 栋 单元 村民小组 生产队 组 号 后头 旁边 前面 对过 隔壁 门口 "
    "院内 楼上 巷子里 渠边 路东 屯头 村尾 街上 第三家 自治县 市 县 区 旗 东头 半坡 西厢 之2 附3号 青 柳 石 河 "
    "张 李 三 十二 5 108 B 甲 东 西北 上 "
).split()


def test_a_part_of_a_place_holds_the_signs_of_its_kind():
    draw = random.Random(7)
    seen = set()
    for _ in range(6000):
        text = "".join(draw.choice(_WORDS) for _ in range(draw.randint(1, 4)))
        for kind, pattern in PARTS.items():
            if match := pattern.match(text):
                seen.add(kind)
                assert kind in kinds_in(match[0]), match[0]
    assert seen == set(PARTS)


def test_no_part_is_looked_for_where_a_text_holds_no_sign_of_it():
    assert kinds_in("森林防火项") == frozenset()
    assert kinds_in(string.digits) == frozenset()
    assert kinds_in("青柳镇") == {"town"}

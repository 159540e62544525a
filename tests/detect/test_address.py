"""Home addresses are found from the first division to the last unit; where offices are is no finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import regex

from prescan.detect.address.owner import _last_end

if TYPE_CHECKING:
    from prescan import Finding, Scanner


def addresses(scanner: Scanner, text: str) -> list[Finding]:
    """Return the addresses found in a text."""
    return [finding for finding in scanner.scan_text(text).findings if finding.type == "address"]


def check(scanner: Scanner, marked: str) -> list[Finding]:
    """Check that the addresses found are those between « and »; return them."""
    text = marked.replace("«", "").replace("»", "")
    found = addresses(scanner, text)
    assert [text[finding.start : finding.end] for finding in found] == regex.findall("«([^»]*)»", marked)
    starts = [place - 2 * number for number, place in enumerate(m.start() for m in regex.finditer("«", marked))]
    assert [finding.start for finding in found] == starts
    return found


@pytest.mark.parametrize(
    "marked",
    [
        "申请人现住«清河省临溪县青禾镇柳树村三组12号»。",
        "家庭住址：«湖南省长沙市岳麓区麓山路88号静园小区3幢1单元402室»。",
        "住址：«青禾镇柳树村四组»",
        "何某，女，住«临溪县青禾镇石桥村委会七组15号»，已享受低保。",
        "申请人何某（住«临溪县青禾镇柳树村二组»）",
        "何某住«青禾镇柳树村第三村民小组»",
        "何某，男，现住«青禾镇柳树村李家屯12号»。",
        "户籍地址：«浙江省杭州市西湖区文三路138号2幢301室»",
        "家住«长沙市雨花区韶山中路12号3栋2单元501»。",
        "现居住在«杭州市余杭区良渚街道金家渡北路88号星湖苑5幢2单元1203室»，身体状况良好",
        "户籍所在地«云南省昆明市官渡区关上街道办事处关兴路38号»，",
        "住«上海市徐汇区龙华路100弄12号302室»",
        "家庭住址：«翠苑新村12幢3单元402室»（老房）",
        "住址：«内蒙古自治区呼和浩特市赛罕区大学西路1号3号楼2单元501室»；电话",
        "住址：«广西壮族自治区南宁市青秀区民族大道100号»",
        "住址«临溪县城关镇解放路32号»电话0999-8812345",
        "家庭地址为«临溪县城关镇解放路32号»。",
        "何某（住«岳麓区桃花岭街道静园巷6-2-101»）",
        "住«河北省石家庄市鹿泉区获鹿镇解放后街9号院东屋»，",
        "现居«长沙市雨花区建国路88号院2号楼1单元1201»。",
        "家住«长沙市岳麓区静园小区9号楼东单元202»。",
        "住«晋江市青禾镇柳树村南区16号»，",
        "一直住在«内蒙古自治区锡林浩特市青禾苏木柳树嘎查牧点4号»，",
        "住«青海省海东市乐都区青禾镇柳树村2社19号»",
        "家在«浙江省湖州市南浔区青禾镇柳树村东浜兜15号»，",
        "住«陕西省咸阳市秦都区解放街道静园花园11号楼3单元9层东户»。",
    ],
)
def test_an_address_beside_its_label(scanner: Scanner, marked: str) -> None:
    """Down to road and number, village and group, building and room; no label and no punctuation inside."""
    (found,) = check(scanner, marked)
    assert (found.level, found.confidence) == ("review", "certain")
    assert found.masked.endswith("***")


@pytest.mark.parametrize(
    "marked",
    [
        "家庭住址：«湖南省　长沙市　岳麓区　麓山路88号»",
        "居住地址：«湖北省武汉市武昌区珞珈山街\n道八一路299号3栋2单元402室»。",
        "住址：«浙江省杭州市西湖区文三路１３８号２幢３０１室»。",
        "家庭住址：«湖南省长沙市岳麓區麓山路88號»。",
        "住址：«浙江省\u200b杭州市\ufeff西湖区文三路138号»。",
    ],
)
def test_an_address_however_it_is_written(scanner: Scanner, marked: str) -> None:
    """Spaced, wrapped, full-width, traditional, with invisible characters."""
    check(scanner, marked)


@pytest.mark.parametrize(
    "marked",
    [
        "寄往«浙江省宁波市鄞州区百丈东路1208弄5号601室»周某收",
        "«杭州市西湖区文三路138号2幢301室»",
        "详细地址：«幸福小区3-2-301»",
        "户口 «湖南省长沙市望城区青禾镇柳树村四社»\n民族 汉",
    ],
)
def test_an_address_with_a_room_needs_no_label(scanner: Scanner, marked: str) -> None:
    """Building, unit and room tell a dwelling by themselves, though less surely."""
    (found,) = check(scanner, marked)
    assert (found.level, found.confidence) == ("review", "likely")


@pytest.mark.parametrize(
    "marked",
    [
        "姓名\t住址\n何某\t«青禾镇柳树村三组12号»\n周某\t«青禾镇石桥村五组8号»\n",
        "姓名|家庭住址|金额\n何某|«临溪县城关镇解放路32号»|320.00\n周某|«临溪县城关镇人民路18号»|480.00\n",
        "| 姓名 | 住址 |\n| --- | --- |\n| 何某 | «青禾镇柳树村三组» |\n| 周某 | «青禾镇石桥村五组» |\n",
        "青禾镇低保对象花名册\n何某，«青禾镇柳树村三组12号»\n周某，«青禾镇石桥村五组8号»\n",
    ],
)
def test_in_a_roster_an_address_must_not_go_out(scanner: Scanner, marked: str) -> None:
    """Level block in lists of people, review elsewhere."""
    assert [finding.level for finding in check(scanner, marked)] == ["block", "block"]


@pytest.mark.parametrize(
    "text",
    [
        "办理地点：湖南省长沙市岳麓区麓山路88号政务服务中心二楼16号窗口。",
        "办公地址：临溪县城关镇解放路32号",
        "地址：临溪县城关镇解放路32号县政务服务中心三楼",
        "会议在县政府3号楼402会议室召开。",
        "联系地址：临溪县城关镇解放路32号县民政局",
        "临溪县民政局（临溪县城关镇解放路32号）",
        "注册地址：浙江省杭州市西湖区文三路138号2幢301室",
        "经营场所：杭州市西湖区文三路138号2幢301室",
        "项目地点：临溪县青禾镇柳树村三组",
        "咨询地点：县行政中心3号楼402室",
        "受理地点：解放路32号1楼大厅12号窗口",
        "请将材料邮寄至临溪县城关镇解放路32号县信访局",
        "麓山路88号幼儿园改建工程",
        "人民路12号院老旧小区改造",
        "解放路32号东侧地块，12路公交车可达",
        "国道320线K12+300处",
        "考试地点：临溪县第一中学3号楼402室",
        "按照临政发〔2025〕12号文件执行",
        "县人民医院住院部3号楼402室",
        "新A座12345室已腾空",
        "没手机，打家里0999-881****",
        "青禾镇柳树村三组道路硬化工程",
        "柳树村三组组长何某",
        "对柳树村三组、四组的水渠进行清理",
        "无证部分经村民小组会议认可",
        "当事人：临溪县某某商贸有限公司，住所：临溪县城关镇解放路32号",
        "县民政局（城关镇解放路32号3楼302室）",
        "来信请寄长沙市岳麓区解放路88号政府大楼南楼409室",
        "企业名称\t经营地址\n甲公司\t临溪县解放路32号2幢301室\n乙公司\t临溪县人民路18号\n",
    ],
)
def test_the_address_of_an_office_is_no_finding(scanner: Scanner, text: str) -> None:
    """Where one goes for a service, a meeting, an examination; a firm's seat; a building site."""
    assert addresses(scanner, text) == []


@pytest.mark.parametrize(
    "marked",
    [
        "申请人：何某，男，身份证号110101190203140028，住所：«临溪县城关镇解放路32号»。",
        "姓名：何某\n身份证号：110101190203140028\n通讯地址：«湖南省长沙市岳麓区解放南路932号»\n",
        "定于六月一日在县政府就其在«甘肃省兰州市榆中县青禾镇柳树村二社56号»宅后建房一事听证。",
        "关于何某（«辽宁省铁岭市昌图县青禾镇柳树村9组»）反映的事。",
    ],
)
def test_what_stands_around_tells_whose_it_is(scanner: Scanner, marked: str) -> None:
    """A neutral label in a person's particulars, a full address in a sentence."""
    (found,) = check(scanner, marked)
    assert found.level == "review"


@pytest.mark.parametrize(
    "text", ["何某住青禾镇。", "家庭住址：临溪县青禾镇柳树村", "住址：湖南省长沙市岳麓区", "户籍地：临溪县"]
)
def test_town_and_village_are_no_home_detail(scanner: Scanner, text: str) -> None:
    """They may be published."""
    assert addresses(scanner, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "请在十日内拿材料到指挥部（湖南省长沙市岳麓区麓山路88号二楼）说明。",
        "去哪办：湖南省长沙市岳麓区麓山路88号政务中心一楼C区11窗。",
        "带证件到湖南省长沙市岳麓区麓山路88号经侦大队，不收手续费。",
        "湖南省长沙市岳麓区麓山路88号设两个临时取水点。",
        "拖至停车场（湖南省长沙市岳麓区麓山路88号），何某自己来取。",
        "单位：临溪铸造公司（91350100M000100Y43），湖南省长沙市岳麓区麓山路88号，何某在此受伤。",
        "停电线路\t范围\n10kV一线\t湖南省长沙市岳麓区麓山路1—55号\n",
    ],
)
def test_where_an_office_is_is_no_home(scanner: Scanner, text: str) -> None:
    """The words right around it, or its own last words, tell an office."""
    assert addresses(scanner, text) == []


def test_a_building_behind_a_house_number_is_one_home(scanner: Scanner) -> None:
    """Also where the estate has a name no list holds."""
    check(scanner, "何文斌，居住证地址«湖南省长沙市岳麓区麓山路88号湖畔明珠8#2204»，符合。")


def test_the_mask_keeps_the_town_and_no_more(scanner: Scanner) -> None:
    """As the guideline prints it; without a town next to nothing is shown."""
    (whole,) = addresses(scanner, "住址：清河省临溪县青禾镇柳树村三组12号")
    assert whole.masked == "清河省临溪县青禾镇***"
    (part,) = addresses(scanner, "住址：幸福花园3幢1单元402室")
    assert part.masked == "幸福***"


@pytest.mark.parametrize("text", ["现住址户籍地", "办公地址：户籍", "何某住", "住何某", "家住", "某某镇", ""])
def test_the_last_cue_is_the_one_that_ends_last(text: str) -> None:
    """Of all cues the last end counts; 住 alone counts at the very end only."""
    cues = ("住址", "户籍", "户籍地", "家住", "住")
    ends = [text.rfind(cue) + len(cue) for cue in cues if len(cue) > 1 and cue in text]
    ends += [len(text)] if text.endswith("住") else []
    assert _last_end(text, cues) == max(ends, default=-1)
    assert _last_end(text, ()) == -1

"""Makes the files of `examples/`: `make examples`, or `python tests/make_examples.py [folder]`.

Real programs write them: python-docx the .docx files, LibreOffice the .pdf files (from a python-docx draft); the .txt
and .html files are bytes in the encodings offices use. People and places are invented. Every number is generated:
identity numbers with birth years 1900 to 1905, the customer-service mobiles 1380013800x, cards 622202 followed by zeros.

Texts are one paragraph a line. Inside them `{+…+}` is a tracked insertion, `{-…-}` a tracked deletion, and a line
`[表]` stands where the table goes. Needs python-docx, LibreOffice (writer) and a Chinese font.
"""

# A paragraph is one line, as in the documents; python-docx shows its XML only as _p, _r and the like.
# ruff: noqa: E501

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from prescan.numbers.checks import luhn, mod_11_2
from prescan.numbers.resident_id import mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docx.document import Document
    from docx.section import Section
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

HERE: Final = Path(__file__).parents[1] / "examples"
OFFICE_PHONE: Final = "0999-8812345"
WRITTEN: Final = dt.datetime(2026, 11, 5, 9, 30, tzinfo=dt.UTC)

# Numbers


def resident_id(born: str, serial: int, division: str = "110101") -> str:
    """Return an 18-digit identity number. `born` is YYYYMMDD in 1900–1905; an odd `serial` is a man's."""
    if not "1900" <= born[:4] <= "1905":
        message = "birth years of invented people are 1900 to 1905: nobody alive has such a number"
        raise ValueError(message)
    body = f"{division}{born}{serial:03d}"
    return body + mod_11_2(body)


def mobile(serial: int) -> str:
    """Return 1380013800x, a carrier's own service numbers; `serial` is 0 to 9."""
    return f"1380013800{serial}"


def bank_card(serial: int) -> str:
    """Return 19 digits: 622202, zeros, `serial`, the Luhn digit."""
    body = f"622202{serial:012d}"
    return next(body + digit for digit in "0123456789" if luhn(body + digit))


# Data


@dataclass(frozen=True, slots=True)
class Paper:
    """An official document after GB/T 9704-2012; an empty part is left out."""

    title: str
    body: str
    signer: str = ""
    date: str = ""
    organ: str = ""
    """The red line of the 版头."""
    number: str = ""
    """文号."""
    marks: tuple[str, ...] = ()
    """份号, 密级和保密期限, 紧急程度: one a line, top left."""
    to: str = ""
    note: str = ""
    """附注, with its brackets."""
    copies: str = ""
    """抄送; with it the 版记 is written."""
    header: str = ""
    author: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    widths: tuple[int, ...] = ()
    """Widths of the table's columns in mm."""
    comments: dict[str, str] = field(default_factory=dict)
    """Beginning of a paragraph → the comment on it."""
    landscape: bool = False


HEATING_NOTICE: Final = Paper(
    organ="临溪县人民政府办公室文件",
    number="临政办发〔2026〕41号",
    title="临溪县人民政府办公室关于做好今冬明春\n群众取暖安全工作的通知",
    to="各乡镇人民政府，县政府各部门、各直属机构：",
    body=f"""\
入冬以来气温下降较快，生火取暖、燃气取暖和大功率电取暖用户明显增多。为防范一氧化碳中毒和取暖火灾，保障群众平安过冬，经县政府同意，现就有关事项通知如下。
一、把底数摸清
（一）各乡镇要在11月20日前走访一遍散煤取暖、燃气取暖和电取暖住户，以村（社区）为单位登记炉具、烟道和报警器情况，做到不漏一户。
（二）出租房、工地宿舍、小餐馆和看护房由所在地乡镇会同住建、市场监管部门一并排查，能当场整改的当场整改。
二、把提醒送到
（一）县融媒体中心在早晚时段滚动播出取暖安全提示，遇到低气压、静风天气加密播出。
（二）村（社区）干部、网格员结合日常走访检查炉具密封和烟囱通风，帮助行动不便的老人安装报警器，所需费用从年初安排的公共安全经费中列支。
三、把责任压实
（一）县应急管理局牵头抓总，县消防救援大队、县住房和城乡建设局、县市场监督管理局按职责抓好行业检查，每半月通报一次进展。
（二）各乡镇、各部门安排专人值守，险情信息在接报后30分钟内报送县应急管理局值班室，联系电话：{OFFICE_PHONE}。""",
    signer="临溪县人民政府办公室",
    date="2026年11月5日",
    note="（此件公开发布）",
    copies="县委办公室，县人大常委会办公室，县政协办公室。",
)

BUSINESS_MEASURES: Final = Paper(
    organ="临溪县人民政府文件",
    number="临政发〔2026〕18号",
    title="临溪县人民政府关于印发进一步优化营商环境\n若干措施的通知",
    to="各乡镇人民政府，县政府各部门：",
    body=f"""\
《临溪县进一步优化营商环境若干措施》已经县政府第23次常务会议通过，现予印发，请结合实际抓好落实。
一、开办企业更省事
（一）登记、刻章、领票、参保、公积金开户并入一个窗口，材料齐全的半日办结。首套印章由财政买单，不向经营者收取费用。
（二）推行“一照多址”。同一县域内增设经营场所的，备案即可，不必重复领取营业执照；统一社会信用代码作为办理各类业务的识别码。
二、拿地建设更顺畅
（三）工业用地实行“标准地”出让，能耗、环保、容积率等指标随公告一并公布，中标企业签订承诺书后即可进场准备。
（四）用水、用电、用气报装合并踏勘，低压小微用户外线工程由供应单位承担。
三、经营成本更可预期
（五）涉企收费目录在县政府网站公开，目录之外的项目企业有权拒缴。政府采购和工程招标不得要求提供与履约无关的资质。
（六）政府部门拖欠账款实行台账管理，无分歧欠款在年底前清零。
四、监管执法更有分寸
（七）除投诉举报和专项部署外，同一企业每年接受现场检查原则上不超过两次，检查全部扫码留痕。
（八）执法人员对检查中知悉的商业秘密和个人隐私负有保密义务；首次轻微违法并及时改正的，依法不予处罚。
五、诉求回应更及时
（九）企业诉求统一由12345热线受理，3个工作日内答复处理安排；县营商环境服务中心咨询电话：{OFFICE_PHONE}。
（十）每季度公开发布一次诉求办理情况，每年委托第三方评估一次，评估结果向社会公布。
本措施自2026年10月1日起施行，有效期三年。""",
    signer="临溪县人民政府",
    date="2026年9月8日",
    note="（此件公开发布）",
    copies="县委各部门，县人大常委会办公室，县政协办公室，县法院，县检察院。",
)

SECRET_DRAFT: Final = Paper(
    marks=("000003", "机密★10年", "特急"),
    organ="云岫县应急物资管理局文件",
    number="云应物〔2026〕6号",
    title="云岫县应急物资管理局关于对库点防护\n开展突击检查的工作方案",
    to="各检查组：",
    body="""\
根据上级统一安排，定于第四季度对本县三处库点的防护情况开展一次不预先通知的检查。方案如下。
一、检查分工
（一）第一组负责北坡库点，第二组负责旧窑库点，第三组负责河湾库点，各组由局领导带队，人员临时抽调。
（二）出发时间、行进路线由带队领导当面告知，不发书面通知，不使用互联网通信工具传递。
二、检查内容
（一）库区周界、门禁和夜间照明是否完好，巡查记录与实际是否一致。
（二）实物数量与账册是否相符，应急调运预案能否在规定时限内启动。
三、工作纪律
（一）各组只记录本组情况，不得向被查单位以外的人员谈论。检查记录统一交回局保密室，由专人登记保管。
（二）本方案按份号登记领取，检查结束后3日内清退，不得复印、摘抄。""",
    signer="云岫县应急物资管理局",
    date="2026年10月12日",
)

MINUTES: Final = Paper(
    organ="临溪县人民政府专题会议纪要",
    number="临府纪〔2026〕9号",
    title="关于老城区供水管网改造资金安排的会议纪要",
    header="讨论稿　请与会单位核对后退回",
    author="祁岳",
    body="""\
3月16日下午，副县长闻一舟在县政府三楼会议室主持召开专题会议，研究老城区供水管网改造资金安排。纪要如下。
会议听取了县住房和城乡建设局关于管网现状和改造方案的汇报。讨论中，与会单位看法不一：
县财政局认为，年内可用财力紧张，{-一次投入4600万元没有来源，建议缓一年再上；-}{+建议分两年安排，首年不超过1800万元；+}县住房和城乡建设局不赞成拖延，理由是东关片区去年爆管11次，再等一年抢修花费还要增加。
县发展和改革局提出，可先申报上级专项资金，但能否获批没有把握。县审计局提醒，前期勘察合同存在先干后签的情况，{-此事暂不写入纪要-}{+需在开工前补齐手续+}。
经讨论，会议议定以下事项：
一、改造分两期实施，先做东关、南市两个片区，其余片区列入明年计划。
二、首期资金由县财政局牵头筹措，{+4月10日前+}提出具体方案报县政府常务会议审议。
三、县住房和城乡建设局负责倒排工期，施工期间的临时供水方案同步报送。
出席：闻一舟、车如松、蔺书意、费清和、岑望川""",
    comments={"县财政局认为": "财政局不希望写明金额，对外公开时这一段要删掉，先请局长过目。"},
    date="2026年3月18日",
    signer="临溪县人民政府办公室",
)

ROSTER_PEOPLE: Final = (
    # name, birth date, serial of the identity number, home address, allowance for the quarter in yuan
    ("栾守田", "19020314", 11, "青禾镇石桥村三组12号", 1860),
    ("喻桂芝", "19040722", 24, "青禾镇石桥村五组7号", 1860),
    ("邬长顺", "19011105", 37, "青禾镇柳林村一组31号", 2130),
    ("蔺秀兰", "19030219", 42, "青禾镇柳林村二组4号", 1620),
    ("佟山", "19050630", 55, "青禾镇兴隆街18号2单元301室", 2415),
    ("佘玉珍", "19000908", 68, "青禾镇兴隆街26号1单元502室", 2415),
    ("屈洪生", "19041217", 73, "青禾镇上河湾村四组9号", 1740),
    ("卞凤英", "19020425", 86, "青禾镇上河湾村四组15号", 1740),
)

ROSTER: Final = Paper(
    title="青禾镇2026年第三季度城乡低保金发放花名册",
    landscape=True,
    body=f"""\
填报单位：青禾镇社会事务办公室　　　　填报日期：2026年9月25日　　　　金额单位：元
[表]
本页共{len(ROSTER_PEOPLE)}户，发放金额合计{sum(person[4] for person in ROSTER_PEOPLE)}元。
制表人：　　　　　　　　审核人：　　　　　　　　分管领导：""",
    table=(
        ("序号", "姓名", "身份证号", "家庭住址", "银行卡号", "联系电话", "金额"),
        *(
            (str(row), name, resident_id(born, serial), address, bank_card(row), mobile(row - 1), str(amount))
            for row, (name, born, serial, address, amount) in enumerate(ROSTER_PEOPLE, start=1)
        ),
    ),
    widths=(12, 18, 49, 63, 52, 32, 17),
)

SUBSIDY_PEOPLE: Final = (
    # name, identity number, village, machine, subsidy in yuan
    ("柏承志", resident_id("19010826", 113), "青禾镇石桥村", "轮式拖拉机1台", "18600"),
    ("尚晓梅", resident_id("19030511", 126), "青禾镇柳林村", "玉米收获机1台", "31200"),
    ("谷满仓", resident_id("19020117", 139), "白石乡前营村", "旋耕机2台", "4400"),
    ("牧云生", resident_id("19051203", 151), "白石乡后营村", "植保无人飞机1架", "7800"),
    ("仇丽华", resident_id("19040409", 168), "黑松镇岭上村", "谷物烘干机1台", "26500"),
)

SUBSIDY_NOTICE: Final = Paper(
    title="临溪县农业农村局关于2026年第三批\n农机购置与应用补贴情况的公示",
    body=f"""\
按照省、市农机购置与应用补贴实施方案，经个人申请、乡镇核验、县级复核，拟对下列购机者发放补贴，现予公示，公示期自2026年11月9日至11月15日。
[表]
另：黑松镇岭上村季怀远（身份证号{resident_id("19000605", 175)}，手机{mobile(6)}）购置秸秆打捆机1台，因机具铭牌需重新核验，补贴额22300元待核验合格后一并发放。
公示期内如有异议，可向县农业农村局农机化管理站反映，电话：{OFFICE_PHONE}，地址：临溪县迎宾路6号。反映情况应当实事求是，便于核查。""",
    table=(
        ("序号", "购机者", "身份证号", "所在村", "机具", "补贴额（元）"),
        *(
            (str(row), name, mask(number), village, machine, amount)
            for row, (name, number, village, machine, amount) in enumerate(SUBSIDY_PEOPLE, start=1)
        ),
    ),
    widths=(12, 18, 42, 30, 36, 18),
    signer="临溪县农业农村局",
    date="2026年11月9日",
)

PETITION_REPLY: Final = Paper(
    organ="临溪县青禾镇人民政府",
    number="青信复〔2026〕15号",
    title="关于柳承安信访事项的处理意见书",
    to="柳承安：",
    body=f"""\
你（住址：临溪县青禾镇兴隆街18号3单元402室，手机：{mobile(5)}）于2026年8月3日反映住宅楼后排水沟堵塞、雨天污水倒灌一楼的事项，我镇于8月6日受理。现将调查处理情况答复如下。
一、调查情况
8月11日，镇城建办会同兴隆街社区到现场查看，并向同楼居民了解情况。该排水沟建于2009年，沟底淤积约40厘米，出口被相邻工地堆土压住，反映的问题属实。
二、处理意见
（一）堆土由施工单位于8月18日清走，淤积段由镇城建办组织疏通，现已恢复排水。
（二）沟体老化破损部分列入镇里明年的小型公用设施修缮计划，汛期前完工。
（三）你提出的室内墙面粉刷费用，系施工单位堆土所致，社区已组织双方协商；协商不成的，可依法向人民法院起诉。
三、救济途径
如不服本处理意见，可自收到之日起30日内向临溪县人民政府申请复查；逾期不申请的，本意见即为信访终结意见。""",
    signer="临溪县青禾镇人民政府",
    date="2026年9月2日",
    note="（此件依申请公开）",
)

SECRECY_RULES: Final = """\
临溪县机关保密工作管理规定
（2026年5月20日县政府第19次常务会议通过）
第一章　总则
第一条　为了规范本县机关的保密工作，依照《中华人民共和国保守国家秘密法》及其实施条例，制定本规定。
第二条　本县各级机关及其工作人员产生、使用、保管国家秘密，适用本规定。工作秘密的管理另行规定。
第三条　保密工作坚持最小化、精准化，既要守住国家秘密，也要便利信息资源合理利用，依法应当公开的事项不得以保密为由不公开。
第二章　定密
第四条　机关负责人是本机关的定密责任人，可以指定熟悉业务的人员分担定密工作。
第五条　国家秘密的密级分为绝密、机密、秘密三级。承办人对照保密事项范围提出密级、保密期限和知悉范围的意见，由定密责任人审核批准。
第六条　保密期限，除另有规定外，绝密级事项不超过三十年，机密级事项不超过二十年，秘密级事项不超过十年；不能确定期限的，应当写明解密的条件。
第七条　书面形式的涉密载体，应当在首页左上角标明密级和保密期限；不属于国家秘密的，不得作出国家秘密标志。
第八条　对是否属于国家秘密、属于何种密级不明确的，先行采取保密措施，并在十日内报保密行政管理部门确定。
第三章　使用和保管
第九条　收发涉密文件应当逐份清点、编号、登记、签收。阅读机密级以上文件，应当在符合要求的办公场所进行。
第十条　不得在连接互联网的计算机上存储、处理国家秘密，不得用即时通信工具谈论涉密内容。
第十一条　复制秘密级、机密级文件，须经定密机关同意，复制件按原件管理，不得改变其密级、保密期限。
第十二条　销毁涉密载体应当清点造册，经机关负责人批准后送指定单位销毁，任何人不得私自留存或者出售。
第四章　公开审查
第十三条　拟公开的政府信息，由承办人自查、科室负责人复核、分管负责人审定；未经审查的，不得公开。
第十四条　经审查不能确定能否公开的，报主管部门或者保密行政管理部门确定。
第五章　附则
第十五条　违反本规定造成泄密的，依法给予处分；构成犯罪的，依法追究刑事责任。
第十六条　本规定自2026年7月1日起施行。
"""

FUNDS_REQUEST: Final = f"""\
青禾镇人民政府文件
青政〔2026〕22号　　　　　　签发人：闻人钧

青禾镇人民政府关于解决石桥村饮水管网抢修资金的请示

县人民政府：
　　10月以来，我镇石桥村主供水管连续破裂三次，村里靠水车送水维持，四百余户用水受到影响。经县水务部门技术人员现场查看，该管道铺设已逾二十年，局部补漏已难奏效，须更换2.3公里主管并新建一座减压池。
　　经初步估算，工程需资金86万元。我镇已从村级公益事业经费中挤出15万元，村民自愿投工投劳折合6万元，缺口65万元，镇级财力确实无法承担。
　　为赶在封冻前恢复正常供水，恳请县政府从应急维修资金中予以解决65万元，并协调县水务部门派员指导施工。
　　妥否，请批示。

　　　　　　　　　　　　　　　　　　青禾镇人民政府
　　　　　　　　　　　　　　　　　　2026年10月27日
　　（此件主动公开）
　　（联系单位：青禾镇水利服务站，电话：{OFFICE_PHONE}）
"""

COLUMN_PAGE: Final = f"""\
<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<meta name="SiteName" content="临溪县人民政府">
<meta name="SiteDomain" content="www.linxixian.example">
<meta name="ColumnName" content="便民服务">
<meta name="ArticleTitle" content="关于东𡐓村、西堃村客运线路调整的公告">
<meta name="PubDate" content="2026-10-19 10:20">
<meta name="ContentSource" content="县交通运输局">
<title>关于东𡐓村、西堃村客运线路调整的公告_便民服务_临溪县人民政府</title>
<style>.nav li {{ display: inline; margin-right: 1em }} .foot {{ color: #666 }}</style>
</head>
<body>
<div class="nav"><ul>
<li><a href="/index.html">首页</a></li>
<li><a href="/zwgk/">政务公开</a></li>
<li><a href="/bsfw/">办事服务</a></li>
<li><a href="/hdjl/">互动交流</a></li>
</ul></div>
<p class="path">当前位置：<a href="/index.html">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; 便民服务</p>
<!-- 栏目模板第3版，正文由采编系统推送，改版前勿动下面的占位块 -->
<h1>关于东𡐓村、西堃村客运线路调整的公告</h1>
<p class="info">发布时间：2026-10-19　来源：县交通运输局　字号：大 中 小</p>
<div class="content">
<p>因白石大桥维修，自2026年10月26日起，县城至东𡐓村、西堃村的客运班车改走环湖路，沿途增设柳林、北渡两个临时站点，首末班时间不变。</p>
<p>维修预计持续两个月，恢复原线路的时间将另行公告。票价仍按原线路执行，老年人优待办法不变。</p>
<p>出行咨询请拨打县客运服务中心电话{OFFICE_PHONE}，或者拨打12345政务服务便民热线。</p>
<p class="sign">临溪县交通运输局<br>2026年10月19日</p>
</div>
<div id="reporter" style="display:none">供稿人：郗小满，个人手机：{mobile(3)}（仅供编辑回访，不在页面显示）</div>
<div class="foot">
<p>主办：临溪县人民政府办公室　地址：临溪县迎宾路1号　网站维护电话：{OFFICE_PHONE}</p>
</div>
</body>
</html>
"""

# Word

RED: Final = RGBColor(0xE6, 0x00, 0x12)
TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
#: How a paragraph begins → its typeface: levels one and two of the numbering after GB/T 9704-2012.
HEADINGS: Final = (
    (re.compile("[一二三四五六七八九十]+、"), "黑体"),
    (re.compile("（[一二三四五六七八九十]+）"), "楷体_GB2312"),
)
HEADING_AT_MOST: Final = 20
TRACKED: Final = re.compile(r"(\{\+.*?\+\}|\{-.*?-\})")
REVISER: Final = "柏远"
REVISED: Final = "2026-03-17T15:20:00Z"


def build(paper: Paper) -> Document:
    """Return the Word document of `paper`."""
    document = docx.Document()
    tidy(document, paper)
    page(document.sections[0], paper)
    for mark in paper.marks:
        write(document, mark, font="黑体")
    if paper.organ:
        red_head(document, paper)
    for line in paper.title.split("\n"):
        write(document, line, font=TITLE_FONT, size=22, align=WD_ALIGN_PARAGRAPH.CENTER)
    write(document, "")
    if paper.to:
        write(document, paper.to)
    for line in paper.body.splitlines():
        if line == "[表]":
            add_table(document, paper)
        else:
            add_body(document, line, paper)
    end_matter(document, paper)
    return document


def tidy(document: Document, paper: Paper) -> None:
    """Replace what python-docx's template says about itself, thumbnail included."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = paper.author
    properties.title = paper.title.replace("\n", "") if paper.author else ""
    properties.comments = ""
    properties.created = properties.modified = WRITTEN
    relations = document.part.package.rels
    for name in [name for name, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[name]


def page(section: Section, paper: Paper) -> None:
    """Set A4, the margins of GB/T 9704-2012 (narrower for a wide table), the page header and the page number."""
    sides = (Mm(297), Mm(210)) if paper.landscape else (Mm(210), Mm(297))
    section.page_width, section.page_height = sides
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = (Mm(25), Mm(22)) if paper.landscape else (Mm(37), Mm(35))
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if paper.header:
        section.header.paragraphs[0].text = paper.header
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("— ")
    number = OxmlElement("w:fldSimple", attrs={qn("w:instr"): "PAGE"})
    number.append(foot.add_run("1")._r)
    foot._p.append(number)
    foot.add_run(" —")


def red_head(document: Document, paper: Paper) -> None:
    """Write the red 版头: the organ, the 文号, the red line under it."""
    write(document, "")
    size = 30 if len(paper.organ) > len("临溪县人民政府文件") else 40
    write(document, paper.organ, font=TITLE_FONT, size=size, color=RED, align=WD_ALIGN_PARAGRAPH.CENTER)
    write(document, "")
    number = write(document, paper.number, align=WD_ALIGN_PARAGRAPH.CENTER)
    line(number, "bottom", "E60012", eighths=18)
    write(document, "")


def add_body(document: Document, text: str, paper: Paper) -> None:
    """Write a paragraph of the body, with its tracked changes and comment."""
    font = next(
        (name for pattern, name in HEADINGS if pattern.match(text) and len(text) <= HEADING_AT_MOST),
        BODY_FONT,
    )
    indent = 0 if paper.landscape else 2
    paragraph = write(document, "", font=font, indent=indent)
    for piece in TRACKED.split(text):
        run = style(paragraph.add_run(piece.strip("{}").strip("+-") if TRACKED.match(piece) else piece), font)
        if TRACKED.match(piece):
            track(run, "ins" if piece.startswith("{+") else "del")
    for beginning, remark in paper.comments.items():
        if text.startswith(beginning):
            comment = document.add_comment(paragraph.runs, remark, author=paper.author, initials="祁")
            comment._comment_elm.set(qn("w:date"), REVISED)


def track(run: Run, kind: str) -> None:
    """Wrap `run` as a tracked change: `kind` is "ins" or "del" (WordprocessingML w:ins, w:del)."""
    element = run._r
    earlier = sum(1 for _ in element.getroottree().iter(qn("w:ins"), qn("w:del")))
    names = {"w:id": str(900 + earlier), "w:author": REVISER, "w:date": REVISED}
    change = OxmlElement(f"w:{kind}", attrs={qn(name): value for name, value in names.items()})
    element.addprevious(change)
    change.append(element)
    if kind == "del":
        for text in element.findall(qn("w:t")):
            text.tag = qn("w:delText")


def add_table(document: Document, paper: Paper) -> None:
    """Write the table of `paper`: the first row is the heading and repeats on every page."""
    table = document.add_table(len(paper.table), len(paper.widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, paper.widths, strict=True):
        column.width = Mm(width)
    for row, values in zip(table.rows, paper.table, strict=True):
        row.height = Mm(9)
        for cell, value, width in zip(row.cells, values, paper.widths, strict=True):
            cell.width = Mm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = cell.paragraphs[0]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            style(paragraph.add_run(value), "黑体" if values is paper.table[0] else BODY_FONT, 11)
    heading = table.rows[0]._tr.get_or_add_trPr()
    heading.append(OxmlElement("w:tblHeader"))
    write(document, "", size=8)


def end_matter(document: Document, paper: Paper) -> None:
    """Write the signature, the date, the 附注 and the 版记."""
    if paper.signer:
        write(document, "")
    for text in filter(None, (paper.signer, paper.date)):
        signed = write(document, text, align=WD_ALIGN_PARAGRAPH.RIGHT)
        signed.paragraph_format.right_indent = Pt(48)
    if paper.note:
        write(document, paper.note, indent=2)
    if paper.copies:
        write(document, "")
        line(write(document, f"抄送：{paper.copies}", size=14), "top")
        issued = write(document, f"{paper.signer}\t{paper.date}印发", size=14)
        issued.paragraph_format.tab_stops.add_tab_stop(Mm(156), WD_TAB_ALIGNMENT.RIGHT)
        line(issued, "top")
        line(issued, "bottom")


def write(  # noqa: PLR0913 (how a paragraph looks)
    document: Document,
    text: str,
    *,
    font: str = BODY_FONT,
    size: float = 16,
    color: RGBColor | None = None,
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 0,
) -> Paragraph:
    """Append a paragraph: `size` in points, `indent` in characters of the first line."""
    paragraph = document.add_paragraph()
    if align is not None:
        paragraph.alignment = align
    shape = paragraph.paragraph_format
    shape.space_after = Pt(0)
    shape.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    shape.line_spacing = Pt(28)
    shape.first_line_indent = Pt(size * indent)
    if text:
        style(paragraph.add_run(text), font, size, color)
    return paragraph


def style(run: Run, font: str, size: float = 16, color: RGBColor | None = None) -> Run:
    """Give `run` a Chinese typeface, a size in points and a colour."""
    run.font.name = font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    run.font.size = Pt(size)
    if color is not None:
        run.font.color.rgb = color
    return run


def line(paragraph: Paragraph, side: str, color: str = "000000", eighths: int = 6) -> None:
    """Draw a line at the "top" or "bottom" of `paragraph`, `eighths` of a point thick."""
    shape = paragraph._p.get_or_add_pPr()
    borders = shape.find(qn("w:pBdr"))
    if borders is None:
        borders = OxmlElement("w:pBdr")
        # the schema wants borders before tabs, spacing, indents and alignment
        shape.insert(0, borders)
    values = {"w:val": "single", "w:sz": str(eighths), "w:space": "6", "w:color": color}
    borders.append(OxmlElement(f"w:{side}", attrs={qn(name): value for name, value in values.items()}))


def save(document: Document, path: Path) -> None:
    """Save `document` so that the same content gives the same bytes: member times in the zip are fixed."""
    saved = io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            fixed = zipfile.ZipInfo(member.filename, WRITTEN.timetuple()[:6])
            target.writestr(fixed, source.read(member), zipfile.ZIP_DEFLATED)


# Pdf


#: What LibreOffice writes anew on every run: the date, the two digests of /ID, the checksum.
VOLATILE: Final = re.compile(
    rb"(?<=/CreationDate\(D:)\d{14}|(?<=/ID \[ <)[0-9A-F]{32}|(?<=\n<)[0-9A-F]{32}(?=> ?\])|(?<=/DocChecksum /)[0-9A-F]{32}"
)


def print_pdf(papers: Sequence[tuple[str, Paper]], folder: Path) -> None:
    """Write each paper as `folder`/name.pdf through LibreOffice, in a profile of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        drafts = [Path(scratch, f"{name}.docx") for name, _ in papers]
        for draft, (_, paper) in zip(drafts, papers, strict=True):
            save(build(paper), draft)
        profile = Path(scratch, "profile").as_uri()
        run_tool(
            ("soffice", "--headless", f"-env:UserInstallation={profile}"),
            ("--convert-to", "pdf", "--outdir", str(folder), *map(str, drafts)),
        )
    for name, _ in papers:
        printed = folder / f"{name}.pdf"
        printed.write_bytes(VOLATILE.sub(_fixed, printed.read_bytes()))


def _fixed(match: re.Match[bytes]) -> bytes:
    """Return the same number of bytes, so that no offset in the PDF moves: WRITTEN for digits, zeros for digests."""
    found = match[0]
    return f"{WRITTEN:%Y%m%d%H%M%S}".encode() if found.isdigit() and len(found) == 14 else b"0" * len(found)


def check_fonts() -> None:
    """Stop if no Chinese font is installed: LibreOffice would leave the Chinese out without a word."""
    if not run_tool(("fc-list", ":lang=zh"), ()).strip():
        sys.exit("没有中文字体，生成的 PDF 会缺字。请先安装，例如 apt-get install fonts-wqy-microhei")


def run_tool(command: Sequence[str], arguments: Sequence[str]) -> str:
    """Run an installed program and return what it printed."""
    program = shutil.which(command[0])
    if program is None:
        sys.exit(f"缺少程序 {command[0]}，请先安装 LibreOffice 与 fontconfig")
    done = subprocess.run(
        [program, *command[1:], *arguments],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    return done.stdout


# Files

WORD_FILES: Final = {
    "红头通知": HEATING_NOTICE,
    "低保花名册": ROSTER,
    "会议纪要-修订": MINUTES,
    "优化营商环境措施": BUSINESS_MEASURES,
    "机密文件草稿": SECRET_DRAFT,
}
PDF_FILES: Final = {"补贴公示": SUBSIDY_NOTICE, "信访答复": PETITION_REPLY}
#: The page says gb2312, as many do, yet 堃 is only in GBK and 𡐓 only in GB18030.
TEXT_FILES: Final = {
    "政务公开栏目.html": COLUMN_PAGE.replace("\n", "\r\n").encode("gb18030"),
    "保密管理规定.txt": SECRECY_RULES.encode(),
    "请示.txt": FUNDS_REQUEST.replace("\n", "\r\n").encode("gb18030"),
}


def main(folder: Path) -> None:
    """Write all examples into `folder`."""
    check_fonts()
    folder.mkdir(parents=True, exist_ok=True)
    for name, paper in WORD_FILES.items():
        save(build(paper), folder / f"{name}.docx")
    print_pdf(tuple(PDF_FILES.items()), folder)
    for name, data in TEXT_FILES.items():
        (folder / name).write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)

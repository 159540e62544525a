"""Words of an office that does not exist: sentences with changing figures, tables, people born 1900 to 1905.

All of it is made up for this purpose. No sentence holds a name or a number of a person.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import random

UNITS: Final = (
    "县民政局",
    "县教育局",
    "县财政局",
    "县住房和城乡建设局",
    "县农业农村局",
    "县人力资源和社会保障局",
    "石桥镇人民政府",
    "柳湾镇人民政府",
)
SUBJECTS: Final = (
    "农村饮水安全",
    "小型水库管护",
    "道路养护",
    "垃圾清运",
    "义务教育",
    "就业培训",
    "老旧小区改造",
    "耕地保护",
    "森林防火",
    "高龄津贴",
)
KINDS: Final = ("通知", "实施方案", "工作要点", "管理办法", "公告")
PLACES: Final = (
    *("石桥镇", "柳湾镇", "东岭乡", "西河街道", "北塘镇", "南坪乡", "白杨镇", "青山街道", "大渡镇", "小桥乡"),
    *("马头镇", "三里铺镇", "龙泉乡", "花园街道", "沙河镇", "长岗乡"),
)
_OFFICES: Final = (
    *("县发展改革局", "县财政局", "县审计局", "县水利局", "县交通运输局", "县自然资源局", "县生态环境分局"),
    *("县市场监督管理局", "县卫生健康局", "县应急管理局", "县文化和旅游局", "县乡村振兴服务中心", "县政务服务中心"),
)
_SENTENCES: Final = """
各乡镇要把群众反映的问题列入台账，办结一项销号一项，{month}月底前完成第一轮清理。
县人民政府办公室会同{office}对年度重点任务逐项分解，明确牵头单位和完成时限。
项目概算总投资{wan}万元，其中申请上级补助{some}万元，其余由县财政统筹安排。
依据有关规定，结合本县实际，现就{subject}工作提出如下意见。
要加强宣传引导，通过政府网站、村务公开栏向社会公布办理条件和程序。
各责任单位每季度末将进展情况报{office}汇总，由其适时组织抽查。
符合条件的单位可以在线提出申请，受理后{days}个工作日内办结。
监督检查发现的问题要限期整改，整改情况向社会公开。
截至{year}年{month}月，全县累计完成投资{wan}万元，占年度计划的{share}%。
{place}新建供水管网{some}公里，改造老旧管道{days}公里，受益村民{count}户。
对{place}至{other}的{days}公里县道实施路面大修，工期{some}天。
施工期间实行半幅封闭、单向通行，请过往车辆按照现场标志绕行。
全县共有各类学校{some}所，在校学生{count}人，专任教师{wan}人。
秋季学期开学前，各校要完成校舍、食堂和饮用水设施的全面检查。
城区新增公办幼儿园学位{count}个，普惠性幼儿园覆盖率达到{share}%。
{office}公布了{year}年上半年行政审批事项办理情况，平均办理时间比法定时限缩短{share}%。
凡在本县从事餐饮服务的经营者，应当于{month}月{days}日前完成许可信息核对。
抽检食品{count}批次，合格率为{share}.{digit}%，不合格产品已依法下架。
推进高标准农田建设，{place}、{other}两地共完成土地平整{count}亩。
粮食播种面积稳定在{count}亩以上，夏粮单产每亩{wan}公斤。
对购置列入目录的农业机械给予补贴，单台补贴额不超过目录所列标准。
受理窗口设在{place}便民服务中心，工作日上午九时至下午五时接受咨询。
申请材料不齐全的，窗口应当一次性告知需要补正的全部内容。
对材料齐全、符合法定形式的申请，当场作出受理决定并出具凭证。
{year}年一般公共预算收入{count}万元，比上年增长{digit}.{digit}%。
一般公共预算支出{count}万元，其中教育、社会保障和农林水支出占{share}%。
“三公”经费支出{some}万元，比预算减少{digit}万元，主要是压减了公务接待。
政府采购项目应当在{days}日内签订合同，合同自签订之日起两个工作日内公告。
评标委员会按照招标文件确定的办法评审，推荐{digit}家中标候选人。
中标结果公示期间，投标人对结果有异议的，应当以书面形式提出。
{office}组织对{some}个重点项目开展绩效评价，评价结果与下年度预算挂钩。
全年空气质量优良天数{wan}天，细颗粒物平均浓度每立方米{days}微克。
{place}断面水质稳定达到Ⅲ类标准，两条支流消除劣Ⅴ类水体。
禁止在饮用水水源保护区内新建、扩建与供水设施无关的建设项目。
露天焚烧秸秆的，由乡镇人民政府责令改正；拒不改正的，移送执法部门处理。
森林防火期为每年{month}月至次年五月，期间严禁携带火种进入林区。
预计未来{digit}天有中到大雨，山洪易发区的群众要听从转移安排。
县防汛抗旱指挥部{year}年第{days}次启动四级应急响应。
水库水位超过汛限水位时，管理单位应当按照调度指令泄洪。
各类避险场所要配备饮用水、照明和急救用品，并指定专人看管。
村级卫生室标准化建设完成{some}个，基本药物配备率达到{share}%。
家庭医生签约服务覆盖{count}人，重点人群签约率{share}%。
{month}月起对六十五岁以上居民开展免费体检，体检地点为就近的卫生院。
城乡居民基本医疗保险个人缴费标准为每人每年{wan}元。
参保人员在定点医疗机构发生的门诊费用，按照规定比例报销。
最低生活保障实行动态管理，每半年复核一次家庭经济状况。
{place}日间照料中心投入使用，设床位{days}张，提供助餐和康复服务。
残疾人辅助器具适配由县残联组织，申请时间为每季度首月。
退役军人就业专场招聘会定于{month}月{days}日举行，提供岗位{count}个。
高校毕业生到基层就业的，按照规定享受学费补偿和社会保险补贴。
开展电工、焊工、育婴等{days}个工种培训，培训合格的颁发证书。
用人单位不得以任何名义向求职者收取押金或者扣押证件。
拖欠工资的举报由劳动保障监察大队受理，{days}日内作出处理。
{year}年计划改造老旧小区{some}个，涉及居民{count}户、楼栋{wan}栋。
改造内容包括屋面防水、雨污分流、停车位施划和适老设施。
业主委员会选举应当提前{days}日在小区显著位置公告。
农村危房改造对象由村民会议评议，乡镇审核，{office}审批。
宅基地审批坚持一户一宅，人均面积不得超过规定标准。
土地征收补偿标准按照区片综合地价执行，{place}为每亩{count}元。
被征收土地的所有权人、使用权人应当在公告期限内办理补偿登记。
矿山企业应当按照批准的方案开展生态修复，按年提取基金。
违法建设依法拆除{some}处，面积{count}平方米。
城区主干道亮化工程更换路灯{count}盏，预计每年节电{wan}千瓦时。
生活垃圾实行分类投放，{place}、{other}为第一批示范区域。
新增城市公共停车位{count}个，政务中心停车场前两小时免费。
公交{days}路线路调整，增设{place}、{other}两个站点。
客运站春运期间加开{some}个班次，网上售票比例超过{share}%。
快递物流服务站覆盖{count}个行政村，实现村村通快递。
对高层建筑、商场、医院开展消防检查{count}次，发现隐患{wan}处。
生产经营单位应当建立安全风险分级管控和隐患排查治理制度。
烟花爆竹零售点实行许可管理，{place}建成区内全面禁止燃放。
特种设备使用单位应当在检验有效期届满前一个月提出定期检验申请。
{office}开展价格检查，重点检查停车、物业和水电气收费。
企业开办实现一日办结，新设企业免费领取首套印章。
全县实有市场主体{count}户，其中个体工商户占{share}%。
优化纳税服务，推行网上办税，窗口平均等待时间不超过{digit}分钟。
招商引资签约项目{days}个，协议投资{count}万元。
工业园区标准厂房二期{count}平方米竣工验收，{digit}家企业入驻。
规模以上工业增加值同比增长{digit}.{digit}%，高新技术产业占比{share}%。
光伏发电项目并网容量{wan}千瓦，年发电量可满足{count}户家庭使用。
全民健身中心延长开放时间，周末免费开放至晚上九时。
送戏下乡演出{wan}场，农村电影放映{count}场次。
图书馆总分馆制实现全覆盖，{place}分馆藏书{count}册。
不可移动文物保护范围内不得进行其他建设工程。
{place}古桥修缮工程通过专家评审，修缮坚持不改变文物原状。
第{digit}届农民丰收节在{place}举行，展销农产品{wan}种。
发展乡村旅游，新评定星级农家乐{days}家，全年接待游客{count}人次。
政府信息公开申请由县政务公开办受理，自收到之日起二十个工作日内答复。
对公开属性有不同意见的，由制作机关会同有关部门研究确定。
人大代表建议和政协提案办理结果除依法不公开的以外，全文公开。
规范性文件自公布之日起三十日后施行，有效期{digit}年。
与本办法规定不一致的，以本办法为准；上级另有规定的，从其规定。
本通知由{office}负责解释，原有文件同时废止。
听证会定于{year}年{month}月{days}日召开，设旁听席{days}个。
公众可以通过信函、电子表单等方式反馈意见，意见征集截止{month}月{days}日。
征集期间共收到意见{some}条，采纳{days}条，未采纳的理由随文公布。
统计调查对象应当真实、准确、完整、及时地提供资料。
第三方评估机构对{place}等{digit}个乡镇进行实地核查，总体评价为良好。
""".strip().splitlines()
_TABLES: Final = (
    ("项目资金安排表", ("序号", "项目名称", "建设地点", "总投资（万元）", "完成时限")),
    ("部门收支预算表", ("科目编码", "科目名称", "年初预算数", "调整预算数", "决算数")),
    ("行政检查结果表", ("序号", "检查对象类型", "检查数", "合格数", "处理情况")),
    ("便民服务事项表", ("事项", "承办单位", "法定时限", "承诺时限", "收费标准")),
)
_DEALT_WITH: Final = ("已整改", "限期整改", "复查合格", "无问题")
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何"
_GIVEN: Final = "青禾柳溪桥石泉松竹梅兰菊荷月明清远山川海平安康宁"
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def sentence(rng: random.Random) -> str:
    """Return a sentence; its figures and places differ each time."""
    return rng.choice(_SENTENCES).format(
        year=rng.randrange(2013, 2027),
        month=rng.randrange(1, 13),
        days=rng.randrange(2, 29),
        digit=rng.randrange(1, 10),
        share=rng.randrange(40, 100),
        some=rng.randrange(12, 200),
        wan=rng.randrange(120, 9_000),
        count=rng.randrange(1_000, 60_000),
        place=rng.choice(PLACES),
        other=rng.choice(PLACES),
        office=rng.choice(_OFFICES),
        subject=rng.choice(SUBJECTS),
    )


def table(rng: random.Random) -> tuple[str, list[tuple[str, ...]]]:
    """Return a title and the rows of a table of figures, the heading first."""
    title, heading = rng.choice(_TABLES)
    rows: list[tuple[str, ...]] = [heading]
    for number in range(rng.randrange(5, 13)):
        figures = (str(rng.randrange(10, 9_000)), str(rng.randrange(10, 9_000)))
        if heading[0] == "科目编码":
            rows.append((str(rng.randrange(201, 230)), rng.choice(SUBJECTS), *figures, str(rng.randrange(9_000))))
        elif heading[0] == "事项":
            limits = (f"{rng.randrange(10, 30)}个工作日", f"{rng.randrange(1, 10)}个工作日")
            rows.append((rng.choice(SUBJECTS) + "申请", rng.choice(_OFFICES), *limits, "不收费"))
        elif heading[1] == "检查对象类型":
            rows.append((str(number + 1), rng.choice(SUBJECTS) + "单位", *figures, rng.choice(_DEALT_WITH)))
        else:
            where, due = rng.choice(PLACES), f"{rng.randrange(2026, 2029)}年{rng.randrange(1, 13)}月"
            rows.append((str(number + 1), f"{where}{rng.choice(SUBJECTS)}项目", where, figures[0], due))
    return title, rows


def title(rng: random.Random, unit: str, subject: str) -> str:
    """Return the title of a document."""
    return f"青禾{unit}关于{subject}的{rng.choice(KINDS)}"


def resident_id(rng: random.Random) -> str:
    """Return a valid number of nobody, born 1900 to 1905 (GB 11643: MOD 11-2)."""
    day = datetime.date(1900, 1, 1) + datetime.timedelta(days=rng.randrange(2000))
    body = f"110101{day:%Y%m%d}{rng.randrange(1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def name(rng: random.Random) -> str:
    """Return an invented name."""
    return rng.choice(_SURNAMES) + "".join(rng.sample(_GIVEN, 2))

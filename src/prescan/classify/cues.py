"""A table of cues: wording that office practice ties to one attribute. The weights are learned, not written here.

Sources: 政府信息公开条例 (国令711号) articles 14–16, 19–21, 27, 32, 36; 党政机关公文处理工作条例 第八条 (文种) and the usual
closing formulas of each 文种; the kinds of document the project's domain notes list. Words are in the squeeze view:
half-width marks, simplified, no white space.

A group is one ground (an exemption, an item to publish, a party's own matter). Features are the cue, its ground and the
attribute to which the ground leans; so a cue that is rare or missing in training still counts.
"""

# ruff: noqa: E501  the tables hold one cue a line

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from prescan.types import Attribute


class Cue(NamedTuple):
    """Words with one meaning; any of them is the cue."""

    name: str
    group: str
    title_only: bool
    meaning: str
    """In Chinese, for the reasons of a suggestion."""
    words: tuple[str, ...]

    @property
    def lean(self) -> str:
        """Title or text, and the attribute its ground leans to: "title.withheld"."""
        return f"{'title' if self.title_only else 'text'}.{GROUNDS[self.group].leans}"


class Ground(NamedTuple):
    """The ground that a group of cues indicates."""

    leans: Attribute
    """The attribute that follows from it by law."""
    clause: str
    """Its article of the 条例; empty if the wording alone justifies nothing."""
    meaning: str


GROUNDS: Final = {
    "process": Ground("withheld", "条例 第十六条第二款", "过程性信息：请示、磋商、讨论"),
    "case": Ground("withheld", "条例 第十六条第二款", "行政执法案卷"),
    "internal": Ground("withheld", "条例 第十六条第一款", "内部事务：人事、后勤、内部流程"),
    "restricted": Ground("withheld", "", "限定了知悉范围"),
    "security": Ground("withheld", "条例 第十四条", "部署、防护或底线，公开可能危及安全"),
    "unpublished": Ground("withheld", "条例 第十四条", "尚未核定、公布的数据"),
    "trade": Ground("withheld", "条例 第十五条", "商业秘密"),
    "privacy": Ground("withheld", "条例 第十五条", "个人隐私"),
    "public": Ground("proactive", "条例 第十九条", "面向社会发布"),
    "service": Ground("proactive", "条例 第十九条", "方便公众办事、咨询、监督"),
    "norm": Ground("proactive", "条例 第二十条", "普遍适用的规定"),
    "listed": Ground("proactive", "条例 第二十条", "条例第二十、二十一条所列的事项"),
    "party": Ground("on_request", "条例 第二十七条", "针对特定当事人的事项"),
    "remedy": Ground("on_request", "条例 第二十七条", "告知当事人救济途径"),
    "contract": Ground("on_request", "条例 第二十七条", "双方约定"),
    "system": Ground("on_request", "条例 第二十七条", "本系统、少数单位的事务"),
}

#: Words of a title that tell the kind of document more exactly than its last word. name | group | meaning | words
_TITLE: Final = """
title.request | process | 标题是请示、报批或汇报 | 请示 呈报 报批 送审稿 送审 代拟稿 讨论稿 征求意见稿的函 情况汇报 专题汇报 汇报提纲 签报 呈批 的报告 情况报告 调研报告 请求 申请解决
title.consult | process | 标题是商请、磋商或征求意见的函 | 商请 征求 征询 研提 会签 磋商 协商 沟通 的函 几个问题的函 意见的函 复核的函 会商函
title.minutes | process | 标题是会议纪要、讨论或会商记录 | 纪要 会议记录 讨论记录 会商记录 集体讨论 碰头 例会记录 会商意见 办理意见 审查意见 研判 议事 记录
title.file | case | 标题是案卷中的笔录或审批文书 | 笔录 立案 审批表 登记表 呈批表 转办 交办 线索 举报登记 移送 调查终结 调查报告初稿 证据 勘验 案件会审 转送 转交单 协查
title.personnel | internal | 标题是考察、考核或人事材料 | 考察材料 考察报告 考察情况 民主测评 民主推荐 谈话记录 考核鉴定 现实表现 干部档案 人事安排 述职 廉政意见 考核等次 公务员考核 年度考核 等次建议 干部考核 拟提拔 任职建议
title.logistics | internal | 标题是值班、后勤或内部管理安排 | 值班 值守 排班 带班 后勤 公务用车 用车 食堂 考勤 请销假 办公用房 内部管理 内部控制 内务 保密承诺 请销假 工作制度 会议服务 接待方案 用印
title.deployment | security | 标题是行动部署、安保或谈判方案 | 安保 安全保卫 保卫 稳控 维稳 处置预案 处置方案 集中行动 专项行动部署 行动部署 行动安排 行动方案 检查方案 飞行检查 突击 暗访 谈判 勤务 押运 命题 试卷 布防 网络安全 运维 应急处突 检查工作方案 舆情 稽查方案 稽查安排 警卫 防护方案 处置口径 信访稳定 风险评估报告 巡查方案
title.flash | unpublished | 标题是快报、动态或内部测算 | 快报 简况 预计 测算 研判 内参 专报 形势交流 形势分析 运行分析 摸底 快讯
title.submission | trade | 标题是企业报送的材料 | 补充资料 补充材料 申报材料 成本监审 投标文件 报价 工艺 配方 技术方案 商业计划 可研资料
title.welfare | privacy | 标题是个案或评估材料 | 个案 会诊 评估意见 评估报告 调查评估 病历 救助对象情况 帮教 家访 矫正 诊断 伤情
title.notice | public | 标题是公告、通告或公示 | 公告 通告 公示 启事 公布 启用 曝光 告知群众 告市民书 公开信 一封信 倡议书 温馨提示 提醒 放假 停水 停电
title.news | public | 标题是对外发布的消息或会议公开稿 | 召开 审议通过 会议召开 审议结果 公开摘要 会议摘要 摘要 发布会 新闻 开通 启动 举行
title.explained | norm | 标题是政策解读、问答 | 解读 问答 一图读懂 答记者问 明白纸 怎么 如何 吗 政策说明
title.rule | norm | 标题是规范性文件 | 办法》 细则》 规定》 意见》 印发《 管理办法 实施细则 暂行规定 实施意见 若干措施 工作要点 规划 应急预案 行动计划 三年行动 实施方案 工作的意见 公约 标准 制度的通知
title.account | listed | 标题是预决算、年度报告或统计公报 | 预算 决算 年度报告 统计公报 公报 统计年鉴 白皮书 收费目录 收费标准 权责清单 目录清单 绩效评价 年报 政府工作报告
title.selection | listed | 标题是招聘、任前公示或录用 | 招聘 招录 招考 任前公示 拟任 拟录用 拟聘 招生 入学 职称评审 拟表彰 录用 任免 任职的通知 免职的通知 拟确定 入围 成绩公布 体检
title.deal | listed | 标题是采购、招标、征收或配租 | 成交结果 中标 采购公告 采购项目 招标 征收 预公告 拍卖 挂牌 出让 补偿安置方案 配租 低保 最低生活保障 特困 救助公示 补贴公示 村务公开 摇号 名单公示 发放公示 补贴发放 资金安排 公开表 花名册 发放表
title.checked | listed | 标题是检查、抽检结果或典型案例 | 抽检 抽查结果 检查结果 双随机 典型案例 监测结果 水质 空气质量 不合格 审计结果 整改结果 事故调查报告 红黑榜 处罚信息 信息公开表 处罚公示 信息公示 检查情况公布
title.deputy | listed | 标题是建议提案的答复 | 建议的答复 提案的答复 号建议 号提案 建议答复 提案答复 代表建议 委员提案 政协 人大
title.asked | public | 标题是向社会征集意见 | 公开征求 征集 征求意见的公告 意见征集 听证 向社会 采纳情况 意见反馈情况
title.reply | party | 标题是对来文、来函或申请的答复 | 批复 复函 答复书 答复意见 的答复 答复函 的回复 核定意见 同意
title.decision | party | 标题是对当事人的决定或告知 | 决定书 告知书 意见书 通知书 认定 结论 处罚决定 复议 复查 复核 处理决定 处理意见 责令 裁定 核准 准予 整改
title.single | party | 标题是对一个单位的审计、检查或拨款 | 审计报告 审计决定 检查结论 追加 核拨 下达 拨付 调减 核减 验收意见 检查情况的 报废 资产处置 变更
title.contract | contract | 标题是合同或协议 | 合同 协议 备忘录 意向书 责任书 委托书 承诺书
title.training | system | 标题是培训或会务通知 | 培训 轮训 研修 学习班 会议的通知 召开全 参加 报名参加 调训 演练 竞赛
title.circular | system | 标题是系统内的通报、考评或表扬 | 通报 考评 考核 测评 评比 表扬 表彰 先进 评选 评选结果 督查 排名 情况的通报
"""

#: Wording anywhere. name | group | meaning | words
_TEXT: Final = """
plea | process | 文末请求上级批准或批示 | 妥否 当否 请批示 请予批示 请示如下 请审批 请予审批 恳请 请予批准 请批准 可否 请审定 请审示 请阅示 请予支持 请核准 特此请示 请予审议 呈请 是否妥当 如无不妥 专此报告 特此报告 报告如下 汇报如下 请批转 请予解决 请予安排 请上级 呈报如下 请审核 请转报
signed_up | process | 上行文标注签发人 | 签发人
consult | process | 与有关机关商量未定事项 | 商请 函商 征求你 征求贵 请研究 研提 反馈意见 修改意见 无意见 反馈我 书面反馈 会签 先行沟通 听听意见 通个气 尚在磋商 你们意见 请贵 我委意见 我们的意见 倾向 请函复 盼复 盼函复 请予函复 复函为盼 请将意见
draft | process | 文稿尚未定稿 | 初稿 二稿 三稿 草案稿 送审稿 讨论稿 代拟稿 征求意见稿 尚未定稿 正在起草 着手起草 拟稿 未定稿 修改稿 草拟
minutes | process | 记录了讨论过程和不同意见 | 议定 纪要如下 列席 缺席 记录人 主持人 参会 到会 出席: 列席: 请假: 记录: 与会 会议认为 会议议定 不赞成 不同意见 有不同看法 表示赞成 各方意见 讨论情况 讨论意见 发言 持保留 认为 提出异议 分歧 表决 商量 下次会 会议听取 专题会
undecided | process | 事项尚未决定 | 待定 暂不 未定 拟办 拟由 拟同意 再研究 再议 进一步研究 下次会议 另行研究 研究口径 未形成一致 尚未批准 批准以前 研究后再 提请 请定夺 暂缓 待研究
directed | process | 有领导批示或承办人拟办意见 | 批示 拟办意见 拟办: 领导批示 阅示 呈阅 科室意见 法规科意见 经办意见 承办人意见 承办: 拟同意 审核意见: 请领导
transcript | case | 一问一答的笔录 | 询问人 被询问人 问:你 问:我们 执法证件 申请回避 回避 以上笔录 记录属实 与我说的 询问地点 询问时间 证件你看 捺印
casework | case | 案件调查或审理的内部材料 | 案由 立案 承办人 案件来源 线索 查处意见 集体讨论 调查终结 处罚建议 裁量 定性 证据 取证 调取 固定证据 涉嫌 初查 核查线索 移送
informer | case | 载有举报人身份或保护要求 | 举报人 要求隐去 隐去身份 保护举报人 转办 交办 接报 被举报 被反映 反映人 实名举报 密件 来源保密
personnel | internal | 干部考察、考核内容 | 考察组 民主测评 个别谈话 主要表现 主要不足 不足之处 现实表现 现任 该同志 谈话中 民主推荐 同志考察 德才 廉洁方面 廉洁自律 个人有关事项 缺点 班子成员 优秀票 称职 部务会 拟提拔 后备干部 党风廉政 考核等次 优秀等次 不定等次 考核委员会 任职年限 推荐票 谈话推荐 人事档案 人事科 干部人事 档案审核 人事事项 职务晋升
roster_duty | internal | 值班、带班安排 | 值班 带班 换班 值守 夜班 白班 值班员 值班表 顶班 排班 司机 备勤
logistics | internal | 机关后勤、内部管理 | 食堂 被褥 公务用车 车辆调度 门卫 办公用房 机关事务 考勤 报销 内务 办公室保管 会议室 节假日 封存 钥匙 请假 签到 工作纪律 股室负责人 机关干部职工 会议接待 办公用品
readers | restricted | 写明只给少数人看 | 不得外传 不得翻印 不得转发 请勿转发 勿外传 请勿外传 不外传 仅供 仅限 仅发 阅后 收回 退回 交回 会后收回 知悉范围 不上外网 不转微信 密件 不得泄露 泄密 走漏 外泄 内部掌握 内部使用 内部资料 内部口径 不对外 不得对外 不得向外 暂不公布 不得向 注意保密 严格保密 请勿传阅 不得复印 不得拍照 专人保管 涉密 秘密 机密 请勿向 不得携出 不宜扩散 扩散
line | restricted | 规定了对外口径 | 对外口径 统一口径 口径 不接受采访 不发声 宣传口径 舆情 统一答复 对外统一 解释口径 对外发声 造谣账号 网民 压降
force | security | 写明警力、卡点或值守部署 | 警力 民警 特警 武警 辅警 便衣 布控 卡点 警戒 巡逻 岗哨 防暴 安检 制服 处突 执勤 布点 兵力 分布 勤务 守护 内圈 外圈 备勤点
ambush | security | 写明行动时间、集合地点和路线 | 突击 集合 集结 行动时间 出发 路线 分组 甲组 乙组 丙组 一组 二组 第一组 第二组 兵分 机动组 对讲 频道 蹲守 控制现场 不打招呼 不发通知 暗访 突袭 行动日期 行动前 收网 直奔
exam | security | 涉及启用前的试题试卷 | 试卷 启用前 命题 印务 接卷 入库 保密室 双锁 封条 入闱 阅卷 命题教师 题库 备用卷 送卷 闱内 审题
bargaining | security | 写明谈判底线或让步条件 | 底线 底价 底牌 让到 可以让 不能让 让步 谈判 对方 我方 亮底 开口价 谈判组 标底 报价策略 最高限
control | security | 重点人员稳控、群体事件研判 | 稳控 包联 包保 重点人 上访 缠访 聚集 带头 群体性 双线 情绪激动 串联 极端 稳定风险 涉稳 包案 盯住 吸附
weakness | security | 写明系统、设施的薄弱处 | 漏洞 弱口令 拓扑 端口 账号口令 坐标 储罐 防护薄弱 薄弱点 运维 应急密码 物资储备点 管网图 弱点
provisional | unpublished | 数字未经核定或未公布 | 预计 预计数 快报 口径没 初步汇总 初步统计 未经核定 尚未核定 未核定 核定后 正式数 推算 估算 不引用 不得引用 尚未公布 未公布 公布前 发布前 接报数 未经审核 内部口径 数据截取 电话报 直报 以正式 不对外提供
trade | trade | 载有成本、配方、报价等经营信息 | 商业秘密 配方 工艺参数 成本构成 进价 毛利 采购价 供应商 关键参数 技术秘密 客户名单 我公司 本公司 投标报价 报价 保密措施 不为公众知悉 主要对手 返利 结算价 工艺路线 中试
private | privacy | 载有病情、家庭、前科等隐私 | 病历 抑郁 焦虑 患有 确诊 服药 监护人 家暴 离婚 前科 酗酒 酒精依赖 服刑 未成年 情绪量表 不想活 智力 精神 邻居反映 吸毒 债主 再犯 家庭矛盾 化名 隐私 孕 感染者 性侵 帮教 矫正
public_close | public | 以“特此公告”一类的话对外发布 | 特此公告 特此通告 特此公示 现公告如下 公告如下 现予公告 现予公布 予以公布 通告如下 现通告如下 公示如下 予以公示 现予公示 兹公告 现将有关事项公告 现予张榜 公布如下 向社会公布 向社会公告 告知如下 发布本公告 周知
shown | public | 写明公示期或张贴方式 | 公示期 公示时间 公示期间 公示对象 公示无异议 公开栏 张贴 张榜 公示栏 公示之日 公示结束 公示范围 异议 公示内容
audience | public | 对公众说话 | 广大 市民 群众 社会各界 居民 考生 家长 村民 乡亲 公众 读者 旅客 消费者 任何单位和个人 单位和个人 欢迎 请大家 朋友们 游客 企业和群众 全市人民 投资者 应聘人员 报考人员 车主 业主
asked | public | 向社会征集意见 | 公开征求意见 征集时间 意见反馈 征求意见期 参与方式 留言 来信 信封注明 听证会 采纳 民意征集 意见征集 公众意见 来信来访 反映意见 建议征集
told | public | 对外发布的会议或政务消息 | 会议强调 会议要求 会议指出 会议明确 会议决定 会议审议 会议通过 日前 近日 召开 闭幕 传达学习 审议通过 新闻 记者 来源: 供稿 发布时间 本报讯 活动现场 相关负责人表示
website | public | 提到在网站、媒体公布 | 门户网站 政府网站 官网 公众号 政务网 专栏 栏目 本网 网上公布 全文公布 报纸 新闻发布会 媒体 发布 本网站 公开平台
hotline | service | 留有咨询、监督电话 | 咨询电话 监督电话 举报电话 服务热线 热线 咨询: 监督: 投诉电话 联系电话 拨打 12345 12315 12350 受理机构 受理部门 举报邮箱 监督渠道 投诉渠道 公开电话
how_to | service | 写明条件、材料和办理方式 | 申请条件 申请材料 办理时限 办理流程 所需材料 报名 报考 网上申请 网上报名 应聘 流程 准考证 笔试 面试 体检 办理地点 窗口 受理范围 收费 免费 领取 怎么办 网上办
welfare | listed | 社会救助、补贴、配租结果 | 低保 最低生活保障 特困 月保障金额 拟纳入 补贴标准 享受人数 摇号 房源 配租 临时救助 发放标准 高龄津贴 救助标准 资助 户主
purchase | listed | 采购、招标结果 | 项目编号 成交 中标 供应商名称 采购人 代理机构 成交金额 评审 采购预算 开标 投标人 招标 标的 竞争性 磋商公告
land | listed | 征收、规划公布 | 征收土地 征收范围 征收目的 补偿标准 安置方案 社会稳定风险评估 控制性详细规划 批前公示 拟征收 抢栽 抢建 土地现状调查
money | listed | 预算、决算、“三公”经费 | 三公 收支 一般公共预算 部门预算 部门决算 公务接待 因公出国 项目支出 绩效目标 财政拨款 名词解释 运行经费 预算数 决算数 基本支出
yearly | listed | 年度报告、统计公报 | 主动公开政府信息情况 收到和处理 复议诉讼 年度报告 总体情况 同比 增长 比上年 全年 公报 初步核算 常住人口
inspected | listed | 检查、抽检、典型案例公布 | 不合格 抽检 样品 批次 双随机 检查结果 限期整改 案例一 案例二 典型案例 曝光 抽样 检验结果 监测 警示 立案查处
office | listed | 任前公示、招聘 | 拟任 拟任职 拟聘 公开招聘 招聘 试用期 扩大民主 社会监督 德、能、勤 反映问题 岗位 纳入事业编制 学历 任命 免去 试用期一年 职务任免 免职
emergency | listed | 应急预案、预警、临时管制 | 总则 响应 预警 指挥部 应急响应 适用范围 适用于 分级 交通管制 停水 停电 绕行 禁止 封闭 限行
deputy | listed | 答复人大代表、政协委员 | 代表: 委员: 您提出的 您提的 建议收悉 提案收悉 办理类别 A类 B类 感谢您对 您的建议 人大代表 政协委员 政协 号建议 号提案 提案 办理结果 衷心感谢
in_force | norm | 写明施行日期、有效期 | 起施行 有效期 同时废止 本办法 本细则 本规定 本意见 遵照执行 贯彻执行 认真贯彻 组织实施 抓好落实 印发给你们 现印发 现予印发 负责解释 第一条 制定本 日起执行 自印发之日 合法性审核
explained | norm | 用问答、案例解释政策 | 为什么 怎么 解读 问: 答: 政策 负责人 实施细则 出台 老办法 新规 《细则》 《办法》 主要变化 亮点
your_letter | party | 答复对方的来文、申请 | 收悉 来函 来文 来件 批复如下 现批复 此复 函复如下 答复如下 特此函复 特此答复 你提出的 你反映 你要求 您反映 贵公司 贵司 你公司 你单位 你局 你镇 你乡 你院 你校 你馆 你中心 你站 经研究,同意 原则同意 准予 同意你 的请示》 来函所述
applicant | party | 写明申请人、当事人 | 申请人 被申请人 当事人 信访人 被处罚人 投诉人 法定代表人 经营者 统一社会信用代码 第三人 被审计单位 被检查单位 职工: 复核申请人 诉求 当事人: 送达 签收
finding_of_fact | party | 对当事人查明事实、作出决定 | 经查 查明 决定如下 决定给予 处罚款 罚款人民币 缴纳 本机关认为 陈述申辩 不予支持 予以认定 责令 结论如下 处理意见 调查核实 违反了 告知书 鉴于你 限期改正 缴款
only_this | party | 写明只对这一方有效 | 只针对 仅就 不得援引 不适用 仅对 特定 只适用于 仅限本 该公司 该单位 该校 该所 你户 本次申请
asked_info | party | 答复政府信息公开申请 | 公开申请 要求获取 获取方式 予以公开 不予公开 不存在 检索 本机关于 登记回执 所申请 补正 你获取 信息处理费 申请公开
remedy | remedy | 告知复议、诉讼或复查 | 行政复议 申请复议 提起诉讼 起诉 六十日 六个月 人民法院 不服 请求复查 提出复查 申请复查 逾期不 复核申请 三十日内 60日内 30日内
contract | contract | 合同条款 | 甲方 乙方 本合同 双方 违约 一式四份 一式两份 各执 签订日 验收付款 质保 解除合同 争议 付款方式 盖章生效 本协议 备忘录 履约
lesson | system | 培训、会务安排 | 报到 食宿 参训 培训 课程 回执 学员 轮训 往返 参会人员 带队 报名表 培训班 授课 住宿 结业 现场考核
own_system | system | 只发本系统、少数单位 | 全系统 各科室 各股室 所属 直属 各分局 各中心 系统内 机关各 局属 委属 各所 各大队 下属 县局 区属 基层 各站 各段 各院 各处室
ranking | system | 考评、排名、表扬 | 得分 名次 评分 考评 扣分 先进集体 先进个人 表扬 测评 通报如下 评定 示范 评比 排名 予以表扬 通报表扬 倒数 整改结果 奖励 加分 再接再厉
audited | party | 审计、财务检查所列问题 | 审计组 审计评价 被审计 账面 专户 挂账 未入账 审计发现 应收 审计期间 财务收支 固定资产 会计 结转 凭证 核销 收回统筹 指标
"""


def _read(table: str, *, title_only: bool) -> tuple[Cue, ...]:
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return tuple(Cue(name, group, title_only, meaning, tuple(words.split())) for name, group, meaning, words in rows)


CUES: Final = (*_read(_TITLE, title_only=True), *_read(_TEXT, title_only=False))

"""Patterns of what follows a person's name and nothing else: they prove names that are words (`name/proved.py`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from prescan.detect.name.page import NamePage

#: Characters behind a name that the patterns see.
REACH: Final = 48
_SAY: Final = r"[，,、（(　 /]{1,3}"
_NUMBER: Final = r"[：:（( ]{0,2}[A-Za-z]{0,4}\d[\dA-Za-z*]*(?:[ -]?\d+)*"
_SEX: Final = (
    rf"{_SAY}(?:性\s?别\s?[：:]?\s?)?[男女]性?(?=[，,、；;。）)\s/]|$)(?!.{{1,8}}(?:以上|以下|不限|应届|身高|限))"
)
_AGE: Final = (
    rf"{_SAY}(?:现年|年龄|今年|年)?(?:\d{{1,3}}|[一二三四五六七八九十百]{{1,4}})周?岁(?:半|多)?(?=[，,、；;。）)\s]|$)"
)
_ORIGIN: Final = (
    r"[，,]\p{Han}{1,3}族[，,]|[，,（(](?:19|20)\d{2}年(?:\d{1,2}月(?:\d{1,2}日)?出?生|(?:\d{1,2}月)?"
    r"(?:退伍|入伍|转业|复员|参军|嫁[来入]|下岗|退休)(?=[，,。；;）)]))"
)
_PAPER: Final = (
    rf"{_SAY}[原其本持有人]{{0,2}}(?:居民|公民)?(?:身份|证件|证|社保|社会保障|个人账|公积金|银行卡|卡|账|存折|一折通|一卡通|残疾|病历|病案"
    r"|住院|门诊|驾驶证|准考证|考|学号|学籍|[台港澳]|回乡证|护照|通行证|居住证|永居|外国人永久|结婚证|军官|士兵|\p{Han}{1,6}证书?(?:编?号码?)?(?=[：:\dA-Z]))"
    rf"\p{{Han}}{{0,8}}{_NUMBER}|[，,（( ]{{1,2}}(?:\d{{17}}[\dXx]|\d{{6}}[ -]\d{{8}}[ -]\d{{3}}[\dXx])(?!\d)"
)
_DEAD: Final = r"[（(，,](?:已于|于)?(?:(?:19|20)\d{2}年)?(?:\d{1,2}月)?(?:\d{1,2}日)?(?:去世|病故|亡故|身故)"
#: Sex, age, ethnic group, birth, a document with its number: follows only a person.
OF_ONE = regex.compile(f"{_SEX}|{_AGE}|{_ORIGIN}|{_PAPER}|{_DEAD}")
#: The same behind one more phrase, where a name is expected: 何苦，右侧锁骨骨折，证件…; 马舍，首例长子，18岁.
OF_ONE_LATER = regex.compile(rf"[，,](?![与和跟由被向对把将])\p{{Han}}{{2,10}}(?={_SEX}|{_AGE}|{_PAPER})")
#: Two of these together prove a name, one does not.
OF_ONE_TWICE = regex.compile(
    r"[，,（(][男女][，,](?:(?:现年|年龄|今年)?(?:\d{1,3}|[一二三四五六七八九十]{2,3})周?岁[，,、；;。）)]|\p{Han}{1,3}族|(?:19|20)\d{2}年\d{1,2}月|身份证)"
)
#: A dwelling, a mobile number, relatives, origin: may also follow an organ.
OF_ONE_PERHAPS = regex.compile(
    r"[，,（(]\s?(?:家住|现住|现居|户籍(?:地|在|所在)|住(?![建房院宅所户宿保在地持处址]))(?=\p{Han}{2,})"
    r"|[，,、（(　 ]{1,3}(?:\p{Han}{0,2}手机|联系方式|(?:联系)?电话)?[：:，,]?\s?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
    r"|[，,、（(　 ]{1,3}(?:家电|家话|宅电|住宅电话|家里电话|家庭电话|家中座机)[：: ]?\d"
    r"|[（(](?:系?其)?(?:[父母][亲]?|[夫妻子女兄弟姐妹]|祖[父母]|外[公婆]|爷爷|奶奶|丈夫|妻子|儿子|女儿)[）)]|之[父母妻夫子女](?=\p{Han})"
    r"|[，,（(]系\p{Han}{0,8}(?:之[妻夫父母子女]|妻子?|丈夫|父亲?|母亲?|邻居|兄弟|胞[兄弟姐妹])"
    r"|[，,]\p{Han}{1,8}[人籍](?=[，,][^。\n]{0,20}\d{5})|[，,]\p{Han}{2,6}[，,][台港澳]\p{Han}{2,10}证?[A-Z]?\d{8}"
    r"|[，,]\p{Han}{1,4}(?:先生|女士)?之?[妻夫]子?[，,]"
)
#: What follows the name of somebody in need at the beginning of an item.
IN_NEED = regex.compile(
    r"户[：:]|[，,（(]\s?(?:[A-D]级|特困|低保|五保|脱贫|监测户|残疾(?![军人证等补])|高位截瘫|低视力|视力障碍|双目失明|双眼|全盲|离异|丧偶|独居"
    r"|孤寡|患(?!者)\p{Han}|慢性?\p{Han}{1,4}病|\p{Han}{0,6}(?:癌|瘤|病|症|炎|瘫痪)(?:晚期|患者|后遗症)?(?=[，,。）)])|户口|已故|病故|坐轮椅"
    r"|(?:(?:19|20)\d{2}年)?(?:单亲|丧夫|丧妻|未婚|孤儿|辍学|假释|缓刑|管制|暂予监外执行|矫正类别|社矫|取保候审|在逃|在押|前科|农民工?|怀孕|孕期|产后|新来户|租户|上访户|刑满释放|无业|下岗|失业|务农|务工|复吸|吸毒|服刑|社区矫正|戒毒|外出打工))"
    r"|[：:]\s?(?:[急慢]性|陈旧性?|\p{Han}{0,6}(?:病|症|炎|癌|瘤|肺结核|高血压|瘫痪)(?:晚期|后遗症)?[，,；;。]|血压\d|孕\d{1,2}周)"
    r"|。(?:离异|丧偶|独居|孤寡|无儿无女|儿子|女儿|丈夫|妻子|老伴|儿女|父母|家里|家中|全家|一家|\p{Han}{0,6}[癌瘤症炎]晚期)(?![应当的])"
)
#: What follows a name that is alone behind its label: the end of the line or clause, a place to sign, the next label.
ENDS = regex.compile(
    r"[\t|│┃\n\r\u2029]|\.{3}|[，,；;。]?\s*$|[；;。]|\s*[\n\r\u2029]|[（(](?:手印|签名|签字|签章|盖章|公章|指印|真名|原名)"
)
NEXT_LABEL = regex.compile(
    r"[，,；;。　 \t]{1,4}(?:性\s?别|民\s?族|年\s?龄|出\s?生|证\s?件|开户行|账\s?号|手\s?机|身份证|共有人|户籍|住址)"
    r"|[，,；;。　 \t]{1,4}\p{Han}[\p{Han} ]{0,5}(?:[：:⇒→▏]|\.{3})"
)
#: What follows 我是 and a name.
OF_ME = regex.compile(
    r"[，,](?:今年|现年|家住|现住|住|[\p{Han}]{2,16}(?:村|社区|组|居民|村民|人)(?=[，,。])|身份|\d{2}岁|男|女|手机)"
)
#: What a relative does or suffers, directly behind the name.
OF_KIN = regex.compile(
    r"\.{3}|\d{1,3}(?:周?岁|个月)|[一二三四五六七八九十]{1,3}岁|已[孕故婚]|怀孕|产后|住(?=[在\p{Han}]{2})|微信|跟人|跑了|出走|失[踪联]|打工|[（(，,]\s?(?:[在现住系患孕]|已[故婚])|\p{Han}{0,6}(?:[病癌瘤炎症瘫]|切除|术后|手术|骨折|出血|残疾?|失明)|(?:19|20)\d{2}年|过世|走了|生前|手[里中]|联[络系]|办理|对\p{Han}|[争要]\p{Han}|坐牢|服刑|提[交出起供]|要求|证实|反映|陪[着护同]|继承|放弃|商量|接的|的[，,][他她]|被[^，。,\n]{0,8}[撞打骗伤]|代[领签为]?|知情|名下|早[年逝亡]|病[亡故逝]|去世|身故|亡故|因[病矿车公]|患|有\p{Han}|签[字收名]|领取|照顾|抚养|抚育|同住|离家|改嫁"
    r"|再婚|急[坏疯]|读[高初大小中一二三四五六]|上[学班小中大高]|就读|[接来]送?[，,。开]|拟|邮箱|微信|哭|尿毒|账户|采购|在[^校读世职]|外出|现年|也|均|系|、(?:[父母妻夫子女兄弟姐妹]|丈夫|妻子|儿子|女儿|长子|长女|次子|次女)\p{Han}{2,3}"
    r"|[（(，,]\s?(?:\d|身份|[小初高中大][学中]|在读|[一二三四五六七八九]年级|幼儿园|手机|现年|[男女][，,]|[一二三四五六七八九十]+岁)|[，,]?\s?1[3-9]\d{9}"
)
#: The same behind what is no word: 儿子单向前今年考入, but 儿子成功考上.
OF_KIN_BY_NAME = regex.compile(
    r"报警|查出|确诊|检出|得了|照[料看]|照应|考[入上取]|偿还|[还退][了款清]|代[还缴交办]|保管|今年|去年|前年|按[月期年]|于(?=\p{Han}{4}|\d)"
)
#: What a party to a case says or does, directly behind the name.
SPEAKS = regex.compile(
    r"之[父母妻夫子女](?=\p{Han})|来[电信访]|称|反映|表示|饮酒|申[请诉]|认为|拒[绝不]|未|由|因|已|提出|要求|签|不服|投诉|举报|于|对|向|被|将|系|名下|承认|陈述|辩称|驾"
)
#: The subject of a case, directly behind its parties.
CASES: Final = r"(?:民间借贷|借款|离婚|买卖|租赁|劳务|继承|赡养|抚养)\p{Han}{0,6}(?:一案|纠纷)"
#: What only a person does: a word in front of it is a name if there is a word for a person before: 被告江山辩称.
ACTS = regex.compile(
    rf"(?:、\p{{Han}}{{2,3}})?{CASES}|"
    r"之[父母妻夫子女](?=\p{Han})|[诉辩述自]称|自述|自愿|自认|自行(?!车)|供述|供认|到庭|未到[庭场]|持(?!续|有效|证上|股)|酒后|醉酒|驾驶|名下|不服|来[电信访](?![人者])|签[字收]|患有|确诊|独居|已?退[房租]|刷单|收到(?:假冒|冒充)|被骗|[左右双][手脚腿眼臂肩]|[无轻重受]伤|当场死亡|陪[着护同]|将其"
)
#: The same where no word begins at the name: 户主管先茂之妻.
OF_WHOM = regex.compile(r"之[父母妻夫子女](?=[\p{P}\p{Han}])")
#: Sex and age in years: follows somebody who is not introduced by an office.
AGED = regex.compile(
    r"[，,、（( \u3000]{1,3}[男女]性?[，,、 \u3000]{1,3}(?:\p{Han}{1,3}族[，,、 \u3000]{1,3})?"
    r"(?:现年|年龄|今年)?[:：]?\s?\d{1,3}\s?周?岁"
)
#: The addressee of a letter: 何某，你申请的…; 何某女士：
ADDRESSED = regex.compile(
    r"(?<![^\n\r\u2029])[ \u3000]*(?P<name>\p{Han}{2,4}?)"
    r"(?:(?:先生|女士)[：:]\s*[\n\r\u2029]|(?:同志|先生|女士)?[，,：:]\s*"
    r"(?:[你您](?!厂|局|委|办|单位|公司|们?[县市镇乡省])"
    r"(?:好|们|户|家|的|于|在|向|申请|反映|提出|提交|因|所|本人|关于)))"
)


def says(page: NamePage, end: int) -> bool:
    """Return whether a span is followed by what is said of people only."""
    return OF_ONE.match(page.text, end, end + REACH) is not None


def says_later(page: NamePage, end: int) -> bool:
    """Return whether that follows after one more phrase."""
    return OF_ONE_LATER.match(page.text, end, end + REACH) is not None


def says_perhaps(page: NamePage, end: int) -> bool:
    """Return whether a span is followed by what is said of people and of little else."""
    return OF_ONE_PERHAPS.match(page.text, end, end + REACH) is not None

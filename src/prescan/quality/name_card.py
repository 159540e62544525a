"""Evaluates the name model on labelled documents and clean text; writes its model card (models/names/README.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from prescan.detect.birth import find_births
from prescan.detect.name import find_names
from prescan.detect.number import find_numbers
from prescan.quality.name_corpus import PRIVATE
from prescan.quality.personal import Gold, Labelled, read_labelled
from prescan.quality.selftest import reading_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from prescan.detect import Compiled
    from prescan.detect.name.model import NameModel
    from prescan.quality.name_corpus import Sample

_TYPE = "person_name"
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts over labelled documents."""

    documents: int = 0
    hits: int = 0
    exact: int = 0
    misses: int = 0
    alarms: int = 0
    public: int = 0
    public_flagged: int = 0
    masked: int = 0
    masked_flagged: int = 0

    @property
    def precision(self) -> float:
        """Share of what was flagged that is a private person's name."""
        return self.hits / max(1, self.hits + self.alarms)

    @property
    def recall(self) -> float:
        """Share of private people's names that were flagged."""
        return self.hits / max(1, self.hits + self.misses)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.hits / max(1, 2 * self.hits + self.misses + self.alarms)


def measure(folder: Path, compiled: Compiled) -> Measured:
    """Return the counts for the labelled documents of `folder`; a hit overlaps by half."""
    return measure_finder(folder, lambda text: names_in(text, compiled))


def measure_samples(samples: Iterable[Sample], compiled: Compiled) -> Measured:
    """Return the counts for training samples."""
    documents = [
        Labelled(
            sample.source,
            "",
            sample.text,
            tuple(
                Gold(_TYPE if mark.role == PRIVATE else "public_name", mark.start, mark.end) for mark in sample.marks
            ),
        )
        for sample in samples
    ]
    return measure_documents(documents, lambda text: names_in(text, compiled))


def measure_finder(folder: Path, find: Callable[[str], list[tuple[int, int]]]) -> Measured:
    """Return the counts for any function that returns the spans of private people's names in a text."""
    return measure_documents(read_labelled(folder), find)


def measure_documents(documents: Sequence[Labelled], find: Callable[[str], list[tuple[int, int]]]) -> Measured:
    """Return the counts of `find` on labelled documents."""
    counts = dict.fromkeys(("hits", "exact", "misses", "public", "public_flagged", "masked", "masked_flagged"), 0)
    flagged = 0
    for document in documents:
        found = find(document.text)
        flagged += len(found)
        used: set[tuple[int, int]] = set()
        for gold in document.golds:
            touching = [span for span in found if span[0] < gold.end and gold.start < span[1]]
            if gold.kind == _TYPE and not gold.decoy:
                hit = next((span for span in touching if span not in used and _overlap(span, gold) >= _HALF), None)
                counts["misses" if hit is None else "hits"] += 1
                if hit is not None:
                    used.add(hit)
                    counts["exact"] += hit == (gold.start, gold.end)
            elif gold.kind in {"public_name", "masked_name"}:
                kind = gold.kind.removesuffix("_name")
                counts[kind] += 1
                counts[f"{kind}_flagged"] += bool(touching)
    return Measured(documents=len(documents), alarms=flagged - counts["hits"], **counts)


def names_in(text: str, compiled: Compiled) -> list[tuple[int, int]]:
    """Return the spans of private people's names in a text."""
    reading = reading_of(text)
    others = [*find_numbers(reading, compiled), *find_births(reading, compiled)]
    return [(found.start or 0, found.end or 0) for found in find_names(reading, compiled, others)]


def alarms_per_10k(texts: Iterable[str], compiled: Compiled) -> tuple[int, int, float]:
    """Return the characters, false alarms and alarms per 10,000 characters of texts without private names."""
    all_texts = list(texts)
    chars, found = sum(map(len, all_texts)), sum(len(names_in(text, compiled)) for text in all_texts)
    return chars, found, 10_000 * found / max(1, chars)


def _overlap(span: tuple[int, int], gold: Gold) -> float:
    shared = min(span[1], gold.end) - max(span[0], gold.start)
    return shared / (max(span[1], gold.end) - min(span[0], gold.start))


def card(
    model: NameModel, about: dict[str, object], measured: Mapping[str, Measured], clean: tuple[int, int, float]
) -> str:
    """Return the model card (Chinese); `measured`: name of the documents → figures."""
    figures = "\n".join(_row(name, row) for name, row in measured.items())
    return f"""# 姓名模型

由 `make train-names` 生成，请勿手改。
给 `name` 类规则（rules/personal/names.toml）用：找出非公职人员的姓名，不报公职人员。

- 版本：`{model.version}`；特征：是否姓名 {len(model.name.weights)} 个，是否非公职人员 {len(model.role.weights)} 个；
  训练文本 {about["samples"]} 段，摘要 `{about["corpus"]}`
- 方法：先按姓氏和名字用字的对数几率筛（一个字查一次表），再用两个线性模型（逻辑回归）：
  一个看是不是姓名（用字、分词、前后的字、标点、表格、称谓），一个看是不是非公职人员（称谓、职务、标签、表头、标题、证件）。
  同一姓名、同一列举的得分合并；紧跟证件号码的、括号里写着亲属的一律算非公职人员，括号里写着职务的、在审批意见后签字的不算；
  同一行里后面有私人号码（证件、账户、执业证等）的，更像非公职人员。
- 文件：`model.json`（门槛）、`weights.npz`（普通数组和特征名），读入前核对 `SHA256SUMS`；没有 pickle。

## 训练文本

| 来源 | 许可 | 用途 |
| --- | --- | --- |
| `corpus/sentences_*.txt`、`corpus/frames.txt`：为 prescan 写的例句和上下文，姓名随机填入 | 本项目 | 两个模型 |
| `corpus/rows.txt`：为 prescan 写的列名、格子和条目，随机拼成表格和清单，姓名随机填入 | 本项目 | 两个模型 |
| `corpus/documents`：没有见过模型的人写的文稿，姓名都已标出，许多是普通词；另有换名的副本 | 本项目 | 两个模型 |
| `tests/quality/personal` 的各组（w、z、ab、ae、ai 除外），作者都没有见过模型；另有换名的副本 | 本项目 | 两个模型 |
| 规则所引法律的条文（不受著作权保护） | — | 是不是姓名（其中没有姓名） |
| `models/attribute/corpus` 的 a、b、c、k、p、q 组，姓名见 `corpus/labels.tsv`；另有换名的副本 | 本项目 | 两个模型 |
| UniversalNER Chinese-GSDSIMP 训练集 | CC BY-SA 4.0 | 是不是姓名 |
| 姓氏频次（Chinese-Names-Corpus，Apache-2.0）、名字用字（ngender，MIT）、jieba 词典（MIT） | 如左 | 用字、词 |

例句是扩充用的，不算评测文稿。`models/attribute/corpus` 的 d、m 组不参加训练；
`tests/quality/personal` 的 w、z、ab、ae、ai 组也不参加；w、z、ae、ai 没有人看过，ab 只按规则和标签查过几处误报。

## 数字

重叠一半算对。w、z、ab、ae、ai 五组由没有见过规则和模型的人写成，w、z 里普通词作姓名的多；不参加训练，只用来数数。
其余各组参加训练，在它们上面的数字不说明在别处有多准，只在 `tests/quality/floors.json` 里作底线。
aa 组（公私姓名混写，一份文稿里几十个）在参加训练之前测过一次：当时的模型 F1 0.779，公职姓名误报 110/500；
用其余各组训练后 0.818，114/500。
ac 组（县乡的普通文稿，多有“帮扶责任人”“班主任”一类的列）在参加训练、看过之前测过一次：F1 0.880，公职姓名误报 99/401。
ba、bb、bc、bd 四组（聊天、信件、走访和值班记录、名册，四位作者）在参加训练、看过之前测过一次：
F1 0.763、0.815、0.845、0.826，公职姓名误报 41/587；轮流留出一组、用其余各组训练，留出的一组上
0.819、0.882、0.877、0.901，36/587（规则和词表看过这四组，不算全新）。
af、ag、ah 三组（版式生僻的清单、工单和表格，普通词作姓名的很多，三位作者）在参加训练、看过之前测过一次：
F1 0.831、0.831、0.840，公职姓名误报 39/466。
“留出的例句”是训练文本的作者写的，短而缺少上下文，只作参考。

| 文稿 | 篇数 | 姓名 | 精确率 | 召回率 | F1 | 起止全对 | 误报的公职姓名 | 误报的隐名 |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
{figures}

清白文本（rules/clean）：{clean[0]} 字中误报 {clean[1]} 处，每万字 {clean[2]:.2f} 处。

较早的训练文本训练的 spaCy 实体识别（字为单位）在 f、g、h 三组上 F1 为 0.69–0.71（当时的本模型为 0.90–0.95），
速度约十一分之一，所以不用它找姓名，见 `docs/decisions/0009-spacy-is-an-offer.md`。

## 须知

- 除 w、z、ab、ae、ai 外各组的错例类型都看过，特征和门槛参考了它们，个别称谓的词（录入、主考、证言人）补进了词表。
- 例句和评测文稿都是仿写的，不是真实公文；真实公文里的版式、错字、扫描错误要杂得多。
- 全文没有任何人的号码（政策、法规、规划）时，没有称谓、标签引出的词要更像姓名才算。
- 弱项：普通词作姓名（高明、方圆）又没有称谓和证件在旁；罕见姓氏；没有间隔号的少数民族姓名和外国姓名；
  没有任何线索的落款和经办人；短文里只出现一次、前后没有称谓的姓名，是公是私容易判错。
- 公职与否只凭文中的写法判断；退休、离职的人，个体工商户的经营者，都按非公职人员处理。
- 姓加称呼（邬奶奶、邓老四、单大姐）算姓名，多数作者这样标；老师、师傅、先生、女士和“小王”不算，
  作者不一致，又多用于公职人员。
- 只说明“疑似”：姓名单独出现只作提示，与证件号码、住址、病情等同在一行或一句时才要求复核。
"""


def _row(name: str, measured: Measured) -> str:
    cells = (
        *(name, f"{measured.documents}", f"{measured.hits + measured.misses}"),
        *(f"{measured.precision:.3f}", f"{measured.recall:.3f}", f"{measured.f1:.3f}"),
        *(f"{measured.exact}/{measured.hits}", f"{measured.public_flagged}/{measured.public}"),
        f"{measured.masked_flagged}/{measured.masked}",
    )
    return f"| {' | '.join(cells)} |"

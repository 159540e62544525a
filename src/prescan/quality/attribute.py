"""Training and evaluating the attribute model: `python -m prescan.quality.attribute train|evaluate`.

Parameters are chosen by leaving out one training group at a time; held-out groups are only scored, for the model card.
The cue table was written by somebody who had read the training groups. So that this does not flatter the measurement,
a group that is left out is read with those cue words only that stand in some other group too.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from prescan.classify import store
from prescan.classify.cues import CUES, Cue
from prescan.classify.features import CueTable, Features, features
from prescan.classify.fit import LOWEST_THRESHOLD, SCALES, STRENGTHS, Example, Fold, fit
from prescan.classify.score import Classifier
from prescan.errors import PrescanError
from prescan.formats.text import lines
from prescan.quality.corpus import SHINGLE, SIMILAR, LabelledDocument, read_corpus, similar_pairs
from prescan.quality.measure import Measured, confusion_table, measure, reliability, table
from prescan.resources import resource_dir
from prescan.scanner import Scanner
from prescan.text.anatomy import read_anatomy
from prescan.text.view import fold, squeeze
from prescan.types import Document, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Counts = Callable[[str], Mapping[str, int]]

TRAINING: Final = ("a", "b", "c", "k", "p", "q", "r")
HELD_OUT: Final = ("d", "m")
_CARD: Final = "README.md"


def no_findings(text: str) -> Mapping[str, int]:  # noqa: ARG001  the shape of every counter
    """Count nothing: training without the detectors."""
    return {}


def detector() -> Counts:
    """Return what counts the types a scan finds in a text before the attribute is judged, names left out."""
    scanner = Scanner(Settings(names="off"))

    @functools.cache
    def counts(text: str) -> Mapping[str, int]:
        found = scanner.scan_text(text).findings
        return Counter(finding.type for finding in found if finding.category != "attribute")

    return counts


def train(corpus: Path, out: Path, counts: Counts = no_findings) -> tuple[Measured, Measured]:
    """Train, write the model and its card into `out`; return the measures left out and held out."""
    documents = read_corpus(corpus, (*TRAINING, *HELD_OUT))
    for pair in similar_pairs(documents):
        raise PrescanError(f"{pair.first} 与 {pair.second} 过于相似（{pair.similarity:.2f}），请改写其一")
    training = [document for document in documents if document.group in TRAINING]
    folds = _folds(training, counts)
    fitted = fit([example(document, counts) for document in training], folds, _about(training, corpus))
    store.write(fitted.model, out)
    tested = [document for group in TRAINING for document in training if document.group == group]
    left_out = measure(tested, fitted.choice.probabilities, fitted.model.threshold)
    held_out = evaluate(corpus, out, HELD_OUT, counts)
    (out / _CARD).write_text(card(out, left_out, held_out), encoding="utf-8")
    return left_out, held_out


def evaluate(corpus: Path, model: Path, groups: Sequence[str] = HELD_OUT, counts: Counts = no_findings) -> Measured:
    """Return how the model in `model` does on `groups`, scored as a scan scores them."""
    classifier = Classifier.load(model)
    documents = read_corpus(corpus, groups)
    scored = [classifier.score(example(document, counts).features) for document in documents]
    probabilities = np.array([list(each.probabilities.values()) for each in scored])
    return measure(documents, probabilities, classifier.model.threshold)


def example(document: LabelledDocument, counts: Counts = no_findings, cues: CueTable | None = None) -> Example:
    """Return a labelled document as the classifier sees it."""
    parsed = Document.of("", "text/plain", None, lines(document.text))
    seen: Features = features(parsed.text, read_anatomy(parsed), counts(parsed.text), cues)
    return Example(seen, document.label, document.also)


def card(model: Path, left_out: Measured, held_out: Measured) -> str:
    """Return the model card, in Chinese, with the measured figures."""
    classifier = Classifier.load(model)
    about: Mapping[str, Any] = classifier.model.about
    one = 100 / held_out.documents
    trained, held_out_groups = "、".join(TRAINING), "、".join(HELD_OUT)
    return f"""# 公开属性模型

由 `make train` 生成，请勿手改。

**它只用 {about["documents"]} 篇专为 prescan 编写的文稿训练**（{about["groups"]} 几批，人物、地名和号码都是虚构的），
没有用过任何真实公文。它给出的是建议和理由，不是结论：属性由人确定。

- 版本：`{classifier.version}`；特征 {len(classifier.model.vocabulary.names)} 个；语料摘要 `{about["corpus"]}`；
  scikit-learn {about["scikit-learn"]}
- 输出：主动公开、依申请公开、不予公开的概率；
  最高概率低于 {classifier.model.threshold:.2f}、不足 50 字或没有可用线索时弃权
- 方法：词、词对、标题用词、用语线索表、文书形式上的多类逻辑回归；
  文中自己声明的属性先行抹去，不作特征
- 特征权重的比例、正则强度和温度在 {len(SCALES) * len(STRENGTHS)} 种组合里按逐组留出的损失选定；
  弃权门槛不低于人定的 {LOWEST_THRESHOLD:.2f}，再高由逐组留出决定；{held_out_groups} 组不参与这些选择

## 数字

{table((f"逐组留出（{trained}）", left_out), (f"留作检验（{held_out_groups}）", held_out))}

宽口径：与第二个可辩护的标签相同也算对。ECE：校准误差，五个等量分箱。95% 区间：有放回地重抽文稿 1000 次。

{held_out_groups} 组混淆（行是标签，列是建议）：

{confusion_table(held_out)}

## 须知

- **这些数字不能当作真实公文上的准确率。** 各组依据同一份写作要求写成，文种和写法相近；真实公文要杂得多。
- “逐组留出”一列偏高：组合、温度和门槛就是在这 {left_out.documents} 篇上选出来的，特征和线索表也对着它们的错例改过几轮。
- 线索表（`classify/cues.py`）的编写者读过 a、b、c 三组的正文，没有读过 {held_out_groups} 组的正文。
  r 组补写了批复、任免、立法等高层级文种，是看到这类文稿被误判之后写的。
  逐组留出时只用别组也出现过的线索词，这能减轻、不能消除影响。
- 留作检验的只有 {held_out.documents} 篇，一篇之差就是 {one:.1f} 个百分点。
  定稿前有几个版本在 d、m 两组上算过分，改动不是依据它们的结果作的。
- 训练文稿两两之间的 {SHINGLE} 字片段重合（去掉数字和名称）都低于 {SIMILAR:.0%}。
- 文稿平均约五百字；长文只看前 2000 字和末 600 字，长附件里的内容要靠规则发现。
- 训练和打分都计入规则查到的类别和处数（不含姓名）；密级标志另由规则直接决定，模型不能推翻。
- 适用于县到省一级行政机关的常见文种；法院、军队、企业、外文文件没有训练过。
"""


def tables(measured: Measured) -> str:
    """Return the figures, the confusion and the reliability of held-out documents, in Markdown."""
    return f"{table(('留作检验', measured))}\n\n{confusion_table(measured)}\n\n{reliability(measured)}"


def _folds(documents: Sequence[LabelledDocument], counts: Counts) -> list[Fold]:
    """Return one fold for each group; what it holds out is read with the cue words of the others."""
    folds = []
    for group in TRAINING:
        rest = [document for document in documents if document.group != group]
        cues = CueTable(_cues_in([squeeze(fold(document.text)).text for document in rest]))
        train_part = [example(document, counts, cues) for document in rest]
        test_part = [example(document, counts, cues) for document in documents if document.group == group]
        folds.append(Fold(train_part, test_part))
    return folds


def _cues_in(texts: Sequence[str]) -> tuple[Cue, ...]:
    """Return the cue table without the words that stand in none of `texts` (squeeze views)."""
    every = "\u2029".join(texts)
    return tuple(cue._replace(words=tuple(word for word in cue.words if word in every)) for cue in CUES)


def _about(documents: Sequence[LabelledDocument], corpus: Path) -> dict[str, Any]:
    import sklearn  # noqa: PLC0415  1.8 s; only training needs it

    digest = hashlib.sha256()
    for document in documents:
        digest.update(document.path.relative_to(corpus).as_posix().encode() + b"\0" + document.path.read_bytes())
    return {
        "documents": len(documents),
        "groups": "、".join(TRAINING),
        "corpus": digest.hexdigest()[:12],
        "scikit-learn": sklearn.__version__,
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `train` or `evaluate`; the figures go to stdout."""
    home = resource_dir("models") / "attribute"
    parser = argparse.ArgumentParser(prog="python -m prescan.quality.attribute", description="训练或评估公开属性模型")
    parser.add_argument("command", choices=("train", "evaluate"))
    parser.add_argument("--corpus", type=Path, default=home / "corpus", help="标注文稿目录")
    parser.add_argument("--model", type=Path, default=home, help="模型目录")
    options = parser.parse_args(arguments)
    if options.command == "train":
        train(options.corpus, options.model, detector())
        print((options.model / _CARD).read_text(encoding="utf-8"))
    else:
        measured = evaluate(options.corpus, options.model, counts=detector())
        print(tables(measured))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The models of passages, limits and levels are trained by one command, with thresholds written in one place."""

from prescan.detect import Compiled
from prescan.quality import levels, limits, passages, secrecy_models
from prescan.quality.thresholds import CHOSEN
from prescan.resources import resource_dir
from prescan.rules import load_rules

TEXTS = [
    (True, f"机密★{number}年\n某某市文件\n关于{place}防护的通知，不得外传，阅后交回。")
    for number, place in enumerate("东西南北中前后左")
] + [
    (False, f"保密课讲了机密和秘密的分别，第{number}讲说的是{place}区的公园，欢迎转发。")
    for number, place in enumerate("东西南北中前后左")
]


def test_the_shipped_models_speak_from_the_thresholds_chosen():
    compiled = Compiled(load_rules())
    assert compiled.passages
    assert compiled.limits
    assert compiled.levels
    speaking = (compiled.passages.least, compiled.limits[0].least, compiled.levels.review, compiled.levels.block)
    assert speaking == CHOSEN


def test_the_same_texts_give_the_same_files(tmp_path, monkeypatch):
    families = [*passages.FAMILIES, passages.QUIET]
    of_families = [
        (family, f"{number}、{family}{text}", 1.0) for number, family in enumerate(families) for _, text in TEXTS
    ]
    monkeypatch.setattr(levels, "training_texts", lambda *_: iter(TEXTS))
    monkeypatch.setattr(limits, "training_texts", lambda *_: iter(TEXTS))
    monkeypatch.setattr(passages, "training_texts", lambda *_: iter(of_families))
    root = resource_dir("rules").parent
    first = secrecy_models.write(secrecy_models.train(root), tmp_path / "a")
    assert first == secrecy_models.write(secrecy_models.train(root), tmp_path / "b")
    assert sorted(first) == ["levels", "limits/around", "limits/said", "passages"]


def test_a_model_that_training_would_not_give_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(levels, "training_texts", lambda *_: iter(TEXTS))
    models = secrecy_models.SecrecyModels(
        *(getattr(Compiled(load_rules()), name) for name in ("passages", "limits", "levels"))
    )
    other = models._replace(levels=levels.train(tmp_path))
    shipped = tmp_path / "models"
    secrecy_models.write(models, shipped)
    monkeypatch.setattr(secrecy_models, "resource_dir", lambda name: tmp_path / name)
    monkeypatch.setattr(secrecy_models, "train", lambda _: other)
    assert secrecy_models.main("check") == 1
    assert "levels" in capsys.readouterr().out
    monkeypatch.setattr(secrecy_models, "train", lambda _: models)
    assert secrecy_models.main("check") == 0

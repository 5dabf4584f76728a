from inspector.presets import ABOUT, PRESETS
from inspector.weights.about import LICENCES, OTHER, PURPOSES, describe_licence, list_presets
from inspector.weights.catalogue import CATALOGUE, POINT_MAE, find_backbone

ALL = (*CATALOGUE.values(), POINT_MAE)


def test_every_network_and_every_preset_is_explained_in_one_sentence() -> None:
    assert set(PURPOSES) == {info.name for info in ALL}
    assert set(ABOUT) == set(PRESETS)
    for sentence in (*PURPOSES.values(), *ABOUT.values()):
        assert sentence.endswith(".")
        assert 20 < len(sentence) < 110, sentence


def test_every_licence_of_the_catalogue_has_its_text() -> None:
    assert {info.licence for info in ALL} == set(LICENCES)
    assert all(licence.address.startswith("https://") for licence in LICENCES.values())
    assert describe_licence(find_backbone("timm:convnext_tiny")) in (*LICENCES.values(), OTHER)


def test_presets_are_named_with_their_networks() -> None:
    assert list_presets(CATALOGUE["efficientnet-lite0"]) == ["embedded", "fast"]
    assert list_presets(CATALOGUE["dino-vit-b8"]) == ["musc-v2"]
    assert list_presets(POINT_MAE) == ["musc-v2"]
    assert list_presets(CATALOGUE["clip-vit-b32"]) == []

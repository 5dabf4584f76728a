import pytest

from inspector.errors import SettingsError
from inspector.features.families import build_model
from inspector.weights.catalogue import CATALOGUE, describe_how_to_get, find_backbone, quarters
from inspector.weights.naming import fingerprint

NAMES = """
    clip-vit-b32 clip-vit-b16 clip-vit-b16-plus-240 clip-vit-l14 clip-vit-l14-336 dino-vit-b8 dino-vit-b16
    dinov2-vit-s14 dinov2-vit-b14 dinov2-vit-l14 dinov2-vit-s14-reg dinov2-vit-b14-reg dinov2-vit-l14-reg
    dinov3-vit-s16 dinov3-vit-b16 dinov3-vit-l16 efficientnet-lite0
""".split()  # noqa: SIM905 - a list this long reads better so


def test_the_catalogue_holds_the_published_networks() -> None:
    assert sorted(CATALOGUE) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_the_catalogue_says_is_what_timm_builds(name: str) -> None:
    info = CATALOGUE[name]

    model = build_model(info, info.trained_size)

    assert sum(parameter.numel() for parameter in model.parameters()) == info.parameters
    assert fingerprint(model.state_dict()) == info.fingerprint
    assert model.pretrained_cfg["input_size"][1] == info.trained_size
    assert info.image_size % max(1, info.patch) == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_hubs_weights_are_normalised_as_ours(name: str) -> None:
    import timm

    info = CATALOGUE[name]
    config = timm.get_pretrained_cfg(info.hub.removeprefix("timm/"))
    assert (config.hf_hub_id, config.mean, config.std) == (info.hub, info.mean, info.std)


def test_no_two_networks_look_alike() -> None:
    assert len({info.fingerprint for info in CATALOGUE.values()}) == len(CATALOGUE)


def test_published_layers_and_sizes() -> None:
    chosen = {name: (CATALOGUE[name].image_size, CATALOGUE[name].layers) for name in NAMES}
    assert chosen["clip-vit-l14-336"] == (518, (5, 11, 17, 23))  # MuSc, section 4.1
    assert chosen["dino-vit-b8"] == (224, (3, 7, 11))  # MuSc-V2, section V-A
    assert chosen["dinov2-vit-b14"] == (518, (2, 5, 8, 11))
    assert chosen["clip-vit-b32"] == chosen["dinov3-vit-b16"] == (512, (2, 5, 8, 11))


@pytest.mark.parametrize(
    ("depth", "blocks"), [(24, (5, 11, 17, 23)), (12, (2, 5, 8, 11)), (6, (0, 2, 3, 5)), (2, (0, 1))]
)
def test_quarters_of_the_depth(depth: int, blocks: tuple[int, ...]) -> None:
    assert quarters(depth) == blocks


def test_model_of_timm_is_described_by_timm() -> None:
    info = find_backbone("timm:convnext_tiny.fb_in1k")
    assert (info.timm_name, info.family, info.image_size, info.licence) == ("convnext_tiny", "timm", 224, "apache-2.0")
    assert info.hub == "timm/convnext_tiny.fb_in1k"
    assert info.file_stem == "timm-convnext_tiny.fb_in1k"
    assert describe_how_to_get(info).startswith(
        "get model.safetensors (timm/convnext_tiny.fb_in1k; licence apache-2.0) and run: inspector weights import FILE "
        "--as timm:convnext_tiny.fb_in1k; on a machine with a network"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("vit-huge", "there is no backbone 'vit-huge'; choose one of: efficientnet-lite0, clip-vit-b32"),
        ("timm:no_such_model", "timm knows no model 'no_such_model'"),
        ("timm:hf-hub:someone/some_model", "timm knows no model 'hf-hub:someone/some_model'"),
        ("timm:resnet18.nobody", "timm knows 'resnet18', but no weights 'resnet18.nobody'"),
    ],
)
def test_unknown_networks(name: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        find_backbone(name)

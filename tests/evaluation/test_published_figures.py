"""What was published stands beside ours where dataset, network, size and rules are the same, and nowhere else."""

import pytest

from inspector.evaluation.metrics import ImageMetrics, PixelMetrics
from inspector.evaluation.published import MEAN, WINDOWS, Published, find_published, read_figures
from inspector.evaluation.rows import HEADINGS, EvaluationRow
from inspector.presets import PRESETS, load_settings
from inspector.weights.catalogue import CATALOGUE

FIGURES = read_figures()

IMAGE = [name for name in HEADINGS if name.startswith("image")]
PIXEL = [name for name in HEADINGS if name.startswith("pixel")]


def measured(*names, modality="2d", images=100):
    """Rows of an evaluation; what they came to does not matter here."""
    metrics = ImageMetrics(0.9, 0.9, 0.9), PixelMetrics(0.8, 0.8, 0.8, 0.8)
    return [EvaluationRow(name, images, 40, *metrics, modality) for name in names]


def categories_of(dataset):
    return list(dict.fromkeys(row.category for row in FIGURES if row.dataset == dataset and row.category != MEAN))


def test_the_table_is_well_formed():
    keys = [(row.preset, row.dataset, row.backbone, row.image_size, row.category) for row in FIGURES]

    assert len(set(keys)) == len(keys)
    assert {row.dataset for row in FIGURES} == {"mvtec-ad", "visa", "btad", "mvtec-3d", "eyecandies"}
    for row in FIGURES:
        assert row.preset in ("musc", "musc-v2")
        assert row.backbone in CATALOGUE
        assert row.image_size % CATALOGUE[row.backbone].patch == 0
        assert set(row.values) <= set(HEADINGS)
        assert len(row.values) >= 6
        assert all(0 < value <= 1 for value in row.values.values())
        assert "arXiv 2401.16753" in row.source or "arXiv 2511.10047" in row.source


@pytest.mark.parametrize("dataset", ["mvtec-ad", "visa", "btad", "mvtec-3d", "eyecandies"])
def test_stated_means_are_those_of_the_categories(dataset):
    preset = "musc" if dataset in ("mvtec-ad", "visa", "btad") else "musc-v2"
    network = PRESETS[preset].backbone, PRESETS[preset].image_size
    rows = {r.category: r for r in FIGURES if r.dataset == dataset and (r.backbone, r.image_size) == network}
    stated = rows.pop(MEAN)

    assert len(rows) == {"mvtec-ad": 15, "visa": 12, "btad": 3, "mvtec-3d": 10, "eyecandies": 10}[dataset]
    for name in HEADINGS:
        values = [row.values[name] for row in rows.values() if name in row.values]
        if len(values) == len(rows):
            assert stated.values[name] == pytest.approx(sum(values) / len(values), abs=0.0001)  # 0.01 %
        else:
            assert (dataset, name) == ("visa", "pixel_auroc")  # one is misprinted


def test_a_published_category_is_found_with_its_source():
    found = find_published(PRESETS["musc"], "mvtec-ad", measured("bottle"))

    assert found.categories["bottle"]["image_auroc"] == pytest.approx(0.9992)
    assert found.categories["bottle"]["pixel_aupro"] == pytest.approx(0.961)
    assert found.mean == found.categories["bottle"]
    assert len(found.sources) == 1
    assert "README of github.com/xrli-U/MuSc" in found.sources[0]
    assert found.note == ""


@pytest.mark.parametrize("name", ["Metal_Nut", "metal nut", "metal-nut", "metal_nut"])
def test_names_of_categories_may_be_written_otherwise(name):
    assert find_published(PRESETS["musc"], "mvtec-ad", measured(name)).categories[name]["image_ap"] == 0.9925


def test_mean_is_of_the_categories_that_were_evaluated():
    two = find_published(PRESETS["musc"], "mvtec-ad", measured("bottle", "screw"))
    strange = find_published(PRESETS["musc"], "mvtec-ad", measured("bottle", "washers"))
    all_of_them = find_published(PRESETS["musc"], "mvtec-ad", measured(*categories_of("mvtec-ad")))

    assert two.mean["image_auroc"] == pytest.approx((0.9992 + 0.8217) / 2)
    assert (set(strange.categories), strange.mean) == ({"bottle"}, {})
    assert all_of_them.mean["image_auroc"] == pytest.approx(0.9777)


def test_a_misprinted_figure_is_left_out_but_not_the_stated_mean():
    settings = PRESETS["musc"].changed(windows=(1, 8, 9))

    assert "pixel_auroc" not in find_published(settings, "visa", measured("fryum")).categories["fryum"]
    whole = find_published(settings, "visa", measured(*categories_of("visa")))
    assert whole.mean["pixel_auroc"] == pytest.approx(0.9871)


@pytest.mark.parametrize(
    ("changes", "known"),
    [
        ({"threshold_k": 5, "memory": 2.0, "device": "cpu", "precision": "float32"}, True),
        ({"references": 99}, True),  # all others of 100
        ({"references": 98}, False),
        ({"image_size": None, "layers": None}, True),  # those of the network
        ({"image_size": 504}, False),
        ({"layers": (5, 11)}, False),
        ({"degrees": (1, 3)}, False),
        ({"alignment": "centres"}, False),
        ({"tiles": 2}, False),
        ({"share": 0.2}, False),
        ({"search_radius": 2}, False),
        ({"backbone": "clip-vit-l14"}, False),
        ({"backbone": "timm:resnet18"}, False),
    ],
)
def test_only_the_published_network_and_rules_compare(changes, known):
    found = find_published(PRESETS["musc"].changed(**changes), "mvtec-ad", measured("bottle"))

    assert bool(found.categories) is known
    assert found if known else found == Published()


@pytest.mark.parametrize("preset", ["embedded", "fast", "published", "musc-v2"])
def test_other_presets_have_no_figures_there(preset):
    assert find_published(PRESETS[preset], "mvtec-ad", measured("bottle")) == Published()


@pytest.mark.parametrize("layout", ["folder", "visa", "mvtec-loco"])
def test_another_dataset_has_no_figures_of_a_category_of_the_same_name(layout):
    assert find_published(PRESETS["musc"], layout, measured("bottle")) == Published()


def test_subsets_have_no_figures():
    assert find_published(PRESETS["musc"], "mvtec-ad", measured("bottle"), subsets=3) == Published()


def test_nothing_was_evaluated():
    assert find_published(PRESETS["musc"], "mvtec-ad", []) == Published()


@pytest.mark.parametrize(
    ("changes", "rescored", "note"),
    [
        ({}, False, "image figures were published after re-scoring"),
        ({"windows": (1, 8, 9)}, True, "image figures were published with `windows` 1,2,3"),
        ({"score_share": 0.01}, True, "image figures were published with `score_share` 0.0"),
    ],
)
def test_other_image_scores_leave_the_figures_of_pixels(changes, rescored, note):
    found = find_published(PRESETS["musc"].changed(**changes), "mvtec-ad", measured("bottle"), rescored=rescored)

    assert list(found.categories["bottle"]) == list(found.mean) == PIXEL
    assert found.note == note


def test_visa_was_rescored_with_windows_of_its_own():
    as_preset = find_published(PRESETS["musc"], "visa", measured("candle"))
    as_published = find_published(PRESETS["musc"].changed(windows=WINDOWS["visa"]), "visa", measured("candle"))

    assert list(as_preset.categories["candle"]) == PIXEL
    assert as_preset.note == "image figures were published with `windows` 1,8,9"
    assert list(as_published.categories["candle"]) == [*IMAGE, *PIXEL]


@pytest.mark.parametrize(("dataset", "name"), [("mvtec-3d", "Cable gland"), ("eyecandies", "CandyCane")])
def test_clouds_compare_where_photos_and_clouds_were_scored(dataset, name):
    both = find_published(PRESETS["musc-v2"], dataset, measured(name, modality="2d+3d"))

    assert set(both.categories[name]) == set(HEADINGS)
    assert "MuSc-V2" in both.sources[0]
    assert find_published(PRESETS["musc-v2"], dataset, measured(name, modality="2d")) == Published()
    uncut = PRESETS["musc-v2"].changed(background="off")
    assert find_published(uncut, dataset, measured(name, modality="2d+3d")) == Published()


def test_of_other_networks_the_means_of_whole_datasets_are_known():
    settings = PRESETS["musc"].changed(backbone="dinov2-vit-b14", layers=None)

    whole = find_published(settings, "btad", measured("01", "02", "03"))
    part = find_published(settings, "btad", measured("01"))
    by_name = find_published(load_settings(values={"backbone": "dinov2-vit-b14"}), "btad", measured("01", "02", "03"))

    assert (whole.categories, whole.mean["image_auroc"]) == ({}, pytest.approx(0.9499))
    assert len(whole.sources) == 1
    assert part == Published()
    assert by_name == whole  # preset `published`, 200 judges: all others

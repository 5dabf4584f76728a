import numpy as np

from inspector.export.rendering import colour_layer, colour_map, trace_outlines


def test_a_heat_layer_is_transparent_where_cold_and_opaque_where_hot():
    anomaly_map = np.array([[0, 0.5, 1, 2]], np.float32)
    layer = colour_layer(anomaly_map, (0.0, 1.0))
    assert layer.shape == (1, 4, 4)
    assert layer[0, :, 3].tolist() == [0, 128, 255, 255]
    np.testing.assert_array_equal(layer[..., :3], colour_map(anomaly_map, (0.0, 1.0)))


def test_outlines_go_round_what_lies_above():
    anomaly_map = np.zeros((6, 8), np.float32)
    anomaly_map[2:4, 3:6] = 1
    (line,) = trace_outlines(anomaly_map, 0.5)
    assert sorted(map(tuple, line.tolist())) == [(3, 2), (3, 3), (5, 2), (5, 3)]
    assert trace_outlines(anomaly_map, 1.0) == []

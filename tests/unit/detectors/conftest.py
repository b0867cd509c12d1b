"""Small networks in the form of CenterFace, whose answers can be worked out by hand."""

import numpy as np
import pytest

SIDE = 4  # of the lattice's cells, in input pixels

# Weights over one cell of 3 x 4 x 4 samples from 0 to 255, and a bias.
KERNELS = {
    "bright": (np.full((3, SIDE, SIDE), 1 / (255 * 48)), 0.0),
    "dark": (np.full((3, SIDE, SIDE), -1 / (255 * 48)), 1.0),
    # Bright above and dark below: answers on one side of a picture only.
    "falling": (np.repeat([1.0, 1.0, -1.0, -1.0], SIDE * 3).reshape(SIDE, 3, SIDE)
                .swapaxes(0, 1) / (255 * 24), 0.0),
}  # fmt: skip


@pytest.fixture
def network(tmp_path):
    """Write a network that answers with a kernel's score in each cell, and boxes of one size."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    def write(kernel="bright", *, size_hw=(8.0, 8.0), offset_yx=(0.0, 0.0), bias=None, fixed=False):
        weights, own_bias = KERNELS[kernel]
        heads = {
            "heat": (weights[None], [own_bias if bias is None else bias]),
            "size": (np.zeros((2, 3, SIDE, SIDE)), np.log(np.divide(size_hw, SIDE))),
            "offset": (np.zeros((2, 3, SIDE, SIDE)), offset_yx),
            "landmarks": (np.zeros((10, 3, SIDE, SIDE)), np.zeros(10)),
        }
        tensors = [numpy_helper.from_array(np.array(7, dtype=np.int64), "num_batches_tracked")]
        nodes = []
        if fixed:  # runs at the stored size only
            tensors.append(numpy_helper.from_array(np.array([10, 3, 32, 32]), "shape"))
            nodes.append(helper.make_node("Reshape", ["picture", "shape"], ["reshaped"]))
        for name, (weight, head_bias) in heads.items():
            tensors.append(numpy_helper.from_array(np.float32(weight), f"{name}_w"))
            tensors.append(numpy_helper.from_array(np.float32(head_bias), f"{name}_b"))
            nodes.append(
                helper.make_node(
                    "Conv",
                    ["reshaped" if fixed else "picture", f"{name}_w", f"{name}_b"],
                    [name],
                    strides=[SIDE, SIDE],
                )
            )
        # As in the stored network: fixed sizes, and every weight is an input as well.
        inputs = [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [10, 3, 32, 32])]
        inputs += [helper.make_tensor_value_info(t.name, t.data_type, t.dims) for t in tensors]
        outputs = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, [10, len(head[0]), 8, 8])
            for name, head in heads.items()
        ]
        graph = helper.make_graph(nodes, "tiny", inputs, outputs, tensors)
        model = helper.make_model(graph, ir_version=4, opset_imports=[helper.make_opsetid("", 9)])
        path = tmp_path / "tiny.onnx"
        onnx.save(model, str(path))
        return path

    return write

# SPDX-License-Identifier: MIT
"""Makes a randomly initialised network with torchvision and writes what it is and does as a safetensors file.

Usage: torchvision_reference.py NAME PRECISION FILE

NAME is a classifier of torchvision ("resnet50": its encoder is meant), followed by @8 or @16 for an output stride, or
one of its segmentation networks ("deeplabv3_resnet50"). The file holds, all in PRECISION, float32 or float64:

    state/NAME   parameters and moving statistics, the latter not trivial
    image        [N, 3, H, W]
    eval         what comes out in evaluation: logits, or the encoder's five maps averaged to 2 x 2 and joined
    factors      as large as eval: the training step's loss is the sum of output times factors
    train        what comes out in training mode
    grad/NAME    the loss's gradient by every parameter
    after/NAME   moving statistics after that step

Dropout and stochastic depth are set to 0.
"""

import json
import struct
import sys

import torch
import torch.nn.functional as functional
import torchvision
from torchvision.models import resnet, segmentation


def write_safetensors(path, tensors):
    header, offset = {}, 0
    for name, tensor in tensors.items():
        size = tensor.element_size() * tensor.numel()
        dtype = f"F{8 * tensor.element_size()}"
        header[name] = {"dtype": dtype, "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.detach().contiguous().numpy().tobytes())


class Encoder(torch.nn.Module):
    """The maps that segbench's encoder of this name gives, averaged and joined."""

    def __init__(self, name, output_stride):
        super().__init__()
        make = getattr(torchvision.models, name)
        options = {}
        if name.startswith("res") and output_stride < 32:
            options["replace_stride_with_dilation"] = [False, output_stride == 8, True]
        if name.startswith("mobilenet_v3") and output_stride == 16:
            options["dilated"] = True
        network = make(weights=None, **options)
        self.taps = {
            "vgg16": [8, 15, 22, 29, 30],
            "vgg16_bn": [12, 22, 32, 42, 43],
            "mobilenet_v2": [1, 3, 6, 13, 18],
            "mobilenet_v3_large": [1, 2, 4, 7, 16],
            "efficientnet_b0": [1, 2, 3, 5, 8],
        }.get(name)
        if self.taps:
            self.features = network.features
        else:
            for part in ["conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4"]:
                setattr(self, part, getattr(network, part))

    def maps(self, x):
        if self.taps:
            for index, layer in enumerate(self.features):
                x = layer(x)
                if index in self.taps:
                    yield x
            return
        x = self.relu(self.bn1(self.conv1(x)))
        yield x
        x = self.maxpool(x)
        for stage in [self.layer1, self.layer2, self.layer3, self.layer4]:
            x = stage(x)
            yield x

    def forward(self, x):
        maps = list(self.maps(x))  # all before the first mean: gradients are then summed in the order of ours
        return torch.cat([functional.adaptive_avg_pool2d(y, 2) for y in maps], 1)


class Logits(torch.nn.Module):
    def __init__(self, name):
        super().__init__()
        network = getattr(segmentation, name)(weights=None, weights_backbone=None, num_classes=21)
        self.backbone, self.classifier, self.network = network.backbone, network.classifier, [network]

    def forward(self, x):
        return self.network[0](x)["out"]

    def train(self, mode=True):
        self.network[0].train(mode)
        return super().train(mode)


def shake(network, image):
    """Moves normalisations and moving statistics away from where they start."""
    norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
    for module in network.modules():
        if isinstance(module, (torch.nn.Dropout, torchvision.ops.StochasticDepth)):
            module.p = 0.0
    # The last normalisation of a residual block starts small, as trained networks have it: otherwise a deep network of
    # random weights magnifies rounding, of which there is always some, beyond any tolerance.
    last = set()
    for block in network.modules():
        if isinstance(block, (resnet.BasicBlock, resnet.Bottleneck)):
            last.add(block.bn3 if isinstance(block, resnet.Bottleneck) else block.bn2)
    with torch.no_grad():
        for norm in norms:
            norm.weight.uniform_(0.5, 1.5)
            norm.bias.normal_(0, 0.1)
            if norm in last:
                norm.weight.mul_(0.2)
        momenta = [norm.momentum for norm in norms]
        for norm in norms:
            norm.momentum = 0.9
        network.train()
        for _ in range(2):
            network(image + 0.1 * torch.randn_like(image))
        for norm, momentum in zip(norms, momenta):
            norm.momentum = momentum


def subsample_first(network):
    """Lets a strided 1x1 convolution take every second pixel and then work without a stride.

    The same sums, but rounded as ours, which avoid a defect of oneDNN 2.6 this way: a ReLU whose input is 0 but for
    rounding would otherwise pass a gradient here and none there.
    """
    for module in network.modules():
        if isinstance(module, torch.nn.Conv2d) and module.kernel_size == (1, 1) and module.stride == (2, 2):
            module.stride = (1, 1)
            module.register_forward_pre_hook(lambda _, inputs: inputs[0][:, :, ::2, ::2])


def statistics(network):
    return {k: v.clone() for k, v in network.named_buffers() if "running" in k}


def main():
    name, precision, path = sys.argv[1:]
    torch.set_default_dtype(getattr(torch, precision))
    torch.manual_seed(20261121)
    torch.set_num_threads(1)
    if name.startswith(("fcn", "deeplab", "lraspp")):
        network, image = Logits(name), torch.rand(4, 3, 97, 129)
    else:
        name, _, stride = name.partition("@")
        network, image = Encoder(name, int(stride or 32)), torch.rand(4, 3, 96, 128)
    subsample_first(network)
    shake(network, image)
    tensors = {"state/" + k: v.clone() for k, v in network.named_parameters()}
    tensors.update({"state/" + k: v for k, v in statistics(network).items()})
    tensors["image"] = image
    with torch.no_grad():
        tensors["eval"] = network.eval()(image)
    tensors["factors"] = torch.randn_like(tensors["eval"])
    network.train()
    tensors["train"] = network(image)
    (tensors["train"] * tensors["factors"]).sum().backward()
    tensors.update({"grad/" + k: v.grad for k, v in network.named_parameters()})
    tensors.update({"after/" + k: v for k, v in statistics(network).items()})
    write_safetensors(path, tensors)


main()

#!/bin/sh
# install-nvdisasm.sh BUILD: for a build with CUDA whose toolkit has no disassembler, NVIDIA's own from PyPI, into BUILD/tools.
# Only the limit model asks for it (tests/cuda/limit_model_test.py), so what cannot be installed is done without.
set -eu

version=13.4.49
build=$1
nvcc=$(sed -n 's/^CMAKE_CUDA_COMPILER:[A-Z]*=//p' "$build/CMakeCache.txt")
[ -x "$nvcc" ] || exit 0
if [ -e "$(dirname "$nvcc")/nvdisasm" ] || [ -e "$build/tools/nvidia" ]; then exit 0; fi
python3 -m pip install --quiet --no-deps --root-user-action=ignore --target "$build/tools" "nvidia-cuda-nvdisasm==$version" ||
  echo "install-nvdisasm: could not install nvidia-cuda-nvdisasm $version; the limit model's test will be skipped" >&2

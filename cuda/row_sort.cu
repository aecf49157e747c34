#include <cub/device/device_radix_sort.cuh>

#include <cstdint>
#include <functional>
#include <memory>

#include "device_buffer.hpp"

namespace chokepoint::gpu {

namespace {

constexpr int key_bits = 8 * sizeof(float);

/// Two arrays that CUB sorts between, and the scratch it asks for.
class DeviceSorter {
 public:
  /// @throws OutOfMemory
  DeviceSorter(int device, std::size_t length) : device_(device), length_(length) {
    CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device_));
    stream_ = std::make_unique<Stream>();
    for (DeviceBuffer<float>& row : rows_) row = DeviceBuffer<float>(length_);
    cub::DoubleBuffer<float> sides = sides_of_rows();
    std::size_t bytes = 0;
    CHOKEPOINT_CUDA_CHECK(cub::DeviceRadixSort::SortKeys(nullptr, bytes, sides, length_, 0, key_bits, *stream_));
    scratch_ = DeviceBuffer<std::uint8_t>(bytes);
  }

  void sort(float* row) const {
    CHOKEPOINT_CUDA_CHECK(cudaSetDevice(device_));
    cub::DoubleBuffer<float> sides = sides_of_rows();
    std::size_t bytes = scratch_.size();
    rows_[0].copy_from(row, length_, *stream_);
    CHOKEPOINT_CUDA_CHECK(
        cub::DeviceRadixSort::SortKeys(scratch_.data(), bytes, sides, length_, 0, key_bits, *stream_));
    rows_[sides.selector].copy_to(row, length_, *stream_);
    stream_->wait();
  }

 private:
  cub::DoubleBuffer<float> sides_of_rows() const { return {rows_[0].data(), rows_[1].data()}; }

  int device_;
  std::size_t length_;
  std::unique_ptr<Stream> stream_;  // made once its device is the current one
  DeviceBuffer<float> rows_[2];
  DeviceBuffer<std::uint8_t> scratch_;
};

}  // namespace

std::function<void(float*)> row_sorter(const Device& device, std::uint64_t length) {
  const auto sorter = std::make_shared<DeviceSorter>(device.index, static_cast<std::size_t>(length));
  return [sorter](float* row) { sorter->sort(row); };
}

}  // namespace chokepoint::gpu

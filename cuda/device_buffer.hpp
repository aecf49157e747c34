#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

#include "cuda_check.hpp"

/// Owners of what CUDA hands out: memory, streams, events. They move and do not copy.
namespace chokepoint::gpu {

class Stream {
 public:
  Stream() { CHOKEPOINT_CUDA_CHECK(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking)); }
  ~Stream() { CHOKEPOINT_CUDA_TRY(cudaStreamDestroy(stream_)); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  operator cudaStream_t() const { return stream_; }
  void wait() const { CHOKEPOINT_CUDA_CHECK(cudaStreamSynchronize(stream_)); }
  /// Work put into this stream from now on starts after `event`.
  void follow(cudaEvent_t event) const { CHOKEPOINT_CUDA_CHECK(cudaStreamWaitEvent(stream_, event, 0)); }

 private:
  cudaStream_t stream_ = nullptr;
};

class Event {
 public:
  // Waiting threads sleep: there may be fewer cores than devices.
  Event() { CHOKEPOINT_CUDA_CHECK(cudaEventCreateWithFlags(&event_, cudaEventDisableTiming | cudaEventBlockingSync)); }
  ~Event() { CHOKEPOINT_CUDA_TRY(cudaEventDestroy(event_)); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

  operator cudaEvent_t() const { return event_; }
  void record(cudaStream_t stream) const { CHOKEPOINT_CUDA_CHECK(cudaEventRecord(event_, stream)); }
  void wait() const { CHOKEPOINT_CUDA_CHECK(cudaEventSynchronize(event_)); }

 private:
  cudaEvent_t event_ = nullptr;
};

/// An array on the current device.
template <class T>
class DeviceBuffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  DeviceBuffer() = default;
  /// @throws OutOfMemory
  explicit DeviceBuffer(std::size_t size) : size_(size) {
    if (size_ != 0) CHOKEPOINT_CUDA_CHECK(cudaMalloc(reinterpret_cast<void**>(&data_), bytes()));
  }
  /// A copy of an array of the host.
  DeviceBuffer(const T* host, std::size_t size) : DeviceBuffer(size) {
    if (size_ == 0) return;
    CHOKEPOINT_CUDA_CHECK(cudaMemcpy(data_, host, bytes(), cudaMemcpyHostToDevice));
    // The copy may still be on its way, and streams that do not block would not wait for it.
    CHOKEPOINT_CUDA_CHECK(cudaStreamSynchronize(nullptr));
  }
  explicit DeviceBuffer(const std::vector<T>& host) : DeviceBuffer(host.data(), host.size()) {}
  ~DeviceBuffer() { CHOKEPOINT_CUDA_TRY(cudaFree(data_)); }
  DeviceBuffer(DeviceBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    return *this;
  }

  T* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(T); }
  void fill_with_zeros(cudaStream_t stream) const {
    if (size_ != 0) CHOKEPOINT_CUDA_CHECK(cudaMemsetAsync(data_, 0, bytes(), stream));
  }
  void copy_to(T* host, std::size_t count, cudaStream_t stream) const {
    CHOKEPOINT_CUDA_CHECK(cudaMemcpyAsync(host, data_, count * sizeof(T), cudaMemcpyDeviceToHost, stream));
  }
  void copy_from(const T* host, std::size_t count, cudaStream_t stream) const {
    CHOKEPOINT_CUDA_CHECK(cudaMemcpyAsync(data_, host, count * sizeof(T), cudaMemcpyHostToDevice, stream));
  }

 private:
  T* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Memory of the host that the device copies to and from at full speed.
template <class T>
class PinnedBuffer {
 public:
  explicit PinnedBuffer(std::size_t size) {
    CHOKEPOINT_CUDA_CHECK(cudaMallocHost(reinterpret_cast<void**>(&data_), size * sizeof(T)));
  }
  ~PinnedBuffer() { CHOKEPOINT_CUDA_TRY(cudaFreeHost(data_)); }
  PinnedBuffer(const PinnedBuffer&) = delete;
  PinnedBuffer& operator=(const PinnedBuffer&) = delete;
  T* data() const { return data_; }
  T& operator[](std::size_t i) const { return data_[i]; }

 private:
  T* data_ = nullptr;
};

/// Lets devices copy to memory of the host at full speed and beside other work, as long as this lives. Where the system
/// pins no more memory the copies are only slower.
class PinnedMemory {
 public:
  PinnedMemory(void* data, std::size_t bytes) : data_(bytes == 0 ? nullptr : data) {
    if (!data_ || cudaHostRegister(data_, bytes, cudaHostRegisterPortable) == cudaSuccess) return;
    cudaGetLastError();
    data_ = nullptr;
  }
  ~PinnedMemory() {
    if (data_) CHOKEPOINT_CUDA_TRY(cudaHostUnregister(data_));
  }
  PinnedMemory(const PinnedMemory&) = delete;
  PinnedMemory& operator=(const PinnedMemory&) = delete;

 private:
  void* data_;
};

}  // namespace chokepoint::gpu

#pragma once

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace chokepoint {

/// An array of zeros that has not been written, so that pages without counts take no memory: most bins of most
/// histograms stay empty.
/// @throws std::bad_alloc
template <class Number>
class ZeroedArray {
  static_assert(std::is_trivially_copyable_v<Number>);

 public:
  ZeroedArray() = default;
  explicit ZeroedArray(std::size_t size)
      : size_(size), numbers_(static_cast<Number*>(std::calloc(size == 0 ? 1 : size, sizeof(Number)))) {
    if (!numbers_) throw std::bad_alloc();
  }
  ZeroedArray(const ZeroedArray& other) : ZeroedArray(other.size_) {
    for (std::size_t i = 0; i < size_; ++i)
      if (other[i] != Number{}) (*this)[i] = other[i];
  }
  ZeroedArray& operator=(const ZeroedArray& other) { return *this = ZeroedArray(other); }
  ZeroedArray(ZeroedArray&& other) noexcept
      : size_(std::exchange(other.size_, 0)), numbers_(std::move(other.numbers_)) {}
  ZeroedArray& operator=(ZeroedArray&& other) noexcept {
    size_ = std::exchange(other.size_, 0);
    numbers_ = std::move(other.numbers_);
    return *this;
  }

  std::size_t size() const { return size_; }
  Number* data() { return numbers_.get(); }
  const Number* data() const { return numbers_.get(); }
  Number& operator[](std::size_t i) { return numbers_.get()[i]; }
  const Number& operator[](std::size_t i) const { return numbers_.get()[i]; }

 private:
  struct Free {
    void operator()(Number* numbers) const { std::free(numbers); }
  };
  std::size_t size_ = 0;
  std::unique_ptr<Number[], Free> numbers_;
};

}  // namespace chokepoint

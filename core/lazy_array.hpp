// An array of zeros that takes memory only where it has been written to: a history that is not there yet costs
// nothing. The first write to a page is a page fault, some 0.3 us; mlockall() takes them all at the start.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>  // exchange

namespace yagura {

// Zero bytes must be a value of T. Not thread-safe.
template <class T>
class LazyArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  // Throws std::bad_alloc.
  explicit LazyArray(std::size_t size) : size_(size) {
    if (size == 0) return;
    void* const memory = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc{};
    ::madvise(memory, bytes(), MADV_NOHUGEPAGE);  // or the first write would clear 2 MiB
    items_ = static_cast<T*>(memory);
  }
  LazyArray(LazyArray&& other) noexcept
      : items_(std::exchange(other.items_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  LazyArray& operator=(LazyArray&& other) noexcept {
    std::swap(items_, other.items_);
    std::swap(size_, other.size_);
    return *this;
  }
  ~LazyArray() {
    if (items_ != nullptr) ::munmap(items_, bytes());
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] T& operator[](std::size_t i) { return items_[i]; }
  [[nodiscard]] const T& operator[](std::size_t i) const { return items_[i]; }

 private:
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }

  T* items_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace yagura

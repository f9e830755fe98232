// A map from ids that forgets its oldest entry when it is full, and is saved with the rest of a
// state. After its construction it allocates nothing (values may). Not thread-safe.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>  // move
#include <vector>

#include "core/hash128.hpp"
#include "processing/state_io.hpp"

namespace yagura::alerts {

template <class Value>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t capacity) : capacity_(capacity), slots_(std::bit_ceil(2 * capacity), kFree) {
    entries_.reserve(capacity);
  }

  [[nodiscard]] const Value* find(Id128 key) const {
    const auto number = slots_[slot_of(key)];
    return number == kFree ? nullptr : &entries_[number - 1].value;
  }
  void put(Id128 key, const Value& value) {
    if (const auto number = slots_[slot_of(key)]; number != kFree) {
      entries_[number - 1].value = value;
    } else if (entries_.size() < capacity_) {
      entries_.push_back({key, value});
      slots_[slot_of(key)] = static_cast<std::uint32_t>(entries_.size());
    } else {
      free_slot(slot_of(entries_[oldest_].key));
      entries_[oldest_] = {key, value};
      slots_[slot_of(key)] = static_cast<std::uint32_t>(oldest_ + 1);
      oldest_ = (oldest_ + 1) % capacity_;
    }
  }
  // Looks through all of them.
  void erase(Id128 key) {
    if (find(key) == nullptr) return;
    auto kept = BoundedMap{capacity_};
    for_each([&](const Entry& entry) {
      if (entry.key != key) kept.put(entry.key, entry.value);
    });
    *this = std::move(kept);
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  void state(processing::StateIo& io) {
    auto count = static_cast<std::uint32_t>(size());
    io(count);
    if (!io.reading()) return for_each([&](Entry& entry) { io(entry.key, entry.value); });
    *this = BoundedMap{capacity_};
    for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
      Entry entry{};
      io(entry.key, entry.value);
      if (io.ok()) put(entry.key, entry.value);
    }
  }

 private:
  struct Entry {
    Id128 key;
    Value value;
  };
  static constexpr std::uint32_t kFree = 0;

  // Oldest first.
  template <class F>
  void for_each(F&& take) {
    for (std::size_t i = 0; i < entries_.size(); ++i) take(entries_[(oldest_ + i) % entries_.size()]);
  }
  [[nodiscard]] std::size_t after(std::size_t slot) const { return (slot + 1) & (slots_.size() - 1); }
  // Keys are hashes already.
  [[nodiscard]] std::size_t home_of(Id128 key) const { return static_cast<std::size_t>(key.lo) & (slots_.size() - 1); }
  // Where the key stands, or the free slot where it would.
  [[nodiscard]] std::size_t slot_of(Id128 key) const {
    auto slot = home_of(key);
    while (slots_[slot] != kFree && entries_[slots_[slot] - 1].key != key) slot = after(slot);
    return slot;
  }
  // Those behind it move up as far as their own place allows: no search ends too early.
  void free_slot(std::size_t hole) {
    const auto distance = [this](std::size_t from, std::size_t to) { return (to - from) & (slots_.size() - 1); };
    for (auto slot = after(hole); slots_[slot] != kFree; slot = after(slot)) {
      const auto home = home_of(entries_[slots_[slot] - 1].key);
      if (distance(home, slot) < distance(hole, slot)) continue;
      slots_[hole] = slots_[slot];
      hole = slot;
    }
    slots_[hole] = kFree;
  }

  std::size_t capacity_;
  std::vector<Entry> entries_;  // a ring when full
  std::size_t oldest_ = 0;
  std::vector<std::uint32_t> slots_;  // number of an entry from 1 on; at most half of them taken
};

}  // namespace yagura::alerts

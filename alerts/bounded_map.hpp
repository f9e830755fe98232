// A map from ids that forgets its oldest entry when it is full, and is saved with the rest of a
// state. Not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_map>
#include <utility>

#include "core/hash128.hpp"
#include "processing/state_io.hpp"

namespace yagura::alerts {

template <class Value>
class BoundedMap {
 public:
  explicit BoundedMap(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] const Value* find(Id128 key) const {
    const auto found = values_.find(key);
    return found == values_.end() ? nullptr : &found->second;
  }
  void put(Id128 key, const Value& value) {
    if (!values_.insert_or_assign(key, value).second) return;
    order_.push_back(key);
    if (order_.size() <= capacity_) return;
    values_.erase(order_.front());
    order_.pop_front();
  }
  // Looks through all of them.
  void erase(Id128 key) {
    if (values_.erase(key) != 0) std::erase(order_, key);
  }
  [[nodiscard]] std::size_t size() const { return order_.size(); }

  void state(processing::StateIo& io) {
    auto count = static_cast<std::uint32_t>(order_.size());
    io(count);
    if (!io.reading()) {
      for (auto key : order_) io(key, values_.at(key));
      return;
    }
    values_.clear();
    order_.clear();
    for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
      std::pair<Id128, Value> entry;
      io(entry.first, entry.second);
      if (io.ok()) put(entry.first, entry.second);
    }
  }

 private:
  // Keys are hashes already.
  struct Low {
    std::size_t operator()(Id128 id) const { return static_cast<std::size_t>(id.lo); }
  };
  std::size_t capacity_;
  std::unordered_map<Id128, Value, Low> values_;
  std::deque<Id128> order_;  // oldest first
};

}  // namespace yagura::alerts

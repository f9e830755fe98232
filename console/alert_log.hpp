// The newest alerts, encoded, in memory: what resuming clients and /api/v1/alerts read, so that
// neither waits for a disk. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

#include "core/hash128.hpp"

namespace yagura::console {

// Views are valid during the call only. `held`: why the alert was not delivered; empty when it was,
// and for alerts of earlier runs.
using AlertSink = std::function<void(std::uint64_t seq, std::string_view json, std::string_view held)>;

// Alerts by their number.
class AlertStore {
 public:
  virtual ~AlertStore() = default;
  // At most `limit` alerts with a number above `seq`, in order.
  virtual void read_after(std::uint64_t seq, std::size_t limit, const AlertSink& sink) = 0;
};

// The id in an alert's JSON under `key`, "id" or "parent", as it stands there; empty when there is none.
[[nodiscard]] std::string_view id_in(std::string_view json, std::string_view key);

class AlertLog final : public AlertStore {
 public:
  static constexpr std::size_t kCapacity = 10'000;  // some 8 MB of alerts

  // `older`, where given, answers for what has left memory. It is called on this thread: leave it
  // out where it would wait for a disk and the thread must not.
  explicit AlertLog(std::size_t capacity = kCapacity, AlertStore* older = nullptr)
      : capacity_(capacity), older_(older) {}

  // False when the number is not above the last: an alert decided again after a crash.
  bool append(std::uint64_t seq, std::string_view json, std::string_view held = {});
  void read_after(std::uint64_t seq, std::size_t limit, const AlertSink& sink) override;
  // The first with this id, of those in memory; null: none. A withdrawal has the id of what it withdraws.
  [[nodiscard]] const std::string* find(Id128 id) const;
  [[nodiscard]] std::uint64_t last_seq() const { return entries_.empty() ? 0 : entries_.back().seq; }
  // Lowest number that read_after() can give; 0 while there is none.
  [[nodiscard]] std::uint64_t first_seq() const {
    return older_ != nullptr || entries_.empty() ? 0 : entries_.front().seq;
  }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t seq;
    std::string json;
    std::string held;
  };
  std::size_t capacity_;
  AlertStore* older_;
  std::deque<Entry> entries_;  // numbers rise
};

}  // namespace yagura::console

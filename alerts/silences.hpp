// What people asked not to be told for a while. Decided by the wall clock, as people mean it: the
// alerts are in the journal and on the console as ever, sinks do not get them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/catalog.hpp"
#include "alerts/mute.hpp"
#include "core/hash128.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct Silence {
  Id128 id;
  std::string rule, instrument, kind;  // empty: any
  std::optional<Severity> severity;    // this one and those below it
  Timestamp created{};
  std::optional<Timestamp> until;   // not included; none: until it is lifted
  std::vector<std::string> when;    // only in these windows, as they were written; empty: always
  std::vector<MuteWindow> windows;  // the same, read
  std::string author, reason;

  [[nodiscard]] bool over(Timestamp now) const { return until && now >= *until; }
};

// Those in force. Detector thread; nothing here allocates but add().
class Silences {
 public:
  static constexpr std::size_t kMost = 1'000;

  // false: there are kMost already.
  bool add(Silence silence);
  // false: there is none.
  bool remove(Id128 id);
  [[nodiscard]] const Silence* find(Id128 id) const;
  // The first that holds this alert; null: none.
  [[nodiscard]] const Silence* holding(const Signal& signal, const Catalog& catalog, Timestamp now) const;
  // Without those that are over by now.
  [[nodiscard]] const std::vector<Silence>& in_force(Timestamp now);

 private:
  std::vector<Silence> silences_;  // oldest first
};

}  // namespace yagura::alerts

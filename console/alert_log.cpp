#include "console/alert_log.hpp"

#include <algorithm>

namespace yagura::console {

std::string_view id_in(std::string_view json, std::string_view key) {
  constexpr std::size_t kDigits = 32;
  const auto wanted = "\"" + std::string{key} + "\":\"";
  const auto at = json.find(wanted);
  if (at == std::string_view::npos || at + wanted.size() + kDigits > json.size()) return {};
  return json.substr(at + wanted.size(), kDigits);
}

const std::string* AlertLog::find(Id128 id) const {
  const auto wanted = to_string(id);
  const auto found =
      std::ranges::find_if(entries_, [&](const Entry& entry) { return id_in(entry.json, "id") == wanted; });
  return found == entries_.end() ? nullptr : &found->json;
}

bool AlertLog::append(std::uint64_t seq, std::string_view json, std::string_view held) {
  if (seq <= last_seq()) return false;
  if (entries_.size() >= capacity_) entries_.pop_front();
  entries_.push_back({seq, std::string{json}, std::string{held}});
  return true;
}

void AlertLog::read_after(std::uint64_t seq, std::size_t limit, const AlertSink& sink) {
  if (entries_.empty() || (older_ != nullptr && seq + 1 < entries_.front().seq)) {
    const auto first_here = entries_.empty() ? ~std::uint64_t{0} : entries_.front().seq;
    if (older_ == nullptr) return;
    older_->read_after(seq, limit, [&](std::uint64_t number, std::string_view json, std::string_view held) {
      if (number >= first_here || limit == 0) return;
      sink(number, json, held);
      --limit;
      seq = number;
    });
  }
  const auto behind = [](std::uint64_t number, const Entry& entry) { return number < entry.seq; };
  for (auto it = std::upper_bound(entries_.begin(), entries_.end(), seq, behind); it != entries_.end() && limit > 0;
       ++it) {
    sink(it->seq, it->json, it->held);
    --limit;
  }
}

}  // namespace yagura::console

#include "processing/level_sets.hpp"

namespace yagura::processing {
namespace {

constexpr std::size_t kFilled = 256;   // levels in a block at first
constexpr std::size_t kLargest = 512;  // then it is split

}  // namespace

ListLevels::ListLevels(const LevelList& list) {
  std::vector<Level> all(list.begin(), list.end());
  std::ranges::stable_sort(all, {}, &Level::price);
  const auto same_price = [](const Level& a, const Level& b) { return a.price == b.price; };
  all.erase(std::unique(all.begin(), all.end(), same_price), all.end());
  size_ = all.size();
  for (std::size_t from = 0; from < all.size(); from += kFilled) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(from + kFilled, all.size()));
    blocks_.emplace_back(begin, end);
    firsts_.push_back(begin->price);
  }
}

ListLevels::Place ListLevels::upper(Price p) const {
  const auto after = std::ranges::upper_bound(firsts_, p);
  if (after == firsts_.begin()) return {0, 0};
  const auto block = static_cast<std::size_t>(after - firsts_.begin()) - 1;
  const auto& levels = blocks_[block];
  const auto at = std::ranges::upper_bound(levels, p, {}, &Level::price);
  if (at == levels.end()) return {block + 1, 0};
  return {block, static_cast<std::size_t>(at - levels.begin())};
}

const ListLevels::Level* ListLevels::find(Price p) const {
  auto at = upper(p);
  return step_back(at) && level(at).price == p ? &level(at) : nullptr;
}

bool ListLevels::add(Price p, std::int32_t note, bool once) {
  if (contains(p)) return false;
  ++size_;
  if (blocks_.empty()) {
    blocks_.push_back({{p, note, once}});
    firsts_.push_back(p);
    return true;
  }
  const auto after = std::ranges::upper_bound(firsts_, p);
  const auto block = after == firsts_.begin() ? 0 : static_cast<std::size_t>(after - firsts_.begin()) - 1;
  auto& levels = blocks_[block];
  levels.insert(std::ranges::upper_bound(levels, p, {}, &Level::price), {p, note, once});
  firsts_[block] = levels.front().price;
  if (levels.size() > kLargest) {
    const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
    std::vector<Level> upper_half(middle, levels.end());
    levels.erase(middle, levels.end());
    const auto next = static_cast<std::ptrdiff_t>(block) + 1;
    firsts_.insert(firsts_.begin() + next, upper_half.front().price);
    blocks_.insert(blocks_.begin() + next, std::move(upper_half));
  }
  return true;
}

void ListLevels::set_note(Price p, std::int32_t note) {
  auto at = upper(p);
  if (step_back(at) && level(at).price == p) blocks_[at.block][at.index].note = note;
}

void ListLevels::remove(Price p) {
  auto at = upper(p);
  if (!step_back(at) || level(at).price != p) return;
  --size_;
  auto& levels = blocks_[at.block];
  levels.erase(levels.begin() + static_cast<std::ptrdiff_t>(at.index));
  if (!levels.empty()) {
    firsts_[at.block] = levels.front().price;
    return;
  }
  blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(at.block));
  firsts_.erase(firsts_.begin() + static_cast<std::ptrdiff_t>(at.block));
}

}  // namespace yagura::processing

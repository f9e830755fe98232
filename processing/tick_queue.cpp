#include "processing/tick_queue.hpp"

namespace yagura::processing {

TickProducer::TickProducer(TickQueue& queue, WhenFull when_full, std::size_t symbols, std::function<bool()> make_room)
    : lane_(queue.add_lane()), when_full_(when_full), make_room_(std::move(make_room)), folds_(symbols) {}

void TickProducer::push(const Tick& tick) noexcept {
  if (folding_ == 0 && enqueue(tick)) return;
  if (when_full_ == WhenFull::kWait) {
    while (!enqueue(tick)) {
      if (!make_room_()) return;
    }
    return;
  }
  auto& own = folds_[index_of(tick.symbol)];
  // Order within an instrument is sacred: what was folded goes first.
  if (own.ticks == 0 && own.next == own.count) {
    if (enqueue(tick)) return;
    ++folding_;
  }
  fold(own, tick);
  flush();
}

void TickProducer::fold(Fold& fold, const Tick& tick) noexcept {
  count_folded(1);
  const auto at = fold.ticks++;
  if (at == 0) {
    fold.first = fold.low = fold.high = fold.last = tick;
    fold.low_at = fold.high_at = 0;
    return;
  }
  if (tick.price < fold.low.price) {
    fold.low = tick;
    fold.low_at = at;
  }
  if (tick.price > fold.high.price) {
    fold.high = tick;
    fold.high_at = at;
  }
  fold.last = tick;
}

// Turns the fold into the ticks that stand for it, in the order they came, none twice.
void TickProducer::seal(Fold& fold) noexcept {
  struct Kept {
    std::uint64_t at;
    const Tick* tick;
  };
  const Kept low{fold.low_at, &fold.low};
  const Kept high{fold.high_at, &fold.high};
  const bool low_first = low.at < high.at;
  const std::array<Kept, 4> order = {
      {{0, &fold.first}, low_first ? low : high, low_first ? high : low, {fold.ticks - 1, &fold.last}}};
  fold.next = fold.count = 0;
  std::uint64_t previous = 0;
  for (const auto& kept : order) {
    if (fold.count != 0 && kept.at == previous) continue;
    previous = kept.at;
    fold.pending[fold.count] = *kept.tick;
    fold.pending[fold.count].flags |= TickFlag::kFolded;
    ++fold.count;
  }
}

bool TickProducer::flush(Fold& fold) noexcept {
  while (true) {
    for (; fold.next != fold.count; ++fold.next) {
      if (!enqueue(fold.pending[fold.next])) return false;
    }
    if (fold.ticks == 0) return true;
    seal(fold);
    count_folded(-static_cast<std::int64_t>(fold.count));  // these go on after all
    fold.ticks = 0;
  }
}

bool TickProducer::flush() noexcept {
  for (auto& fold : folds_) {
    if (fold.ticks == 0 && fold.next == fold.count) continue;
    if (!flush(fold)) return false;
    --folding_;
  }
  return folding_ == 0;
}

}  // namespace yagura::processing

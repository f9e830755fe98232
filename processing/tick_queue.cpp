#include "processing/tick_queue.hpp"

namespace yagura::processing {

TickProducer::TickProducer(TickQueue& queue, WhenFull when_full, std::size_t symbols, std::function<bool()> make_room)
    : queue_(queue), token_(queue.queue_), when_full_(when_full), make_room_(std::move(make_room)), folds_(symbols) {}

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
  if (fold.ticks++ == 0) {
    fold.first = fold.low = fold.high = fold.last = tick;
    return;
  }
  if (tick.price < fold.low.price) fold.low = tick;
  if (tick.price > fold.high.price) fold.high = tick;
  fold.last = tick;
}

// Turns the fold into the ticks that stand for it, in the order they came, none twice.
void TickProducer::seal(Fold& fold) noexcept {
  const bool low_first = fold.low.ts_event < fold.high.ts_event || (fold.low.ts_event == fold.high.ts_event && fold.low.mono_recv <= fold.high.mono_recv);
  const std::array<const Tick*, 4> order = {&fold.first, low_first ? &fold.low : &fold.high, low_first ? &fold.high : &fold.low, &fold.last};
  const auto same = [](const Tick& a, const Tick& b) {
    return a.ts_event == b.ts_event && a.mono_recv == b.mono_recv && a.price == b.price;
  };
  fold.next = fold.count = 0;
  for (const Tick* tick : order) {
    if (fold.count != 0 && same(fold.pending[fold.count - 1], *tick)) continue;
    fold.pending[fold.count] = *tick;
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

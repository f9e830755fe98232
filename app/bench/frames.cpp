#include "app/bench/frames.hpp"

#include "app/bench/ws_frames.hpp"
#include "feeds/vendors/native.hpp"

namespace yagura::app::bench {
namespace {

constexpr int kDigits = 19;                                       // of a wall clock in ns from 2001 to 2286
constexpr std::int64_t kPlaceholder = 1'000'000'000'000'000'000;  // as long
constexpr std::string_view kTimeKey = "\"ts_ns\":";

void write_digits(char* out, std::int64_t value) {
  for (int i = kDigits - 1; i >= 0; --i, value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

}  // namespace

void FrameBuffer::stamp(const Schedule& schedule, Timestamp start) {
  for (std::size_t i = 0; i < size(); ++i)
    write_digits(bytes_.data() + begin_of(i) + digits_[i], to_ns(start + schedule.due()[i]));
}

FrameMaker::FrameMaker(const Workload& workload) : workload_(workload), sequence_(workload.symbols.size() + 1) {}

const SourceTick& FrameMaker::next_source() {
  const auto& tick = workload_.ticks[at_];
  if (forward_) {
    if (++at_ == workload_.ticks.size()) {
      forward_ = false;
      --at_;
    }
  } else if (at_ == 0) {
    forward_ = true;
  } else {
    --at_;
  }
  return tick;
}

FrameBuffer FrameMaker::make(const Schedule& schedule) {
  FrameBuffer made;
  made.ends_.reserve(schedule.size());
  made.digits_.reserve(schedule.size());
  made.bytes_.reserve(schedule.size() * 128);
  const Price probe_prices[] = {*parse_price("149.999"), *parse_price("150.001")};
  std::string text;
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    feeds::ReplayTick tick;
    tick.ts = timestamp_from_ns(kPlaceholder);
    if (schedule.is_probe(i)) {
      tick.symbol = kProbe;
      tick.price = probe_prices[probes_++ % 2];
      tick.seq = ++sequence_.back();
    } else {
      const auto& source = next_source();
      tick.symbol = workload_.symbols[source.symbol];
      tick.price = source.price;
      tick.bid = source.bid;
      tick.ask = source.ask;
      tick.seq = ++sequence_[source.symbol];
    }
    text.clear();
    feeds::encode_native_tick(tick, text);
    const auto begin = made.bytes_.size();
    append_frame(made.bytes_, Opcode::kText, text, false);
    const auto payload = made.bytes_.size() - begin - text.size();
    made.digits_.push_back(static_cast<std::uint16_t>(payload + text.find(kTimeKey) + kTimeKey.size()));
    made.ends_.push_back(made.bytes_.size());
  }
  return made;
}

}  // namespace yagura::app::bench
